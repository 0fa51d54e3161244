"""What the tests of the fake Bot API share."""

from __future__ import annotations

from typing import Any

import httpx

from tests.platforms.bot_api import BotApi
from tests.platforms.bot_api_people import Person


async def ask(api: BotApi, method: str, **params: Any) -> tuple[int, Any]:
    """A call with JSON: the status, and the result or the description."""
    async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
        answer = await client.post(f"{api.url}/bot{api.token}/{method}", json=params)
    said = answer.json()
    assert said["ok"] is (answer.status_code == 200)
    if said["ok"]:
        return 200, said["result"]
    assert said["error_code"] == answer.status_code
    return answer.status_code, said["description"]


def friend(api: BotApi) -> Person:
    """Somebody who has written before."""
    person = api.person()
    person.start()
    return person


def keys(*tokens: str) -> dict[str, Any]:
    rows = [[{"text": f"Label {n}", "callback_data": one}] for n, one in enumerate(tokens)]
    return {"inline_keyboard": rows}
