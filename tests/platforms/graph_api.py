"""A fake Graph API with WhatsApp's Cloud API: a real HTTP server on 127.0.0.1 that refuses what the
real one refuses, and posts signed webhooks.

    with GraphApi() as api:       # GraphApi(token=..., secret=..., verify_token=..., port=0)
        # bot: token api.token, number api.phone_number_id, secret api.secret, base api.url
        api.webhook_url = "http://127.0.0.1:8080/webhooks/whatsapp"
        child = api.person("both")          # phone | bsuid | both | inside: graph_api_people.py
        child.write("hi"); await child.wait_for(1); child.tap("OK")

`api.calls` holds every call, `api.sent(address)` what a person was sent, `api.media_calls` what
must stay empty, `api.troubles` what goes wrong next (trouble.py). Off until told: `receipts` (the
statuses posted for each message), `late_refusals` (accept, then post a failed status),
`pair_burst` (messages to one person before 131056). `api.pass_time(seconds)` moves its clock.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, Self

import httpx

from tests.platforms import graph_webhooks as webhooks
from tests.platforms.bell import Bell
from tests.platforms.forms import Malformed, parameters
from tests.platforms.graph_api_people import Identity, Person
from tests.platforms.graph_api_routes import Routes
from tests.platforms.graph_limits import STATUS, TITLES, Refused
from tests.platforms.postman import Post, Postman
from tests.platforms.screen import Line
from tests.platforms.server import Answer, Request, Server, as_json
from tests.platforms.trouble import Troubles

TOKEN: Final = "EAAfake-token-for-tests"
VERSION: Final = "v25.0"
PHONE_NUMBER_ID: Final = "106500000000001"
ACCOUNT_ID: Final = "102900000000001"
DISPLAY: Final = "60300000000"


@dataclass
class Call:
    """One call of the bot: `method` is messages, read, media, number, templates, subscribed, token
    or unknown. `status` is what it was answered, 0 while it was not.
    """

    method: str
    params: dict[str, Any]
    at: float
    chat: str = ""
    status: int = 0
    path: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def refusal(code: int, details: str = "") -> Answer:
    """The platform's error of this code."""
    error: dict[str, Any] = {
        "message": f"(#{code}) {TITLES.get(code, 'Something went wrong')}",
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": "AfakeTrace0000000000001",
    }
    if code == 190:
        error["message"] = "Error validating access token: the session is not valid."
    else:
        said = details or TITLES.get(code, "Something went wrong")
        error["error_data"] = {"messaging_product": "whatsapp", "details": said}
    return as_json(STATUS.get(code, 400), {"error": error})


