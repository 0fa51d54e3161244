"""A talk with the engine alone: no store, no clock, the state written to JSON and read back between
any two turns.
"""

from __future__ import annotations

from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from bot.conversation import effects, engine, events, state
from bot.conversation.effects import Effect
from bot.conversation.house import House
from bot.conversation.ids import Ids
from bot.conversation.state import Case, Conversation
from bot.library import shelf
from bot.library.shelf import Library
from bot.messages import Chat, Choice, Incoming, Kind, Language, Outgoing, Words
from bot.safeguarding import assess
from bot.safeguarding.assess import Screen
from bot.safeguarding.concern import NOTHING

ROOT = Path(__file__).resolve().parents[2]
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
START = 1_795_000_000 * SECOND
"""A weekday afternoon in November 2026."""
_SEEDS = count(1)
SAFE_WORDS: dict[Language, str] = {"ms": "payung", "en": "umbrella", "zh": "雨伞", "ta": "குடை"}


@cache
def library() -> Library:
    """The content as it is served."""
    return shelf.open_library(ROOT)


@cache
def screen() -> Screen:
    """Screening as it runs."""
    return assess.load(ROOT / "bot" / "safeguarding" / "rules")


class Talk:
    """One chat. `say` types, `tap` taps the choice whose label or name is given; `said` is the last
    answer.
    """

    def __init__(self, channel: Any = "web", **house: Any) -> None:
        given: dict[str, Any] = {
            "demo": True,
            "intake_open": True,
            "public_url": "http://teman.test",
        } | house
        self.house = House(channel=channel, operator="Rumah Ujian", safe_words=SAFE_WORDS, **given)
        self.chat = Chat(channel, "somebody")
        self.seed = next(_SEEDS).to_bytes(8, "big")
        self.state = Conversation()
        self.now = START
        self.turns = 0
        self.effects: list[Effect] = []
        self.out: list[effects.Say] = []

    # -- what happens

    def take(self, event: events.Event, concern: Any = NOTHING) -> str:
        """One step; the state goes through JSON before and after."""
        self.turns += 1
        ids = Ids(self.now, self.seed + self.turns.to_bytes(8, "big"))
        before = state.from_json(state.to_json(self.state))
        outcome = engine.step(before, event, concern, library(), self.now, ids, house=self.house)
        self.state = state.from_json(state.to_json(outcome.conversation))
        assert self.state == outcome.conversation
        self.effects = [e for e in outcome.effects if not isinstance(e, effects.Say)]
        self.out = [e for e in outcome.effects if isinstance(e, effects.Say)]
        self.now += 5 * SECOND
        return self.said

    def message(
        self, kind: Kind, text: str | None = None, token: str | None = None, hint: str | None = None
    ) -> str:
        """A message of any kind."""
        words = Words(text) if text is not None else None
        concern = screen().assess(text) if text is not None else NOTHING
        incoming = Incoming(f"m{self.turns}", self.chat, kind, words, token, hint)
        return self.take(incoming, concern)

    def start(self, language: Language | None = None) -> str:
        return self.message("start", hint=language)

    def say(self, text: str) -> str:
        return self.message("text", text)

    def tap(self, choice: str) -> str:
        """Tap the open choice of that name."""
        if self.state.place.name == "who" and choice.isdigit():
            return self.message("tap", token=self.choices[int(choice)].token)
        found = [c.token for c in self.choices if c.token.rpartition(".")[2] == choice]
        assert found, f"no choice {choice} among {[c.token for c in self.choices]}"
        return self.message("tap", token=found[0])

    def fire(self, kind: events.TimerKind) -> str:
        """The timer of the newest case is due."""
        return self.take(events.TimerFired(f"t{self.turns}", kind, self.state.cases[-1].id))

    # -- what came

    @property
    def said(self) -> str:
        return "\n\n".join(say.outgoing.text for say in self.out)

    @property
    def outgoing(self) -> Outgoing:
        assert self.out, "nothing was said"
        return self.out[-1].outgoing

    @property
    def choices(self) -> tuple[Choice, ...]:
        question = self.state.question
        options = question.options if question else ()
        return (
            tuple(Choice(f"{question.id}.{o.choice}", o.label) for o in options) if question else ()
        )

    @property
    def names(self) -> list[str]:
        return [c.token.rpartition(".")[2] for c in self.choices]

    def asked(self, kind: type[Effect]) -> list[Any]:
        """The effects of that kind in the last turn."""
        return [e for e in self.effects if isinstance(e, kind)]

    @property
    def case(self) -> Case:
        return self.state.cases[-1]

    # -- longer ways

    def onboard(self, language: Language = "en", role: str = "child", band: str = "13-17") -> Talk:
        """Begin and come to the menu."""
        self.start(None)
        self.tap(language)
        self.tap(role)
        if role == "child":
            self.tap(band)
        self.tap("yes" if "yes" in self.names else "ok")
        assert self.state.place.name == "menu", self.state.place
        return self

    def lesson(self, lesson_id: str) -> Talk:
        """From the menu into a lesson."""
        self.tap("lessons")
        self.tap(lesson_id)
        assert self.state.place.name == "lesson"
        return self

    def wait(self, us: int) -> Talk:
        self.now += us
        return self


def text(language: Language, key: str, adult: bool = False, **values: Any) -> str:
    """A sentence as the reader gets it."""
    return library().texts.get(language, key, adult=adult, **values)


NAMES = (
    "operator", "safe", "waiting", "reference", "url", "words", "n", "pictures", "when", "days",
    "colour", "animal", "platform", "wrong", "phone", "what", "whatsapp", "spoken",
)  # fmt: skip
"""Every name in braces that a sentence of the bot's own may hold."""


def filled(mark: str = "") -> dict[str, Any]:
    """The same value for every name in braces."""
    return dict.fromkeys(NAMES, mark)


def plain(value: Any) -> Any:
    """Structs as plain values, for comparison."""
    return msgspec.to_builtins(value)
