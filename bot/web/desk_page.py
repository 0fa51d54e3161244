"""The pages of the desk: what a template is given, and nothing it must not have."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import jinja2
import msgspec
from starlette.responses import HTMLResponse, Response

from bot.host import desk_reading
from bot.host.desk_reading import Audits, Filed, Opened, Queue
from bot.host.facts import HouseFacts
from bot.host.staff import Seat
from bot.safeguarding.concern import LEVELS
from bot.store import reports
from bot.web import desk_terms as terms
from bot.web import staff_signin

TEMPLATES: Final = Path(__file__).parent / "templates"
REFUSED: Final = {
    400: ("Not understood", "The form could not be read. Nothing was changed."),
    401: ("Signed out", "You are not signed in any more. Nothing was changed. Sign in again."),
    403: ("Not taken", "The form did not come from this desk's own page. Nothing was changed."),
    404: ("Not here", "There is no such report."),
    413: ("Too long", "The form is too long. Nothing was changed."),
    415: ("Not understood", "The desk takes plain forms only. Nothing was changed."),
    500: ("It went wrong", "The report could not be read. The operator finds more in the log."),
    503: ("Not now", "The store does not answer. Nothing was changed. Try again in a moment."),
}


class Said(msgspec.Struct, frozen=True):
    """A line at the top of a page. The tone is good, info, warn or bad."""

    text: str
    tone: str = "info"


class Draft(msgspec.Struct, frozen=True):
    """An answer that is not sent yet: it goes back into the form. It never prints."""

    text: str = ""
    language: str = ""
    once: str = ""

    def __repr__(self) -> str:
        return f"Draft({len(self.text)} characters)"


class Page:
    """Renders the desk's templates with the house's facts."""

    def __init__(self, house: HouseFacts) -> None:
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True,
            lstrip_blocks=True, undefined=jinja2.StrictUndefined,
        )  # fmt: skip
        self._templates.filters.update(iso=terms.iso, stamp=terms.stamp, clock=terms.clock)
        self._templates.globals.update(
            house=house, marks=terms.MARKS, seat=None, page="", said=None
        )

    def show(self, name: str, *, status: int = 200, **context: Any) -> Response:
        """One page, kept by nobody on its way."""
        body = self._templates.get_template(name).render(context)
        return HTMLResponse(body, status, headers=staff_signin.POLICY)

    def sign_in(self, said: str = "", *, status: int = 200) -> Response:
        """The way in."""
        return self.show("desk_sign_in.html", status=status, said=said)

    def trouble(self, status: int) -> Response:
        """Why something was not done."""
        heading, text = REFUSED[status]
        return self.show("desk_trouble.html", status=status, heading=heading, text=text, kept=None)

    def unsent(self, seat: Seat, case: str, draft: Draft) -> Response:
        """The store did not answer: the answer is not lost, it can be sent again from here."""
        heading, text = REFUSED[503]
        return self.show(
            "desk_trouble.html", status=503, heading=heading, text=text, seat=seat, draft=draft,
            kept=draft.text, again=f"/desk/reports/{case}/reply",
        )  # fmt: skip

    def queue(
        self, seat: Seat, found: Queue, *, now: int, said: Said | None, facts_age: int
    ) -> Response:
        """The open reports. `facts_age`: days since the oldest help line's sources were read."""
        rows = [_row(filed, found.names, seat, now) for filed in found.rows]
        rows.sort(key=_for_whom)
        loud = sum(1 for row in rows if row["alarmed"])
        return self.show(
            "desk_queue.html", page="queue", seat=seat, rows=rows, loud=loud, now=now, said=said,
            facts_age=facts_age,
            stuck=[(row, terms.refusal(row.reason)) for row in found.stuck],
            unsent=[(terms.CHANNEL_NAMES.get(c, c), why, count) for c, why, count in found.unsent],
        )  # fmt: skip

    def report(
        self, seat: Seat, opened: Opened, *, draft: Draft, said: Said | None, status: int = 200
    ) -> Response:
        """One report with its words."""
        row, facts = opened.filed.row, opened.filed.facts
        screening = facts.get("screening", {})
        return self.show(
            "desk_report.html", status=status, seat=seat, said=said, draft=draft,
            report=_head(opened, seat), danger=terms.danger(facts),
            lines=_lines(opened, seat), facts=terms.rows_of(facts),
            may_act=row.taken_by == seat.id or (seat.supervisor and row.taken_by is not None),
            links=facts.get("links", []), level=screening.get("level", "none"),
            score=screening.get("score"), why=screening.get("reasons", []),
            languages=terms.LANGUAGE_NAMES.items(), reasons=terms.CLOSE_REASONS.items(),
            answer_language=draft.language or _answer_language(seat, row),
        )  # fmt: skip

    def audit(self, seat: Seat, audits: Audits) -> Response:
        """Who did what."""
        lines = [
            {
                "at": line.at,
                "who": audits.names.get(line.staff, line.staff),
                "action": line.action,
                "reference": audits.references.get(line.case or ""),
                "detail": line.detail,
            }
            for line in audits.lines
        ]
        return self.show("desk_audit.html", page="audit", seat=seat, lines=lines)


