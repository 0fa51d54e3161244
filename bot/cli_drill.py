"""`run.py drill`: does help really come? A pretend emergency through the whole chain."""

from __future__ import annotations

import argparse
import asyncio
import time
from typing import Any

import msgspec

from bot import app, settings
from bot.cli_desk import add_command
from bot.host import drill
from bot.host.receive import Host
from bot.messages import LANGUAGES

WAIT_MIN = 15.0


def add(commands: Any) -> None:
    """The command."""
    parser = add_command(
        commands, "drill", "a pretend emergency through the whole chain, with the seconds", _drill
    )
    parser.add_argument("--lang", choices=LANGUAGES, default="ms")
    parser.add_argument(
        "--wait", type=float, default=WAIT_MIN, help="minutes to wait for each step of a person"
    )


def _drill(given: argparse.Namespace) -> int:
    chosen = settings.read()
    facts = msgspec.structs.replace(app.facts(chosen), drill=True, no_answer_policy=False)
    built = app.build(chosen).host
    host = Host(built.store, built.library, built.screen, facts, clock=app.now_us)
    asyncio.run(_run(host, given))
    print("the drill is done: for 14 days the intake may count as open for reports")
    return 0


async def _run(host: Host, given: argparse.Namespace) -> None:
    try:
        steps = drill.run(host, given.lang, wait_s=given.wait * 60, clock=time.monotonic)
        async for step in steps:
            print(f"{step.seconds:8.2f} s  {step.name}", flush=True)
    finally:
        await host.store.close()
