"""The commands of run.py. Each does one thing and says in plain words what went wrong."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import logging
import os
import sys
from collections.abc import Sequence
from typing import TextIO

import uvloop

from bot import (
    app,
    cli_desk,
    cli_drill,
    cli_lessons,
    cli_safeguarding,
    cli_services,
    doors,
    settings,
    wire,
)
from bot.cli_desk import Command, add_command
from bot.errors import SettingsWrong, TemanError
from bot.host import doctor, platform_check, redacting, terminal
from bot.messages import LANGUAGES, Language
from bot.safeguarding import assess, screen_lines
from bot.settings import Settings


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
    add_command(commands, "serve", "serve the web pages and the desk", _serve)
    chat = add_command(commands, "chat", "talk to the same bot in the terminal", _chat)
    chat.add_argument("--lang", choices=LANGUAGES, help="begin in this language")
    chat.add_argument("--record", help="write the conversation into this file, for a test to play")
    add_command(commands, "screen", "JSON Lines in, how worried to be out", _screen)
    add_command(commands, "doctor", "is all well? plain advice", _doctor)
    cli_lessons.add(commands)
    cli_desk.add(commands)
    cli_safeguarding.add(commands)
    cli_services.add(commands)
    cli_drill.add(commands)
    return parser


# -- serving and talking


def _serve(_: argparse.Namespace) -> int:
    chosen = settings.read()
    _log(chosen)
    uvloop.run(app.serve(chosen))
    return 0


def _log(chosen: Settings) -> None:
    """Plain lines on stderr, without the secrets of the settings, whoever writes them."""
    logging.basicConfig(level=chosen.log_level, format=redacting.FORMAT)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(redacting.Redacting(chosen.secrets()))
    wire.quiet()


def _chat(given: argparse.Namespace) -> int:
    chosen = settings.read().model_copy(update={"log_level": "WARNING"})
    _log(chosen)
    language: Language | None = given.lang

    async def talk(record: TextIO | None) -> None:
        teman = app.build(chosen)
        teman.start(with_platforms=False)
        try:
            await terminal.talk(teman.host, language, sys.stdin, sys.stdout, record)
        finally:
            await teman.stop()

    with contextlib.ExitStack() as files:
        record = files.enter_context(_recording(given.record)) if given.record else None
        uvloop.run(talk(record))
    return 0


def _recording(name: str) -> TextIO:
    """The file to write into. A recording is never written over."""
    try:
        return open(name, "x", encoding="utf-8")
    except OSError as error:
        raise SettingsWrong(f"{name} cannot be written: {error.strerror}") from error


def _screen(_: argparse.Namespace) -> int:
    screen = assess.load(app.RULES)
    for line in sys.stdin:
        if line.strip():
            print(screen_lines.answer(screen, line), flush=True)
    return 0


def _doctor(_: argparse.Namespace) -> int:
    chosen = settings.read()
    findings = asyncio.run(_findings(chosen))
    for finding in findings:
        print(f"{'ok  ' if finding.well else 'RED '} {finding.what}: {finding.advice}")
    return 0 if all(finding.well for finding in findings) else 1


async def _findings(chosen: Settings) -> list[doctor.Finding]:
    findings = doctor.static(app.ROOT, chosen.database_url)
    findings += doctor.for_children(app.ROOT, demo=chosen.is_demo())
    try:
        doors.check(chosen)
    except SettingsWrong as error:
        findings.append(doctor.Finding("settings", False, str(error)))
    store = app.open_database(chosen)
    try:
        findings += await doctor.examine(store, app.facts(chosen), now=app.now_us())
    finally:
        await store.close()
    if chosen.intake == "webhook":
        local = settings.is_loopback(chosen.intake_url)
        findings.append(await doctor.reach(chosen.intake_url, local=local))
    return findings + await _platforms(chosen)


async def _platforms(chosen: Settings) -> list[doctor.Finding]:
    findings: list[doctor.Finding] = []
    outside = doors.outside(chosen)
    if telegram := doors.telegram(chosen):
        findings += await platform_check.telegram(telegram, outside)
        await telegram.close()
    if whatsapp := doors.whatsapp(chosen):
        findings += await platform_check.whatsapp(whatsapp, outside)
        await whatsapp.close()
    return findings
