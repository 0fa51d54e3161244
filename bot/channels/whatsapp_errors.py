"""What to do about an error of the Cloud API: decided on its code, never on its words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from bot.errors import SendFailed, SendHeld, SendLater, SendNever, SendStopped

DAY_S: Final = 24 * 3600.0
PAIR_MOST_S: Final = 300.0
_TOO_FAST_S: Final = 2.0
_SPAM_S: Final = 3600.0


class Refusal(msgspec.Struct):
    """An answer of the API that is no 2xx."""

    class Error(msgspec.Struct):
        """Its one object."""

        code: int = -1

    error: Error = msgspec.field(default_factory=Error)


def code_of(body: bytes) -> int:
    """The error's code; -1 where there is none."""
    try:
        return msgspec.json.decode(body, type=Refusal).error.code
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return -1


def failure(status: int, body: bytes, attempts: int) -> SendFailed:
    """What follows from an answer with an HTTP status that is no 2xx. `attempts`: tries so far."""
    return of_code(code_of(body), status, attempts)


def of_code(code: int, status: int, attempts: int) -> SendFailed:
    """What follows from an error's code; unknown ones go by the HTTP status."""
    if code in _STOPPED or 200 <= code <= 299:
        return SendStopped(f"{_STOPPED.get(code, 'a permission is missing')} ({code})")
    if code in _ACTIONS:
        return _ACTIONS[code](code, attempts)
    if status == 401:
        return SendStopped("WhatsApp does not know the token (401)")
    if status == 429:
        return SendLater("too fast (429)", _TOO_FAST_S, all_wait=True)
    if status >= 500 or code < 0:
        return SendLater(f"an answer {status}", unreachable=True)
    return SendNever(f"refused with code {code}, status {status}")


def _pair(code: int, attempts: int) -> SendFailed:
    """Too many to one user: this user waits 4^n seconds, n from 0."""
    return SendLater(f"pair limit ({code})", min(4.0 ** max(attempts - 1, 0), PAIR_MOST_S))


def _later(reason: str, wait_s: float | None = None, *, all_wait: bool = False) -> _Action:
    return lambda code, _: SendLater(f"{reason} ({code})", wait_s, all_wait=all_wait)


def _never(reason: str, *, blocked: bool = False) -> _Action:
    return lambda code, _: SendNever(f"{reason} ({code})", blocked=blocked)


_Action = Callable[[int, int], SendFailed]
_STOPPED: Final[dict[int, str]] = {
    0: "the token is not taken",
    190: "the token has expired",
    3: "a permission is missing",
    10: "a permission is missing",
    131005: "a permission is missing",
    33: "the number is no longer there",
    131037: "the number's name is not approved",
    131045: "the number is not registered",
    133010: "the number is not registered",
    131031: "the account is locked",
    131042: "the payment is not in order",
    368: "the account is blocked for a rule",
}
_ACTIONS: Final[dict[int, _Action]] = {
    130497: lambda code, _: SendStopped(
        f"the account may not write to this country ({code})", one=True
    ),
    4: _later("the app's limit", 60.0, all_wait=True),
    80007: _later("the account's limit", 60.0, all_wait=True),
    130429: _later("the number's limit", _TOO_FAST_S, all_wait=True),
    131056: _pair,
    131048: _later("the spam limit", _SPAM_S, all_wait=True),
    131049: _later("held back by WhatsApp", DAY_S),
    131050: _never("the user wants no such messages"),
    131047: lambda code, _: SendHeld(f"24 hours are over ({code})"),
    131026: _never("not reachable on WhatsApp", blocked=True),
    131062: _never("needs a phone number, which is not kept"),
    1: _later("unknown trouble at WhatsApp"),
    2: _later("WhatsApp is down"),
    131000: _later("unknown trouble at WhatsApp"),
    131016: _later("WhatsApp is down"),
    133004: _later("WhatsApp is down"),
    131057: _later("the number is being upgraded", 60.0, all_wait=True),
    131008: _never("a parameter is missing"),
    131009: _never("a parameter is wrong"),
    131021: _never("sent to oneself"),
    131030: _never("not on the test list"),
    131051: _never("a kind that is not known"),
    131052: _never("a file could not be fetched"),
    131053: _never("a file could not be sent"),
    132000: _never("the template has other gaps"),
    132001: _never("no such template in this language"),
    132005: _never("the template is too long"),
    132007: _never("the template breaks a rule"),
    132008: _never("a gap of the template is wrong"),
    132012: _never("a gap of the template is wrong"),
    132015: _never("the template is paused"),
    132016: _never("the template is disabled"),
    131064: _never("the template has the wrong class"),
}
