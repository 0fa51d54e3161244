"""The check: green on a faultless project, red on every fault, one planted at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from bot.library import catalogs, check, check_lessons, measure, po, reviews, schema, tree
from bot.messages import Language
from tests.library.project import LESSON, Project

B1 = "lessons/B1.yaml"
WORDS = "locales/words.yaml"
LINES = "lessons/helplines.yaml"
GLOSSARY = "lessons/glossary.yaml"
REVIEWS = "lessons/reviews.yaml"
LATIN = "lessons/romanised.yaml"

Fault = Callable[[Project], object]


def swap(file: str, old: str, new: str) -> Fault:
    """A fault: another piece of text in a file, translated as if nothing were wrong."""

    def plant(content: Project) -> None:
        content.swap(file, old, new)
        content.translate(lambda _, unit: msgspec.structs.replace(unit, fuzzy=False, previous=()))

    return plant


def say(language: Language, key: str, *strings: str) -> Fault:
    """A fault: another translation."""
    return lambda content: content.say(language, key, *strings)


def write(file: str, text: str) -> Fault:
    """A fault: a file with other content."""
    return lambda content: content.path(file).write_text(text)


def raw(file: str, old: str, new: str) -> Fault:
    """A fault: a changed file and nothing done about it."""
    return lambda content: content.swap(file, old, new)


def only_update(file: str, old: str, new: str) -> Fault:
    """A fault: a changed source, the catalogs brought up to it, nothing translated."""

    def plant(content: Project) -> None:
        content.swap(file, old, new)
        catalogs.update(content.root)

    return plant


def no_line(content: Project) -> None:
    """A fault: the schema is not named."""
    content.swap(B1, "# yaml-language-server: $schema=lesson.schema.json\n", "")


SAY = "lessons.B1.steps.end.say"
ZH_LONG = "好" * 91
MORE = "".join(
    f'      {name}: {{label: "Wait", feedback: "You waited.", next: again}}\n'
    for name in ("w", "x")
)
CARE = 'care: {heard: {you: "I read it."}}\n'

OWN = (
    '  own: {kind: write, say: "Write a line.", feedback: "You wrote it.", skip: "Skip", next: bad}'
    "\n"
)
SIGNS = """\
  own:
    kind: spot
    say: "What is a sign?"
    marks:
      a: {label: "A gift", feedback: "A sign.", flag: true}
      b: {label: "A secret", feedback: "A sign.", flag: true}
    enough: "No more"
    feedback: "You found them."
    missed: "There was more."
    next: bad
