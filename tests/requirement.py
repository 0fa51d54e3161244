"""What a machine may lack, and which tests may therefore be left out: the only place where a test
is skipped.
"""

from __future__ import annotations

import os

import pytest

KNOWN = ("browser", "fonts", "gettext", "postgres", "raqm")


def require(name: str, present: object) -> None:
    """Go on when `present` is true; else skip the test, or fail it when TEMAN_TEST_REQUIRE names
    what is missing.
    """
    if name not in KNOWN:
        raise ValueError(f"{name} is not among what a machine may lack: {', '.join(KNOWN)}")
    if present:
        return
    if name in demanded():
        pytest.fail(f"{name} is demanded by TEMAN_TEST_REQUIRE and is not on this machine")
    pytest.skip(f"no {name} on this machine")


def demanded() -> frozenset[str]:
    """The names in TEMAN_TEST_REQUIRE, separated by commas. A name nobody knows is a mistake, not
    an empty demand.
    """
    names = frozenset(os.environ.get("TEMAN_TEST_REQUIRE", "").replace(",", " ").split())
    if unknown := names - set(KNOWN):
        raise ValueError(
            f"TEMAN_TEST_REQUIRE names what nobody knows: {', '.join(sorted(unknown))}"
        )
    return names
