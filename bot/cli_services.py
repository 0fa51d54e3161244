"""The commands on the help lines: what children see, and who dialled a number."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any, Final

from bot import app
from bot.cli_desk import add_command, group
from bot.errors import ContentWrong
from bot.library import helplines, verifying
from bot.library.helplines import Line

FILE: Final = Path("lessons") / "helplines.yaml"


def add(commands: Any) -> None:
    """All commands of this file."""
    inner = group(commands, "services", "help lines: which are shown, and when they were dialled")
    add_command(inner, "list", "every line, whether children see it, and how old its facts are",
                _list)  # fmt: skip
    verify = add_command(inner, "verify", "note that somebody dialled a line and it was right",
                         _verify)  # fmt: skip
    verify.add_argument("id", help="such as befrienders_kl")
    verify.add_argument("--by", required=True, help="who dialled; a name for the file")
    verify.add_argument("--date", help="the day of the call, 2026-11-25; today unless given")


def _list(_: argparse.Namespace) -> int:
    today = helplines.local(app.now_us()).date()
    lines = helplines.load(app.ROOT / FILE)
    for line in lines.lines.values():
        hidden = lines.why_hidden(line, today)
        shown = f"hidden: {hidden}" if hidden else "shown"
        print("\t".join((line.id, line.kind, _ways(line), shown, _age(line, today))))
    return 0


def _ways(line: Line) -> str:
    whatsapp = f"WhatsApp {line.whatsapp}" if line.whatsapp else None
    return ", ".join(way for way in (line.phone, whatsapp, line.url) if way)


def _age(line: Line, today: date) -> str:
    read = f"sources read {(today - line.checked).days} days ago"
    call = line.verified_by_call
    return f"{read}, dialled {(today - call.date).days} days ago by {call.by}" if call else read


def _verify(given: argparse.Namespace) -> int:
    today = helplines.local(app.now_us()).date()
    day = _day(given.date) if given.date else today
    if day > today:
        raise ContentWrong("the call cannot lie in the future")
    verifying.verify(app.ROOT / FILE, given.id, day, given.by)
    print(f"{given.id}: dialled on {day.isoformat()}. A running server shows it after its restart")
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ContentWrong(f"{text} is no date such as 2026-11-25") from None
