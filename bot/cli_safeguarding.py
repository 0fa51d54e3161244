"""The commands that make the screening model and tell how well it hears."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.cli_desk import add_command, group
from bot.safeguarding import assess, compiled, evaluation, lines, model, senses, workshop
from bot.safeguarding.evaluation import Tables
from bot.safeguarding.figures import Share
from bot.safeguarding.workshop import Made, Material


def add(commands: Any) -> None:
    """All commands of this file."""
    inner = group(commands, "safeguarding", "the screening model: train it, measure it")
    add_command(inner, "train", "make the model anew from corpus and rules (minutes)", _train)
    measure = add_command(
        inner, "evaluate", "recall and false alarms; exit 1 when a floor is broken", _evaluate
    )
    measure.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="JSON Lines of text, lang, expect"
    )
    measure.add_argument("--misses", type=Path, help="write what was missed to this file")
    measure.add_argument("--quick", action="store_true", help="only the briefs held back")


def _train(_: argparse.Namespace) -> int:
    corpus = lines.read()
    screen = assess.by_rules()
    made = Made(Material(corpus, corpus.clear(held=False), screen))
    everything = [line for line in corpus.lines if not line.doubt]
    stored = made.stored(Material(corpus, everything, screen), workshop.stamp())
    model.save(stored)
    compiled.save(screen.matcher.tables(), screen.stamp, compiled.RULES)
    compiled.save(senses.tables(), senses.stamp(), compiled.SENSES)
    size = model.PATH.stat().st_size / 1e6
    print(f"model {stored.stamp}: {len(corpus.lines)} lines in the corpus, {size:.1f} MB")
    return 0


def _evaluate(given: argparse.Namespace) -> int:
    corpus, screen = lines.read(), assess.load()
    if given.files:
        return _files(given.files, screen)
    held = evaluation.held_back(corpus, model.stored())
    judged = list(held)
    if not given.quick:
        material = Material(corpus, corpus.clear(held=False), screen)
        made = Made(material)
        crossed = material.judged(made.shares, made.limits)
        judged += crossed
        _print_tables("by cross-validation over briefs", evaluation.tables(crossed))
        for part, shares in evaluation.curve(
            material, Material(corpus, corpus.clear(held=True), screen)
        ):
            _print_shares(f"learning curve, {part:.0%} of the briefs, on those held back", shares)
    _print_tables("on the briefs held back", evaluation.tables(held))
    if given.misses:
        given.misses.write_bytes(b"".join(line + b"\n" for line in evaluation.misses(judged)))
    broken = evaluation.floors_broken(held)
    for problem in broken:
        print(f"BELOW ITS FLOOR {problem}")
    return 1 if broken else 0


def _files(paths: Sequence[Path], screen: assess.Screen) -> int:
    """What screening makes of lines handed in, such as public text."""
    for path in paths:
        for name, share in evaluation.of_file(path, screen).items():
            print(f"{path.name:24} {name:32} {share}")
    return 0


def _print_tables(title: str, tables: Tables) -> None:
    for by, groups in tables.items():
        for name, shares in groups.items():
            _print_shares(f"{title}, {by}: {name}", shares)


def _print_shares(title: str, shares: Mapping[str, Share]) -> None:
    print(f"\n{title}")
    for measure, share in shares.items():
        print(f"  {measure:40} {share}")
