"""Spellings as data: SMS Malay, Manglish, net slang, look-alike letters, traditional characters.

`WORDS` replaces whole words. Keys and values are written as `fold.plain` leaves them: lower case, no apostrophes,
doubled letters once; a value of several words has "_" between them.
"""

from __future__ import annotations

from typing import Final

_MALAY: Final = """
x=tak xde=takde xda=takde takda=takde tkde=takde takada=takde tiade=takde xpe=takpe xpa=takpe tkpe=takpe tk=tak tdk=tidak tkde=takde
xnak=tak_nak xnk=tak_nak taknak=tak_nak tanak=tak_nak tamau=tak_nak taknk=tak_nak tknk=tak_nak xmau=tak_nak xmo=tak_nak tamo=tak_nak
xbole=tak_boleh xboleh=tak_boleh takleh=tak_boleh xleh=tak_boleh tkleh=tak_boleh takbole=tak_boleh xblh=tak_boleh tkboleh=tak_boleh
xtau=tak_tahu xtahu=tak_tahu taktau=tak_tahu takthu=tak_tahu tktau=tak_tahu tau=tahu thu=tahu xthu=tak_tahu
xsuka=tak_suka xpernah=tak_pernah xnah=tak_pernah tkpernah=tak_pernah
sy=saya sye=saya saye=saya aq=aku ak=aku kite=kita gua=aku gue=aku ambo=saya kawe=saya
nk=nak nok=nak ndak=nak mo=nak mau=nak mahu=nak mo=nak hendak=nak nakk=nak
dgn=dengan dngn=dengan ngan=dengan ngn=dengan dg=dengan yg=yang ygn=yang utk=untuk utuk=untuk tuk=untuk kpd=kepada kt=kat dkt=kat dekat=kat ktorg=kitorang
dr=dari drpd=dari dri=dari dlm=dalam dlam=dalam pd=pada sbb=sebab psl=pasal pasai=pasal
dorg=diorang dorang=diorang derang=diorang depa=diorang dema=diorang deme=diorang diaorang=diorang dioranq=diorang diorg=diorang depo=diorang sidak=diorang
org=orang oghang=orang ore=orang urang=orang orng=orang owang=orang budak2=budak kawan2=kawan kwn=kawan kwan=kawan kawen=kawan memba=kawan membe=kawan
gmbr=gambar gambr=gambar gmba=gambar gmbar=gambar gmbo=gambar gamba=gambar gambaq=gambar vdeo=video vid=video vids=video vidio=video
hntr=hantar hntar=hantar hanta=hantar anta=hantar antar=hantar hantaq=hantar hntrkan=hantar antarkan=hantar hantarkan=hantar sbr=sebar
ckp=cakap ckap=cakap cakp=cakap kecek=cakap klu=kalau klau=kalau kalu=kalau kl=kalau klo=kalau kalo=kalau
byr=bayar bayaq=bayar bayo=bayar dwit=duit duet=duit pitis=duit pitih=duit
tlg=tolong tlong=tolong tolonglah=tolong tulung=tolong tolon=tolong
skrg=sekarang skarang=sekarang skang=sekarang skg=sekarang_la ni=sekarang
mlm=malam mlam=malam pg=pergi pgi=pergi gi=pergi pegi=pergi pi=pergi
rmh=rumah umah=rumah rumoh=rumah ghumah=rumah skolah=sekolah skola=sekolah sklh=sekolah
blk=balik blik=balik kelik=balik bgtau=bagitahu bgtahu=bagitahu bagitau=bagitahu btau=bagitahu bagitaw=bagitahu beritau=bagitahu beritahu=bagitahu btahu=bagitahu gitau=bagitahu oyak=bagitahu habaq=bagitahu royak=bagitahu
bg=bagi bgi=bagi kasi=bagi jgn=jangan jngn=jangan jangn=jangan toksah=jangan sape=siapa sapa=siapa spe=siapa sesape=sesiapa sesapa=sesiapa
tkut=takut takot=takut tkt=takut sdh=sedih sedeh=sedih skit=sakit sakik=sakit sket=sikit
pkl=pukul pukol=pukul pkul=pukul tumbok=tumbuk ayh=ayah bpk=bapak bapa=bapak abah=ayah abh=ayah abg=abang abe=abang kkk=kakak mok=mak emak=mak mk=mak cikgu2=cikgu cgu=cikgu ckgu=cikgu cg=cikgu pkcik=pakcik
mcm=macam mcam=macam mace=macam bnda=benda bende=benda mende=benda bdn=badan bju=baju seluaq=seluar
buat2=buat wat=buat bwt=buat bt=buat mmg=memang slalu=selalu sllu=selalu hari2=hari_setiap hr=hari arini=hari_ini harini=hari_ini ari=hari
bunoh=bunuh bnuh=bunuh matey=mati mampus=mati hdup=hidup idop=hidup idup=hidup hidop=hidup
ngadu=mengadu sorg=seorang sorang=seorang sowang=seorang semue=semua sume=semua suma=semua smua=semua sme=semua smue=semua
pegi=pergi lg=lagi lgi=lagi lagik=lagi dh=dah da=dah udah=dah sudah=dah suda=dah dok=tengah jer=je ja=je
pny=punya pnya=punya cite=cerita cter=cerita citer=cerita kna=kena kene=kena buke=buka bukak=buka bkak=buka bkk=buka
mntk=minta mintak=minta mnta=minta mtk=minta suh=suruh soh=suruh srh=suruh soruh=suruh paksakan=paksa pksa=paksa
tnjuk=tunjuk tunjok=tunjuk tnjk=tunjuk tgk=tengok tngok=tengok tengo=tengok
tnggal=tinggal tgl=tinggal dpn=depan dpan=depan tdo=tidur tdr=tidur tido=tidur tidor=tidur tdur=tidur bgn=bangun
rse=rasa rsa=rasa raso=rasa ase=rasa lame=lama lma=lama apo=apa ape=apa pe=apa sbnrnya=sebenarnya
"""

