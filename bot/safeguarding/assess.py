"""Whether a message tells of harm: text in, Concern out. Pure, quick, for all four languages at
once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from bot.errors import ContentWrong
from bot.language import fold, pinyin
from bot.safeguarding import compiled, decide, features, match, model, rules, senses
from bot.safeguarding.concern import About, Concern
from bot.safeguarding.features import Seen
from bot.safeguarding.match import Matcher
from bot.safeguarding.model import Group, Limits, Model, Opinion
from bot.safeguarding.rules import RuleData, RuleFile, Spellings
from bot.safeguarding.senses import Lexicon

RULES: Final = Path(__file__).parent / "rules"
_ABOUT: Final[tuple[tuple[About, str], ...]] = (
    ("own_child", "my_child"),
    ("pupil", "my_pupil"),
    ("friend", "my_friend"),
)


class Screen:
    """The compiled rules and the model. One object serves all threads: nothing in it changes."""

    def __init__(
        self, files: list[RuleFile], data: bytes, lexicon: Lexicon, learnt: Model | None
    ) -> None:
        self.stamp: Final = hashlib.sha256(data).hexdigest()[:8]
        self.model: Final = f"rules-{self.stamp}" + (f" model-{learnt.stamp}" if learnt else "")
        pinyin.load()
        self.matcher: Final = Matcher(files, compiled.load(self.stamp, compiled.RULES))
        self.lexicon: Final = lexicon
        self._learnt = learnt
        self._names = list(self.matcher.bits)
        self._whole = _folded(file.whole for file in files)
        self._pleas = _folded(file.pleas for file in files)
        bits = self.matcher.bits
        try:
            self._about = tuple((about, bits[name]) for about, name in _ABOUT)
            self._me, self._me_hurt = bits["me"], bits["me_hurt"]
            self._friend_tells = bits["friend_tells"]
        except KeyError as error:
            raise ContentWrong(f"the screening rules lack the concept {error}") from None

    def assess(self, text: str) -> Concern:
        """How worried to be about this text. Any str will do; it never raises, and an error of
        its own gives `ask`."""
        matched: list[RuleData] = []
        try:
            seen = features.see(text, self.matcher)
            if (short := self._at_once(seen)) is not None:
                return short
            matched = self.matcher.matches(seen.hits, match.unit_of(seen.language, seen.romanised))
            if self._learnt is None:
                return self._joined(seen, matched, None, decide.BY_RULES)
            limits = self._learnt.limits[seen.group]
            opinion = self._opinion(self._learnt, seen, text, 0.0 if matched else limits.ask)
            return self._joined(seen, matched, opinion, limits)
        except Exception:  # noqa: BLE001 -- screening must not be what keeps a child from an answer
            return decide.failed(self.model, bool(matched))

    def _opinion(self, learnt: Model, seen: Seen, text: str, least: float) -> Opinion:
        """What the model makes of it; of a long text, of its most worrying stretch."""
        parts = [seen]
        if seen.long:
            parts = [features.see(part, self.matcher) for part in features.stretches(text)]
        apart = (features.take_apart(part, self._names, self.lexicon) for part in parts)
        return max((learnt.opinion(one, least) for one in apart), key=lambda one: one.told)

    def judge(self, text: str, opinion: Opinion, limits: dict[Group, Limits]) -> Concern:
        """What `assess` would say if the model thought this: for judging models in the making."""
        seen = features.see(text, self.matcher)
        if (short := self._at_once(seen)) is not None:
            return short
        matched = self.matcher.matches(seen.hits, match.unit_of(seen.language, seen.romanised))
        return self._joined(seen, matched, opinion, limits[seen.group])

    def _at_once(self, seen: Seen) -> Concern | None:
        """What needs no weighing: a message of nothing, a command alone, a plea alone."""
        nothing = Concern(language=seen.language, romanised=seen.romanised, model=self.model)
        alone = seen.letters.strip(" .")
        if alone in self._whole or not alone:
            return nothing
        if alone in self._pleas:
            return decide.plea(nothing)
        return None

    def _joined(
        self, seen: Seen, matched: list[RuleData], opinion: Opinion | None, limits: Limits
    ) -> Concern:
        concern = decide.decide(
            matched,
            opinion,
            limits,
            about=self.whom(seen.mask),
            language=seen.language,
            romanised=seen.romanised,
            model=self.model,
            sure=seen.spelled or seen.long,
        )
        return msgspec.structs.replace(concern, named=self.named(seen.mask))

    def named(self, mask: int) -> About:
        """Whom the words name as the writer's own."""
        return next((about for about, bit in self._about if mask & bit), "unknown")

    def whom(self, mask: int) -> About:
        """Whom it is about by the words: somebody named as mine, unless the harm is said to be
        done to the writer."""
        if mask & self._friend_tells or not mask & self._me_hurt:
            for about, bit in self._about:
                if mask & bit:
                    return about
        return "self" if mask & (self._me | self._me_hurt) else "unknown"


def _folded(listed: Iterable[Spellings]) -> frozenset[str]:
    said = (text.lstrip("=") for one in listed for _, text in one.each())
    return frozenset(fold.plain(text).strip() for text in said)


def load(folder: Path = RULES, learnt: Path = model.PATH) -> Screen:
    """Read rules and model. Raises ContentWrong where either is empty, damaged or inconsistent."""
    files, data = rules.read(folder)
    return Screen(files, data, senses.load(), model.load(learnt))


def by_rules(folder: Path = RULES) -> Screen:
    """A screen without a model: what training starts from."""
    files, data = rules.read(folder)
    return Screen(files, data, senses.load(), None)
