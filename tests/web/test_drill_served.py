"""The drill as an operator runs it: beside the running server, with a person at the desk's page."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.web.site import ROOT, Site

PASSWORD = "a long enough password"
STEPS = ("door", "screening", "consent", "delivery", "claim", "answer")
ENDS_S = 60.0


class Worker:
    """Somebody at the desk, over HTTP."""

    def __init__(self, url: str) -> None:
        ours = {"Origin": url, "Sec-Fetch-Site": "same-origin"}
        self.client = httpx.Client(base_url=url, headers=ours, trust_env=False)
        form = {"name": "aminah", "password": PASSWORD}
        assert self.client.post("/desk/sign-in", data=form).status_code == 303
        self.page = ""

    def see(self, path: str) -> str:
        self.page = self.client.get(path).text
        return self.page

    def field(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([0-9a-f-]+)"', self.page)
        assert found, f"no {name} on the page"
        return found[1]

    def post(self, path: str, **fields: str) -> None:
        sent = self.client.post(path, data={"csrf": self.field("csrf")} | fields)
        assert sent.status_code == 303, sent.status_code

    def newest(self) -> str:
        """The path of the report, once it stands in the queue."""
        ends = time.monotonic() + ENDS_S
        while not (found := re.search(r"/desk/reports/[0-9a-f-]{36}", self.see("/desk"))):
            assert time.monotonic() < ends, "no report came to the desk"
            time.sleep(0.1)
        return found[0]


def answered(url: str) -> str:
    """Take the report and answer it; gives the queue as it was read."""
    worker = Worker(url)
    path = worker.newest()
    queue = worker.page
    worker.see(path)
    worker.post(f"{path}/claim")
    worker.see(path)
    worker.post(f"{path}/reply", once=worker.field("once"), text="we are here", language="en")
    worker.client.close()
    return queue


def test_a_drill_beside_the_running_server_prints_its_steps_and_opens_the_intake(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path, "https://www.example.org", TEMAN_DEMO="no", TEMAN_DESK_HOURS="24h")
    site.command("staff", "add", "aminah", "--languages", "en,ta", said=PASSWORD + "\n")
    assert re.search(r"^RED +intake", examined(site, tmp_path), re.MULTILINE)
    site.start()
    try:
        line = [sys.executable, str(ROOT / "run.py"), "drill", "--lang", "ta", "--wait", "1"]
        drill = subprocess.Popen(
            line, cwd=tmp_path, env=site.environment, stdout=subprocess.PIPE, text=True
        )
        queue = answered(site.url)
        printed = drill.communicate(timeout=ENDS_S)[0]
    finally:
        site.stop()
    assert drill.returncode == 0, printed
    assert "rill" in queue
    steps = re.findall(r"^ +([0-9.]+) s  (\w+):", printed, re.MULTILINE)
    assert [name for _, name in steps] == list(STEPS)
    assert all(float(seconds) < ENDS_S for seconds, _ in steps)
    assert re.search(r"^ok +intake", examined(site, tmp_path), re.MULTILINE)


def examined(site: Site, folder: Path) -> str:
    """What doctor prints; other things may be red in a house that has just been set up."""
    line = [sys.executable, str(ROOT / "run.py"), "doctor"]
    return subprocess.run(
        line, cwd=folder, env=site.environment, capture_output=True, text=True, timeout=60,
        check=False,
    ).stdout  # fmt: skip
