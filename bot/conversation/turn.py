"""One turn while it is being thought out: the state so far, the lines to say, the effects to ask
for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from bot.conversation.effects import Effect, Say
from bot.conversation.house import House
from bot.conversation.ids import Ids
from bot.conversation.state import (
    Case,
    Conversation,
    Option,
    OverlayName,
    Place,
    PlaceName,
    Profile,
    Question,
)
from bot.library.shelf import Library
from bot.messages import TOKEN_LIMIT, Choice, Lane, Language, Outgoing, Template
from bot.safeguarding.concern import NOTHING, Concern

LATIN_QUIET: Final = {"குடை": "kudai"}
"""The quiet word for whoever writes Tamil with Latin letters; it is understood so, too."""


class Outcome(msgspec.Struct, frozen=True):
    """What a step gives back: the new state, and the effects in the order they are to be carried
    out.
    """

    conversation: Conversation
    effects: tuple[Effect, ...]


class Turn:
    """Collects one turn. All lines said in it become one message; the last question asked gives its
    buttons.
    """

    def __init__(
        self,
        conversation: Conversation,
        library: Library,
        now: int,
        ids: Ids,
        house: House,
        *,
        concern: Concern = NOTHING,
        hint: Language | None = None,
    ) -> None:
        self.state = conversation
        self.library = library
        self.now = now
        self.ids = ids
        self.house = house
        self.concern = concern
        self.lane: Lane = "normal"
        self.template: Template | None = None
        self.show_place = False
        self.help_wanted = False
        self.hint = hint
        self.linked = False
        self._lines: list[str] = []
        self._wipe = False
        self._picture: tuple[str, str] | None = None
        self._effects: list[Effect] = []

    # -- who is here

    @property
    def profile(self) -> Profile | None:
        """The person at the phone, as far as known."""
        return self.state.profile()

    @property
    def language(self) -> Language:
        """The language of this turn: chosen, else heard in the message, else hinted at by the
        platform.
        """
        profile = self.profile
        chosen = profile.language if profile else self.state.language
        return chosen or self.concern.language or self.hint or "en"

    @property
    def adult(self) -> bool:
        """How to address: a known child as a child, everybody else as an adult (care.md, 13)."""
        profile = self.profile
        return profile is None or profile.role != "child"

    @property
    def safe_word(self) -> str:
        """The operator's quiet word in the language of this turn, and in its letters."""
        word = self.house.safe_words[self.language]
        return LATIN_QUIET.get(word, word) if self._latin() else word

    # -- state

    def change(self, **fields: object) -> None:
        """Set fields of the conversation."""
        self.state = msgspec.structs.replace(self.state, **fields)

    def change_profile(self, **fields: object) -> None:
        """Set fields of the active profile."""
        changed = msgspec.structs.replace(self._here(), **fields)
        profiles = tuple(changed if p.id == changed.id else p for p in self.state.profiles)
        self.change(profiles=profiles)

    def _here(self) -> Profile:
        profile = self.profile
        if profile is None:
            raise LookupError("nobody is at the phone in this state")
        return profile

    def change_case(self, case: Case, **fields: object) -> Case:
        """Set fields of a case; gives the case as it now is."""
        # From the state, not from the value handed in: another change may lie between.
        changed = msgspec.structs.replace(self.state.case(case.id) or case, **fields)
        self.change(cases=tuple(changed if c.id == case.id else c for c in self.state.cases))
        return changed

    def go(self, name: PlaceName, step: str = "", about: str = "") -> None:
        """Be at this place from now on; the caller shows it."""
        self.change(place=Place(name, step, about))

    def move(self, name: PlaceName, step: str = "", about: str = "") -> None:
        """Be at this place from now on; the engine shows it when the answer is done."""
        self.go(name, step, about)
        self.show_place = True

    def again(self) -> None:
        """Show the present place when the answer is done."""
        self.show_place = True

    # -- words

    def text(self, key: str, **values: object) -> str:
        """The sentence of a key, addressed as fits whoever is here; in care with Latin letters to
        somebody who writes Tamil so.
        """
        if self._latin() and (line := self.library.romanised(key, **values)):
            return line
        return self.library.texts.get(self.language, key, adult=self.adult, **values)

    def _latin(self) -> bool:
        place = self.state.place
        if place.name not in ("care", "report") or self.language != "ta":
            return False
        case = self.state.case(place.about)
        return case is not None and case.latin

    def text_in(self, language: Language, key: str) -> str:
        """The sentence in a language of its own: the first bubble, and the names of the
        languages.
        """
        return self.library.texts.get(language, key, adult=self.adult)

    def say(self, key: str, **values: object) -> None:
        """Add a line."""
        self.plain(self.text(key, **values))

    def plain(self, line: str) -> None:
        """Add a line that is already text."""
        if line:
            self._lines.append(line)

    def picture(self, name: str, alt: str) -> None:
        """Show a picture of the lessons, with what it shows in words; where nothing can be drawn,
        the words alone. One a message: of two, the first is told in words.
        """
        if self._picture:
            self.plain(self._picture[1])
        self._picture = (name, alt) if self.library.draws else None
        if not self._picture:
            self.plain(alt)

    def wipe(self) -> None:
        """Ask the channel to remove from the screen what it can."""
        self._wipe = True

    @property
    def said(self) -> bool:
        """True when this turn has words to send."""
        return bool(self._lines)

    @property
    def acts(self) -> bool:
        """True when this turn asks the host for something besides words."""
        return bool(self._effects)

    # -- questions

    def option(self, choice: str, key: str = "", **values: object) -> Option:
        """An answer labelled by `button.<key>`; the key is the choice's own name unless given."""
        return Option(choice, self.text(f"button.{key or choice}", **values))

    def ask(
        self,
        asker: PlaceName | OverlayName,
        step: str,
        options: Iterable[Option],
        *,
        free: bool = False,
    ) -> None:
        """Let this be the question that stands open; only its tokens are valid from now on."""
        name = f"{asker}.{step}.{self.ids.short()}"
        self.change(question=Question(name, asker, tuple(options), free))

    def close_question(self) -> None:
        """No question stands open."""
        self.change(question=None)

    # -- effects

    def effect(self, effect: Effect) -> None:
        """Ask the host for something besides the message."""
        self._effects.append(effect)

    def outcome(self) -> Outcome:
        """The turn as a value: effects in order, the message last."""
        if self._lines:
            self._effects.append(Say(self._outgoing(), self.lane))
        return Outcome(self.state, tuple(self._effects))

    def _outgoing(self) -> Outgoing:
        question = self.state.question
        choices = choices_of(question) if question else ()
        known = self.state.language is not None or self.profile is not None
        return Outgoing(
            "\n\n".join(self._lines),
            choices,
            picture=self._picture[0] if self._picture else None,
            alt=self._picture[1] if self._picture else "",
            wipe=self._wipe,
            template=self.template,
            language=self.language,
            opener=self.text("button.choose") if choices and known else "",
        )


def choices_of(question: Question) -> tuple[Choice, ...]:
    """The buttons of a question."""
    return tuple(Choice(token(question.id, o.choice), o.label) for o in question.options)


def token(question: str, choice: str) -> str:
    """What a tap on a choice sends back; never over Telegram's limit."""
    made = f"{question}.{choice}"
    if len(made.encode()) > TOKEN_LIMIT:
        raise ValueError("a tap's token is too long; shorten the ids of its step and choice")
    return made
