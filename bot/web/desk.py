"""The desk: where case workers read reports and answer them. It works without scripts.

A page with a child's words is read only by a person: prefetches and HEAD requests are sent away,
and every reading leaves an audit line.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.errors import StoreUnavailable, Unreadable
from bot.host import desk as deeds
from bot.host import desk_reading, staff
from bot.host.receive import Host
from bot.messages import LANGUAGES, Words, clean
from bot.texts import local
from bot.web import desk_page, staff_signin
from bot.web.desk_page import Draft, Said
from bot.web.desk_terms import CLOSE_REASONS
from bot.web.staff_signin import Form, NotTaken

log = logging.getLogger(__name__)
Handler = Callable[[Request], Awaitable[Response]]

WRONG: Final = "Name or password is not right."
WAIT: Final = "Too many tries. Wait 15 minutes, or ask a supervisor."
SAID: Final = {
    "claimed": Said("The report is with you now.", "good"),
    "released": Said("The report is back in the queue.", "good"),
    "answered": Said("The answer is kept. It reaches the chat in the way said below.", "good"),
    "done_closed": Said("The report is closed.", "good"),
    "held": Said("Somebody else has claimed it a moment ago.", "warn"),
    "not_yours": Said("Claim the report first: it is not with you. Nothing was changed.", "bad"),
    "closed": Said("The report is not open any more. Nothing was changed.", "bad"),
    "failed": Said("The chat could not take the answer. It was not kept: try again.", "bad"),
    "empty": Said("The answer is empty.", "bad"),
    "too_long": Said("The answer is longer than 4,096 characters. Nothing was sent.", "bad"),
    "no_reason": Said("Choose why the report is closed.", "bad"),
    "not_found": Said("No report has that reference.", "warn"),
}


def routes(host: Host) -> list[Route]:
    """Everything under /desk."""
    desk = Desk(host)
    report = "/desk/reports/{case}"
    return [
        Route("/desk", desk.guard(desk.queue)),
        Route("/desk/", desk.guard(desk.queue)),
        Route("/desk/sign-in", desk.guard(desk.sign_in_page)),
        Route("/desk/sign-in", desk.guard(desk.sign_in), methods=["POST"]),
        Route("/desk/sign-out", desk.guard(desk.sign_out), methods=["POST"]),
        Route("/desk/find", desk.guard(desk.find)),
        Route("/desk/audit", desk.guard(desk.audit)),
        Route(report, desk.guard(desk.report)),
        Route(report + "/claim", desk.guard(desk.claim), methods=["POST"]),
        Route(report + "/release", desk.guard(desk.release), methods=["POST"]),
        Route(report + "/reply", desk.guard(desk.reply), methods=["POST"]),
        Route(report + "/close", desk.guard(desk.close), methods=["POST"]),
    ]


class Desk:
    """The handlers, with the host they speak to."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.door = staff.Door(host.store, host.clock)
        self.page = desk_page.Page(host.house)

    def guard(self, handler: Handler) -> Handler:
        """The same handler, with every refusal answered by a page that says what was not done."""

        async def guarded(request: Request) -> Response:
            try:
                return await handler(request)
            except NotTaken as refused:
                return self.page.trouble(refused.status)
            except StoreUnavailable:
                log.warning("the desk could not reach the store")
                return self.page.trouble(503)
            except Unreadable:
                log.error("a report could not be read at the desk")
                return self.page.trouble(500)

        return guarded

    # -- the door

    async def sign_in_page(self, _: Request) -> Response:
        """The way in."""
        return self.page.sign_in()

    async def sign_in(self, request: Request) -> Response:
        """Name and password for a session; what does not fit is not said."""
        form = await staff_signin.posted(request)
        client = request.client.host if request.client else ""
        tried = await self.door.sign_in(form.get("name"), form.get("password"), client)
        if tried.result == "wait":
            return self.page.sign_in(WAIT, status=429)
        if tried.result == "wrong":
            return self.page.sign_in(WRONG, status=401)
        response = staff_signin.to("/desk")
        staff_signin.give_cookie(response, self.host, tried.token)
        return response

    async def sign_out(self, request: Request) -> Response:
        """The end of a shift."""
        seat, _ = await self.acting(request)
        await self.door.sign_out(staff_signin.token_of(request, self.host), seat)
        response = staff_signin.to("/desk/sign-in")
        staff_signin.take_cookie(response, self.host)
        return response

    async def seat(self, request: Request) -> staff.Seat | None:
        """Who is signed in. A page that asks again by itself (`auto`) keeps nobody signed in."""
        here = "auto" not in request.query_params
        return await self.door.seat(staff_signin.token_of(request, self.host), here=here)

    async def acting(self, request: Request) -> tuple[staff.Seat, Form]:
        """Who posts, and what. Raises NotTaken for a stranger and for a form of another session."""
        form = await staff_signin.posted(request)
        seat = await self.seat(request)
        if seat is None:
            raise NotTaken(401, "nobody is signed in")
        if not staff.same(form.get("csrf"), seat.csrf):
            raise NotTaken(403, "the form token does not fit the session")
        return seat, form

    # -- pages

    async def queue(self, request: Request) -> Response:
        """The open reports."""
        seat = await self.seat(request)
        if seat is None:
            return staff_signin.to("/desk/sign-in")
        found = await desk_reading.queue(self.host)
        said = SAID.get(request.query_params.get("said", ""))
        now = self.host.clock()
        age = self.host.library.helplines.oldest(local(now).date())
        return self.page.queue(seat, found, now=now, said=said, facts_age=age)

    async def find(self, request: Request) -> Response:
        """From a reference to its report."""
        if await self.seat(request) is None:
            return staff_signin.to("/desk/sign-in")
        typed = request.query_params.get("reference", "").upper()
        letters = "".join(letter for letter in typed if letter.isalnum())
        case = await desk_reading.find(self.host, f"{letters[:3]}-{letters[3:6]}")
        return staff_signin.to(f"/desk/reports/{case}" if case else "/desk?said=not_found")

    async def audit(self, request: Request) -> Response:
        """Who did what; for supervisors."""
        seat = await self.seat(request)
        if seat is None:
            return staff_signin.to("/desk/sign-in")
        if not seat.supervisor:
            return self.page.trouble(404)
        return self.page.audit(seat, await desk_reading.audits(self.host))

    async def report(self, request: Request) -> Response:
        """One report with its words: a reading, and on record as one."""
        seat = await self.seat(request)
        if seat is None:
            return staff_signin.to("/desk/sign-in")
        if not staff_signin.by_a_person(request):
            return Response(status_code=204, headers=staff_signin.POLICY)
        said = SAID.get(request.query_params.get("said", ""))
        return await self.opened(seat, case_of(request), said=said)

    async def opened(
        self,
        seat: staff.Seat,
        case: str,
        *,
        said: Said | None,
        draft: Draft | None = None,
        status: int = 200,
    ) -> Response:
        """The page of one report."""
        found = await desk_reading.read(self.host, seat, case)
        if found is None:
            return self.page.trouble(404)
        blank = draft or Draft(once=staff_signin.new_id(self.host))
        return self.page.report(seat, found, draft=blank, said=said, status=status)

    # -- deeds

    async def claim(self, request: Request) -> Response:
        """This one is mine."""
        seat, _ = await self.acting(request)
        case = case_of(request)
        return _after(case, await deeds.claim(self.host, seat, case), "claimed")

    async def release(self, request: Request) -> Response:
        """Back to the queue."""
        seat, _ = await self.acting(request)
        case = case_of(request)
        return _after(case, await deeds.release(self.host, seat, case), "released")

    async def close(self, request: Request) -> Response:
        """The work is done."""
        seat, form = await self.acting(request)
        case, reason = case_of(request), form.get("reason")
        if reason not in CLOSE_REASONS:
            return staff_signin.to(f"/desk/reports/{case}?said=no_reason")
        return _after(case, await deeds.close(self.host, seat, case, reason=reason), "done_closed")

    async def reply(self, request: Request) -> Response:
        """An answer; whatever happens, what was typed comes back until it is kept."""
        seat, form = await self.acting(request)
        case = case_of(request)
        text = form.get("text").replace("\r\n", "\n").strip()
        once = form.get("once")
        draft = Draft(text, form.get("language"), once)
        if not staff_signin.is_id(once):
            raise NotTaken(400, "the form has no id")
        if not text or len(text) > deeds.REPLY_LIMIT:
            said = SAID["empty" if not text else "too_long"]
            return await self.opened(seat, case, said=said, draft=draft, status=400)
        try:
            result = await deeds.reply(
                self.host, seat, case, once=once, text=Words(clean(text)),
                language=next((x for x in LANGUAGES if x == draft.language), None),
            )  # fmt: skip
            if result in ("done", "again"):
                return _after(case, result, "answered")
            return await self.opened(seat, case, said=SAID[result], draft=draft, status=409)
        except StoreUnavailable:
            log.warning("the desk could not reach the store")
            return self.page.unsent(seat, case, draft)


def case_of(request: Request) -> str:
    """The report of the path. Raises NotTaken (404)."""
    case = str(request.path_params["case"])
    if not staff_signin.is_id(case):
        raise NotTaken(404, "no such report")
    return case


def _after(case: str, result: deeds.Result, done: str) -> Response:
    if result == "gone":
        raise NotTaken(404, "no such report")
    said = done if result in ("done", "again") else result
    return staff_signin.to(f"/desk/reports/{case}?said={said}")