_ENGLISH: Final = """
im=i_am iam=i_am ive=i_have id=i_would hes=he_is shes=she_is theyre=they_are thats=that_is its=it_is isnt=is_not
u=you ur=your urself=yourself yr=your ure=you_are r=are n=and nd=and b4=before bc=because cuz=because cos=because coz=because bcos=because becos=because bcz=because becoz=because
wana=want_to wan=want wnt=want wna=want_to gona=going_to gna=going_to goin=going gotta=got_to gota=got_to luv=love lyk=like
dun=dont dn=dont dnt=dont dono=dont_know doesnt=does_not didnt=did_not didn=did_not doesn=does_not wasnt=was_not wont=will_not wouldnt=would_not couldnt=cant cudnt=cant canot=cant cn=can couldn=cant
idk=i_dont_know idw=i_dont_want idc=i_dont_care dw=dont_want kms=kill_myself kys=kill_yourself
ppl=people pple=people peple=people sth=something smth=something smt=something sumthing=something smthing=something smone=someone som1=someone some1=someone sum1=someone sumone=someone any1=anyone every1=everyone evry1=everyone evryone=everyone everybody=everyone everyon=everyone somebody=someone sombody=someone anybody=anyone anythin=anything nothin=nothing
pls=please plz=please plez=please plss=please pliz=please pleas=please hlp=help hepl=help halp=help helpp=help
pic=picture pics=pictures pix=pictures fotos=photos photoes=photos pictur=picture picure=picture pichure=picture nudez=nudes noods=nudes nuds=nudes
frend=friend frnd=friend fren=friend frens=friends frends=friends fwen=friend bestie=best_friend bff=best_friend fwens=friends frnds=friends
tel=tell tol=told sed=said ses=says sez=says wil=will wiht=with wif=with wit=with w=with den=then dis=this dat=that dey=they da=the teh=the d=the
scard=scared scare=scared scred=scared scaired=scared afriad=afraid fraid=afraid hapen=happen hapened=happened
sch=school skool=school skul=school scool=school schol=school hom=home hme=home hw=homework tchr=teacher cher=teacher
toch=touch tuch=touch touche=touched tuched=touched toched=touched tched=touched thretened=threatened thretning=threatening threten=threaten threatning=threatening blackmale=blackmail blakmail=blackmail blckmail=blackmail
suiside=suicide suicde=suicide sucide=suicide suicid=suicide unalive=kill sewerslide=suicide
mom=mum mami=mum mumy=mum momy=mum mother=mum mothers=mum moms=mums daddy=dad dady=dad papa=dad papi=dad father=dad fathers=dads stepdad=stepfather
bf=boyfriend gf=girlfriend bro=brother sis=sister rn=right_now atm=right_now tmr=tomorrow tmrw=tomorrow ytd=yesterday
hv=have hav=have haf=have hve=have bn=been ben=been alr=already alredy=already oredi=already ady=already aredi=already oso=also tho=though thru=through
gt=got mny=money tlk=talk noe=know knw=know kno=know nt=not nvr=never neva=never nvm=never_mind
hiting=hitting hited=hit beated=beat beet=beat kild=killed kil=kill dye=die dieing=dying diying=dying
"""

