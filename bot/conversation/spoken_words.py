"""What people write for a yes, a no, "only me", "delete it", as it is typed here: by language, in
lines. Whole messages, folded; a particle behind them is taken off elsewhere.
"""

from __future__ import annotations

from typing import Final


def _said(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split(", "))


YES: Final = _said(
    "yes, yup, yeah, ok yes, yes please, yes la, yes lah, can la, pass it on, ya, ye",
    "ye la, ya boleh, boleh, boleh la, nak, haah, setuju, sampaikan, hantar je, shi, hao",
    "aam, aama",
    "是, 是的, 好, 好的, 好啊, 要, 可以, 可以的, 对, 行",
    "ஆம், ஆமாம், சரி, சரிங்க",
)
NO: Final = _said(
    "no, nope, nah, dont, don't, no dont, no don't, no thanks, no need, no la, no lah",
    "dont want, tidak, tdk, tak, tak nak, x nak, xnak, taknak, tanak, tak nak la, tak mau",
    "xmau, tak boleh, tak payah, xpayah, takpe, takpelah, jangan, jgn, jgn la, jgn hantar",
    "tolong jgn, tolong jangan, bu, bu yao, illa, illai, vendam, venam, venaam",
    "不, 不了, 不要, 不要啦, 先不要, 不用, 不用了, 不可以, 不是, 别",
    "இல்லை, வேண்டாம், வேணாம், வேண்டாங்க",
)
SAFE: Final = YES | _said(
    "selamat, safe, im safe, i am safe, paathukaappa irukken",
    "安全, 我安全",
    "பாதுகாப்பா இருக்கேன்",
)
"""Only to "are you safe right now?": elsewhere "safe" says yes to nothing."""
NOT_SAFE: Final = NO | _said(
    "tak selamat, x selamat, tidak selamat, tk selamat, not safe, im not safe",
    "i am not safe, paathukaappa illa",
    "不安全, 不太安全, 不是很安全, 我不安全",
    "பாதுகாப்பா இல்ல",
)
UNSURE: Final = _said(
    "idk, i dont know, dont know, dunno, not sure, maybe, skip, entah, xtau, tak tau",
    "tak tahu, x tahu, tak pasti, mungkin, langkau, bu zhi dao, theriyala, teriyala",
    "theriyale",
    "不知道, 不懂, 不清楚, 可能, 跳过",
    "தெரியல, தெரியவில்லை",
)
DELETE: Final = _said(
    "delete, delete it, delete all, delete everything, delete my words, erase, erase it",
    "remove it, yes delete, padam, padam je, padam semua, hapus, buang, delete je",
    "ya padam, nak padam, padamkan, hapuskan, shan diao, shanchu, azhichidu, azhichidunga",
    "azhi, delete pannu, delete pannunga, neekku",
    "删, 删掉, 删除, 删了, 删吧, 全部删掉, 要删, 要删除, 删掉它",
    "அழி, அழிச்சிடு, அழிச்சிடுங்க, அழித்துவிடுங்கள், நீக்கு, நீக்குங்க, டெலிட்",
)
PASS: Final = _said(
    "pass it on, pass it, send, send it, hantar, hantar je, sampaikan, hantarkan",
    "zhuan jiao, anuppu, anuppunga, anupunga",
    "转交, 转交吧, 发, 发吧, 传, 交给他们",
    "அனுப்பு, அனுப்புங்க, அனுப்புங்கள்",
)
KEEP: Final = _said(
    "keep, keep it, dont delete, don't delete, no dont delete, not yet, simpan, simpan je",
    "jangan padam, jgn padam, tak nak padam, xnak padam, bu yao shan, azhikatheenga",
    "delete panna venam",
    "不要删, 别删, 不要删除, 留着, 先留着",
    "அழிக்காதீங்க, அழிக்க வேணாம், வச்சிருங்க",
)
ONLY_ME: Final = _said(
    "only me, just me, me only, only i use, my own phone, mine only, nobody, no one",
    "nobody else, no one else, myself, saya sorang, aku sorang, sorang, sorang je",
    "saya je, aku je, sy je, sy sorang, sy sorang je, saya seorang, saya sorang je",
    "aku sorang je, takde, xde, tiada, tak ada, x ada, fon sendiri, mei you, naan mattum",
    "nan mattum, naan mattum thaan, naa mattum, yaarum illa, yarum illa",
    "没有, 没, 沒有, 只有我, 我自己, 自己, 就我, 只有我用, 我一个人, 没有人",
    "நான் மட்டும், நான் மட்டும்தான், நான் மட்டும் தான், யாரும் இல்ல, இல்ல, யாருமில்ல",
)
OTHERS: Final = _said(
    "yes others, others, others too, got, got others, my sister, my brother, my mum",
    "my mom, family phone, shared, we share, mums phone, my mums phone, ada",
    "ada orang lain, adik, kakak, abang, mak, adik guna, adik guna gak, adik guna jugak",
    "mak guna, mak guna gak, fon mak, fon keluarga, kongsi, share, you, irukku, irukaanga",
    "ammavum, thambiyum, thangachiyum, ellarum, amma phone",
    "有, 妈妈也有用, 妈妈也用, 弟弟也有用, 妹妹也有用, 家人也有用, 大家一起用, 妈妈的手机",
    "இருக்கு, இருக்காங்க, அம்மாவும், தம்பியும், தங்கச்சியும், எல்லாரும், அம்மா போன்",
)
WRONG: Final = _said(
    "you got me wrong, u got me wrong, misunderstood, you misunderstood, thats not what i mean",
    "salah faham, awak salah faham, bukan itu maksud saya, wu hui le",
    "thappa purinjikitinga, thappa purinjiteenga",
    "误会, 误会了, 你误会, 你误会了, 你误会我了, 我不是这个意思",
    "தப்பா புரிஞ்சிக்கிட்ட, தப்பா புரிஞ்சிட்டீங்க",
)
"""It lets go of what was told, so only what can mean nothing else: "not me" may be of a friend."""
HELP: Final = _said(
    "help me, help la, show me, show me help, yes help me, pls help me, tolong la",
    "tolong sy, nak tolong, nak bantuan, help pannunga, uthavi pannunga, udhavi pannunga",
    "帮忙, 帮帮我, 帮我啦, 救命, 要帮忙, 请帮我",
    "உதவுங்க, உதவி பண்ணுங்க",
)
TAKE_BACK: Final = _said(
    "tarik balik, nak tarik balik, saya nak tarik balik, batalkan, nak batal",
    "take it back, i want to take it back, take back, can i take it back, cancel it",
    "thirumba edukanum",
    "撤回, 我要撤回, 收回, 我想收回, 取消",
    "திரும்ப எடு, திரும்ப எடுக்கணும்",
)
WHAT_NOW: Final = _said(
    "ada orang baca tak, ada org baca tak, dah baca ke, dah baca ke belum, bila jawab",
    "bila dia nak jawab, bila dia jawab, bila nak jawab, lama lagi ke",
    "sekarang macam mana, has anyone read it, anyone read it, did anyone read it",
    "did they read it, what now, when will they reply, when will they answer, how long",
    "how long more, any reply, yaaravathu padichangala, padichacha, eppo bathil varum",
    "evlo neram aagum, ippo enna",
    "有人看了吗, 有人看吗, 看了吗, 什么时候回复, 几时回复, 几时回我, 要等多久, 接下来呢",
    "யாராவது படிச்சாங்களா, படிச்சாச்சா, எப்ப பதில் வரும், எவ்வளவு நேரம் ஆகும், இப்ப என்ன",
)
