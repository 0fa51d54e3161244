"""The reviewed rules as data: concepts (lists of spellings) and rules (which concepts together
mean what).

A file holds `concepts`, `rules` and `defaults`. A list of spellings is one text, parted by commas:

    word            a whole word (Latin), anywhere (Han), the beginning of a word (Tamil)
    word*           the beginning of a word (Latin)
    =word           a whole word (Tamil)
    (a|b|) word     each of them
    ~pukul          a Malay verb: pukul, dipukul, memukul, terpukul, each with any ending

Languages: en, ms, zh (Han or pinyin), ta (Tamil script), tl (Tamil in Latin letters, compared
by sound).
A rule's combination is "a|b + c @6": one of a and b near c, in any order, within 6 words; ">"
instead of "+": in this order.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import msgspec
import yaml

from bot.errors import ContentWrong
from bot.safeguarding.concern import About, Aside, Harm, Level

Role = Literal["plain", "negation", "cancel", "skip"]
LANGUAGES: Final = ("en", "ms", "zh", "ta", "tl")
WITHIN: Final = 9

_GROUP: Final = re.compile(r"\(([^()]*)\)")


class Spellings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Comma-parted spellings a language."""

    en: str = ""
    ms: str = ""
    zh: str = ""
    ta: str = ""
    tl: str = ""

    def each(self) -> Iterator[tuple[str, str]]:
        """(language, spelling), groups and Malay verbs written out."""
        for language in LANGUAGES:
            for item in getattr(self, language).replace("\n", " ").split(","):
                for spelling in _written_out(item.strip()):
                    yield language, spelling


class ConceptData(Spellings, frozen=True, forbid_unknown_fields=True):
    """A notion with its spellings. `negatable`: "is not ..." takes it away. `holds`: concepts
    that also count as this."""

    role: Role = "plain"
    negatable: bool = False
    holds: tuple[str, ...] = ()


class RuleData(Spellings, frozen=True, forbid_unknown_fields=True):
    """What its own phrases (spellings) or one of its combinations mean. `aside`: what is said
    beside a harm; with level `none` such a rule raises no concern."""

    id: str = ""
    level: Level = "ask"
    harms: tuple[Harm, ...] = ()
    about: About | None = None
    aside: Aside | None = None
    reason: str = ""
    combos: tuple[str, ...] = ()
    unless: tuple[str, ...] | None = None


class Defaults(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file's rules have where they say nothing."""

    harms: tuple[Harm, ...] = ()
    unless: tuple[str, ...] = ()


class RuleFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One YAML file. `whole`: messages that mean nothing when they stand alone (commands); `pleas`:
    messages that ask for help and say no more."""

    concepts: dict[str, ConceptData] = {}
    rules: tuple[RuleData, ...] = ()
    defaults: Defaults = Defaults()
    whole: Spellings = Spellings()
    pleas: Spellings = Spellings()


class Combination(msgspec.Struct, frozen=True):
    """Slots of concept names; `ordered`: in this order; `within`: at most so many words apart."""

    slots: tuple[tuple[str, ...], ...]
    ordered: bool
    within: int


def read(folder: Path) -> tuple[list[RuleFile], bytes]:
    """All rule files of the folder, defaults filled in, and their bytes. ContentWrong if one is
    damaged or none is there."""
    paths = sorted(folder.glob("*.yaml"))
    try:
        raw = [path.read_bytes() for path in paths]
    except OSError as error:
        raise ContentWrong(
            f"a rule file in {folder.name} cannot be read ({type(error).__name__})"
        ) from error
    files = [_file(path, data) for path, data in zip(paths, raw, strict=True)]
    if not any(file.rules for file in files):
        raise ContentWrong(
            f"{folder.name} holds no screening rules: restore bot/safeguarding/rules"
        )
    return files, b"\0".join(raw)


def combination(text: str) -> Combination:
    """Read "a|b + c @6". ContentWrong where it is malformed."""
    body, _, within = text.partition("@")
    ordered = ">" in body
    slots = tuple(tuple(part.strip().split("|")) for part in body.split(">" if ordered else "+"))
    if not all(name.isidentifier() for slot in slots for name in slot):
        raise ContentWrong(f"a rule's combination cannot be read: {text}")
    try:
        return Combination(slots, ordered, int(within) if within.strip() else WITHIN)
    except ValueError:
        raise ContentWrong(f"a rule's combination cannot be read: {text}") from None


def _file(path: Path, data: bytes) -> RuleFile:
    try:
        file = msgspec.convert(yaml.load(data, yaml.CSafeLoader), RuleFile)
    except (yaml.YAMLError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise ContentWrong(f"{path.name} is damaged: {error}") from error
    for rule in file.rules:
        if not (rule.id and rule.reason):
            raise ContentWrong(f"{path.name}: a rule lacks its id or reason")
    return msgspec.structs.replace(
        file, rules=tuple(_filled(rule, file.defaults) for rule in file.rules)
    )


def _filled(rule: RuleData, defaults: Defaults) -> RuleData:
    harms = rule.harms or defaults.harms or ("other",)
    unless = defaults.unless if rule.unless is None else rule.unless
    return msgspec.structs.replace(rule, harms=harms, unless=unless)


def _written_out(item: str) -> Iterator[str]:
    if not item:
        return
    if item.startswith("~"):
        yield from _malay_verb(item[1:])
        return
    parts = _GROUP.split(item)
    choices = [part.split("|") if i % 2 else [part] for i, part in enumerate(parts)]
    for chosen in itertools.product(*choices):
        spelling = " ".join("".join(chosen).split())
        if "(" in spelling or ")" in spelling:
            raise ContentWrong(f"a group in a group, or half of one, in the spelling: {item}")
        if spelling:
            yield spelling


def _malay_verb(stem: str) -> Iterator[str]:
    nasal = {"p": "mem", "t": "men", "s": "meny", "k": "meng"}.get(stem[0])
    if nasal:
        active = nasal + stem[1:]
    elif stem[0] in "bfv":
        active = "mem" + stem
    elif stem[0] in "cdjz":
        active = "men" + stem
    elif stem[0] in "aeioughq":
        active = "meng" + stem
    else:
        active = "me" + stem
    for form in (stem, "di" + stem, active, "ter" + stem):
        yield form + "*"
