"""Updates on their way to the bot: kept for getUpdates, or posted to the webhook.

Read from the Bot API server's own behaviour: an offset confirms all below it; a negative one keeps
that many from the end; one far in the future is taken for none; a poll that starts to wait ends the
one that waits already.
"""

from __future__ import annotations

import json
from typing import Any, Final

from tests.platforms.bell import Bell
from tests.platforms.bot_api_limits import SECRET, Refused, bad
from tests.platforms.forms import structured
from tests.platforms.postman import Post, Postman

FIRST: Final = 871_000_001
ACTIVE: Final = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
OTHER: Final = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
SET: Final = "Conflict: terminated by setWebhook request"
DEFAULT_OFF: Final = {"chat_member", "message_reaction", "message_reaction_count"}


class Updates:
    """The bot's one queue. `allowed`: what the bot asked for last (None: the default). `polls`:
    the parameters of every getUpdates.
    """

    def __init__(self, bell: Bell, *, plain_webhooks: bool) -> None:
        self._bell = bell
        self._plain = plain_webhooks
        self._next = FIRST
        self._queue: dict[int, Post] = {}
        self._poll = self._waits = 0
        self._ended_by_webhook = False
        self.postman: Postman
        """Set by the platform, before anything is added."""
        self.allowed: list[str] | None = None
        self.polls: list[dict[str, Any]] = []
        self.webhook: dict[str, Any] | None = None

    def address(self) -> str | None:
        """Where updates are posted to."""
        return self.webhook["url"] if self.webhook else None

    def add(self, kind: str, content: dict[str, Any], chat: str = "") -> Post | None:
        """A new update; None when the bot has not asked for this kind."""
        with self._bell.lock:
            if not self._wanted(kind):
                return None
            number, self._next = self._next, self._next + 1
            update = {"update_id": number, kind: content}
            post = Post(update, chat, json.dumps(update, ensure_ascii=False).encode())
            if self.webhook is None:
                self._queue[number] = post
                self.postman.posts.append(post)
            else:
                self._post(post)
        self._bell.ring()
        return post

    def skip(self, to: int) -> None:
        """Go on with another number, as the platform does after a quiet week."""
        with self._bell.lock:
            assert not self._queue
            self._next = to

    @property
    def pending(self) -> int:
        """Updates that are not confirmed."""
        return len(self._queue)

    def _wanted(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in DEFAULT_OFF

    def _post(self, post: Post) -> None:
        assert self.webhook is not None
        secret = self.webhook["secret_token"]
        post.headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        self.postman.bring(post)

    def set(self, params: dict[str, Any], pending: bool) -> bool:
        """setWebhook; without an address, deleteWebhook."""
        url = str(params.get("url", ""))
        secret = str(params.get("secret_token", ""))
        if url and not url.startswith(("https://", "http://") if self._plain else "https://"):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if len(secret) > 256:
            raise bad("secret token is too long")
        if not SECRET.fullmatch(secret):
            raise bad("secret token contains unallowed characters")
        with self._bell.lock:
            self._ask_for(params)
            self.webhook = {**params, "url": url, "secret_token": secret} if url else None
            if not pending:
                self._confirm(self._next)
            if url:
                self._ended_by_webhook, self._poll = True, self._poll + 1
                waiting, self._queue = self._queue, {}
                for post in waiting.values():
                    self.postman.posts.remove(post)
                    self._post(post)
        self._bell.ring()
        return True

    def info(self) -> dict[str, Any]:
        """getWebhookInfo."""
        hook = self.webhook or {}
        said = {"allowed_updates": self.allowed} if self.allowed else {}
        if hook:
            said["max_connections"] = int(hook.get("max_connections", 40))  # type: ignore[assignment]
        return {
            "url": hook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": self.pending,
            **said,
        }

    def _ask_for(self, params: dict[str, Any]) -> None:
        if params.get("allowed_updates") not in (None, ""):
            self.allowed = structured(params["allowed_updates"]) or None

    async def get(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        """getUpdates: waits up to `timeout` seconds for the first one."""
        offset = int(params.get("offset") or 0)
        limit = min(max(int(params.get("limit") or 100), 1), 100)
        timeout = min(max(int(params.get("timeout") or 0), 0), 50)
        with self._bell.lock:
            if self.webhook is not None:
                raise Refused(409, ACTIVE)
            self.polls.append(params)
            self._ask_for(params)
            self._forget(offset)
            if self._queue or not timeout:
                return self._first(limit)
            self._ended_by_webhook = False
            self._poll, self._waits = self._poll + 1, self._waits + 1
            mine = self._poll
        self._bell.ring()
        await self._bell.heard(lambda: self._queue or self._poll != mine, timeout)
        with self._bell.lock:
            if self._poll != mine:
                raise Refused(409, SET if self._ended_by_webhook else OTHER)
            return self._first(limit)

    @property
    def waits(self) -> int:
        """How many polls have begun to wait so far."""
        return self._waits

    def _forget(self, offset: int) -> None:
        if offset < 0:
            self._confirm(sorted(self._queue)[offset:][0] if self._queue else 0)
        elif offset <= self._next + 10:
            self._confirm(offset)

    def _confirm(self, below: int) -> None:
        for number in [one for one in self._queue if one < below]:
            self._queue.pop(number).done = True
        self._bell.ring()

    def _first(self, limit: int) -> list[dict[str, Any]]:
        return [self._queue[number].content for number in sorted(self._queue)[:limit]]
