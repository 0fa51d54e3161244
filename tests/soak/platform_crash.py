"""Kills a real server while a class taps over Telegram or WhatsApp, and looks at what each child
sees afterwards. Everything stays on 127.0.0.1 and stops by itself.
"""

from __future__ import annotations

import random
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import httpx

from tests.conversation.said import THREAT
from tests.conversation.talk import library
from tests.platforms.bot_api import BotApi
from tests.platforms.graph_api import GraphApi
from tests.platforms.postman import Post
from tests.platforms.stage import SECRET, Door, Person
from tests.web.site import Site, free_port

ANSWER_S: Final = 0.05
"""How long the platform takes to answer, so that some messages are on the wire at the kill."""
WAITING: Final = re.compile(r'^teman_outbox_rows\{.*state="waiting"\} [1-9]', re.MULTILINE)
LESSON: Final = ("lessons", "lessons.C4.title")


@dataclass
class Result:
    """What a run came to. `lost_place`: children who see another step than their taps lead to."""

    kills: int = 0
    messages: int = 0
    unanswered: int = 0
    repeated: int = 0
    repeated_twice: int = 0
    lost_place: int = 0
    disclosures: int = 0
    cared_for: int = 0
    under_way: list[int] = field(default_factory=list)


class Class:
    """A server, a platform and the children at it."""

    def __init__(self, site: Site, api: BotApi | GraphApi, people: list[Person]) -> None:
        self.site = site
        self.api = api
        self.people = people

    def all_do(self, what: str, *, write: bool = False) -> list[Post]:
        """Everybody at once taps the button of that label (or writes); returns before an answer."""
        return [one.write(what) if write else one.tap(what) for one in self.people]

    def everybody(self, what: str, *, write: bool = False) -> None:
        """The same, and each has an answer."""
        self.all_do(what, write=write)
        for person in self.people:
            person.wait(1, timeout=20)

    def wait_until_all_is_sent(self) -> None:
        """Repeats included: no message waits in the outbox any more, nor is one on its way."""
        ends = time.monotonic() + 30
        while self._waiting() and time.monotonic() < ends:
            time.sleep(0.05)

    def _waiting(self) -> bool:
        counts = httpx.get(f"{self.site.url}/metrics", trust_env=False).text
        assert "teman_outbox_rows{" in counts
        return bool(WAITING.search(counts))

    def walk_to_the_lesson(self) -> None:
        """Onboarding, then the first step of a lesson."""
        self.everybody("hi", write=True)
        keys = ("button.child", "button.band_13_17", "button.ok", "button.lessons", LESSON[1])
        for label in ("English", *(said(key) for key in keys)):
            self.everybody(label)


@contextmanager
def class_of(folder: Path, door: Door, children: int, database: str = "") -> Iterator[Class]:
    """A running server and so many children at that door."""
    port = free_port()
    with BotApi() as bot, GraphApi() as graph:
        graph.webhook_url = f"http://127.0.0.1:{port}/webhooks/whatsapp"
        more = _environment(door, bot, graph)
        if database:
            more["TEMAN_DATABASE_URL"] = database
        site = Site(folder, "http://127.0.0.1:1/", port=port, **more)
        site.start()
        try:
            api: BotApi | GraphApi = graph if door == "whatsapp" else bot
            people = [_person(door, bot, graph) for _ in range(children)]
            yield Class(site, api, people)
        finally:
            site.stop(signal.SIGKILL)


def _person(door: Door, bot: BotApi, graph: GraphApi) -> Person:
    return graph.person("both") if door == "whatsapp" else bot.person()


def _environment(door: Door, bot: BotApi, graph: GraphApi) -> dict[str, str]:
    if door == "whatsapp":
        return {
            "TEMAN_WHATSAPP_TOKEN": graph.token,
            "TEMAN_WHATSAPP_PHONE_NUMBER_ID": graph.phone_number_id,
            "TEMAN_WHATSAPP_APP_SECRET": graph.secret,
            "TEMAN_WHATSAPP_VERIFY_TOKEN": graph.verify_token,
            "TEMAN_WHATSAPP_API_URL": graph.url,
        }
    return {
        "TEMAN_TELEGRAM_TOKEN": bot.token,
        "TEMAN_TELEGRAM_API_URL": bot.url,
        "TEMAN_TELEGRAM_MODE": "poll" if door == "poll" else "webhook",
        "TEMAN_TELEGRAM_WEBHOOK_SECRET": SECRET,
    }


def said(key: str) -> str:
    return library().texts.get("en", key, adult=False)


def run(
    folder: Path, door: Door, *, rounds: int, children: int, seed: int = 7, database: str = ""
) -> Result:
    """So many kills, each while everybody taps at once; then a disclosure of everybody with one
    more.
    """
    dice, result = random.Random(seed), Result()
    with class_of(folder, door, children, database) as group:
        group.walk_to_the_lesson()
        group.api.troubles.slow(ANSWER_S)
        for _ in range(rounds):
            label = group.people[0].screen[-1].buttons[0].label
            _kill_amid(group, partial(group.all_do, label), dice, result)
            _look(group, result)
        _kill_amid(group, partial(group.all_do, THREAT["en"], write=True), dice, result)
        _look(group, result)
        result.disclosures = len(group.people)
        heard = said("care.threat_now")
        result.cared_for = sum(
            any(heard in line.text for line in one.lines.answers) for one in group.people
        )
    return result


def _kill_amid(
    group: Class, act: Callable[[], list[Post]], dice: random.Random, result: Result
) -> None:
    """Everybody acts; when a drawn share of it is acknowledged the server is killed, and started
    again.
    """
    posts = act()
    fatal = dice.randrange(1, len(posts))
    ends = time.monotonic() + 20
    while sum(post.done for post in posts) < fatal and time.monotonic() < ends:
        time.sleep(0.001)
    group.site.stop(signal.SIGKILL)
    arrived = sum(bool(one.lines.answers) for one in group.people)
    result.under_way.append(sum(post.done for post in posts) - arrived)
    group.site.start()
    group.api.wait_settled(30)
    group.wait_until_all_is_sent()
    result.kills += 1
    result.messages += len(posts)


def _look(group: Class, result: Result) -> None:
    """Each child's screen: one answer, the same for all who did the same."""
    for person in group.people:
        try:
            person.wait(1, timeout=15)
        except AssertionError:
            result.unanswered += 1
    answers = [person.lines.answers for person in group.people]
    result.repeated += sum(len(found) > 1 for found in answers)
    result.repeated_twice += sum(len(found) > 2 for found in answers)
    texts = [found[-1].text for found in answers if found]
    usual = max(set(texts), key=texts.count)
    result.lost_place += sum(text != usual for text in texts)
    result.lost_place += sum(len({line.text for line in found}) > 1 for found in answers)
