"""Whole conversations written down, and played against the engine.

A file is plain text, one thing a line:

    # what happens, and who writes              a comment
    language: ta                                on its own at the top; more: channel, house
    house: demo=no pass_without_answer=yes
    > dia ugut nak sebar gambar aku             typed
    > [help]                                    tapped: the choice of this name
    > (photo)                                   a photo, voice, sticker, place
    ~ 20 minutes                                time passes; timers that are due fire
    ! answered | read | taken | closed          what a person at the intake does
    = at care first                             where the person is now
    = asks care first                           the question that stands open
    = offers help wrong                         these choices stand open
    = says care.threat_now                      this sentence was just said
    = not menu.ask                              this one was not
    = level urgent                              at least so grave
    = case sent                                 how the newest case stands; `none`: there is none
    = cases 2                                   so many cases
    = language ta                               what is spoken now
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bot.conversation import effects
from bot.conversation.events import ReportStatus, StaffMessage, TimerFired
from bot.messages import LANGUAGES, Kind, Language
from bot.safeguarding.concern import LEVELS
from tests.conversation.talk import DAY, HOUR, MINUTE, SECOND, Talk, filled, library

HEAD: Final = re.compile(r"^(language|channel|house): (.+)$")
LINE: Final = re.compile(r"^([>~!=]) (.+)$")
MARK: Final = "\x00"
"""Stands for every value, so that the fixed pieces of a sentence are told apart."""
UNITS: Final = {"second": SECOND, "minute": MINUTE, "hour": HOUR, "day": DAY}
KINDS: Final[dict[str, Kind]] = {
    "(photo)": "media",
    "(voice)": "voice",
    "(place)": "location",
    "(sticker)": "other",
}


@dataclass(frozen=True)
class Step:
    """One line of a transcript: its number, its mark, and what stands behind it."""

    number: int
    mark: str
    words: str


@dataclass
class Transcript:
    """A conversation as it is written down."""

    language: Language
    channel: str = "telegram"
    house: dict[str, Any] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)


def read(path: Path) -> Transcript:
    """A file. Raises ValueError naming the line that cannot be read."""
    head: dict[str, str] = {}
    steps: list[Step] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if not steps and (said := HEAD.match(line)):
            head[said[1]] = said[2].strip()
        elif said := LINE.match(line):
            steps.append(Step(number, said[1], said[2].strip()))
        else:
            raise ValueError(f"{path.name}:{number}: {line}")
    language = next((x for x in LANGUAGES if x == head.get("language")), None)
    if language is None:
        raise ValueError(f"{path.name}: begins with a language")
    return Transcript(language, head.get("channel", "telegram"), _house(head), steps)


def _house(head: dict[str, str]) -> dict[str, Any]:
    parts = (part.partition("=") for part in head.get("house", "").split())
    return {name: value == "yes" for name, _, value in parts}


class Play:
    """A transcript being played: the talk, the timers that are set, and where the file is."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self.talk = Talk(transcript.channel, **transcript.house)
        self.timers: dict[tuple[str, str], int] = {}
        self.count = 0

    def run(self) -> None:
        """Play to the end. Raises AssertionError naming the line that does not hold."""
        for step in self.transcript.steps:
            try:
                self._play(step)
            except (AssertionError, IndexError) as wrong:
                raise AssertionError(f"line {step.number}: {step.words}: {wrong}") from wrong

    def _play(self, step: Step) -> None:
        match step.mark:
            case ">":
                self._write(step.words)
            case "~":
                self._wait(step.words)
            case "!":
                self._intake(step.words)
            case _:
                self._check(*step.words.partition(" ")[::2])

    # -- what happens

    def _write(self, words: str) -> None:
        if words in KINDS:
            self.talk.message(KINDS[words])
        elif words.startswith("[") and words.endswith("]"):
            self.talk.tap(words[1:-1])
        elif words == "/start":
            hinted = self.transcript.channel in ("web", "terminal")
            self.talk.start(self.transcript.language if hinted else None)
        else:
            self.talk.say(words)
        self._note()

    def _note(self) -> None:
        """Keep the timers as the host would."""
        for effect in self.talk.effects:
            if isinstance(effect, effects.Schedule):
                self.timers[effect.kind, effect.case] = effect.due_at
            elif isinstance(effect, effects.Cancel):
                self.timers.pop((effect.kind, effect.case), None)

    def _wait(self, words: str) -> None:
        number, unit = words.split()
        until = self.talk.now + int(number) * UNITS[unit.rstrip("s")]
        while due := [(at, key) for key, at in self.timers.items() if at <= until]:
            at, (kind, case) = min(due)
            del self.timers[kind, case]
            self.talk.now = max(self.talk.now, at)
            self.talk.take(TimerFired(self._id(), kind, case))  # type: ignore[arg-type]
            self._note()
        self.talk.now = max(self.talk.now, until)

    def _intake(self, words: str) -> None:
        case = self.talk.case.id
        if words == "answered":
            self.talk.take(StaffMessage(self._id(), case))
        else:
            self.talk.take(ReportStatus(self._id(), case, words))  # type: ignore[arg-type]
        self._note()

    def _id(self) -> str:
        self.count += 1
        return f"e{self.count}"

    # -- what must hold

    def _check(self, what: str, words: str) -> None:
        match what:
            case "at":
                place = self.talk.state.place
                assert f"{place.name} {place.step}".strip() == words, f"at {place}"
            case "asks":
                question = self.talk.state.question
                assert question, "no question stands open"
                assert question.id.split(".")[:2] == words.split(), question.id
            case "offers":
                missing = [name for name in words.split() if name not in self.talk.names]
                assert not missing, f"offers {self.talk.names}"
            case "says":
                assert self._said(words), f"said: {self.talk.said}"
            case "not":
                assert not self._said(words), f"said: {self.talk.said}"
            case "silent":
                assert not self.talk.out, f"said: {self.talk.said}"
            case "level":
                level = self.talk.case.level
                assert LEVELS.index(level) >= LEVELS.index(words), level
            case "case":
                status = self.talk.case.status if self.talk.state.cases else "none"
                assert status == words, status
            case "cases":
                assert len(self.talk.state.cases) == int(words)
            case "about":
                assert self.talk.case.about == words, self.talk.case.about
            case "harm":
                assert words in self.talk.case.kinds, self.talk.case.kinds
            case "language":
                profile = self.talk.state.profile()
                spoken = profile.language if profile else self.talk.state.language
                assert spoken == words, spoken
            case _:
                raise AssertionError("no such check")

    def _said(self, key: str) -> bool:
        return any(piece in self.talk.said for piece in self._pieces(key))

    def _pieces(self, key: str) -> Iterator[str]:
        """The longest fixed piece of the sentence, to a child and to an adult, in the language of
        the moment, and in Latin letters where care speaks so.
        """
        profile = self.talk.state.profile()
        language = (profile.language if profile else None) or self.talk.state.language
        for one in [language] if language else LANGUAGES:
            for adult in (True, False):
                assert library().texts.has(one, key), f"there is no text {key}"
                yield _fixed(library().texts.get(one, key, adult=adult, **filled(MARK)))
        if latin := library().romanised(key, **filled(MARK)):
            yield _fixed(latin)


def _fixed(sentence: str) -> str:
    return max(sentence.split(MARK), key=len).strip()
