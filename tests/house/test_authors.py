"""docs/authors.md: every command in it is run, in its order, on a scratch copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests import requirement
from tests.house import tree

BLOCK = re.compile(r"^```sh( red)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FONTS = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
"""The fonts of the system; whoever only runs Teman does without."""
NEEDED = ("bot", "lessons", "locales", "run.py", "docs")


def scratch(folder: Path) -> Path:
    """A copy in which the commands may do what they like."""
    folder.mkdir()
    for name in NEEDED:
        source = tree.ROOT / name
        if source.is_dir():
            leave = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, folder / name, ignore=leave)
        else:
            shutil.copy(source, folder / name)
    return folder


def run(line: str, folder: Path, python: Path) -> subprocess.CompletedProcess[str]:
    env = {"PATH": f"{python}:{os.environ['PATH']}", "HOME": str(folder)}
    return subprocess.run(
        ["sh", "-c", line], cwd=folder, env=env, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip


def test_every_command_of_the_authors_guide_does_what_it_says(tmp_path: Path) -> None:
    guide = (tree.ROOT / "docs" / "authors.md").read_text(encoding="utf-8")
    blocks = BLOCK.findall(guide)
    assert sum(bool(red) for red, _ in blocks) == 1
    lines = [(line, bool(red)) for red, block in blocks for line in block.splitlines()]
    assert len(lines) >= 12
    copy = scratch(tmp_path / "teman")
    python = Path(sys.executable).parent
    for line, red in lines:
        if "lessons fonts" in line and not FONTS.exists():
            assert "fonts" not in requirement.demanded()
            continue
        done = run(line, copy, python)
        assert (done.returncode != 0) is red, f"{line}\n{done.stdout}\n{done.stderr}"
        if red:
            assert "lessons.B9" in done.stdout
    assert not (copy / "lessons" / "B9.yaml").exists()
