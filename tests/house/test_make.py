"""make and .ci/run on a machine as strangers have it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house import tree

MAKEFILE = tree.ROOT / "Makefile"


def make(folder: Path, *given: str) -> subprocess.CompletedProcess[str]:
    """Run make in a folder, apart from any make that runs these tests."""
    away = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHON")
    environment = {name: value for name, value in os.environ.items() if name not in away}
    return subprocess.run(
        [shutil.which("make") or "make", *given],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder as far as make looks at it, with no environment yet."""
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(tree.ROOT / name, tmp_path)
    for name in ("lessons", "locales", "bot/library"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def put_python(folder: Path, version: str, *, fits: bool) -> None:
    """A `python3` that only says its version, and makes an environment of links to itself when
    asked.
    """
    folder.mkdir(exist_ok=True)
    program = folder / "python3"
    program.write_text(
        "#!/bin/sh\n"
        f'case "$1" in --version) echo "Python {version}";;\n'
        f"-c) {'echo 1' if fits else 'exit 1'};;\n"
        '-m) if [ "$2" = venv ]; then mkdir -p .venv/bin && cp "$0" .venv/bin/python; fi\n'
        '    echo "$@" >> did.txt;;\n'
        '*) echo "$@" >> did.txt;;\n'
        "esac\n",
        encoding="utf-8",
    )
    program.chmod(0o755)


def test_an_old_python_is_named_with_what_to_do(clone: Path) -> None:
    put_python(clone / "old", "3.9.2", fits=False)
    done = make(clone, "venv", "PYTHON=old/python3 nowhere/python3.11")
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
    assert "old/python3 is Python 3.9.2" in done.stderr
    assert "PYTHON=" in done.stderr
    assert not (clone / ".venv").exists()


def test_a_second_make_does_nothing_until_something_changed(clone: Path) -> None:
    put_python(clone / "new", "3.11.9", fits=True)
    did = clone / "did.txt"
    first = make(clone, "venv", "PYTHON=nowhere/python3.11 new/python3")
    assert first.returncode == 0, first.stderr
    steps = did.read_text(encoding="utf-8")
    assert "--require-hashes" in steps
    assert "run.py lessons compile" in steps
    assert make(clone, "venv").returncode == 0
    assert did.read_text(encoding="utf-8") == steps
    (clone / "locales" / "words.yaml").touch()
    future = (clone / ".venv" / ".catalogs").stat().st_mtime + 5
    os.utime(clone / "locales" / "words.yaml", (future, future))
    assert make(clone, "venv").returncode == 0
    assert did.read_text(encoding="utf-8") == steps + "run.py lessons compile\n"


def test_an_environment_whose_python_went_away_is_made_anew(clone: Path) -> None:
    put_python(clone / "new", "3.11.9", fits=True)
    assert make(clone, "venv", "PYTHON=new/python3").returncode == 0
    (clone / ".venv" / "bin" / "python").unlink()
    assert make(clone, "venv", "PYTHON=new/python3").returncode == 0
    did = (clone / "did.txt").read_text(encoding="utf-8")
    assert did.count("-m venv") == 2
    assert did.count("--require-hashes") == 2


def test_help_names_every_target_and_contributing_the_daily_ones(clone: Path) -> None:
    targets = re.findall(r"^([a-z]+):.*## ", MAKEFILE.read_text(encoding="utf-8"), re.MULTILINE)
    said = make(clone).stdout
    assert {"venv", "run", "test", "check", "soak", "lock", "clean"} <= set(targets)
    assert [target for target in targets if f"make {target} " not in said] == []
    contributing = (tree.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    daily = set(targets) - {"help"}
    assert [target for target in daily if f"`make {target}`" not in contributing] == []


def test_ci_runs_all_checks_and_demands_what_machines_may_lack() -> None:
    path = tree.ROOT / ".ci" / "run"
    text = path.read_text(encoding="utf-8")
    assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0
    assert "set -euo pipefail" in text
    assert "make check" in text
    assert "make test" in text
    assert "TEMAN_TEST_REQUIRE=browser,postgres,raqm" in text


def put_programs(folder: Path, *, present: str) -> None:
    """Stand-ins for what .ci/run calls: each notes its words; dpkg knows only one package."""
    folder.mkdir()
    noting = '#!/bin/sh\necho "$(basename "$0") $@" >> did.txt\n'
    knowing = f'#!/bin/sh\nfor last; do :; done\n[ "$last" = {present} ] && printf installed\n'
    programs = {"apt-get": noting, "make": noting, "sudo": noting, "dpkg-query": knowing}
    for name, text in {**programs, "id": "#!/bin/sh\necho 0\n"}.items():
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)


def test_ci_installs_only_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(tree.ROOT / ".ci" / "run", tmp_path / ".ci")
    put_programs(tmp_path / "programs", present="chromium")
    path = f"{tmp_path / 'programs'}:{os.environ['PATH']}"
    command = ["bash", ".ci/run"]
    subprocess.run(command, cwd=tmp_path, env={"PATH": path}, check=True, capture_output=True)
    update, install, check, test = (tmp_path / "did.txt").read_text(encoding="utf-8").splitlines()
    assert update.startswith("apt-get update")
    assert install.startswith("apt-get install -y")
    assert "--no-install-recommends" in install
    assert {"postgresql", "libfribidi0", "fonts-noto-core"} <= set(install.split())
    assert "chromium" not in install.split()
    assert (check, test) == ("make check", "make test")
