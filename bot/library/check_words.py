"""Rules on words: agreed terms, forms of address, what is never said, numbers that may be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.library.glossary import Scope
from bot.library.tree import ADULTS, CHILDREN, Problem, Reader, Said, Tree
from bot.messages import Language

GREETING: Final = ("welcome.first", "web.")
"""Read before anything is known of the reader; these may use the polite form."""

_TAMIL: Final = "நீ|நீயே|நீயும்|உன்|உனக்கு|உன்னை|உன்னுடைய|உன்னால்|உன்னிடம்|உனது|உன்னோடு|உன்னுடன்"
_FAMILIAR: Final[dict[Language, re.Pattern[str]]] = {
    "ms": re.compile(r"\b(kamu|awak|engkau|kau)\b", re.IGNORECASE),
    "zh": re.compile("你"),
    "ta": re.compile(rf"(?<![\u0b80-\u0bff])({_TAMIL})(?![\u0b80-\u0bff])"),
}
_POLITE: Final[dict[Language, re.Pattern[str]]] = {
    "ms": re.compile(r"\banda\b", re.IGNORECASE),
    "zh": re.compile("您"),
}
_QUOTED: Final = re.compile(r"\"[^\"]*\"|“[^”]*”|「[^」]*」|『[^』]*』|«[^»]*»")
_NUMBER: Final = re.compile(
    r"(?<![\d.,])(?:\+?\d[\d -]{5,}\d|1\d{4}|9[19]\d|112|988)(?![\d]|[.,]\d)"
)
_MONEY: Final = re.compile(r"RM ?\d[\d,.]*")
_FOREIGN: Final = re.compile(
    r"report ?remove|childline\.org|\b911\b|\b988\b|116 ?111", re.IGNORECASE
)


def terms(tree: Tree) -> Iterator[Problem]:
    """Where the English has an agreed term, the translation holds the agreed word for it."""
    for said in tree.said("ms", "zh", "ta"):
        for name, term in tree.glossary.terms.items() if tree.glossary else ():
            wanted = term.enforce and term.in_english(said.english)
            if wanted and not term.kept(said.text, said.language):
                forms = " / ".join(getattr(term, said.language))
                yield said.problem("glossary", f"{name}: use {forms}")


def avoided(tree: Tree) -> Iterator[Problem]:
    """Words we agreed to avoid."""
    for said in tree.said():
        for name, term in tree.glossary.terms.items() if tree.glossary else ():
            word = term.avoided(said.text, said.language) if _in(term.scope, said.reader) else None
            if word:
                yield said.problem("avoid", f"{name}: don't say {word}")


def never(tree: Tree) -> Iterator[Problem]:
    """Sentences that are never said, in no language."""
    for said in tree.said():
        for rule in tree.glossary.never if tree.glossary else ():
            if not _in(rule.scope, said.reader) or (rule.near and not _near(said, rule.near)):
                continue
            if rule.spare and said.entry.key.endswith(".label"):
                continue
            found = rule.found(unquoted(said.text) if rule.spare else said.text, said.language)
            if found:
                yield said.problem("never", f"“{found}”: {rule.why}")


def address(tree: Tree) -> Iterator[Problem]:
    """A known child is kamu and 你, everybody else anda and 您; care speaks Tamil politely."""
    for said in tree.said("ms", "zh", "ta"):
        text = unquoted(said.text)
        familiar = _FAMILIAR[said.language].search(text)
        polite = _POLITE[said.language].search(text) if said.language in _POLITE else None
        if familiar and not _may_be_familiar(said):
            yield said.problem("address", f"“{familiar[0]}” speaks to a child; {_hint(said)}")
        if polite and not _may_be_polite(said):
            yield said.problem("address", f"“{polite[0]}” speaks to an adult; {_hint(said)}")


def numbers(tree: Tree) -> Iterator[Problem]:
    """Every number in a text is one that may be shown: a help line, built in or verified."""
    lines = tree.helplines.lines.values() if tree.helplines else ()
    shown = {
        n for x in lines if x.built_in or x.verified_by_call for n in (x.phone, x.whatsapp) if n
    }
    own = {x.key(f): {x.phone, x.whatsapp} for x in lines for f in ("name", "what")}
    for said in tree.said():
        allowed = {_digits(n) for n in shown | own.get(said.entry.key, set()) if n}
        for number in _NUMBER.findall(_MONEY.sub("", said.text)):
            if _digits(number) not in allowed:
                yield said.problem("number", f"{number.strip()} is no help line that may be shown")


def foreign(tree: Tree) -> Iterator[Problem]:
    """No help line of another country, and StopNCII for adults only."""
    for said in tree.said():
        if found := _FOREIGN.search(said.text):
            yield said.problem("foreign", f"{found[0]} is not for children in Malaysia")
    for line in tree.helplines.lines.values() if tree.helplines else ():
        address = f"{line.id} {line.url or ''}".lower()
        if "stopncii" in address and line.audience != "adults":
            yield Problem("foreign", "lessons/helplines.yaml", line.id, "", "is for adults only")
        if _FOREIGN.search(address.replace("_", " ")):
            yield Problem("foreign", "lessons/helplines.yaml", line.id, "", "is not for Malaysia")


def unquoted(text: str) -> str:
    """The text without what somebody else says in it."""
    return _QUOTED.sub("", text)


def _in(scope: Scope, reader: Reader) -> bool:
    if scope == "children":
        return reader not in ADULTS
    return scope == "all" or reader in ADULTS


def _near(said: Said, number: str) -> bool:
    return number in said.text or said.entry.key.startswith("helplines.talian_kasih.")


def _may_be_familiar(said: Said) -> bool:
    care = said.language == "ta" and said.entry.key.startswith("care.")
    return said.entry.button or (said.reader in CHILDREN and not care)


def _may_be_polite(said: Said) -> bool:
    return said.reader in ADULTS or said.entry.key.startswith(GREETING)


def _hint(said: Said) -> str:
    if said.reader == "anyone":
        return "reword without an address, or make the English {you: ...}"
    return f"this is read by: {said.reader}"


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
