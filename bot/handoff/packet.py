"""The least that may leave: a report as in docs/report.schema.json, from a case and nothing else.

There is no way to put a name, a chat address or a profile into it: no argument holds one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, Protocol

from bot.conversation.state import BANDS, Case
from bot.messages import Language, Words

Urgency = Literal["emergency", "urgent", "concern"]
WHERE_ONLINE_LIMIT: Final = 60
WHERE_NOW_LIMIT: Final = 120
LINE_LIMIT: Final = 65_536
LINK_LIMIT: Final = 2_000
LINKS_LIMIT: Final = 20
_ROLES: Final = ("child", "parent", "teacher")
_STATE: Final = re.compile(r"MY-(0[1-9]|1[0-6])")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Spoken(Protocol):
    """One stored line of a case: the child's or the case worker's."""

    @property
    def id(self) -> str: ...
    @property
    def at(self) -> int: ...
    @property
    def text(self) -> Words: ...
    @property
    def language(self) -> Language | None: ...
    @property
    def sender(self) -> str: ...


def facts(
    case: Case,
    *,
    role: str | None,
    band: str | None,
    channel: str,
    operator: str,
    version: str,
    drill: bool,
    consent: str,
    created_at_us: int,
    links: Sequence[str] = (),
) -> dict[str, Any]:
    """The report without its words, plain JSON values. `created_at_us` is µs UTC.

    `role` and `consent` are words of the schema. An answer that does not fit it is cut or left out
    rather than refused: no report is lost over a form.
    Raises ValueError when the case has no reference yet.
    """
    if case.reference is None:
        raise ValueError("the case has no reference yet")
    report: dict[str, Any] = {
        "version": 1,
        "id": case.id,
        "reference": case.reference,
        "created_at": rfc3339(created_at_us),
        "kind": case.kind,
        "reporter": _reporter(case, role=role, band=band, channel=channel),
        "consent": consent,
        "source": {"system": "teman", "version": version, "operator": operator},
        "drill": drill,
    }
    report |= answers(case) | worry(case)
    links = links or case.links
    if links:
        report["links"] = [link[:LINK_LIMIT] for link in links[:LINKS_LIMIT]]
    return report


def packet(report_facts: Mapping[str, Any], lines: Iterable[Spoken]) -> dict[str, Any]:
    """The whole report: `facts` with the child's own words, oldest first, without a worker's."""
    said = sorted(
        (line for line in lines if line.sender == "child"), key=lambda line: (line.at, line.id)
    )
    return {**report_facts, "words": [_line(line) for line in said]}


def message(line: Spoken, *, start: int, length: int) -> dict[str, Any]:
    """A piece of a line that was kept after the hand-over, without its id."""
    text = line.text.reveal()[start : start + length]
    return {"at": rfc3339(line.at), "text": text, "language": line.language}


def length(text: Words) -> int:
    """Characters of a line, as an intake counts them."""
    return len(text.reveal())


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """What changed in the facts, a plain line `field: value` each; empty when nothing did that a
    person should hear of. How the screening came to it is left out.
    """
    names = [name for name in after if name not in ("screening", "words")]
    changed = [name for name in names if before.get(name) != after[name]]
    return "\n".join(f"{name}: {_plain(after[name])}" for name in changed)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return "not known" if value is None else str(value)


def urgency(case: Case) -> Urgency:
    """How soon a person must look. Somebody may be hurt: it is at least a concern."""
    match case.level:
        case "emergency" | "urgent":
            return case.level
        case _:
            return "concern"


def rfc3339(at_us: int) -> str:
    """µs UTC as RFC 3339, to the millisecond."""
    moment = _EPOCH + timedelta(microseconds=at_us)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _reporter(case: Case, *, role: str | None, band: str | None, channel: str) -> dict[str, Any]:
    return {
        "role": role if role in _ROLES else "unknown",
        "age_band": band if band in BANDS else None,
        "language": case.language,
        "channel": channel,
        "romanised": case.romanised,
    }


def worry(case: Case) -> dict[str, Any]:
    """How bad it is, and why; a later message may make it worse."""
    return {
        "harms": list(dict.fromkeys(case.kinds)),
        "urgency": urgency(case),
        "screening": _screening(case),
    }


def answers(case: Case) -> dict[str, Any]:
    """What the routing questions brought; a skipped one is null or unknown.

    They may come after the report was sent.
    """
    return {
        "about": case.about,
        "safe_now": case.safe_now,
        "where_online": _cut(case.where_online, WHERE_ONLINE_LIMIT),
        "state": case.state if _STATE.fullmatch(case.state or "") else None,
        "where_now": _cut(case.where_now, WHERE_NOW_LIMIT),
        "contact": case.contact,
        "shared_device": case.device,
    }


def _screening(case: Case) -> dict[str, Any]:
    said: dict[str, Any] = {"score": case.score, "reasons": list(case.reasons)}
    return said if case.level == "none" else {"level": case.level, **said}


def _cut(text: str | None, limit: int) -> str | None:
    return text[:limit] if text else None


def _line(line: Spoken) -> dict[str, Any]:
    return {
        "id": line.id,
        "at": rfc3339(line.at),
        "text": line.text.reveal()[:LINE_LIMIT],
        "language": line.language,
    }
