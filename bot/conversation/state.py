"""The state of one chat: frozen plain data, written to the store and read back between any two
turns.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

import msgspec

from bot.messages import Language
from bot.safeguarding.concern import About, Harm, Level
from bot.safeguarding.context import Faint

VERSION: Final = 1
PROFILE_LIMIT: Final = 6

Role = Literal["child", "parent", "teacher"]
Band = Literal["7-9", "10-12", "13-17"]
BANDS: Final[tuple[Band, ...]] = get_args(Band)
PlaceName = Literal[
    "welcome", "who", "menu", "lesson", "practice", "care", "report", "privacy", "content"
]
YesNo = Literal["yes", "no", "unknown"]
Device = Literal["only_me", "others_too", "unknown"]
Contact = Literal["this_chat", "child_will_return", "none"]
CaseKind = Literal["harm", "content"]
"""`content`: an account, page or message to take down; nobody tells of harm."""
CaseStatus = Literal[
    "draft", "sent", "received", "taken", "waiting", "closed", "taking_back", "withdrawn", "dropped"
]
"""`taking_back`: an intake elsewhere was asked to delete it and has not answered yet."""


OverlayName = Literal["language", "forget", "help"]
"""Questions that may be asked anywhere and leave the place as it is."""


class Place(msgspec.Struct, frozen=True):
    """Where a conversation is: a place, a step in it, and the one thing the step is about (a
    lesson, a case).
    """

    name: PlaceName
    step: str = ""
    about: str = ""


class Option(msgspec.Struct, frozen=True):
    """One answer the last question offered."""

    choice: str
    label: str


class Question(msgspec.Struct, frozen=True):
    """The question that stands open. Only its own tokens are valid; `free` says whether own words
    answer it.

    `asker` is the place or overlay that asked; a token is `id` + "." + choice.
    """

    id: str
    asker: PlaceName | OverlayName
    options: tuple[Option, ...] = ()
    free: bool = False


class LessonProgress(msgspec.Struct, frozen=True):
    """One profile in one lesson. `step` is where it goes on; `done` counts finishes; times are µs
    UTC. `saw`: a scene of the check that was not safe was got right; `alarms`: safe scenes taken
    for harm. Of the scenes on later days: `boosts` were got right, `practised` shown, `next_at` is
    when one is due (0: none), `later`: one was right after a week.
    """

    step: str = ""
    right: int = 0
    missed: int = 0
    taps: int = 0
    done: int = 0
    mastered: bool = False
    at: int = 0
    placed: tuple[str, ...] = ()
    saw: bool = False
    alarms: int = 0
    finished_at: int = 0
    boosts: int = 0
    practised: int = 0
    next_at: int = 0
    later: bool = False


class Profile(msgspec.Struct, frozen=True):
    """One person at a shared phone: no name, no exact age. An animal and a colour tell two children
    apart.
    """

    id: str
    language: Language
    role: Role | None = None
    band: Band | None = None
    animal: str = ""
    colour: str = ""
    ready: bool = False
    with_adult: YesNo = "unknown"
    lessons: dict[str, LessonProgress] = {}


class Case(msgspec.Struct, frozen=True):
    """One disclosure, from the first words to the answer. It belongs to the chat, not to a profile
    (care.md, 7).

    `id` is the report's id; `back` is where the person was when the disclosure came. The words
    themselves are not
    here: they are an encrypted draft in the store. `back` stays until the disclosure is called a
    mistake.
    """

    id: str
    profile: str
    language: Language
    level: Level
    at: int
    kinds: tuple[Harm, ...] = ()
    about: About = "unknown"
    reasons: tuple[str, ...] = ()
    score: float = 0.0
    romanised: bool = False
    kind: CaseKind = "harm"
    links: tuple[str, ...] = ()
    latin: bool = False
    did_harm: bool = False
    status: CaseStatus = "draft"
    back: Place | None = None
    back_profile: str | None = None
    step: str = ""
    words: int = 0
    writer: Role | None = None
    safe_now: YesNo = "unknown"
    safe_asked: bool = False
    promised: bool = False
    device: Device = "unknown"
    code: tuple[str, ...] = ()
    contact: Contact = "child_will_return"
    push: bool = False
    follow_up: bool = False
    where_online: str | None = None
    state: str | None = None
    where_now: str | None = None
    reference: str | None = None
    sent_at: int | None = None
    read: bool = False
    unread: int = 0
    answered: bool = False
    entered: tuple[str, ...] = ()
    code_misses: int = 0
    code_rest_until: int = 0
    note: str = ""

    def __repr__(self) -> str:
        return f"Case({self.id}, {self.level}, {self.status})"

    __str__ = __repr__


class Conversation(msgspec.Struct, frozen=True):
    """Everything the engine knows of a chat. `turn` counts messages taken; times are µs UTC.
    `faint`: what screening remembers of the last few messages, as scores.
    """

    version: int = VERSION
    language: Language | None = None
    profiles: tuple[Profile, ...] = ()
    active: str | None = None
    place: Place = Place("welcome")
    question: Question | None = None
    cases: tuple[Case, ...] = ()
    hidden: bool = False
    blocked: bool = False
    turn: int = 0
    last_at: int = 0
    rested_at: int = 0
    faint: tuple[Faint, ...] = ()

    def __repr__(self) -> str:
        return f"Conversation(turn {self.turn}, at {self.place.name})"

    __str__ = __repr__

    def profile(self) -> Profile | None:
        """The person who is here now, as far as known."""
        for profile in self.profiles:  # asked for many times a turn: no generator
            if profile.id == self.active:
                return profile
        return None

    def case(self, case_id: str | None) -> Case | None:
        """The case of that id, or None."""
        return next((c for c in self.cases if c.id == case_id), None)


def to_json(conversation: Conversation) -> bytes:
    """The state as it is stored."""
    return msgspec.json.encode(conversation)


def from_json(data: bytes) -> Conversation:
    """The state that was stored; raises `msgspec.ValidationError` on anything else."""
    return msgspec.json.decode(data, type=Conversation)
