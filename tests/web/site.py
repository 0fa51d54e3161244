"""The whole bot as people run it, in a process of its own, and a browser before it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bot.store.vault import invent_key
from tests import requirement

ROOT: Final = Path(__file__).resolve().parent.parent.parent
CHROMIUM: Final = Path("/usr/bin/chromium")
ARGS: Final = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE_MS: Final = 20_000
"""A busy machine is slow, not wrong."""
ELSEWHERE: Final = "Somewhere else entirely"


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
    return port


class Site:
    """`run.py serve` with a database of its own; it can be frozen, killed and started again."""

    def __init__(
        self, folder: Path, exit_url: str, *, port: int | None = None, **more: str
    ) -> None:
        self._folder = folder
        self._port = port or free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{self._port}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "TEMAN_PORT": str(self._port),
            "TEMAN_PUBLIC_URL": self.url,
            "TEMAN_EXIT_URL": exit_url,
            "TEMAN_DATABASE_URL": f"sqlite:///{folder}/teman.db",
            "TEMAN_SECRET_KEYS": invent_key(),
            **more,
        }

    def command(self, *words: str, said: str = "") -> None:
        """Another command of run.py, with the same settings."""
        line = [sys.executable, str(ROOT / "run.py"), *words]
        subprocess.run(
            line, cwd=self._folder, env=self.environment, input=said.encode(), check=True,
            capture_output=True, timeout=60,
        )  # fmt: skip

    def start(self) -> None:
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(ROOT / "run.py"), "serve"], cwd=self._folder,
                env=self.environment, stdout=log, stderr=log,
            )  # fmt: skip
        ends = time.monotonic() + 60
        while not self._well():
            assert self._process.poll() is None, self.log
            assert time.monotonic() < ends, self.log
            time.sleep(0.05)

    def _well(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self, how: signal.Signals = signal.SIGTERM) -> float:
        """End the server; gives the seconds it took."""
        process, self._process = self._process, None
        if process is None:
            return 0.0
        began = time.monotonic()
        process.send_signal(how)
        process.wait(30)
        return time.monotonic() - began

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """The server takes connections and says nothing."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    @property
    def log(self) -> str:
        return (self._folder / "log").read_text("utf-8", "replace")


@contextmanager
def site(folder: Path) -> Iterator[Site]:
    """A running site. A quick exit leads to another port of this machine."""
    with elsewhere() as exit_url:
        made = Site(folder, exit_url)
        made.start()
        try:
            yield made
        finally:
            made.stop(signal.SIGKILL)


class _Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = f"<title>News</title><p>{ELSEWHERE}</p>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def elsewhere() -> Iterator[str]:
    """A harmless page to land on; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, where there is one."""
    requirement.require("browser", CHROMIUM.exists())
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@contextmanager
def visitor(browser: Browser, **options: Any) -> Iterator[tuple[BrowserContext, Page]]:
    """Somebody with a browser of their own. An error in a script is a failure of the test."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE_MS)
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("console", lambda said: faults.append(said.text) if "Policy" in said.text else None)
    yield context, context.new_page()
    context.close()
    assert faults == []


def shoot(page: Page, name: str) -> None:
    """A picture, where TEMAN_TEST_SHOTS names a folder for them."""
    if folder := os.environ.get("TEMAN_TEST_SHOTS"):
        page.wait_for_timeout(300)
        page.screenshot(path=Path(folder) / f"{name}.png")
