"""The commands on the content: check it, show it, count it, translate it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from bot import app
from bot.cli_desk import add_command, group
from bot.library import catalogs, check, fonts, preview, report, shelf, staging, tree
from bot.messages import LANGUAGES

SYSTEM_FONTS = Path("/usr/share/fonts")


def add(commands: Any) -> None:
    """All commands of this file."""
    inner = group(commands, "lessons", "the content: check, show, preview, translate")
    add_command(inner, "check", "every rule of the content; exit 1 when one is broken", _check)
    show = add_command(inner, "show", "a lesson as it is read", _show)
    show.add_argument("id", help="a lesson's id, such as B6")
    show.add_argument("--lang", choices=LANGUAGES, default="en")
    seen = add_command(inner, "preview", "every screen of a lesson in four columns", _preview)
    seen.add_argument("id", help="a lesson's id, such as B6")
    seen.add_argument("--out", type=Path, help="the page to write; else ID.html")
    add_command(inner, "stats", "coverage, lengths and review state", _stats)
    add_command(inner, "extract", "write locales/teman.pot from the English sources", _extract)
    add_command(
        inner, "update", "bring the translators' files up to date with the sources", _update
    )
    add_command(inner, "compile", "make the catalogs the bot reads", _compile)
    made = add_command(
        inner, "fonts", "make the pictures' fonts anew, with the characters used", _fonts
    )
    made.add_argument("--system", type=Path, default=SYSTEM_FONTS, help="where the fonts are")


def _check(_: argparse.Namespace) -> int:
    problems = check.check(app.ROOT)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems" if problems else "the content is in order")
    return 1 if problems else 0


def _show(given: argparse.Namespace) -> int:
    print(report.show(shelf.open_library(app.ROOT), given.id, given.lang))
    return 0


def _preview(given: argparse.Namespace) -> int:
    out: Path = given.out or Path(f"{given.id}.html")
    out.write_text(preview.page(shelf.open_library(app.ROOT), given.id), encoding="utf-8")
    print(out)
    return 0


def _stats(_: argparse.Namespace) -> int:
    print(report.stats(app.ROOT))
    return 0


def _extract(_: argparse.Namespace) -> int:
    catalogs.extract(app.ROOT)
    return 0


def _update(_: argparse.Namespace) -> int:
    catalogs.update(app.ROOT)
    return 0


def _compile(_: argparse.Namespace) -> int:
    catalogs.compile(app.ROOT)
    return 0


def _fonts(given: argparse.Namespace) -> int:
    """Exit 1 where a character is in no font of the system: a picture would show a box for it."""
    content = tree.read(app.ROOT)
    said = {x: {one.entry.key: one.text for one in content.said(x)} for x in LANGUAGES}
    lacking = fonts.make(staging.texts_in_pictures(said), given.system)
    for name, letters in lacking.items():
        print(
            f"{name}: {len(fonts.held(name))} characters" + (f", no {letters}" if letters else "")
        )
    return 1 if any(lacking.values()) else 0
