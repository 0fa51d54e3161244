"""A message as the web page and as the terminal show it."""

from __future__ import annotations

import pytest

from bot.channels import terminal, webchat
from bot.messages import LANGUAGES, Choice, Language, Outgoing
from tests.web.web_scene import library

FOUR = "\n\n".join(
    ["Saya Teman, program komputer.", "I am Teman, a computer program.", "我是Teman，电脑程序。",
     "நான் Teman, கணினி நிரல்."]
)  # fmt: skip


def test_a_row_of_the_web_page() -> None:
    outgoing = Outgoing("One\n\nTwo", (Choice("q.a", "Yes"), Choice("q.b", "தமிழ்")), wipe=True)
    assert webchat.render(outgoing, seq=7, lane="care", language="en") == {
        "seq": 7,
        "text": "One\n\nTwo",
        "langs": ["en", "en"],
        "language": "en",
        "choices": [
            {"token": "q.a", "label": "Yes", "lang": "en"},
            {"token": "q.b", "label": "தமிழ்", "lang": "ta"},
        ],
        "picture": None,
        "wipe": True,
        "lane": "care",
    }


def test_a_row_with_a_picture_says_what_it_shows() -> None:
    outgoing = Outgoing("One", picture="C2.steps.scene1.ta", alt="Kai: hello")
    row = webchat.render(outgoing, seq=1, lane="normal", language="ta")
    assert row["picture"] == {"src": "/pictures/C2.steps.scene1.ta.png", "alt": "Kai: hello"}
    assert row["text"] == "One"


@pytest.mark.parametrize("language", [None, *LANGUAGES])
def test_each_paragraph_of_the_first_bubble_has_its_language(language: str | None) -> None:
    code = next((found for found in LANGUAGES if found == language), None)
    assert webchat.languages(FOUR.split("\n\n"), code) == ["ms", "en", "zh", "ta"]


def test_the_first_bubble_as_it_is_served() -> None:
    texts = library().texts
    paragraphs = [texts.get(language, "welcome.first", adult=True) for language in LANGUAGES]
    assert webchat.languages(paragraphs, None) == list(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_a_language_is_taken_for_another(language: str) -> None:
    texts = library().texts
    code = next(found for found in LANGUAGES if found == language)
    wrong: dict[str, list[Language | None]] = {}
    keys = [key for key in texts.keys(code) if not key.startswith(("language.", "person.", "web."))]
    for key in keys:
        said = texts._child[code].get(key)
        if isinstance(said, str):
            found = webchat.languages(said.split("\n\n"), code)
            wrong |= {key: found} if set(found) - {code} else {}
    assert len(keys) > 100
    # Numbers, names and addresses look Latin in any language; nothing longer may.
    assert {
        key: found for key, found in wrong.items() if len(str(texts._child[code][key])) > 60
    } == {}


def test_the_terminal_numbers_the_choices() -> None:
    outgoing = Outgoing("Who?", (Choice("a", "A child"), Choice("b", "A parent")))
    assert terminal.render(outgoing) == "Who?\n\n  1. A child\n  2. A parent"
    assert terminal.render(Outgoing("Only words")) == "Only words"


def test_the_terminal_pushes_what_was_said_out_of_sight() -> None:
    assert terminal.render(Outgoing("A tip", wipe=True)).startswith("\n" * 40)


def test_nothing_steers_the_terminal() -> None:
    shown = terminal.render(Outgoing("a\x1b[2Jb\x07\r\nc\x9bd", (Choice("t", "x\x1b]0;y"),)))
    assert shown == "a[2Jb\ncd\n\n  1. x]0;y"


@pytest.mark.parametrize(
    ("line", "text"),
    [("help\n", "help"), ("  2 \r\n", "2"), ("\x1b[A\n", "[A"), ("\n", ""), ("உதவி\n", "உதவி")],
)
def test_a_typed_line(line: str, text: str) -> None:
    assert terminal.typed(line) == text
