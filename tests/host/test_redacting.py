"""Whoever writes a log line, no secret stands in it."""

from __future__ import annotations

import logging
import sys

from bot import wire
from bot.host.redacting import HIDDEN, Redacting
from bot.settings import Settings

TOKEN = "7000000001:a-token-that-must-not-be-seen"


def line(formatter: logging.Formatter, message: str, *args: object) -> str:
    record = logging.LogRecord("x", logging.INFO, __file__, 1, message, args, None)
    return formatter.format(record)


def test_a_secret_is_replaced_wherever_it_stands() -> None:
    chosen = Settings(_env_file=None, telegram_token=TOKEN, intake_secret="another secret")
    assert sorted(chosen.secrets()) == sorted([TOKEN, "another secret"])
    formatter = Redacting(chosen.secrets())
    said = line(formatter, "POST http://x/bot%s/sendMessage with %s", TOKEN, "another secret")
    assert TOKEN not in said
    assert said.count(HIDDEN) == 2


def test_a_traceback_is_read_too() -> None:
    formatter = Redacting([TOKEN])
    try:
        raise ValueError(f"no answer from {TOKEN}")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "broken", (), sys.exc_info())
    said = formatter.format(record)
    assert "ValueError" in said
    assert TOKEN not in said


def test_a_short_word_hides_nothing() -> None:
    assert "in" in line(Redacting(["in", ""]), "a message came in")


def test_the_logs_that_tell_too_much_are_closed() -> None:
    logging.getLogger("httpx").setLevel(logging.DEBUG)
    wire.quiet()
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    assert not logging.getLogger("telegram.request.BaseRequest").isEnabledFor(logging.CRITICAL)