WORDS: Final[dict[str, str]] = {
    left: right.replace("_", " ")
    for pair in (_MALAY + _ENGLISH).split()
    for left, right in (pair.split("="),)
}

LEET: Final = str.maketrans("013457@$!", "oieastasi")
"""Digits and signs written for letters, inside a word only ("k1ll mys3lf")."""

LOOKALIKE: Final = str.maketrans("аеорсхуіјѕһԁӏαοερτκνι", "aeopcxyijshdlaoeptkvi")
"""Cyrillic and Greek letters that look Latin."""

EMOJI: Final[dict[str, str]] = {
    "🔪": " knife ", "🗡": " knife ", "💊": " pills ", "🆘": " sos ", "🔫": " gun ", "🩸": " blood ", "🪢": " rope ",
    "📸": " photo ", "📷": " photo ", "🤳": " photo ", "💰": " money ", "💵": " money ", "🤫": " secret ",
}  # fmt: skip
"""Emoji that carry a meaning for screening."""

_TRADITIONAL: Final = (
    "們们來来這这個个說说話话為为會会對对時时過过還还沒没後后開开關关門门問问間间見见覺觉讓让給给幫帮應应該该"
    "愛爱媽妈爺爷師师學学習习長长張张車车電电腦脑視视網网絡络傳传發发髮发錢钱買买賣卖費费賬账帳账號号碼码線线"
    "點点頭头臉脸眼眼腳脚體体脫脱褲裤衣衣襪袜鞋鞋樓楼頂顶窗窗陽阳臺台橋桥牆墙邊边裡里裏里麼么樣样處处當当強强"
    "侵侵騷骚擾扰親亲擁拥抱抱壓压噁恶心心傷伤殺杀死死亡亡藥药醫医險险懼惧嚇吓驚惊慌慌無无聲声響响聽听讀读寫写"
    "題题記记憶忆忘忘誰谁從从與与並并將将經经已已進进離离歸归連连續续結结絕绝紅红綠绿藍蓝黃黄黑黑銀银鐵铁"
    "錯错誤误壞坏氣气恨恨憤愤怒怒罵骂詐诈騙骗財财產产貸贷債债贏赢輸输賭赌遊游戲戏樂乐歡欢難难過过艱艰苦苦淚泪"
    "嗎吗呢呢啊啊喲哟籠笼鎖锁繩绳綁绑燒烧燙烫熱热飯饭餓饿餵喂飲饮飽饱養养護护衛卫責责備备報报告告警警察察"
    "證证據据圖图畫画錄录攝摄影影偷偷窺窥廁厕間间澡澡牀床檯台單单獨独孤孤離离棄弃嘲嘲諷讽譏讥歧歧視视霸霸凌凌"
    "約约見见東东西西車车輛辆車车載载馬马鳥鸟魚鱼龍龙員员場场塊块壓压夠够夢梦奪夺婦妇媒媒孫孙寶宝實实寧宁"
    "屆届屬属歲岁島岛帥帅帶带幣币幹干廠厂廢废廣广彈弹後后徑径復复徵征恥耻悅悦悶闷惡恶慘惨慣惯態态憐怜懷怀懶懒"
    "戀恋戰战掃扫掛挂採采揀拣換换搶抢摟搂摳抠撫抚撿捡擔担擊击擋挡擠挤攔拦敗败數数斷断於于昇升暈晕曬晒書书"
    "條条極极榮荣樹树橫横檢检權权歐欧殘残毆殴氣气決决涼凉淨净渾浑溫温滅灭滾滚滿满漸渐潔洁濕湿瀏浏灣湾災灾"
    "煩烦爭争爺爷牽牵狀状獎奖獲获現现瑪玛環环瘋疯癢痒盡尽監监盤盘眾众睜睁瞞瞒種种稱称積积穩稳竊窃競竞筆笔"
    "節节範范簡简簽签籃篮純纯紙纸級级細细終终組组綿绵緊紧練练緩缓縮缩總总績绩織织繼继罰罚罷罢聖圣聞闻聰聪"
    "職职肅肃脅胁腫肿腸肠膚肤膽胆臨临舉举舊旧艙舱莊庄華华萬万葉叶蓋盖薦荐虛虚蟲虫補补裝装複复規规親亲觀观"
    "觸触訂订計计訊讯討讨訓训託托訪访設设許许訴诉評评詞词試试詳详認认誘诱語语誠诚請请課课調调談谈論论諒谅"
    "講讲謊谎謝谢謠谣識识議议護护變变豬猪貓猫負负貧贫貨货販贩貼贴賀贺賠赔質质賴赖購购賺赚贈赠贊赞趕赶趙赵"
    "跡迹踐践蹤踪躍跃躺躺軍军軟软較较輕轻輪轮轉转辦办農农運运達达違违遠远適适遲迟遷迁選选遺遗鄉乡鄰邻醜丑"
    "釋释針针鈴铃銷销鋼钢錶表鍵键鎮镇鏡镜鐘钟閃闪閉闭閒闲閱阅闆板闖闯隊队階阶際际隨随隱隐隻只雖虽雙双雜杂"
    "雞鸡離离雲云靈灵靜静頁页項项順顺預预頓顿領领頰颊頸颈願愿類类顧顾顯显風风飛飞餅饼館馆騎骑騰腾驅驱驗验"
    "髒脏鬆松鬥斗鬧闹麵面點点齊齐齡龄"
    "吿告妳你她她姊姐喫吃傢家嘸无甚什祇只佢他冇没唔不嘅的係是喺在咗了啲些嚟来攞拿畀给俾给睇看瞓睡攬抱"
)
TRADITIONAL: Final = {
    ord(t): s for t, s in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True) if t != s
}
"""Traditional (and a few Cantonese) characters to simplified."""

