"""What goes wrong at the web's doors is answered here, with the help lines wherever a person may
read it.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.errors import TemanError
from bot.texts import LIFELINE
from bot.web.pages import Pages

DATA_PATHS: Final = ("/chat/", "/readyz")
"""Below these a script asks, not a person: errors are JSON."""
MACHINE_PATHS: Final = ("/intake/",)
"""Below these no child is behind the script: errors are JSON without help lines."""


class Refused(TemanError):
    """A request that is not taken; nothing of it was looked at further. The reason is for a
    programmer.
    """

    def __init__(self, status: int, reason: str, *, wait_s: int | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.wait_s = wait_s


def refusal(status: int, reason: str, *, wait_s: int | None = None) -> JSONResponse:
    """A refusal for a script, with the help lines in four languages. `wait_s`: seconds until
    another try makes sense.
    """
    return _json({"error": reason, "help": {**LIFELINE}}, status, wait_s)


def _json(said: dict[str, object], status: int, wait_s: int | None) -> JSONResponse:
    headers = None if wait_s is None else {"Retry-After": str(wait_s)}
    return JSONResponse(said, status, headers)


def answer(
    pages: Pages, request: Request, status: int, reason: str, *, wait_s: int | None = None
) -> Response:
    """The refusal in the form the path is asked in: JSON for a script, a plain page for people."""
    if request.url.path.startswith(MACHINE_PATHS):
        return _json({"error": reason}, status, wait_s)
    posted_back = request.url.path == "/back" and request.method == "POST"
    if posted_back or request.url.path.startswith(DATA_PATHS):
        return refusal(status, reason, wait_s=wait_s)
    return pages.trouble(status)
