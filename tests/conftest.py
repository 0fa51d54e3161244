"""For every test: no network beyond this machine, no home folder, no settings left over, no chatty
HTTP log.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator

import pytest

from tests import requirement
from tests.house import network
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]


def pytest_configure() -> None:
    """Start watching, and drop settings of the person who runs the tests."""
    requirement.demanded()
    sys.addaudithook(network.watch)
    for name in [name for name in os.environ if name.startswith("TEMAN_")]:
        if not name.startswith("TEMAN_TEST_"):
            del os.environ[name]


@pytest.fixture(autouse=True, scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the home folder of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(autouse=True)
def stays_here() -> Iterator[None]:
    """Fail a test that reached out, even when the code in between swallowed the refusal."""
    network.reached.clear()
    yield
    assert not network.reached, f"the test reached for {', '.join(network.reached)}"


@pytest.fixture(autouse=True)
def quiet_http() -> Iterator[None]:
    """The HTTP client logs whole addresses below WARNING, and an address can hold a platform's
    token.
    """
    yield
    for name in ("httpx", "httpcore", "telegram", "aiohttp"):
        logger = logging.getLogger(name)
        is_closed = logger.level == logging.NOTSET or logger.level >= logging.WARNING
        logger.setLevel(logging.NOTSET)
        assert is_closed, f"the {name} log is open"
