"""run.py finds the environment by itself, or says in one line how to make one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import tree


def bare_python(folder: Path) -> Path:
    """An environment of this Python with nothing installed in it."""
    command = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "bin" / "python"


def run(python: Path, folder: Path, *given: str) -> subprocess.CompletedProcess[str]:
    """What `python run.py ...` does in a folder, outside of any environment that is active."""
    away = ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME")
    environment = {name: value for name, value in os.environ.items() if name not in away}
    return subprocess.run(
        [str(python), "run.py", *given],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bare_python(tmp_path_factory.mktemp("system") / "python")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with run.py and a bot that tells how it was called."""
    shutil.copy(tree.ROOT / "run.py", tmp_path)
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "__init__.py").touch()
    telling = "import sys\ndef main() -> int:\n    print(sys.prefix, *sys.argv[1:])\n    return 7\n"
    (tmp_path / "bot" / "cli.py").write_text(telling, encoding="utf-8")
    return tmp_path


def furnish(python: Path) -> None:
    """Put into an environment what run.py looks for, as empty packages."""
    source = (tree.ROOT / "run.py").read_text(encoding="utf-8")
    names = source.split("NEEDED = (", 1)[1].split(")", 1)[0].replace('"', "").split(",")
    site = next(python.parent.parent.glob("lib/python*/site-packages"))
    for name in filter(None, map(str.strip, names)):
        (site / name).mkdir()
        (site / name / "__init__.py").touch()


def test_without_an_environment_it_says_how_to_make_one(bare: Path, clone: Path) -> None:
    done = run(bare, clone, "screen")
    assert done.returncode == 1
    assert "make run" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_it_goes_on_in_its_own_environment(bare: Path, clone: Path) -> None:
    furnish(bare_python(clone / ".venv"))
    done = run(bare, clone, "chat", "--lang", "ta")
    assert (done.returncode, done.stderr) == (7, "")
    assert done.stdout.split() == [str(clone / ".venv"), "chat", "--lang", "ta"]


def test_an_environment_with_nothing_in_it_does_not_start_itself_for_ever(clone: Path) -> None:
    own = bare_python(clone / ".venv")
    done = run(own, clone)
    assert done.returncode == 1
    assert "make run" in done.stderr


def test_it_stays_where_everything_is_installed(clone: Path) -> None:
    bare_python(clone / ".venv")
    done = run(Path(sys.executable), clone, "doctor")
    assert done.returncode == 7
    assert done.stdout.split() == [sys.prefix, "doctor"]
