"""A fake Telegram Bot API: a real HTTP server on 127.0.0.1 that refuses what the real one refuses.

    with BotApi() as api:                   # BotApi(token=..., plain_webhooks=True, port=0)
        bot = telegram.Bot(api.token, base_url=f"{api.url}/bot")
        child = api.person()                # a Person, see bot_api_people.py
        child.start(); await child.wait_for(1); child.tap("OK")

`api.calls` holds every call, `api.sent(chat)` what a chat was sent, `api.media_calls` what must
stay empty, `api.troubles` what goes wrong next (trouble.py). `api.pass_time(seconds)` moves its
clock. The methods stand in bot_api_methods.py, the queue of updates in bot_api_updates.py.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, Self

from tests.platforms.bell import Bell
from tests.platforms.bot_api_limits import Refused
from tests.platforms.bot_api_methods import METHODS
from tests.platforms.bot_api_people import Person
from tests.platforms.bot_api_updates import Updates
from tests.platforms.forms import Malformed, parameters
from tests.platforms.postman import Post, Postman
from tests.platforms.screen import Line
from tests.platforms.server import Answer, Request, Server, as_json
from tests.platforms.trouble import Strike, Troubles

TOKEN: Final = "7000000001:fake-token_for-tests"
SENDS: Final = frozenset({"sendmessage", "sendphoto", "editmessagetext"})
BIG_ID: Final = 5_000_000_000_001
"""Users' ids go up to 52 bits: more than an int32 holds."""


@dataclass
class Call:
    """One call of the bot. `status` is what it was answered, 0 while it was not."""

    method: str
    params: dict[str, Any]
    at: float
    chat: str = ""
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)


def refusal(code: int) -> Answer:
    """The platform's error of this code."""
    texts = {
        401: "Unauthorized",
        403: "Forbidden: bot was blocked by the user",
        404: "Not Found: method not found",
        429: "Too Many Requests: retry after 1",
        500: "Internal Server Error",
    }
    said: dict[str, Any] = {"retry_after": 1} if code == 429 else {}
    return _refused(Refused(code, texts.get(code, f"Refused: {code}"), **said))


def _refused(why: Refused) -> Answer:
    said: dict[str, Any] = {"ok": False, "error_code": why.code, "description": why.description}
    if why.parameters:
        said["parameters"] = why.parameters
    return as_json(why.code, said)


class BotApi:
    """The platform. Everything here may be used from any thread."""

    def __init__(self, token: str = TOKEN, *, plain_webhooks: bool = True, port: int = 0) -> None:
        self.token = token
        self.bell = Bell()
        self.server = Server(self._answer, port)
        self.troubles = Troubles(self.server, refusal, 429, SENDS)
        self.updates: Updates = Updates(self.bell, plain_webhooks=plain_webhooks)
        self.postman = Postman(self.server, self.bell, self.updates.address)
        self.updates.postman = self.postman
        self.calls: list[Call] = []
        self.media_calls: list[Call] = []
        self.people: dict[str, Person] = {}
        self.profile: dict[tuple[str, str, str], Any] = {}
        self.queries: dict[str, dict[str, Any] | None] = {}
        self.message_ids = count(101)
        self._ahead = 0.0
        self._ids = count(BIG_ID)

    def __enter__(self) -> Self:
        self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop(self.postman.close)

    @property
    def url(self) -> str:
        """Before `/bot<token>/<method>`."""
        return self.server.url

    @property
    def me(self) -> dict[str, Any]:
        """The bot as a user."""
        number = int(self.token.partition(":")[0])
        return {"id": number, "is_bot": True, "first_name": "Teman", "username": "teman_fake_bot"}

    def now(self) -> float:
        """The platform's clock, s."""
        return time.time() + self._ahead

    def pass_time(self, seconds: float) -> None:
        """Let time pass at the platform alone."""
        self._ahead += seconds

    def person(self, id: int | None = None, *, language: str | None = "en") -> Person:
        """Somebody with an account; the bot knows nothing of them until they write."""
        person = Person(self, next(self._ids) if id is None else id, language)
        self.people[str(person.id)] = person
        return person

    def sent(self, chat: str | int) -> list[Line]:
        """All that this chat was sent, in order, deleted or not."""
        person = self.people.get(str(chat))
        return [line for line in person.history if not line.mine] if person else []

    def called(self, method: str) -> list[Call]:
        """The calls of one method, written as in the documentation."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    def again(self, post: Post) -> Post:
        """The platform is in doubt and posts an update a second time."""
        return self.postman.again(post)

    async def settled(self, timeout: float = 10.0) -> None:
        """Wait until the bot has taken every update."""
        await self.postman.settled(timeout)

    def wait_settled(self, timeout: float = 10.0) -> None:
        """The same, blocking: for tests without an event loop."""
        self.postman.wait_settled(timeout)

    async def _answer(self, request: Request) -> Answer:
        parts = request.path.split("/")
        if len(parts) > 1 and parts[1] == "file":
            self._record(request, "file", {"path": request.path}, media=True)
            return _refused(Refused(404, "Not Found"))
        if len(parts) != 3 or not parts[1].startswith("bot"):
            return _refused(Refused(404, "Not Found"))
        if parts[1] != f"bot{self.token}":
            return _refused(Refused(401, "Unauthorized"))
        try:
            params = parameters(request)
        except (Malformed, UnicodeDecodeError):
            return _refused(Refused(400, "Bad Request: can't parse the request's parameters"))
        call = self._record(request, parts[2], params, media=parts[2].lower() == "getfile")
        answer = await self._troubled(call)
        call.status = answer.status if answer.way in ("whole", "cut") else 0
        self.bell.ring()
        return answer

    def _record(
        self, request: Request, method: str, params: dict[str, Any], *, media: bool
    ) -> Call:
        call = Call(method, params, self.now(), str(params.get("chat_id", "")))
        call.headers = request.headers
        with self.bell.lock:
            self.calls.append(call)
            if media:
                self.media_calls.append(call)
        self.bell.ring()
        return call

    async def _troubled(self, call: Call) -> Answer:
        method = call.method.lower()
        strike: Strike | None = self.troubles.strike(method, call.chat)
        await self.troubles.late(method)
        if strike is None:
            return await self._done(call)
        if strike.manner == "refuse":
            return self.troubles.refusal(strike.code)
        answer = await self._done(call) if strike.taken else as_json(200, {"ok": True})
        return strike.spoil(answer)

    async def _done(self, call: Call) -> Answer:
        try:
            if call.method.lower() == "getupdates":
                return as_json(200, {"ok": True, "result": await self.updates.get(call.params)})
            method = METHODS.get(call.method.lower())
            if method is None:
                raise Refused(404, "Not Found: method not found")
            with self.bell.lock:
                return as_json(200, {"ok": True, "result": method(self, call.params)})
        except Refused as why:
            return _refused(why)
