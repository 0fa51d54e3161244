"""Finding concepts in a folded message, and the rules whose concepts stand together.

One pass of an Aho-Corasick automaton gives the hits; a rule is looked at only when one of its
rarest concepts was hit.
Everything is linear in the length of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from bot.errors import ContentWrong
from bot.language import variants
from bot.safeguarding import rules, spot
from bot.safeguarding.compiled import Table
from bot.safeguarding.rules import RuleData, RuleFile
from bot.safeguarding.spot import Hit

STEP: Final = 200
"""Longer texts are looked at in overlapping pieces of twice this many characters."""

_HAN_UNIT, _TAMIL_UNIT, _LATIN_UNIT = 2.6, 8.5, 6.0


class Combined(NamedTuple):
    """A combination compiled to bits."""

    slots: tuple[int, ...]
    union: int
    ordered: bool
    within: int
    unless: int
    place: int


class Matcher:
    """The compiled rules. `bits`: concept name to its bit."""

    def __init__(
        self, files: Sequence[RuleFile], tables: tuple[Table, Table] | None = None
    ) -> None:
        """`tables`: those of `tables()`, made before; without them they are made now."""
        concepts = {name: data for file in files for name, data in file.concepts.items()}
        self.rules: tuple[RuleData, ...] = tuple(rule for file in files for rule in file.rules)
        names = [*concepts, *(f"rule:{rule.id}" for rule in self.rules)]
        if len(set(names)) != len(names) or len(concepts) != sum(len(f.concepts) for f in files):
            raise ContentWrong("two screening rules or concepts share a name")
        self.bits = {name: 1 << place for place, name in enumerate(names)}
        self._masks = {name: self._mask(name, concepts) for name in names}
        self._concepts = concepts
        self._letters, self._sounds = (_automaton(one) for one in tables or self.tables())
        self._by_anchor = self._anchored()
        self._anchors = sum(self._by_anchor)

    def hits(self, letters: str, sounds: str, *, clear: bool = False) -> list[Hit]:
        """Concept hits in both forms, by first character; places in the sound form are scaled
        to the other.

        `clear`: by sound, only long spellings (the text is plainly in another language).
        """
        found = spot.scan(self._letters, letters)
        if sounds:
            heard = spot.scan(self._sounds, sounds)
            if clear:
                heard = [hit for hit in heard if hit[1] - hit[0] >= spot.CLEAR]
            if heard:
                scale = len(letters) / len(sounds)
                found += [(int(a * scale), int(b * scale), mask) for a, b, mask in heard]
        found.sort()
        return found

    def matches(self, hits: list[Hit], unit: float) -> list[RuleData]:
        """The rules that hold, each once. `unit`: characters a word has in this script."""
        if not hits:
            return []
        places: dict[int, None] = {}
        for piece in _pieces(hits):
            self._look(piece, unit, places)
        return [self.rules[place] for place in places]

    def _look(self, hits: list[Hit], unit: float, places: dict[int, None]) -> None:
        mask = 0
        for hit in hits:
            mask |= hit[2]
        left = mask & self._anchors
        while left:
            bit = left & -left
            left ^= bit
            for combined in self._by_anchor[bit]:
                if mask & combined.unless or combined.place in places:
                    continue
                for slot in combined.slots:
                    if not mask & slot:
                        break
                else:
                    if _together(hits, combined, combined.within * unit):
                        places[combined.place] = None

    # -- compiling

    def _mask(self, name: str, concepts: dict[str, rules.ConceptData]) -> int:
        """The bit of a concept, and of every concept that holds it."""
        mask = self.bits[name]
        for holder, data in concepts.items():
            for held in data.holds:
                if held not in concepts:
                    raise ContentWrong(f"concept {holder} holds {held}, which is not there")
                if held == name:
                    mask |= self._mask(holder, concepts)
        return mask

    def tables(self) -> tuple[Table, Table]:
        """Every spelling as it is looked for, by letters and by sound, with its concepts as bits
        in hexadecimal: half a second's work."""
        letters: Table = {}
        sounds: Table = {}
        listed: list[tuple[str, int, spot.Spelt]] = []
        for name, data in self._concepts.items():
            flags = spot.ROLE[data.role] | (spot.NEGATABLE | spot.DENIABLE if data.negatable else 0)
            listed += [(name, flags, spelt(*one)) for one in data.each()]
        for rule in self.rules:
            mine = (spelt(*one) for one in rule.each())
            listed += [(f"rule:{rule.id}", spot.NEGATABLE, one) for one in mine]
        looks = spot.folded([one for _, _, one in listed])
        for name, flags, one in listed:
            self._add(sounds if one[1] else letters, name, flags, one, looks[one])
        return letters, sounds

    def _add(
        self,
        table: Table,
        name: str,
        flags: int,
        one: spot.Spelt,
        look: str,
    ) -> None:
        for key, more in spot.keys(one[0], look, sound=one[1]):
            new = flags | more
            mask, old = table.get(key, ("0", new))
            both = (old & new & spot.BY_ALL) | ((old | new) & ~spot.BY_ALL)
            table[key] = (f"{int(mask, 16) | self._masks[name]:x}", both)

    def _anchored(self) -> dict[int, list[Combined]]:
        found: dict[int, list[Combined]] = {}
        for place, rule in enumerate(self.rules):
            unless = self._slot(rule.id, rule.unless or ())
            own = self.bits[f"rule:{rule.id}"]
            found.setdefault(own, []).append(Combined((own,), own, False, 1, unless, place))
            for text in rule.combos:
                made = rules.combination(text)
                slots = tuple(self._slot(rule.id, slot) for slot in made.slots)
                union = 0
                for slot in slots:
                    union |= slot
                combined = Combined(slots, union, made.ordered, made.within, unless, place)
                for name in min(made.slots, key=len):
                    found.setdefault(self.bits[name], []).append(combined)
        return found

    def _slot(self, rule: str, names: Iterable[str]) -> int:
        mask = 0
        for name in names:
            if name not in self.bits:
                raise ContentWrong(f"screening rule {rule} names {name}, which is not there")
            mask |= self.bits[name]
        return mask