LOANS: Final = frozenset(
    [
        "fb",
        "id",
        "scam",
        "send",
        "use",
        "school",
        "schoolu",
        "class",
        "group",
        "meme",
        "meet",
        "tac",
        "otp",
        "link",
        "account",
        "bank",
        "photo",
        "photos",
        "video",
        "pic",
        "pics",
        "share",
        "post",
        "edit",
        "fake",
        "record",
        "camera",
        "screenshot",
        "selfie",
        "viral",
        "upload",
        "forward",
        "leak",
        "hack",
        "password",
        "passport",
        "card",
        "gift",
        "phone",
        "chocolate",
        "topup",
        "diamond",
        "online",
        "insta",
        "instala",
        "love",
        "special",
        "game",
        "movie",
        "bathroom",
        "toilet",
        "hotel",
        "teacher",
        "friends",
        "friend",
        "family",
        "net",
        "internet",
        "tiktok",
        "telegram",
        "whatsapp",
        "discord",
        "blackmail",
        "threat",
        "deepfake",
        "morph",
        "sticker",
        "tablet",
        "blade",
        "rail",
        "dustbin",
        "bully",
        "follow",
        "sex",
        "nude",
        "nudes",
        "dress",
        "inner",
        "nirvana",
        "money",
        "uniform",
        "bottle",
        "bag",
        "book",
        "books",
        "pencil",
        "chair",
        "tiffin",
        "shoe",
        "shoes",
        "trailer",
        "teaser",
        "likes",
        "fan",
        "fans",
        "serial",
        "cinema",
        "comedy",
        "director",
        "scene",
        "comment",
        "level",
        "match",
        "cricket",
        "football",
        "team",
        "rape",
        "molest",
        "porn",
        "careful",
        "report",
        "block",
        "safe",
        "massage",
        "force",
        "ambulance",
        "police",
        "transfer",
        "cash",
        "reload",
        "quiz",
        "meaning",
        "hero",
        "villain",
        "film",
        "song",
        "news",
        "theatre",
        "interval",
        "daily",
        "night",
        "room",
        "bed",
        "car",
    ]
)
"""English words inside romanised Tamil: they are compared by letters, not by sound."""

TAMIL_CLUSTERS: Final[tuple[tuple[str, str], ...]] = (("ன்ற", "ந்ட்ர"), ("ற்ற", "ட்ர"), ("க்ஷ", "க்ச"))
"""What is said otherwise than it is written, as the ear hears it."""
TAMIL_LETTERS: Final = str.maketrans(
    dict(
        zip(
            "அஆஇஈஉஊஎஏஐஒஓஔ",
            ("a", "a", "i", "i", "u", "u", "e", "e", "ai", "o", "o", "au"),
            strict=True,
        )
    )
    | dict(zip("ாிீுூெேைொோௌ", ("a", "i", "i", "u", "u", "e", "e", "ai", "o", "o", "au"), strict=True))
    | dict(zip("கஙசஞடணதநபமயரலவழளறனஜஷஸஹஶ", "knsntntnpmyrlvllrnssshs", strict=True))
    | {"்": "", "ஃ": "", "ௗ": ""}
)
"""Tamil letters by their sound; voiced and unvoiced, long and short are one, as in `fold.by_sound`."""
