"""What a browser posts, read strictly and leniently in the right places."""

from __future__ import annotations

import pytest

from bot.host import pace
from bot.messages import TEXT_LIMIT, TOKEN_LIMIT, Chat
from bot.web import posted
from bot.web.posted import Posted

CHAT = Chat("web", "a" * 43)
SECOND = 1_000_000


def test_text_is_cut_and_mended_never_refused() -> None:
    sent = posted.decode(
        b'{"id":"12345678","kind":"text","text":"%s\\ud800"}' % (b"x" * TEXT_LIMIT), Posted
    )
    said = posted.incoming(CHAT, sent).text
    assert said
    assert said.reveal() == "x" * TEXT_LIMIT


@pytest.mark.parametrize(
    "body", [b'"\\ud800!"', b'"\xed\xa0\x80!"', b'"\xff!"', b'"\\u0000!"', b'"\\udfff\\ud800!"']
)
def test_broken_characters_do_not_lose_the_words(body: bytes) -> None:
    sent = posted.decode(b'{"id":"12345678","kind":"text","text":%s}' % body, Posted)
    said = posted.incoming(CHAT, sent).text
    assert said
    assert set(said.reveal()[:-1]) == {"\ufffd"}
    assert said.reveal()[-1] == "!"


def test_media_carries_no_text_and_hide_is_a_word() -> None:
    for kind in ("media", "voice", "start", "tap"):
        sent = Posted("12345678", kind, text="secret", token="t")
        assert posted.incoming(CHAT, sent).text is None
    hidden = posted.incoming(CHAT, Posted("12345678", "hide", text="secret"))
    assert hidden.kind == "text"
    assert hidden.text
    assert hidden.text.reveal() == posted.HIDE


def test_a_token_too_long_cannot_become_one_that_fits() -> None:
    long = posted.incoming(CHAT, Posted("12345678", "tap", token="t" * 500)).token
    assert long
    assert len(long) > TOKEN_LIMIT


@pytest.mark.parametrize(
    ("given", "hint"), [("ta", "ta"), ("zh-CN", "zh"), ("fr", None), ("", None), (None, None)]
)
def test_the_language_is_a_hint(given: str | None, hint: str | None) -> None:
    sent = Posted("12345678", "start", language=given)
    assert posted.incoming(CHAT, sent).language_hint == hint


def test_what_was_posted_never_prints() -> None:
    assert "secret" not in f"{Posted('12345678', 'text', text='secret')!r}"


def test_pace_counts_within_its_window() -> None:
    held = pace.Pace(2, 10)
    assert [held.allows("a", second * SECOND) for second in (0, 1, 2)] == [True, True, False]
    assert held.allows("b", 2 * SECOND)
    assert held.allows("a", 11 * SECOND)


def test_pace_counts_the_same_once() -> None:
    held = pace.Pace(1, 10)
    assert all(held.allows("a", 0, what="message") for _ in range(50))
    assert not held.allows("a", 0, what="another")


def test_a_clock_that_jumps_back_locks_nobody_out() -> None:
    held = pace.Pace(1, 10)
    assert held.allows("a", 10**15)
    assert held.allows("a", 5)


def test_pace_forgets_the_oldest_keys() -> None:
    held = pace.Pace(1, 10, keys=3)
    assert [held.allows(key, 0) for key in "abcd"] == [True] * 4
    assert held.allows("a", 0), "pushed out by later ones"
    assert not held.allows("d", 0)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1", None])
def test_this_machine_is_no_client(host: str | None) -> None:
    assert pace.client(host) is None
    assert pace.client("203.0.113.1") == "203.0.113.1"