def _automaton(table: Table) -> spot.Automaton:
    bits = {mask: int(mask, 16) for mask, _ in table.values()}
    return spot.automaton({key: (bits[mask], flags) for key, (mask, flags) in table.items()})


def spelt(language: str, spelling: str) -> spot.Spelt:
    """Tamil in Latin letters is found by sound, English words inside it by letters."""
    sound = language == "tl" and spelling.strip("*=").split(" ")[0] not in variants.LOANS
    return spelling, sound


def unit_of(language: str | None, romanised: bool) -> float:
    """How many characters a word has, roughly."""
    if romanised or language not in ("zh", "ta"):
        return _LATIN_UNIT
    return _HAN_UNIT if language == "zh" else _TAMIL_UNIT


def _pieces(hits: list[Hit]) -> Iterable[list[Hit]]:
    if hits[-1][0] - hits[0][0] < 2 * STEP:
        return [hits]
    pieces: dict[int, list[Hit]] = {}
    for hit in hits:
        place = hit[0] // STEP
        pieces.setdefault(place, []).append(hit)
        pieces.setdefault(place + 1, []).append(hit)
    return pieces.values()


def _together(hits: list[Hit], combined: Combined, reach: float) -> bool:
    slots, union = combined.slots, combined.union
    if len(slots) == 1:
        return True
    if combined.ordered:
        return _in_order([hit for hit in hits if hit[2] & union], slots, reach)
    last = [-(10**9)] * len(slots)
    for start, _, mask in hits:
        if mask & union:
            for place, slot in enumerate(slots):
                if mask & slot:
                    last[place] = start
            if start - min(last) <= reach:
                return True
    return False


def _in_order(hits: list[Hit], slots: tuple[int, ...], reach: float) -> bool:
    """Whether hits fill the slots one after the other; `begun[i]`: (start of the chain, its
    end) that filled 0..i."""
    begun: list[tuple[int, int]] = [(-(10**9), -(10**9))] * len(slots)
    top = len(slots) - 1
    for start, last, mask in hits:
        for place in range(top, -1, -1):
            if not mask & slots[place]:
                continue
            if place == 0:
                begun[0] = (start, last)
                continue
            first, end = begun[place - 1]
            if end <= start + 1 and start - first <= reach:
                begun[place] = (first, last)
                if place == top:
                    return True
    return False
