"""docs/settings.md names every setting, and nothing else."""

from __future__ import annotations

import re

import pytest

from bot import settings
from bot.errors import SettingsWrong
from tests.house.tree import ROOT


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    rows = "\n".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| `"))
    named = set(re.findall(r"TEMAN_[A-Z0-9_]+", rows))
    known = {f"TEMAN_{name.upper()}" for name in settings.Settings.model_fields}
    assert len(known) > 20
    assert named == known


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TEMAN_PORT", "eighty"),
        ("TEMAN_UNDER_13", "maybe"),
        ("TEMAN_SAFE_WORDS", "payung"),
        ("TEMAN_NO_SUCH", "1"),
        ("TEMAN_SECRET_KEYS_FILE", "/nowhere/at/all"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsWrong, match=name.removesuffix("_FILE")):
        settings.read(None)


def test_a_secret_does_not_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMAN_SECRET_KEYS", "k:very-secret-thing")
    read = settings.read(None)
    assert read.secret_keys.get_secret_value() == "k:very-secret-thing"
    assert "very-secret-thing" not in repr(read)
