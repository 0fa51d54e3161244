"""The commands on what is kept: accounts of the desk, and what was handed over."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import json
import sys
from collections.abc import Callable
from typing import Any

from bot import app, settings, wire
from bot.errors import SettingsWrong
from bot.handoff import packet
from bot.host import break_glass, console, erasing, staff
from bot.host.alarms import Alarms
from bot.messages import Chat
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
    erase = add_command(commands, "erase", "erase a chat, or one report, for good", _erase)
    erase.add_argument("what", choices=("telegram", "whatsapp", "web", "report"))
    erase.add_argument("name", help="the chat's address at the platform, or the reference")
    erase.add_argument("--reports", action="store_true", help="with the chat, what was handed over")
    erase.add_argument("--yes", action="store_true", help="do not ask")


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

    hold = add_command(
        inner, "hold", "keep a report past its time, for a lawful order; on record", _reports_hold
    )
    hold.add_argument("reference")
    hold.add_argument("--end", action="store_true", help="the hold ends")

    address = add_command(
        inner, "address", "break the glass: which chat a report came from; two people sign",
        _reports_address,
    )  # fmt: skip
    address.add_argument("reference")
    address.add_argument(
        "--reason", required=True, help="danger to life, or which order; on record"
    )


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


def _reports_hold(given: argparse.Namespace) -> int:
    host = app.build(settings.read()).host
    done = run_with(
        host.store, lambda _: erasing.hold(host, given.reference, end=given.end, who=_who())
    )
    said = {
        "held": "is held: nothing erases it until the hold ends",
        "ended": "is no longer held; it is erased when its time is over",
        "already": "was as you want it, or nothing is left of it",
        "gone": "is not there",
    }
    print(f"report {given.reference} {said[done]}")
    return 0 if done in ("held", "ended") else 1


def _reports_address(given: argparse.Namespace) -> int:
    chosen = settings.read()
    if not chosen.break_glass:
        raise SettingsWrong("TEMAN_BREAK_GLASS is off: nobody was told that this can happen")
    signing = (_person("a supervisor"), _person("a second person"))
    client = wire.client() if chosen.alarm_url else None
    alarms = Alarms(clock=app.now_us, url=chosen.alarm_url, client=client)

    async def look(store: Store) -> Any:
        try:
            return await break_glass.address(
                store, given.reference, signing, given.reason, now=app.now_us(), alarms=alarms
            )
        finally:
            await alarms.close()

    chat = run_with(_store(), look)
    if chat is None:
        print(f"there is no report {given.reference}, or its chat is gone", file=sys.stderr)
        return 1
    print(f"{chat.channel}\t{chat.address}")
    return 0


def _person(which: str) -> break_glass.Person:
    """Name and password, typed by that person; or two lines of stdin."""
    if not sys.stdin.isatty():
        return break_glass.Person(*(sys.stdin.readline().rstrip("\n") for _ in range(2)))
    return break_glass.Person(input(f"{which}: name: "), getpass.getpass("password: "))


def _erase(given: argparse.Namespace) -> int:
    if not given.yes and not _confirmed():
        print("nothing was erased")
        return 1
    now = app.now_us()
    if given.what == "report":
        done = run_with(_store(), lambda s: erasing.report(s, given.name, now=now, who=_who()))
        print(_ERASED_REPORT[done])
        return 0 if done else 1
    where = Chat(given.what, given.name)
    erased = run_with(
        _store(),
        lambda s: erasing.chat(s, where, with_reports=given.reports, now=now, who=_who()),
    )
    if erased is None:
        print("nothing is kept of that address", file=sys.stderr)
        return 1
    print(f"erased: the chat, {erased.drafts} drafts, {erased.reports} reports")
    if erased.left:
        print(f"{erased.left} reports stay: held, or handed over (--reports erases those, too)")
    return 0


_ERASED_REPORT = {
    True: "the report's words, facts and key are erased",
    False: "not erased: a hold lies on it, or nothing was left of it",
    None: "there is no such report",
}


def _confirmed() -> bool:
    return input("this cannot be undone; type yes: ").strip().lower() == "yes"


def _who() -> str:
    """Who reads at the server's own console, for the audit."""
    return f"console:{getpass.getuser()}"
