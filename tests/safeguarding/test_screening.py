"""Screening: what it must hear, what it must leave alone, and that nothing breaks it."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ContentWrong
from bot.safeguarding import assess, features, rules, screen_lines
from bot.safeguarding.concern import HARMS, LEVELS, SOUNDS_LIKE, Level

DATA = Path(__file__).parent / "data"
SCREEN = assess.load()

MUST_HEAR: list[tuple[Level, str, str]] = [
    ("urgent", "sexual_extortion", "he will send my photo to my class if i dont pay"),
    ("urgent", "sexual_extortion", "அவன் என் போட்டோவ எல்லாருக்கும் அனுப்புவேன்னு மிரட்டுறான்"),
    ("concern", "sexual_extortion", "dia kata nak tunjuk semua orang"),
    ("concern", "sexual_extortion", "he says he will show everyone"),
    ("concern", "grooming", "dia suruh saya tukar baju depan kamera"),
    ("concern", "grooming", "他叫我不要告诉妈妈"),
    ("concern", "sexual_abuse", "uncle touch me"),
    ("ask", "physical_abuse", "i dont want to go home tonight"),
    ("ask", "bullying", "my shoes are in the bin again"),
    ("urgent", "self_harm", "enaku saaganum pola iruku"),
    ("urgent", "self_harm", "enakku saagaNum pola irukku"),
    ("urgent", "self_harm", "enaku sakanum pola iruku"),
    ("urgent", "self_harm", "wo bu xiang huo le"),
    ("urgent", "self_harm", "i want to k1ll mys3lf"),
    ("urgent", "self_harm", "b u n u h d i r i"),
    ("urgent", "self_harm", "我\u200b想\u200b死"),
    ("urgent", "self_harm", "𝗜 𝘄𝗮𝗻𝘁 𝘁𝗼 𝗱𝗶𝗲"),
    ("urgent", "sexual_abuse", "he r\u0430ped me"),
    ("ask", "self_harm", "i don't want to be here any more"),
    ("ask", "self_harm", "just forget me"),
    ("ask", "self_harm", "lupakan aku"),
    ("ask", "self_harm", "忘了我吧"),
    ("ask", "self_harm", "என்னை மறந்துடுங்க"),
    ("ask", "other", "help me!!"),
    ("ask", "other", "tolong saya"),
    ("ask", "other", "救命"),
    ("ask", "other", "உதவி வேண்டும்"),
    ("ask", "other", "udhavi venum"),
    ("ask", "other", "tolong aku takut"),
    ("ask", "other", "somebody help me please"),
    ("emergency", "physical_abuse", "dia ada pisau sekarang"),
    ("emergency", "self_harm", "i took all the pills"),
]
MUST_LEAVE = [
    "",
    " ",
    "help",
    "Tolong!!",
    "帮",
    "உதவி",
    "forget me",
    "stop",
    "padam data saya",
    "Delete my data",
    "I would block him and tell my mum",
    "don't send pictures",
    "what is sextortion?",
    "never share your password",
    "mati aku la banyak homework",
    "笑死",
    "penat gila nak mati",
    "சாவடிக்கிறான்",
    "killing me this game",
    "bunuh boss",
    "kena kill 5 kali",
    "die already in ML",
    "nobody is hurting me",
    "dia tak ugut saya pun",
    "papa late again so i do quiz in his car",
    "没有人打我",
    "என்ன யாரும் அடிக்கல",
    "😀😀😀",
]


@pytest.mark.parametrize(("level", "kind", "text"), MUST_HEAR)
def test_it_hears(level: Level, kind: str, text: str) -> None:
    concern = SCREEN.assess(text)
    assert concern.at_least(level)
    assert kind in concern.kinds
    assert concern.reasons


@pytest.mark.parametrize("text", MUST_LEAVE)
def test_it_leaves_alone(text: str) -> None:
    assert SCREEN.assess(text).level == "none"


def _rows(name: str) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]
    assert len(rows) > 150
    return rows


@pytest.mark.parametrize("name", ["dev.jsonl", "held_out.jsonl"])
@pytest.mark.parametrize("lang", ["ms", "en", "zh", "ta"])
def test_recall_and_false_alarms_hold_their_floors(name: str, lang: str) -> None:
    rows = [row for row in _rows(name) if row["lang"] == lang]
    told = [row for row in rows if row["expect"] != "none"]
    rest = [row for row in rows if row["expect"] == "none"]
    assert len(told) >= 24
    assert len(rest) >= 15
    heard = sum(SCREEN.assess(row["text"]).level != "none" for row in told)
    alarms = sum(SCREEN.assess(row["text"]).level != "none" for row in rest)
    assert heard / len(told) >= (0.95 if name == "dev.jsonl" else 0.70)
    assert alarms / len(rest) <= (0.05 if name == "dev.jsonl" else 0.20)


def test_the_plainest_sentences_of_each_harm_are_heard() -> None:
    rows = [json.loads(x) for x in (DATA / "plainest.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) > 100
    assert [row["text"] for row in rows if SCREEN.assess(row["text"]).level == "none"] == []


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_gets_an_answer_without_an_error_inside(text: str) -> None:
    concern = SCREEN.assess(text)
    assert concern.level in LEVELS
    assert set(concern.kinds) <= set(HARMS)
    assert "screening failed" not in concern.reasons


@pytest.mark.parametrize(
    "text",
    [
        "\ud800",
        "\x00",
        "\u202e\u202d",
        "\u200b" * 10_000,
        "😀" * 10_000,
        "a" * 10_000,
        "x " * 5_000,
        "我" * 10_000,
        "அ" * 10_000,
        "ி" * 100,
        "打" * 10_000,
        "kill " * 2_000,
        "1" * 10_000,
        "\n" * 10_000,
    ],
)
def test_bad_input_is_answered_soon(text: str) -> None:
    start = time.perf_counter()
    concern = SCREEN.assess(text)
    assert "screening failed" not in concern.reasons
    assert time.perf_counter() - start < 0.5


def test_a_disclosure_is_heard_at_the_end_of_a_long_text() -> None:
    assert SCREEN.assess("quiz " * 1_900 + "i want to die").at_least("urgent")


def test_an_inner_error_leans_to_care(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = assess.load()
    monkeypatch.setattr(screen, "matcher", None)
    concern = screen.assess("anything")
    assert concern.at_least("ask")
    assert concern.reasons == ("screening failed",)


def test_reasons_never_quote_the_writer() -> None:
    reasons = {
        reason for row in _rows("dev.jsonl") for reason in SCREEN.assess(row["text"]).reasons
    }
    known = {rule.reason for rule in SCREEN.matcher.rules} | set(SOUNDS_LIKE.values())
    assert reasons
    assert reasons <= known


def test_about_whom() -> None:
    said = {
        "kawan saya cakap dia nak bunuh diri": "friend",
        "我女儿说她不想活了": "own_child",
        "my pupil has bruises and is afraid of her stepfather": "pupil",
        "uncle touch me": "self",
        "en ponnu kaiya aruthutu iruka": "own_child",
    }
    assert {text: SCREEN.assess(text).about for text in said} == said


def test_empty_and_damaged_rules_stop_the_start(tmp_path: Path) -> None:
    with pytest.raises(ContentWrong):
        assess.load(tmp_path)
    (tmp_path / "a.yaml").write_text("rules: [", "utf-8")
    with pytest.raises(ContentWrong):
        assess.load(tmp_path)
    (tmp_path / "a.yaml").write_text(
        "rules:\n  - {id: x, reason: y, en: die, harms: [sadness]}", "utf-8"
    )
    with pytest.raises(ContentWrong):
        assess.load(tmp_path)
    (tmp_path / "a.yaml").write_text("rules:\n  - {id: x, reason: y, combos: [a + b]}", "utf-8")
    with pytest.raises(ContentWrong):
        assess.load(tmp_path)


def test_a_changed_rule_changes_the_model(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(assess.RULES, folder)
    assert assess.load(folder).model == SCREEN.model
    with (folder / "other.yaml").open("a", encoding="utf-8") as file:
        file.write("\n# reviewed\n")
    assert assess.load(folder).model != SCREEN.model


def test_a_line_in_gives_a_line_out() -> None:
    line = screen_lines.answer(SCREEN, '{"text":"enaku saaganum pola iruku"}')
    found = json.loads(line)
    assert "\n" not in line
    assert set(found) == {"level", "kinds", "about", "lang", "reasons"}
    assert found["level"] != "none"
    assert found["lang"] == "ta"


@pytest.mark.parametrize(
    "line", ["", "{", "[]", '{"text": 3}', "null", "\ud800", '{"txt": "a"}', '{"text":"\\ud800"}']
)
def test_a_bad_line_gives_an_error_line(line: str) -> None:
    found = json.loads(screen_lines.answer(SCREEN, line))
    assert set(found) == {"error"} or found["level"] in LEVELS


def test_a_hint_serves_where_no_word_tells_the_language() -> None:
    assert (
        json.loads(screen_lines.answer(SCREEN, '{"text":"123","lang":"zh-Hans"}'))["lang"] == "zh"
    )


@pytest.mark.parametrize("spelling", ["my (son|(7|8) year old)", "my (son", "my son)"])
def test_a_group_in_a_group_is_refused_and_not_silently_lost(spelling: str) -> None:
    with pytest.raises(ContentWrong, match="a group in a group"):
        list(rules.Spellings(en=spelling).each())


@pytest.mark.parametrize("words", ["my son cries", "my daughter is hurt", "my 12 year old"])
def test_a_parents_own_child_is_known_by_the_words(words: str) -> None:
    assert SCREEN.named(features.see(words, SCREEN.matcher).mask) == "own_child"
