"""What the fake Graph API does with a call, once it is read: under its lock, gives the answer or
raises Refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tests.platforms import graph_limits as limits
from tests.platforms.graph_limits import Refused
from tests.platforms.screen import Line
from tests.platforms.server import Request

if TYPE_CHECKING:
    from tests.platforms.graph_api import Call, GraphApi
    from tests.platforms.graph_api_people import Person

DAY_S: Final = 24 * 3600.0
PAIR_S: Final = 6.0
PATH: Final = re.compile(r"/v\d+\.\d+/([^/]+)(?:/([^/]+))?")
EDGES: Final = {"message_templates": "templates", "subscribed_apps": "subscribed"}
NUMBER: Final = {
    "verified_name": "Teman",
    "quality_rating": "GREEN",
    "code_verification_status": "VERIFIED",
    "name_status": "APPROVED",
    "status": "CONNECTED",
    "throughput": {"level": "STANDARD"},
    "whatsapp_business_manager_messaging_limit": "TIER_250",
}


class Routes:
    """`sent_to`: whom a message went to, and the business's mark on it."""

    def __init__(self, api: GraphApi) -> None:
        self._api = api
        self._debts: dict[str, float] = {}
        self.sent_to: dict[str, tuple[Person, str]] = {}

    def method(self, request: Request, params: dict[str, Any]) -> str:
        """Which kind of call this is."""
        if request.path.startswith("/attachments"):
            return "media"
        found = PATH.fullmatch(request.path)
        if not found:
            return "unknown"
        node, edge = found[1], found[2]
        if request.method == "POST" and edge == "messages":
            return "read" if "status" in params else "messages"
        if request.method == "GET" and edge in EDGES and node == self._api.account_id:
            return EDGES[edge]
        if request.method == "GET" and node == "debug_token":
            return "token"
        if request.method == "GET" and edge is None and node == self._api.phone_number_id:
            return "number"
        if edge == "media" or (edge is None and node.isdigit()):
            return "media"
        return "unknown"

    def answer(self, call: Call) -> dict[str, Any]:
        """Do what the call says."""
        bearer = call.headers.get("authorization", "")
        given = bearer.removeprefix("Bearer ") if bearer else call.params.get("access_token")
        if given != self._api.token or not self._api.token_valid:
            raise Refused(190, "")
        match call.method:
            case "messages":
                return self._message(call)
            case "read":
                return self._read(call)
            case "number":
                return self._number(call)
            case "templates":
                return {"data": [self._template(*key) for key in self._api.templates]}
            case "subscribed":
                return {"data": [self._app()] if self._api.subscribed else []}
            case "token":
                scopes = ["whatsapp_business_management", "whatsapp_business_messaging"]
                return {
                    "data": {"is_valid": True, "expires_at": 0, "scopes": scopes, "app_id": "7"}
                }
            case _:
                raise Refused(100, "Unsupported request: no such object or edge")

    def _our_number(self, call: Call) -> None:
        if PATH.fullmatch(call.path)[1] != self._api.phone_number_id:  # type: ignore[index]
            raise Refused(100, "Unsupported post request. Object does not exist")

    def _number(self, call: Call) -> dict[str, Any]:
        known = {**NUMBER, "display_phone_number": self._api.display}
        wanted = str(call.params.get("fields") or "verified_name,display_phone_number").split(",")
        if unknown := [name for name in wanted if name not in known and name != "id"]:
            raise Refused(100, f"Tried accessing nonexisting field ({unknown[0]})")
        found = {name: known[name] for name in wanted if name in known}
        return {**found, "id": self._api.phone_number_id}

    def _template(self, name: str, language: str) -> dict[str, Any]:
        body = {"type": "BODY", "text": self._api.templates[name, language]}
        about = {"name": name, "language": language, "status": "APPROVED", "category": "UTILITY"}
        return {**about, "components": [body], "id": "900000000000001"}

    def _app(self) -> dict[str, Any]:
        return {"whatsapp_business_api_data": {"id": "7", "name": "Teman", "link": ""}}

    def _read(self, call: Call) -> dict[str, bool]:
        self._our_number(call)
        params = call.params
        id = str(params.get("message_id", ""))
        bubble = params.get("typing_indicator")
        if params.get("status") != "read" or params.get("messaging_product") != "whatsapp":
            raise Refused(100, "Param status must be one of {READ}")
        if bubble is not None and bubble != {"type": "text"}:
            raise Refused(100, "Param typing_indicator['type'] must be one of {TEXT}")
        for person in set(self._api.people.values()):
            line = person.lines.get(id)
            if line is not None and line.mine:
                person.read.append(id)
                if bubble:
                    person.typing.append(id)
                return {"success": True}
        raise Refused(131009, "Message id is not known")

    def _message(self, call: Call) -> dict[str, Any]:
        self._our_number(call)
        address = limits.recipient(call.params)
        text, buttons = limits.read(call.params)
        mark = limits.opaque(call.params)
        kind = str(call.params.get("type", "text"))
        if kind == "template":
            text = self._template_text(call.params.get("template"))
        person = self._api.people.get(address)
        code = self._why_not(person, kind)
        if code and not (self._api.late_refusals and person):
            raise Refused(code, limits.TITLES[code])
        assert person is not None
        return self._taken(call, person, Line("", text, buttons), mark, code)

    def _taken(
        self, call: Call, person: Person, line: Line, mark: str, code: int
    ) -> dict[str, Any]:
        id = self._api.new_id(person.phone)
        self.sent_to[id] = (person, mark)
        kind = str(call.params.get("type", "text"))
        if kind == "interactive":
            kind = str(call.params["interactive"]["type"])
        if code:
            self._api.report(id, "failed", code)
        else:
            at = self._api.now()
            person.lines.add(Line(id, line.text, line.buttons, at=at, kind=kind))
            for state in self._api.receipts:
                self._api.report(id, state)
        by_number = bool(call.params.get("to"))
        contact = {"input": call.chat, "wa_id" if by_number else "user_id": call.chat.lstrip("+")}
        return {
            "messaging_product": "whatsapp",
            "contacts": [contact],
            "messages": [{"id": id, **self._pace(kind)}],
        }

    def _pace(self, kind: str) -> dict[str, str]:
        return {"message_status": "accepted"} if kind == "template" else {}

    def _why_not(self, person: Person | None, kind: str) -> int:
        now = self._api.now()
        if person is None:
            return 131026
        if kind != "template" and (person.wrote_at is None or now - person.wrote_at > DAY_S):
            return 131047
        if self._api.pair_burst:
            debt = max(self._debts.get(person.phone, 0.0), now) + PAIR_S
            if debt - now > PAIR_S * self._api.pair_burst + 0.001:
                return 131056
            self._debts[person.phone] = debt
        return 0

    def _template_text(self, raw: Any) -> str:
        template = raw if isinstance(raw, dict) else {}
        name = limits.template_name(template)
        language = template.get("language")
        code = str(language.get("code", "")) if isinstance(language, dict) else ""
        body = self._api.templates.get((name, code))
        if body is None:
            raise Refused(132001, f"template name ({name}) does not exist in {code}")
        given = limits.template_values(template)
        wanted = len(set(re.findall(r"\{\{(\w+)\}\}", body)))
        if len(given) != wanted:
            raise Refused(132000, f"body: number of localizable_params ({len(given)}) does not "
                                  f"match the expected number of params ({wanted})")  # fmt: skip
        for number, value in enumerate(given, 1):
            body = body.replace(f"{{{{{number}}}}}", value)
        return body
