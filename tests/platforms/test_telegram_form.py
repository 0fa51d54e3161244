"""One Outgoing as the messages of a platform: nothing lost, nothing too long, each choice there."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import split, telegram_form
from bot.channels.split import LIMITS
from bot.messages import TOKEN_LIMIT, ChannelName, Choice, Outgoing
from tests.conversation.talk import library

PLATFORMS: tuple[ChannelName, ...] = ("telegram", "whatsapp")
WORDS = (
    "help", "me. ", "Is it safe? ", "👨‍👩‍👧👍🏽🇲🇾", "😀" * 40, "உதவி வேண்டும் ", "நீங்கள்",
    "你好，我想学习。", "  ",
    "\n", "\n\n", "\n\n\n", "x" * 700, "😀" * 2100, "帮" * 900, "உ" * 1300, "- one\n- two\n", "… ",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS) | st.text(max_size=30), min_size=1, max_size=25).map(
    lambda some: "a" + "".join(some)
)
LABELS = st.text("abcdefgh உதவி帮😀", min_size=1, max_size=20)
OPTIONS = st.lists(LABELS, max_size=14).map(
    lambda labels: tuple(Choice(f"menu.1.{n}", label) for n, label in enumerate(labels))
)


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check(channel: ChannelName, whole: Outgoing) -> tuple[Outgoing, ...]:
    parts = split.parts(channel, whole)
    limits = LIMITS[channel]
    for part in parts:
        room = limits.with_choices if part.choices else limits.text
        assert max(len(part.text), units(part.text)) <= room
        assert part.text.strip()
    assert all(not part.choices for part in parts[:-1])
    assert not any(part.wipe for part in parts[1:])
    assert parts[0].wipe == whole.wipe
    assert parts[-1].choices == whole.choices[: limits.choices]
    written_out = [f"{n}.{bare(c.label)}" for n, c in enumerate(whole.choices, 1)][limits.choices :]
    said = bare("".join(part.text for part in parts))
    assert said == bare(whole.text) + "".join(written_out)
    return parts


@pytest.mark.parametrize("channel", PLATFORMS)
@given(text=TEXTS, choices=OPTIONS, wipe=st.booleans())
def test_parts_hold_everything_in_order(
    channel: ChannelName, text: str, choices: tuple[Choice, ...], wipe: bool
) -> None:
    check(channel, Outgoing(text, choices, wipe=wipe, language="ta"))


@pytest.mark.parametrize("letter", ["x", "帮", "உ", "😀", "x ", "帮。", "😀\n", "உ\n\n"])
@pytest.mark.parametrize("channel", PLATFORMS)
def test_a_text_at_the_limit_is_one_message(channel: ChannelName, letter: str) -> None:
    room = LIMITS[channel].text
    fits = (letter * room)[: room // 2 if "😀" in letter else room].rstrip()
    assert check(channel, Outgoing(fits)) == (Outgoing(fits),)
    assert len(check(channel, Outgoing(f"{letter * room}{letter * 9}end"))) > 1


def test_no_character_is_cut_in_two() -> None:
    for shift in range(4):
        for part in check("telegram", Outgoing("x" * shift + "😀" * 5000)):
            part.text.encode()


def test_what_is_short_is_left_as_it_is() -> None:
    whole = Outgoing("Hello", (Choice("a.1.b", "OK"),), wipe=True, opener="Choose")
    for channel in PLATFORMS:
        assert split.parts(channel, whole) == (whole,)
    for door in ("web", "terminal"):
        long = Outgoing("x " * 9000)
        assert split.parts(door, long) == (long,)


def test_the_last_part_of_a_question_is_no_empty_shell() -> None:
    whole = Outgoing("one. " * 2000 + "\n\nIs it safe?", (Choice("a.1.b", "Yes"),))
    *_, last = check("telegram", whole)
    assert last.text.endswith("Is it safe?")


def test_numbers_of_what_is_written_out_are_those_that_answer() -> None:
    choices = tuple(Choice(f"a.1.{n}", f"choice {n}") for n in range(1, 14))
    (part,) = check("whatsapp", Outgoing("Which?", choices))
    assert "11. choice 11\n12. choice 12\n13. choice 13" in part.text


@given(OPTIONS)
def test_rows_keep_order_and_width(choices: tuple[Choice, ...]) -> None:
    rows = telegram_form.rows_of(choices)
    assert tuple(choice for row in rows for choice in row) == choices
    for row in rows:
        assert 1 <= len(row) <= telegram_form.ROW
        widest = max(len(choice.label) for choice in row)
        assert len(row) == 1 or widest * len(row) <= telegram_form.WIDE


@given(TEXTS, OPTIONS)
def test_the_form_is_what_the_bot_api_takes(text: str, choices: tuple[Choice, ...]) -> None:
    form = telegram_form.message(Outgoing(text, choices))
    assert all(isinstance(value, str) for value in form.values())
    assert json.loads(form["link_preview_options"]) == {"is_disabled": True}
    assert form["text"] == text
    assert "parse_mode" not in form
    if not choices:
        assert "reply_markup" not in form
        return
    rows = json.loads(form["reply_markup"])["inline_keyboard"]
    assert [(b["callback_data"], b["text"]) for row in rows for b in row] == [
        (choice.token, choice.label) for choice in choices
    ]
    assert all(len(b["callback_data"].encode()) <= TOKEN_LIMIT for row in rows for b in row)


def test_short_labels_of_the_languages_share_rows() -> None:
    names = [library().texts.get(code, "language.name", adult=True) for code in ("zh", "en")]
    choices = tuple(Choice(f"l.1.{name}", name) for name in names)
    assert len(telegram_form.rows_of(choices)) == 1