def _for_whom(row: dict[str, Any]) -> tuple[bool, int, bool]:
    """Alarms first, then by urgency; among equals what this person can read (care.md, 12). The
    store's order, oldest first, stays within these.
    """
    return (not row["alarmed"], -LEVELS.index(row["urgency"]), not row["read_by_me"])


def _row(filed: Filed, names: dict[str, str], seat: Seat, now: int) -> dict[str, Any]:
    row, facts = filed.row, filed.facts
    since = row.sent_at or row.created_at
    return {
        "id": row.case,
        "reference": row.reference,
        "urgency": row.urgency or "concern",
        "alarmed": row.alarmed_at is not None,
        "harms": terms.harms(facts),
        "about": terms.ABOUT_NAMES.get(facts.get("about", ""), "Not known"),
        "language": terms.LANGUAGE_NAMES.get(row.language or "", "Not known"),
        "read_by_me": row.language in seat.languages,
        "channel": terms.CHANNEL_NAMES.get(row.channel or "", "Not known"),
        "created_at": since,
        "age": terms.age(since, now),
        "status": terms.STATUS_NAMES[row.status],
        "holder": names.get(row.taken_by or ""),
        "mine": row.taken_by == seat.id,
        "unread": row.unread,
        "drill": row.drill,
    }


def _head(opened: Opened, seat: Seat) -> dict[str, Any]:
    row, facts = opened.filed.row, opened.filed.facts
    is_open = row.status in desk_reading.OPEN
    holder = opened.names.get(row.taken_by or "") if is_open else None
    if holder and row.taken_by == seat.id:
        status = "With you"
    else:
        status = f"With {holder}" if holder else terms.STATUS_NAMES[row.status]
    return {
        "id": row.case,
        "reference": row.reference,
        "urgency": row.urgency or "concern",
        "status_text": status,
        "open": is_open,
        "holder": holder,
        "drill": row.drill,
        "reader": terms.reader(facts),
        "way": terms.way(facts),
        "language": terms.LANGUAGE_NAMES.get(row.language or "", "a language not known"),
        "no_words": terms.NO_WORDS.get(row.status, "Nothing was written."),
    }


def _lines(opened: Opened, seat: Seat) -> list[dict[str, Any]]:
    facts = opened.filed.facts
    romanised = bool(facts.get("reporter", {}).get("romanised"))
    child = terms.reader(facts)
    return [_line(line, opened, seat, child, romanised) for line in opened.lines]


def _line(
    line: reports.Line, opened: Opened, seat: Seat, child: str, romanised: bool
) -> dict[str, Any]:
    text = line.text.reveal()
    from_child = line.sender == "child"
    return {
        "sender": line.sender,
        "who": child if from_child else opened.names.get(line.staff or "", "A case worker"),
        "mine": line.staff == seat.id and not from_child,
        "at": line.at,
        "language": terms.LANGUAGE_NAMES.get(line.language or ""),
        "lang": terms.lang_tag(line.language, text, romanised=romanised and from_child),
        "fresh": line.id in opened.fresh,
        "shown_at": line.shown_at,
        "text": text,
        "address": from_child and terms.has_address(text),
    }


def _answer_language(seat: Seat, row: reports.ReportRow) -> str:
    """The reader's own language where the writer knows it."""
    return row.language if row.language in seat.languages else (*seat.languages, "ms")[0]