class GraphApi:
    """The platform. Everything here may be used from any thread."""

    def __init__(
        self,
        token: str = TOKEN,
        *,
        secret: str = "fake-app-secret",
        verify_token: str = "fake-verify-token",
        port: int = 0,
    ) -> None:
        self.token, self.secret, self.verify_token = token, secret, verify_token
        self.phone_number_id, self.account_id, self.display = PHONE_NUMBER_ID, ACCOUNT_ID, DISPLAY
        self.bell = Bell()
        self.server = Server(self._answer, port)
        self.troubles = Troubles(self.server, refusal, 131000, frozenset({"messages"}))
        self.postman = Postman(self.server, self.bell, lambda: self.webhook_url)
        self.envelopes = webhooks.Envelopes(ACCOUNT_ID, PHONE_NUMBER_ID, DISPLAY)
        self.routes = Routes(self)
        self.calls: list[Call] = []
        self.media_calls: list[Call] = []
        self.people: dict[str, Person] = {}
        self.templates: dict[tuple[str, str], str] = {}
        self.receipts: tuple[str, ...] = ()
        self.late_refusals = False
        self.pair_burst = 0
        self.subscribed = True
        self.token_valid = True
        self._url: str | None = None
        self._ahead = 0.0
        self._number = count(1)
        self._held: list[dict[str, Any]] | None = None
        self._held_post: Post | None = None

    def __enter__(self) -> Self:
        self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop(self.postman.close)

    @property
    def url(self) -> str:
        """Before `/{phone_number_id}/messages`: with the version."""
        return f"{self.server.url}/{VERSION}"

    @property
    def webhook_url(self) -> str | None:
        """Where webhooks are posted to; what happens before it is known waits."""
        return self._url

    @webhook_url.setter
    def webhook_url(self, url: str | None) -> None:
        self._url = url
        self.bell.ring()

    def now(self) -> float:
        """The platform's clock, s."""
        return time.time() + self._ahead

    def pass_time(self, seconds: float) -> None:
        """Let time pass at the platform alone."""
        self._ahead += seconds

    def new_id(self, address: str) -> str:
        """A message's id, as unreadable as Meta's."""
        return f"wamid.HBgL{address[-6:]}FQIAERgS{next(self._number):016X}AA=="

    def person(self, identity: Identity = "phone", phone: str | None = None) -> Person:
        """Somebody with WhatsApp."""
        number = next(self._number)
        phone = phone or f"6011{number:07d}"
        person = Person(self, phone, f"MY.{1_349_120_865_530_000 + number}", identity)
        self.people |= {person.phone: person, person.user_id: person}
        return person

    def move(self, person: Person, phone: str, user_id: str) -> None:
        """The person has other ids from now on."""
        with self.bell.lock:
            self.people = {key: one for key, one in self.people.items() if one is not person}
            person.phone, person.user_id = phone, user_id
            self.people |= {phone: person, user_id: person}

    def approve(self, name: str, *languages: str, body: str = "A notice") -> None:
        """Let a template pass in these languages."""
        self.templates |= {(name, language): body for language in languages}

    def sent(self, address: str) -> list[Line]:
        """All that this person was sent, in order."""
        person = self.people.get(address)
        return [line for line in person.history if not line.mine] if person else []

    def called(self, method: str) -> list[Call]:
        """The calls of one kind."""
        return [call for call in self.calls if call.method == method]

    def post(self, value: dict[str, Any], chat: str = "", field: str = "messages") -> Post:
        """Bring a value to the bot, in a webhook of its own or in the one being gathered."""
        with self.bell.lock:
            if self._held is not None and self._held_post is not None:
                self._held.append(value)
                return self._held_post
        return self.post_whole(self.envelopes.whole([value], field=field), chat)

    def post_whole(self, webhook: dict[str, Any], chat: str = "") -> Post:
        """Bring a whole webhook, also one from a recorded sample."""
        return self.postman.bring(self._signed(Post(webhook, chat)))

    def _signed(self, post: Post) -> Post:
        post.body = webhooks.written(post.content)
        post.headers = {webhooks.HEADER: webhooks.signature(self.secret, post.body)}
        return post

    @contextmanager
    def together(self, shape: webhooks.Shape = "messages") -> Iterator[Post]:
        """What is done inside goes out as one webhook: with several messages in one value, several
        changes in one entry, or several entries.
        """
        self._held, self._held_post = [], Post({})
        try:
            yield self._held_post
        finally:
            values, post = self._held, self._held_post
            self._held = self._held_post = None
        values = [self.envelopes.joined(values)] if shape == "messages" else values
        post.content = self.envelopes.whole(values, shape)
        self.postman.bring(self._signed(post))

    def again(self, post: Post) -> Post:
        """The platform is in doubt and posts the same webhook a second time."""
        return self.postman.again(post)

    async def forge(self, how: webhooks.Forgery, person: Person, text: str = "hi") -> int:
        """Somebody else posts a message in this person's name; gives the bot's status."""
        assert self.webhook_url
        head = {**person.names("from", "from_user_id"), "id": self.new_id(person.phone)}
        when = str(int(self.now()))
        said = {**head, "timestamp": when, "type": "text", "text": {"body": text}}
        value = self.envelopes.value(contacts=[person.card], messages=[said])
        body = webhooks.written(self.envelopes.whole([value]))
        headers = webhooks.forged(self.secret, body, how)
        async with httpx.AsyncClient(trust_env=False) as client:
            headers["Content-Type"] = "application/json"
            answer = await client.post(self.webhook_url, content=body, headers=headers)
        return answer.status_code

    async def verify(self, token: str | None = None, challenge: str = "1158201444") -> bool:
        """The handshake of a new webhook address; whether the bot passed it."""
        assert self.webhook_url
        query = {"hub.mode": "subscribe", "hub.challenge": challenge}
        query["hub.verify_token"] = self.verify_token if token is None else token
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(self.webhook_url, params=query)
        return answer.status_code == 200 and answer.text == challenge

    def report(self, message: Line | str, state: str, code: int | None = None) -> Post:
        """Post a receipt for a message: sent, delivered, read, played or failed."""
        id = message.id if isinstance(message, Line) else message
        person, mark = self.routes.sent_to[id]
        address = person.names("recipient_id", "recipient_user_id")
        said = webhooks.status(id, state, self.now(), address, mark, code)
        return self.post(self.envelopes.value(statuses=[said]), person.key)

    async def settled(self, timeout: float = 10.0) -> None:
        """Wait until the bot has taken every webhook."""
        await self.postman.settled(timeout)

    def wait_settled(self, timeout: float = 10.0) -> None:
        """The same, blocking: for tests without an event loop."""
        self.postman.wait_settled(timeout)

    async def _answer(self, request: Request) -> Answer:
        try:
            params = parameters(request)
        except (Malformed, UnicodeDecodeError):
            return refusal(100, "The body is no JSON")
        method = self.routes.method(request, params)
        chat = str(params.get("to") or params.get("recipient") or "")
        call = Call(method, params, self.now(), chat, 0, request.path, request.headers)
        with self.bell.lock:
            self.calls.append(call)
            if method == "media":
                self.media_calls.append(call)
        answer = await self._troubled(call)
        call.status = answer.status if answer.way in ("whole", "cut") else 0
        self.bell.ring()
        return answer

    async def _troubled(self, call: Call) -> Answer:
        strike = self.troubles.strike(call.method, call.chat)
        await self.troubles.late(call.method)
        if strike is None:
            return self._done(call)
        if strike.manner == "refuse":
            return self.troubles.refusal(strike.code)
        return strike.spoil(self._done(call) if strike.taken else as_json(200, {}))

    def _done(self, call: Call) -> Answer:
        try:
            with self.bell.lock:
                return as_json(200, self.routes.answer(call))
        except Refused as why:
            return refusal(why.code, why.details)
