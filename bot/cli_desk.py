"""The commands on what is kept: accounts of the desk, and what was handed over."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import json
import sys
from collections.abc import Callable
from typing import Any

from bot import app, settings
from bot.handoff import packet
from bot.host import console, staff
from bot.store import reports
from bot.store import staff as accounts
from bot.store.database import Store

Command = Callable[[argparse.Namespace], int]


def add_command(commands: Any, name: str, text: str, command: Command) -> argparse.ArgumentParser:
    """One command, with its help."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(command=command)
    return parser


def group(commands: Any, name: str, text: str) -> Any:
    """A command that has commands."""
    parser = commands.add_parser(name, help=text, description=text)
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


def add(commands: Any) -> None:
    """All commands of this file."""
    _add_staff(commands)
    _add_reports(commands)


def _add_staff(commands: Any) -> None:
    inner = group(commands, "staff", "accounts of the desk")
    add = add_command(
        inner, "add", "make an account; asks for the password, or reads a line of stdin", _staff_add
    )
    add.add_argument("name")
    add.add_argument("--role", choices=staff.ROLES, default="worker")
    add.add_argument(
        "--languages", default="ms,en", help="what this person reads, such as ms,en,ta"
    )
    add_command(inner, "list", "the accounts", _staff_list)
    disable = add_command(
        inner, "disable", "end an account, its sessions and its claims", _staff_disable
    )
    disable.add_argument("name")


def _add_reports(commands: Any) -> None:
    inner = group(commands, "reports", "what was handed over")
    add_command(inner, "list", "open reports, without words", _reports_list)
    show = add_command(
        inner,
        "show",
        "one report, as JSON; with --words the child's words, which is put on record",
        _reports_show,
    )
    show.add_argument("reference")
    show.add_argument("--words", action="store_true")
    retry = add_command(inner, "retry", "try again what the intake refused", _reports_retry)
    retry.add_argument("reference", help="the reference, or the id that an alarm gave")


def run_with(store: Store, work: Callable[[Store], Any]) -> Any:
    """Do it with a store that is closed afterwards."""

    async def inside() -> Any:
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(inside())


def _store() -> Store:
    return app.open_database(settings.read())


def _staff_add(given: argparse.Namespace) -> int:
    asked = sys.stdin.isatty()
    password = getpass.getpass("password: ") if asked else sys.stdin.readline().rstrip("\n")
    languages = tuple(part.strip() for part in given.languages.split(",") if part.strip())
    now = app.now_us()
    run_with(_store(), lambda s: staff.add(s, given.name, given.role, languages, password, now=now))
    print(f"{given.name} can sign in at /desk")
    return 0


def _staff_list(_: argparse.Namespace) -> int:
    rows = run_with(_store(), lambda s: s.run(accounts.all))
    for row in rows:
        state = "disabled" if row.disabled else "active"
        print(f"{row.name}\t{row.role}\t{','.join(row.languages)}\t{state}")
    return 0


def _staff_disable(given: argparse.Namespace) -> int:
    done = run_with(_store(), lambda s: staff.disable(s, given.name, now=app.now_us()))
    print(f"{given.name} can no longer sign in" if done else f"there is no account {given.name}")
    return 0 if done else 1


def _reports_list(_: argparse.Namespace) -> int:
    for row in run_with(_store(), lambda s: s.run(reports.queue)):
        when = packet.rfc3339(row.created_at)
        drill = "drill" if row.drill else ""
        print("\t".join((row.reference, row.urgency, row.language, row.status, when, drill)))
    return 0


def _reports_show(given: argparse.Namespace) -> int:
    host = app.build(settings.read()).host
    shown = run_with(
        host.store,
        lambda _: console.report(host, given.reference, words=given.words, who=_who()),
    )
    if shown is None:
        print(f"there is no report {given.reference}", file=sys.stderr)
        return 1
    print(json.dumps(shown, ensure_ascii=False, indent=2))
    return 0


def _reports_retry(given: argparse.Namespace) -> int:
    done = run_with(_store(), lambda s: console.retry(s, given.reference, now=app.now_us()))
    if done is None:
        print(f"there is no report {given.reference}", file=sys.stderr)
        return 1
    print(f"{done} to be tried again" if done else "nothing of this report was refused")
    return 0 if done else 1


def _who() -> str:
    """Who reads at the server's own console, for the audit."""
    return f"console:{getpass.getuser()}"
