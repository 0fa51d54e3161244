"""Whether a message tells of harm: text in, Concern out. Pure, quick, for all four languages at
once."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from bot.errors import ContentWrong
from bot.language import fold, which
from bot.messages import TEXT_LIMIT
from bot.safeguarding import decide, match, rules
from bot.safeguarding.concern import About, Concern
from bot.safeguarding.match import Matcher
from bot.safeguarding.spot import Hit

RULES: Final = Path(__file__).parent / "rules"
_ABOUT: Final[tuple[tuple[About, str], ...]] = (
    ("own_child", "my_child"),
    ("pupil", "my_pupil"),
    ("friend", "my_friend"),
)


class Screen:
    """The compiled rules. One object serves all threads: nothing in it changes."""

    def __init__(self, files: list[rules.RuleFile], data: bytes) -> None:
        self.model: Final = "rules-" + hashlib.sha256(data).hexdigest()[:8]
        self._matcher = Matcher(files)
        self._whole = frozenset(
            fold.plain(spelling) for file in files for _, spelling in file.whole.each()
        )
        bits = self._matcher.bits
        try:
            self._about = tuple((about, bits[name]) for about, name in _ABOUT)
            self._me, self._me_hurt = bits["me"], bits["me_hurt"]
            self._friend_tells = bits["friend_tells"]
        except KeyError as error:
            raise ContentWrong(f"the screening rules lack the concept {error}") from None

    def assess(self, text: str) -> Concern:
        """How worried to be about this text. Any str will do; it never raises, and an error of
        its own gives `ask`."""
        matched = False
        try:
            spaced = fold.spaced(text[:TEXT_LIMIT])
            letters = fold.by_letters(spaced)
            language, romanised = which.of_spaced(spaced)
            clear = which.no_tamil(spaced)
            hits = (
                []
                if letters in self._whole
                else self._matcher.hits(letters, fold.by_sound(spaced), clear=clear)
            )
            found = self._matcher.matches(hits, match.unit_of(language, romanised))
            matched = bool(found)
            return decide.decide(
                found,
                about=self._whom(hits) if matched else "unknown",
                language=language,
                romanised=romanised,
                model=self.model,
            )
        except Exception:  # noqa: BLE001 -- screening must not be what keeps a child from an answer
            return decide.failed(self.model, matched)

    def _whom(self, hits: list[Hit]) -> About:
        """Whom it is about: somebody named as mine, unless the harm is said to be done to the
        writer."""
        mask = 0
        for hit in hits:
            mask |= hit[2]
        if mask & self._friend_tells or not mask & self._me_hurt:
            for about, bit in self._about:
                if mask & bit:
                    return about
        return "self" if mask & (self._me | self._me_hurt) else "unknown"


def load(folder: Path = RULES) -> Screen:
    """Read and compile the rules of a folder. Raises ContentWrong where they are empty, damaged
    or inconsistent."""
    files, data = rules.read(folder)
    return Screen(files, data)
