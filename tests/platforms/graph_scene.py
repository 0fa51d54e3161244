"""What the tests of the fake Cloud API share: a bot at the other end, and messages to send."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.platforms.graph_api import GraphApi
from tests.platforms.graph_api_people import Person
from tests.platforms.graph_webhooks import signature
from tests.platforms.server import Answer, Request, Server, as_json


class Bot:
    """The other end: takes webhooks, and says no as often as it is told."""

    def __init__(self, api: GraphApi) -> None:
        self._api = api
        self.refuse = 0
        self.server = Server(self._answer)
        self.bodies: list[bytes] = []
        self.refused = 0

    async def _answer(self, request: Request) -> Answer:
        if request.method == "GET":
            right = request.query["hub.verify_token"] == self._api.verify_token
            return Answer(200 if right else 403, request.query["hub.challenge"].encode(), "text/x")
        if request.headers.get("x-hub-signature-256") != signature(self._api.secret, request.body):
            self.refused += 1
            return as_json(401, {})
        self.bodies.append(request.body)
        self.refuse -= 1
        return as_json(200 if self.refuse < 0 else 500, {})

    @property
    def values(self) -> list[dict[str, Any]]:
        entries = [entry for body in self.bodies for entry in json.loads(body)["entry"]]
        return [change["value"] for entry in entries for change in entry["changes"]]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [one for value in self.values for one in value.get("messages", [])]


async def ask(api: GraphApi, body: dict[str, Any], token: str = "") -> tuple[int, Any]:
    """POST to the number's messages: the status, and the answer or (code, details)."""
    headers = {"Authorization": f"Bearer {token or api.token}"}
    url = f"{api.url}/{api.phone_number_id}/messages"
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(url, json=body, headers=headers)
    said = answer.json()
    if "error" not in said:
        return answer.status_code, said
    error = said["error"]
    assert error["type"] == "OAuthException"
    assert error["fbtrace_id"]
    return answer.status_code, (error["code"], error.get("error_data", {}).get("details", ""))


def to(person: Person, **content: Any) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "to": person.phone, **content}


def text(person: Person, body: str, **more: Any) -> dict[str, Any]:
    return to(person, type="text", text={"body": body}, **more)


def buttons(*titles: str, body: str = "Go?", ids: tuple[str, ...] = ()) -> dict[str, Any]:
    found = [
        {"type": "reply", "reply": {"id": ids[n] if ids else f"b{n}", "title": title}}
        for n, title in enumerate(titles)
    ]
    inner = {"type": "button", "body": {"text": body}, "action": {"buttons": found}}
    return {"type": "interactive", "interactive": inner}


def rows(*sections: dict[str, Any], button: str = "Choose", body: str = "Which?") -> dict[str, Any]:
    action = {"button": button, "sections": list(sections)}
    inner = {"type": "list", "body": {"text": body}, "action": action}
    return {"type": "interactive", "interactive": inner}


def section(*ids: str, title: str = "", row: str = "Row", note: str = "Note") -> dict[str, Any]:
    named = {"title": title} if title else {}
    return {**named, "rows": [{"id": id, "title": row, "description": note} for id in ids]}


def friend(api: GraphApi, identity: Any = "phone") -> Person:
    person = api.person(identity)
    person.write("hi")
    return person