"""
CHAT = 'chat: {who: "Kai", lines: {a: {by: them, say: "ཀ"}}}, '
HEAVY = (
    "chat: {who: Kai, lines: {"
    + ", ".join(
        f'{row}: {{by: them, say: "' + "We go on there now. " * 14 + '"}' for row in "abcdef"
    )
    + "}}, "
)
END = '  end: {kind: end, say: "See you."}\n'


def boosters(count: int, more: int = 0) -> str:
    """Scenes for later days, every second one safe."""
    answers = "".join(f', z{n}: {{label: "Z", feedback: "See."}}' for n in range(more))
    scene = (
        'say: "What now?", choices: {x: {label: "A", feedback: "Look."}, '
        'y: {label: "B", feedback: "Yes.", right: true}' + answers + "}"
    )
    rows = (f"  b{n}: {{safe: {str(n % 2 == 0).lower()}, {scene}}}\n" for n in range(count))
    return "boosters:\n" + "".join(rows)


FAULTS: list[tuple[str, Fault, str]] = [
    ("content", raw(B1, ', feedback: "You told."', ""), "steps.bad.choices.tell"),
    ("content", raw(WORDS, '"English"', "5"), "language.name"),
    ("content", write(GLOSSARY, "terms: {}\nnever: []\n"), "no terms"),
    ("content", write("lessons/return_words.yaml", "en: [a]\n"), "return_words"),
    ("content", write("lessons/coverage.yaml", "complete: perhaps\n"), "complete: true"),
    ("missing", say("ta", SAY, ""), "no translation"),
    ("missing", only_update(WORDS, 'no: "No"', 'no: "No", ok: "OK"'), "no translation"),
    ("fuzzy", only_update(WORDS, "What now?", "What would you like?"), "another look"),
    ("outdated", raw(WORDS, "What now?", "What would you like?"), "lessons update"),
    ("obsolete", only_update(WORDS, ', no: "No"', ""), "no longer"),
    (
        "plurals",
        raw("locales/ms/LC_MESSAGES/teman.po", "nplurals=1; plural=0", "nplurals=1; plural=(0)"),
        "nplurals=1",
    ),
    ("placeholders", say("zh", "privacy.text@adult", "好的，我们继续。"), "operator"),
    ("placeholders", say("zh", "privacy.text@adult", "好{operator"), "expected"),
    ("placeholders", say("zh", "privacy.text@adult", "好{operator.name}"), "plain names"),
    ("english", say("ms", "lesson.shown", "You did it in new scenes."), "not translated"),
    ("english", say("ta", "lesson.shown", "Sari, todarvom, nallathu."), "not translated"),
    ("content", write(LATIN, 'button.yes: "seri naan othukkuren da"\n'), "20 characters"),
    ("content", write(LATIN, 'button.yes: "சரி"\n'), "no Latin letter"),
    ("content", write("lessons/platforms.yaml", "whatsapp: {name: W}\n"), "platforms"),
    ("latin", write(LATIN, 'button.maybe: "irukkalaam"\n'), "fits no text"),
    ("latin", write(LATIN, 'privacy.text: "naanga nadathurom"\n'), "braces"),
    ("lifeline", say("ms", "help.lifeline", "Telefon 999.\n15999."), "LIFELINE"),
    ("button", say("ms", "lessons.B1.steps.bad.choices.pay.label", "x" * 21), "21 characters"),
    ("button", say("zh", "button.yes", "😀" * 11), "22 characters"),
    ("button", say("ta", "lessons.B1.steps.own.skip", "தொடர்ந்து செல்லவேண்டும்"), "characters"),
    ("title", say("ta", "lessons.B1.title", "அ" * 25), "25 characters"),
    ("bubble", say("ms", SAY, "Kita terus maju. " * 17), "letters"),
    ("bubble", say("zh", SAY, ZH_LONG), "91 letters"),
    ("sentence", say("ms", SAY, "kita " * 13 + "."), "13 words"),
    ("sentence", say("zh", SAY, "好" * 19 + "。"), "19 words"),
    ("body", say("ms", "lesson.shown", "Baik. " * 171), "1026 characters"),
    ("composed", say("ms", "lesson.welcome_back", "Baik. " * 170), "as one message"),
    ("unreachable", swap(B1, "next: already}", "next: plan}"), "no way leads here"),
    ("endless", swap(B1, '"Let us look again.", next: bad', '"Look again.", next: again'), "end"),
    (
        "choices",
        swap(B1, '      pay: {label: "Pay", feedback: "You want it to stop.", next: again}\n', ""),
        "1 answers",
    ),
    ("choices", swap(B1, "      pay: {", f"{MORE}      pay: {{"), "4 answers"),
    ("mastery", swap(B1, "    safe: true\n", ""), "safe"),
    ("mastery", swap(B1, "next: again}", "next: again, right: true}"), "right answer and another"),
    ("card", swap(B1, ', b: "Keep."', ""), "2 lines"),
    ("boosters", swap(B1, END, END + boosters(3)), "needs 4 scenes"),
    ("boosters", swap(B1, END, END + boosters(4).replace(", right: true", "")), "right answer"),
    ("boosters", swap(B1, END, END + boosters(4, more=2)), "4 answers"),
    ("glyphs", swap(B1, OWN, OWN.replace("skip:", CHAT + "skip:")), "no ཀ"),
    ("weight", swap(B1, OWN, OWN.replace("skip:", HEAVY + "skip:")), "bytes of"),
    ("signs", swap(B1, OWN, SIGNS), "something that is none"),
    ("curriculum", swap(B1, "skills: [S12]", "skills: [S25]"), "S25"),
    ("curriculum", swap(B1, "risks: [R3]", "risks: [R3, R14]"), "R14"),
    ("harm", swap(B1, "It is not your fault. ", ""), "not your fault"),
    ("harm", swap(B1, "Nobody is angry. ", ""), "angry"),
    ("harm", swap(B1, "Telling was right. ", ""), "telling"),
    ("harm", swap(B1, " It can get better.", ""), "get better"),
    ("harm", swap(B1, "Thank you. Write help.", "Thank you."), "word help"),
    ("schema", no_line, "must begin with"),
    ("schema", write(schema.NAME, "{}"), "stale"),
    ("reviews", raw(REVIEWS, "  ta: {state", "  # ta: {state"), "has no state"),
    ("reviews", write(REVIEWS, ""), "has no state"),
    (
        "reviews",
        raw(
            "lessons/reviews.yaml",
            "en: {state: drafted",
            "en: {state: reviewed, text: abcdef123456",
        ),
        "another wording",
    ),
    ("coverage", write("lessons/coverage.yaml", "complete: true\n"), "10-12 lacks R1"),
    ("glossary", swap(B1, '"See you."', '"Keep the password."'), "password: use"),
    ("avoid", say("zh", SAY, "好的，口令。"), "口令"),
    ("avoid", swap(B1, '"See you."', '"Keep the passcodes."'), "passcode"),
    ("never", swap(B1, '"See you."', '"You are not in trouble."'), "no promise"),
    ("never", say("ta", SAY, "சரி, சிக்கல் வராது."), "no promise"),
    ("never", say("zh", SAY, "好的，没人会知道。"), "no secrecy"),
    ("never", swap(LINES, '"to talk"', '"a free line"'), "not free"),
    ("address", say("ms", SAY, "Baik, anda boleh."), "speaks to an adult"),
    ("address", say("zh", SAY, "好的，谢谢您。"), "speaks to an adult"),
    ("address", say("ms", "menu.ask@adult", "Kamu mahu apa?"), "speaks to a child"),
    ("address", say("zh", "menu.ask@adult", "你想做什么？"), "speaks to a child"),
    ("address", say("ta", "menu.ask@adult", "நீ என்ன செய்ய?"), "speaks to a child"),
    ("address", say("zh", "lesson.shown", "你做到了。"), "make the English {you"),
    ("number", swap(B1, '"See you."', '"Call 991 now."'), "991"),
    ("number", say("zh", SAY, "好的，打15555。"), "15555"),
    ("number", say("ms", SAY, "Baik, 03-7956 8145."), "03-7956 8145"),
    ("foreign", swap(B1, '"See you."', '"Use Report Remove."'), "Report Remove"),
    ("foreign", raw(LINES, 'phone: "15555"', 'phone: "15555", url: "stopncii.org"'), "adults only"),
    ("foreign", raw(LINES, "evening_line:", "report_remove:"), "not for Malaysia"),
]


def test_the_faultless_project_is_green(content: Project) -> None:
    assert content.problems() == []


@pytest.mark.parametrize(
    ("rule", "plant", "told"), FAULTS, ids=[f"{n}-{fault[0]}" for n, fault in enumerate(FAULTS)]
)
def test_a_planted_fault_is_found(content: Project, rule: str, plant: Fault, told: str) -> None:
    plant(content)
    found = [problem for problem in content.problems() if problem.rule == rule]
    assert found, content.problems()
    assert any(told in problem.message for problem in found), found


def test_every_rule_was_seen_red() -> None:
    planted = {rule for rule, _, _ in FAULTS} - {"content"}
    assert len(planted) == len(check.RULES)


def test_the_same_fault_is_not_told_by_accident(content: Project) -> None:
    content.say("ms", "menu.ask@adult", "Kamu mahu apa?")
    assert [str(problem) for problem in content.problems()] == [
        "address: locales/words.yaml ms menu.ask@adult: "
        "“Kamu” speaks to a child; this is read by: adult"
    ]


def test_care_speaks_tamil_politely_even_to_a_child(content: Project) -> None:
    content.swap(WORDS, "privacy:", CARE + "privacy:")
    content.say("ta", "care.heard@child", "நீ சொன்னாய்.")
    assert content.rules() == {"address"}
    content.say("ta", "care.heard@child", "நீங்கள் சொன்னீர்கள்.")
    assert content.rules() == set()


def test_who_is_quoted_may_say_what_we_never_say(content: Project) -> None:
    swap(B1, '"He wants money. What now?"', r'"He says: \"Nobody will know.\" What now?"')(content)
    assert content.rules() == set()
    content.say("zh", "menu.ask@adult", "请说：“你不要怕。”")
    assert content.rules() == set()


def test_pages_for_readers_unknown_are_polite(content: Project) -> None:
    content.swap(WORDS, "privacy:", 'web: {reader: "You"}\nprivacy:')
    content.say("zh", "web.reader", "您")
    assert content.rules() == set()
    content.say("zh", "web.reader", "你")
    assert content.rules() == {"address"}


def test_a_service_keeps_its_name(content: Project) -> None:
    swap(LINES, 'name: "Kasih"', 'name: "Take It Down"')(content)
    content.say("zh", "helplines.talian_kasih.name", "Take It Down")
    assert content.rules() == set()


def test_a_choice_may_say_what_we_never_say(content: Project) -> None:
    swap(B1, '{label: "Pay"', '{label: "Nobody will know"')(content)
    assert content.rules() == set()


def test_words_to_avoid_with_parents_may_be_said_to_children(content: Project) -> None:
    content.say("zh", SAY, "好的，拉黑。")
    assert content.rules() == set()
    content.say("zh", "menu.ask@adult", "好的，拉黑。")
    assert content.rules() == {"avoid"}


def test_money_years_and_ages_are_no_numbers_of_help(content: Project) -> None:
    swap(B1, '"See you."', '"RM1500 in 2026, RM 15000 at 10-12, 1,000 of 100 or 3.50."')(content)
    assert content.rules() == set()


def test_a_reviewed_lesson_is_a_draft_again_when_it_changes(content: Project) -> None:
    digest = reviews.digest("B1", tree.read(content.root).tables["zh"])
    old = "zh: {state: drafted"
    content.swap("lessons/reviews.yaml", old, f"zh: {{state: reviewed, text: {digest}")
    assert content.rules() == set()
    content.say("zh", SAY, "好的，再见。")
    assert content.rules() == {"reviews"}


def test_all_that_can_be_read_is_checked_though_one_file_cannot(content: Project) -> None:
    content.say("ms", "button.yes", "x" * 21)
    content.path("lessons/B2.yaml").write_text(LESSON.replace("id: B1", "id: B2").replace("5", "x"))
    assert {"content", "button"} <= content.rules()


def test_gaps_are_only_told_until_the_curriculum_is_complete(content: Project) -> None:
    gaps = check_lessons.gaps(tree.read(content.root))
    assert len(gaps) == 5
    assert gaps[0] == "no scenes for later days: B1"
    assert "R3" not in gaps[2].split()[2:5]
    assert "S01" not in gaps[4]
    content.path("lessons/coverage.yaml").write_text("complete: false\n")
    assert content.rules() == set()


def test_a_merge_conflict_in_a_catalog_is_a_fault(content: Project) -> None:
    path = catalogs.po_path(content.root, "zh")
    path.write_text(path.read_text() + "\n<<<<<<< HEAD\n")
    problems = content.problems()
    assert [p.rule for p in problems if p.rule == "content"] == ["content"]
    assert any(p.rule == "missing" and p.language == "zh" for p in problems)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One two. Three!", ["One two.", "Three!"]),
        ("这不是你的错。说出来是对的！", ["这不是你的错。", "说出来是对的！"]),
        ('He says: "Tell nobody." What now?', ["He says", '"Tell nobody.', "What now?"]),
        ("Open takeitdown.ncmec.org now.\nGo on.", ["Open takeitdown.ncmec.org now.", "Go on."]),
        ("சரி. தொடர்வோம்.", ["சரி.", "தொடர்வோம்."]),
    ],
)
def test_sentences_are_told_apart(text: str, parts: list[str]) -> None:
    assert measure.sentences(text) == parts


def test_lengths_are_those_a_reader_sees() -> None:
    assert measure.length("நிலா", "ta") == 2
    assert measure.length("Write *help*", "en") == 10
    assert measure.length("请写：帮，WhatsApp 019-261 5999。", "zh") == 6
    assert measure.words("kata laluan - 12", "ms") == 3
    assert measure.platform("😀a") == 3


def test_the_project_itself_is_green(house: Path) -> None:
    found = check.check(house)
    content = tree.read(house)
    assert len(content.lessons) >= 3
    assert len(content.entries) > 400
    assert [str(problem) for problem in found] == []


def test_the_catalogs_of_the_project_are_as_they_would_be_written(house: Path) -> None:
    new = catalogs.template(house)
    assert (house / catalogs.TEMPLATE).read_text("utf-8") == po.written(new)
    for language in catalogs.TRANSLATED:
        path = catalogs.po_path(house, language)
        updated = catalogs.updated(po.read(path), new, language)
        assert path.read_text("utf-8") == po.written(updated), "run: lessons update"
