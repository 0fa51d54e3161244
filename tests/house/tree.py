"""The project's own files, as the guards of this folder look at them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef
_MADE: Final = ("__pycache__", "node_modules", "data", "secrets")


def files(*suffixes: str) -> list[Path]:
    """Every file of the project with one of these endings; all of them when none is given."""
    found = _listed() or _walked()
    return sorted(p for p in found if p.is_file() and (not suffixes or p.suffix in suffixes))


def _listed() -> list[Path]:
    """What git knows, and what it would take in. Empty outside a clone."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    except FileNotFoundError:
        return []
    return [ROOT / name for name in done.stdout.decode().split("\0") if name]


def _walked() -> list[Path]:
    def own(path: Path) -> bool:
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part not in (".ci", ".gitignore") for part in parts)
        return not hidden and not any(part in _MADE for part in parts)

    return [path for path in ROOT.rglob("*") if own(path)]


def code(folder: str = "bot") -> list[Path]:
    """The Python files of a folder."""
    return [p for p in files(".py") if p.relative_to(ROOT).parts[0] == folder]


def name(path: Path) -> str:
    """A file as people name it: from the project's folder on, with slashes."""
    return path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=name(path))


def functions(path: Path) -> Iterator[Function]:
    """Every function and method of a file, inner ones too."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: Function) -> int:
    """Lines from `def` to the last one."""
    return (node.end_lineno or node.lineno) - node.lineno + 1
