"""Brings webhooks to the bot, again and again until it takes them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import aiohttp

from tests.platforms.bell import Bell
from tests.platforms.server import Server

AGAIN_S: Final = 0.1
"""Between two tries; the platforms wait longer, and ever longer."""
PATIENCE_S: Final = 10.0


@dataclass
class Post:
    """One webhook or update on its way. `statuses`: what the bot answered to each try, 0 for no
    answer at all. `done`: it was taken (or, when polled, confirmed). `content` is what it says.
    """

    content: Any
    chat: str = ""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    tries: int | None = None
    statuses: list[int] = field(default_factory=list)
    done: bool = False
    given_up: bool = False


class Postman:
    """Posts to `address()`, which is asked before each try; while it is None the post waits.

    Posts of one chat go one after the other, those of different chats at once.
    """

    def __init__(self, server: Server, bell: Bell, address: Callable[[], str | None]) -> None:
        self._server = server
        self._bell = bell
        self._address = address
        self._turns: dict[str, asyncio.Lock] = {}
        self._client: aiohttp.ClientSession | None = None
        self.posts: list[Post] = []

    def bring(self, post: Post) -> Post:
        """Bring it; returns at once."""
        with self._bell.lock:
            self.posts.append(post)
        self._server.spawn(self._in_turn(post))
        return post

    def again(self, post: Post) -> Post:
        """Bring the very same bytes once more, as platforms do when they are in doubt."""
        return self.bring(replace(post, statuses=[], done=False, given_up=False))

    async def settled(self, timeout: float = PATIENCE_S) -> None:
        """Wait until every post was taken or given up."""
        assert await self._bell.heard(self._all_done, timeout), self._left()

    def wait_settled(self, timeout: float = PATIENCE_S) -> None:
        """The same, blocking."""
        assert self._bell.wait(self._all_done, timeout), self._left()

    def _all_done(self) -> bool:
        return all(post.done or post.given_up for post in self.posts)

    def _left(self) -> str:
        left = [post for post in self.posts if not (post.done or post.given_up)]
        return f"{len(left)} not taken; answers so far: {[post.statuses for post in left]}"

    async def _in_turn(self, post: Post) -> None:
        async with self._turns.setdefault(post.chat, asyncio.Lock()):
            while not (post.done or post.given_up):
                await self._bell.heard(self._address, 3600)
                if not await self._try(post):
                    await asyncio.sleep(AGAIN_S)

    async def _try(self, post: Post) -> bool:
        address = self._address()
        if address is None:
            return False
        status = await self.once(address, post)
        with self._bell.lock:
            post.statuses.append(status)
            post.done = 200 <= status < 300
            post.given_up = post.tries is not None and len(post.statuses) >= post.tries
        self._bell.ring()
        return post.done or post.given_up

    async def once(self, address: str, post: Post) -> int:
        """One try; gives the status, or 0 when there was none."""
        if self._client is None:
            timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
            self._client = aiohttp.ClientSession(trust_env=False, timeout=timeout)
        headers = {"Content-Type": "application/json", **post.headers}
        try:
            async with self._client.post(address, data=post.body, headers=headers) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
