"""What tests/conftest.py promises: nothing leaves this machine, and no setting of a person leaks
in.
"""

from __future__ import annotations

import logging
import os
import socket
from pathlib import Path

import pytest

from tests import requirement
from tests.house import network


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org", "10.0.0.1"])
def test_another_machine_is_not_here(host: str) -> None:
    assert not network.is_here(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", b"localhost", None])
def test_this_machine_is_here(host: object) -> None:
    assert network.is_here(host)


def test_a_connection_to_another_machine_is_refused() -> None:
    with socket.socket() as wire, pytest.raises(network.NetworkRefused):
        wire.connect(("192.0.2.1", 80))
    with pytest.raises(network.NetworkRefused):
        socket.getaddrinfo("example.org", 80)
    assert network.reached == ["192.0.2.1", "example.org"]
    network.reached.clear()


def test_a_connection_to_this_machine_goes_through() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as wire:
        wire.connect(server.getsockname())


def test_the_home_folder_is_empty_and_no_setting_is_left() -> None:
    assert list(Path.home().glob("*.conf")) == []
    assert Path.home().name.startswith("home")
    left = [name for name in os.environ if name.startswith("TEMAN_")]
    assert [name for name in left if not name.startswith("TEMAN_TEST_")] == []


def test_the_http_log_is_closed() -> None:
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)


def test_what_is_there_is_not_left_out() -> None:
    requirement.require("browser", present=True)


def test_what_is_missing_is_left_out_or_demanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMAN_TEST_REQUIRE", "postgres")
    with pytest.raises(pytest.skip.Exception):
        requirement.require("browser", present=False)
    monkeypatch.setenv("TEMAN_TEST_REQUIRE", "postgres,browser")
    with pytest.raises(pytest.fail.Exception, match="browser"):
        requirement.require("browser", present=False)


def test_a_name_nobody_knows_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="brwoser"):
        requirement.require("brwoser", present=True)
    monkeypatch.setenv("TEMAN_TEST_REQUIRE", "brwoser")
    with pytest.raises(ValueError, match="brwoser"):
        requirement.demanded()
