"""The commands of run.py. Each does one thing and says in plain words what went wrong."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import io
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import uvloop

from bot import app, settings
from bot.errors import TemanError
from bot.handoff import packet
from bot.host import console, doctor, staff, terminal
from bot.library import catalogs, check, report, shelf
from bot.messages import LANGUAGES, Language
from bot.safeguarding import assess, screen_lines
from bot.store import reports
from bot.store import staff as accounts
from bot.store.database import Store

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status. 1: it could not be done, and one line says why."""
    _open_streams()
    given = _parser().parse_args(arguments)
    command: Command = given.command
    try:
        return command(given)
    except TemanError as error:
        print(f"teman: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130


def _open_streams() -> None:
    """What the shell closed leads nowhere; what is no UTF-8 becomes a mark, not an error."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py", description="Teman. Alone: serve.")
    parser.set_defaults(command=_serve)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add(commands, "serve", "serve the web pages and the desk", _serve)
    chat = _add(commands, "chat", "talk to the same bot in the terminal", _chat)
    chat.add_argument("--lang", choices=LANGUAGES, help="begin in this language")
    _add(commands, "screen", "JSON Lines in, how worried to be out", _screen)
    _add(commands, "doctor", "is all well? plain advice", _doctor)
    _add_lessons(commands)
    _add_staff(commands)
    _add_reports(commands)
    return parser


def _add(commands: Any, name: str, text: str, command: Command) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(command=command)
    return parser


def _group(commands: Any, name: str, text: str) -> Any:
    parser = commands.add_parser(name, help=text, description=text)
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


def _add_lessons(commands: Any) -> None:
    group = _group(commands, "lessons", "the content: check, show, count, extract, update, compile")
    _add(group, "check", "every rule of the content; exit 1 when one is broken", _lessons_check)
    show = _add(group, "show", "a lesson as it is read", _lessons_show)
    show.add_argument("id", help="a lesson's id, such as B6")
    show.add_argument("--lang", choices=LANGUAGES, default="en")
    _add(group, "stats", "coverage, lengths and review state", _lessons_stats)
    _add(group, "extract", "write locales/teman.pot from the English sources", _lessons_extract)
    _add(
        group, "update", "bring the translators' files up to date with the sources", _lessons_update
    )
    _add(group, "compile", "make the catalogs the bot reads", _lessons_compile)


def _add_staff(commands: Any) -> None:
    group = _group(commands, "staff", "accounts of the desk")
    add = _add(
        group, "add", "make an account; asks for the password, or reads a line of stdin", _staff_add
    )
    add.add_argument("name")
    add.add_argument("--role", choices=staff.ROLES, default="worker")
    add.add_argument(
        "--languages", default="ms,en", help="what this person reads, such as ms,en,ta"
    )
    _add(group, "list", "the accounts", _staff_list)
    disable = _add(group, "disable", "end an account, its sessions and its claims", _staff_disable)
    disable.add_argument("name")


def _add_reports(commands: Any) -> None:
    group = _group(commands, "reports", "what was handed over")
    _add(group, "list", "open reports, without words", _reports_list)
    show = _add(
        group,
        "show",
        "one report, as JSON; with --words the child's words, which is put on record",
        _reports_show,
    )
    show.add_argument("reference")
    show.add_argument("--words", action="store_true")
    retry = _add(group, "retry", "try again what the intake refused", _reports_retry)
    retry.add_argument("reference", help="the reference, or the id that an alarm gave")


# -- serving and talking


def _serve(_: argparse.Namespace) -> int:
    chosen = settings.read()
    _log(chosen.log_level)
    uvloop.run(app.serve(chosen))
    return 0


def _log(level: str) -> None:
    """Plain lines on stderr. httpx tells every URL at INFO, and Telegram's holds its token: kept at
    WARNING.
    """
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _chat(given: argparse.Namespace) -> int:
    chosen = settings.read()
    _log("WARNING")
    language: Language | None = given.lang

    async def talk() -> None:
        teman = app.build(chosen)
        teman.start()
        try:
            await terminal.talk(teman.host, language, sys.stdin, sys.stdout)
        finally:
            await teman.stop()

    uvloop.run(talk())
    return 0


def _screen(_: argparse.Namespace) -> int:
    screen = assess.load(app.RULES)
    for line in sys.stdin:
        if line.strip():
            print(screen_lines.answer(screen, line), flush=True)
    return 0


def _doctor(_: argparse.Namespace) -> int:
    chosen = settings.read()
    findings = doctor.static(app.ROOT, chosen.database_url)
    store = app.open_database(chosen)
    found = _run(store, lambda s: doctor.examine(s, app.facts(chosen), now=app.now_us()))
    findings += found
    if chosen.intake == "webhook":
        local = settings.is_loopback(chosen.intake_url)
        findings.append(asyncio.run(doctor.reach(chosen.intake_url, local=local)))
    for finding in findings:
        print(f"{'ok  ' if finding.well else 'RED '} {finding.what}: {finding.advice}")
    return 0 if all(finding.well for finding in findings) else 1


# -- content


def _lessons_check(_: argparse.Namespace) -> int:
    problems = check.check(app.ROOT)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems" if problems else "the content is in order")
    return 1 if problems else 0


def _lessons_show(given: argparse.Namespace) -> int:
    print(report.show(shelf.open_library(app.ROOT), given.id, given.lang))
    return 0


def _lessons_stats(_: argparse.Namespace) -> int:
    print(report.stats(app.ROOT))
    return 0


def _lessons_extract(_: argparse.Namespace) -> int:
    catalogs.extract(app.ROOT)
    return 0


def _lessons_update(_: argparse.Namespace) -> int:
    catalogs.update(app.ROOT)
    return 0


def _lessons_compile(_: argparse.Namespace) -> int:
    catalogs.compile(app.ROOT)
    return 0


# -- staff and reports


def _run(store: Store, work: Callable[[Store], Any]) -> Any:
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
    _run(_store(), lambda s: staff.add(s, given.name, given.role, languages, password, now=now))
    print(f"{given.name} can sign in at /desk")
    return 0


def _staff_list(_: argparse.Namespace) -> int:
    rows = _run(_store(), lambda s: s.run(accounts.all))
    for row in rows:
        state = "disabled" if row.disabled else "active"
        print(f"{row.name}\t{row.role}\t{','.join(row.languages)}\t{state}")
    return 0


def _staff_disable(given: argparse.Namespace) -> int:
    done = _run(_store(), lambda s: staff.disable(s, given.name, now=app.now_us()))
    print(f"{given.name} can no longer sign in" if done else f"there is no account {given.name}")
    return 0 if done else 1


def _reports_list(_: argparse.Namespace) -> int:
    for row in _run(_store(), lambda s: s.run(reports.queue)):
        when = packet.rfc3339(row.created_at)
        drill = "drill" if row.drill else ""
        print("\t".join((row.reference, row.urgency, row.language, row.status, when, drill)))
    return 0


def _reports_show(given: argparse.Namespace) -> int:
    host = app.build(settings.read()).host
    shown = _run(
        host.store,
        lambda _: console.report(host, given.reference, words=given.words, who=_who()),
    )
    if shown is None:
        print(f"there is no report {given.reference}", file=sys.stderr)
        return 1
    print(json.dumps(shown, ensure_ascii=False, indent=2))
    return 0


def _reports_retry(given: argparse.Namespace) -> int:
    done = _run(_store(), lambda s: console.retry(s, given.reference, now=app.now_us()))
    if done is None:
        print(f"there is no report {given.reference}", file=sys.stderr)
        return 1
    print(f"{done} to be tried again" if done else "nothing of this report was refused")
    return 0 if done else 1


def _who() -> str:
    """Who reads at the server's own console, for the audit."""
    return f"console:{getpass.getuser()}"
