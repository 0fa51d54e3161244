"""Fixtures: a faultless project to spoil, and the project itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.library import project


@pytest.fixture(scope="session")
def faultless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as it should be, made once."""
    root = tmp_path_factory.mktemp("content")
    project.build(root)
    return root


@pytest.fixture
def content(faultless: Path, tmp_path: Path) -> project.Project:
    """A copy of the faultless project."""
    for path in faultless.rglob("*.*"):
        if path.is_file():
            copy = tmp_path / path.relative_to(faultless)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    return project.Project(tmp_path)


@pytest.fixture(scope="session")
def house() -> Path:
    """The project itself."""
    return Path(__file__).parents[2]
