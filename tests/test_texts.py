"""Texts: found by key, in one language, filled, counted; never in another language."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot import texts
from bot.errors import ContentWrong, NoSuchText
from bot.library import catalogs, po, sources
from bot.messages import LANGUAGES, Language
from bot.texts import Texts
from tests.library import project

HOUSE = Path(__file__).parents[1]

SOME = Texts(
    {
        "en": {
            "plain": ("Hello",),
            "named": ("{operator} runs me",),
            "braces": ("a {{b}} c",),
            "read@child": ("one read", "{count} read"),
            "read@adult": ("one was read", "{count} were read"),
        },
        "zh": {
            "read@child": ("你读了{count}课",),
            "read@adult": ("您读了{count}课",),
            "ask@adult": ("您好吗？",),
            "ask@child": ("你好吗？",),
        },
        "ms": {"count": ("{count} pelajaran",)},
        "ta": {"lessons": ("{count} பாடம்", "{count} பாடங்கள்")},
    }
)


def test_a_text_is_found_in_its_language_only() -> None:
    assert SOME.get("en", "plain") == "Hello"
    for language in ("ms", "zh", "ta"):
        with pytest.raises(NoSuchText, match="plain"):
            SOME.get(language, "plain")


def test_an_adult_and_a_child_are_addressed_each_in_their_way() -> None:
    assert SOME.get("zh", "ask") == SOME.get("zh", "ask@child") == "你好吗？"
    assert SOME.get("zh", "ask", adult=True) == "您好吗？"
    assert SOME.get("en", "plain", adult=True) == "Hello"
    only_child = Texts({"en": {"a@child": ("A",)}})
    assert only_child.get("en", "a", adult=True) == "A"


def test_placeholders_are_filled_or_the_text_is_not_shown() -> None:
    assert SOME.get("en", "named", operator="{x} & co") == "{x} & co runs me"
    assert SOME.get("en", "braces") == "a {b} c"
    with pytest.raises(NoSuchText, match="named"):
        SOME.get("en", "named")
    with pytest.raises(NoSuchText, match="named"):
        SOME.get("en", "named", name="x")


@pytest.mark.parametrize(
    ("language", "key", "count", "said"),
    [
        ("en", "read", 1, "one read"),
        ("en", "read", 0, "0 read"),
        ("en", "read", 5000, "5000 read"),
        ("ta", "lessons", 1, "1 பாடம்"),
        ("ta", "lessons", 2, "2 பாடங்கள்"),
        ("ms", "count", 1, "1 pelajaran"),
        ("zh", "read", 2, "你读了2课"),
    ],
)
def test_a_count_picks_the_form_of_the_language(
    language: Language, key: str, count: int, said: str
) -> None:
    assert SOME.get(language, key, count=count) == said


def test_a_counted_text_needs_its_count() -> None:
    with pytest.raises(NoSuchText, match="count"):
        SOME.get("en", "read")


def test_keys_are_told_without_their_variants() -> None:
    assert SOME.keys("zh") == {"read", "ask"}
    assert SOME.has("zh", "ask")
    assert not SOME.has("zh", "plain")


@pytest.mark.parametrize("text", ["{", "}", "{0}", "{}", "{a.b}", "{a!r}", "{a:>9}", "{a b}"])
def test_only_names_stand_in_braces(text: str) -> None:
    with pytest.raises(ContentWrong, match="text key"):
        Texts({"en": {"key": (text,)}})


def test_the_compiled_catalogs_are_read(tmp_path: Path) -> None:
    project.build(tmp_path)
    catalogs.compile(tmp_path)
    loaded = texts.load(tmp_path / "locales")
    for language in LANGUAGES:
        assert loaded.get(language, "help.lifeline") == texts.LIFELINE[language]
        assert len(loaded.keys(language)) == len(loaded.keys()) > 30
    assert loaded.get("en", "lesson.played", count=1) == "1 lesson played"
    assert loaded.get("ta", "menu.ask", adult=True) == "சரி, தொடர்வோம்."


def test_missing_damaged_and_empty_catalogs_are_refused(tmp_path: Path) -> None:
    path = texts.mo_path(tmp_path, "ms")
    with pytest.raises(ContentWrong, match=r"missing: run make venv"):
        texts.read(path, "ms")
    path.parent.mkdir(parents=True)
    for content in (b"", b"\xde\x12\x04\x95", b"no catalog at all, but long enough to be one"):
        path.write_bytes(content)
        with pytest.raises(ContentWrong, match="run make venv"):
            texts.read(path, "ms")


def test_getting_a_text_takes_a_moment_only() -> None:
    rounds = 20_000
    best = 1.0
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(rounds):
            SOME.get("zh", "ask", adult=True)
        best = min(best, (time.perf_counter() - start) / rounds)
    assert best < 3e-6


def test_the_help_lines_are_built_in_for_every_language() -> None:
    assert set(texts.LIFELINE) == set(LANGUAGES)
    for text in texts.LIFELINE.values():
        assert len(text.splitlines()) == 2
        assert "999" in text.splitlines()[0]
        assert "15999" in text.splitlines()[1]
        assert "019-261 5999" in text.splitlines()[1]


def test_the_built_in_help_lines_equal_the_translated_ones() -> None:
    words = sources.read(HOUSE, HOUSE / "locales" / "words.yaml").data
    assert words["help"]["lifeline"] == texts.LIFELINE["en"]
    for language in catalogs.TRANSLATED:
        units = po.read(catalogs.po_path(HOUSE, language)).units
        found = [unit.strings for unit in units if unit.key == "help.lifeline"]
        assert found == [(texts.LIFELINE[language],)], language


def test_a_moment_is_told_as_in_malaysia() -> None:
    at = 1_795_478_400_000_000
    assert SOME.moment("en", at) == "Tuesday, 24 November, 08:00"
    assert SOME.moment("ms", at) == "Selasa, 24 November, 08:00"
    assert SOME.moment("zh", at) == "11月24日 星期二 08:00"
    assert SOME.moment("ta", at).startswith("செவ்வாய், 24 ")
