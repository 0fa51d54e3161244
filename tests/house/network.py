"""Refuses what would leave this machine, in every thread and library that uses Python's sockets."""

from __future__ import annotations

from typing import Any

LOOPBACK = ("", "::1", "localhost", "0.0.0.0", "::")

reached: list[str] = []


class NetworkRefused(RuntimeError):
    """A test tried to leave this machine."""


def is_here(host: object) -> bool:
    """Whether a host of a socket call is this machine."""
    if host is None:
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    return text in LOOPBACK or text.startswith("127.")


def watch(event: str, args: tuple[Any, ...]) -> None:
    """Python's own report of socket calls; raising here refuses the call."""
    if event == "socket.connect" and isinstance(args[1], tuple):
        host = args[1][0]
    elif event == "socket.getaddrinfo":
        host = args[0]
    else:
        return
    if not is_here(host):
        reached.append(str(host))
        raise NetworkRefused(f"a test reached for {host}: tests stay on this machine")
