"""The methods of the fake Bot API: each takes the platform and the parameters, under its lock, and
gives the result or raises Refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from tests.platforms import bot_api_limits as limits
from tests.platforms.bot_api_limits import Refused, bad
from tests.platforms.screen import Line

if TYPE_CHECKING:
    from tests.platforms.bot_api import BotApi
    from tests.platforms.bot_api_people import Person

HOURS_48: Final = 48 * 3600.0
ACTIONS: Final = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip
TEXTS: Final = {"Name": ("name", 64), "Description": ("description", 512)}
TEXTS["ShortDescription"] = ("short_description", 120)
NO_QUERY: Final = "query is too old and response timeout expired or query ID is invalid"
SAME: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
Params = dict[str, Any]
Method = Callable[["BotApi", Params], Any]


def _person(api: BotApi, params: Params) -> Person:
    chat = str(params.get("chat_id", ""))
    if not chat:
        raise bad("chat_id is empty")
    person = api.people.get(chat)
    if person is None or not person.known:
        raise bad("chat not found")
    return person


def _reachable(api: BotApi, params: Params) -> Person:
    person = _person(api, params)
    if person.blocked:
        raise Refused(403, "Forbidden: bot was blocked by the user")
    return person


def _message(api: BotApi, params: Params, person: Person, name: str, limit: int) -> Params:
    long = "message is too long" if name == "text" else "message caption is too long"
    text = limits.text_of(params, name, limit, long)
    if name == "text" and not text:
        raise bad("message text is empty")
    markup, _ = limits.keyboard(params.get("reply_markup"))
    message = {
        "message_id": next(api.message_ids),
        "from": api.me,
        "chat": person.chat,
        "date": int(api.now()),
        **({name: text} if text else {}),
        **({"reply_markup": markup} if markup and "inline_keyboard" in markup else {}),
    }
    if params.get("protect_content") in (True, "true", "True"):
        message["has_protected_content"] = True
    return message


def _show(api: BotApi, params: Params, person: Person, message: Params, **more: Any) -> Params:
    _, buttons = limits.keyboard(params.get("reply_markup"))
    text = message.get("text") or message.get("caption") or ""
    line = Line(str(message["message_id"]), text, buttons, at=api.now(), **more)
    person.receive(line, message)
    return message


def send_message(api: BotApi, params: Params) -> Params:
    person = _reachable(api, params)
    return _show(api, params, person, _message(api, params, person, "text", limits.TEXT))


def send_photo(api: BotApi, params: Params) -> Params:
    person = _reachable(api, params)
    photo = params.get("photo")
    if isinstance(photo, str) and photo.startswith("attach://"):
        photo = params.get(photo.removeprefix("attach://"))
    if not isinstance(photo, bytes) or not photo:
        raise bad("there is no photo in the request")
    if len(photo) > 10 << 20:
        raise Refused(413, "Request Entity Too Large")
    message = _message(api, params, person, "caption", limits.CAPTION)
    name = f"photo-{message['message_id']}"
    size = {"file_id": name, "file_unique_id": name, "width": 640, "height": 480}
    message["photo"] = [{**size, "file_size": len(photo)}]
    return _show(api, params, person, message, kind="photo", picture=photo)


def _own(api: BotApi, params: Params, verb: str) -> tuple[Person, Line]:
    person = _person(api, params)
    line = person.lines.get(str(params.get("message_id", "")))
    if line is None or line.deleted:
        raise bad(f"message to {verb} not found")
    return person, line


def edit_message_text(api: BotApi, params: Params) -> Params:
    person, line = _own(api, params, "edit")
    if line.mine or line.kind != "text":
        raise bad("message can't be edited")
    text = limits.text_of(params, "text", limits.TEXT, "message is too long")
    if not text:
        raise bad("message text is empty")
    markup, buttons = limits.keyboard(params.get("reply_markup"))
    if (text, buttons) == (line.text, line.buttons):
        raise bad(SAME)
    person.lines.change(line.id, text=text, buttons=buttons, edited=True)
    message = {**person.messages[line.id], "text": text, "edit_date": int(api.now())}
    message.pop("reply_markup", None)
    if markup:
        message["reply_markup"] = markup
    person.messages[line.id] = message
    return message


def _deletable(api: BotApi, line: Line | None) -> bool:
    return line is not None and not line.deleted and api.now() - line.at < HOURS_48


def delete_message(api: BotApi, params: Params) -> bool:
    person, line = _own(api, params, "delete")
    if not _deletable(api, line):
        raise bad("message can't be deleted for everyone")
    person.lines.change(line.id, deleted=True)
    return True


def delete_messages(api: BotApi, params: Params) -> bool:
    """What cannot be found or is too old is skipped, and the answer is the same."""
    wanted = limits.identifiers(params.get("message_ids"))
    person = _person(api, params)
    for id in map(str, wanted):
        if _deletable(api, person.lines.get(id)):
            person.lines.change(id, deleted=True)
    return True


def answer_callback_query(api: BotApi, params: Params) -> bool:
    if len(str(params.get("text", ""))) > 200:
        raise bad("MESSAGE_TOO_LONG")
    id = str(params.get("callback_query_id", ""))
    if api.queries.get(id, params) is not None:
        raise bad(NO_QUERY)
    api.queries[id] = params
    return True


def send_chat_action(api: BotApi, params: Params) -> bool:
    person = _reachable(api, params)
    if params.get("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    person.actions.append(str(params["action"]))
    return True


def _scope(params: Params) -> str:
    return str(params.get("scope") or "")


def set_my_commands(api: BotApi, params: Params) -> bool:
    found = limits.commands(params.get("commands"))
    api.profile["commands", _scope(params), limits.language(params)] = found
    return True


def get_my_commands(api: BotApi, params: Params) -> list[dict[str, str]]:
    found: list[dict[str, str]] = api.profile.get(
        ("commands", _scope(params), limits.language(params)), []
    )
    return found


def delete_my_commands(api: BotApi, params: Params) -> bool:
    api.profile.pop(("commands", _scope(params), limits.language(params)), None)
    return True


def _setter(name: str, limit: int) -> Method:
    def method(api: BotApi, params: Params) -> bool:
        text = str(params.get(name, ""))
        if limits.units(text) > limit:
            raise bad(f"{name.replace('_', ' ')} is too long")
        api.profile[name, "", limits.language(params)] = text
        return True

    return method


def _getter(name: str) -> Method:
    def method(api: BotApi, params: Params) -> dict[str, str]:
        usual = api.profile.get((name, "", ""), "")
        return {name: api.profile.get((name, "", limits.language(params))) or usual}

    return method


def get_me(api: BotApi, params: Params) -> Params:
    abilities = dict.fromkeys(
        ("can_read_all_group_messages", "supports_inline_queries", "has_main_web_app"), False
    )
    return {**api.me, "can_join_groups": False, "can_connect_to_business": False, **abilities}


def delete_webhook(api: BotApi, params: Params) -> bool:
    return set_webhook(api, {**params, "url": ""})


def set_webhook(api: BotApi, params: Params) -> bool:
    dropped = params.get("drop_pending_updates") in (True, "true", "True")
    return api.updates.set(params, pending=not dropped)


def get_chat(api: BotApi, params: Params) -> Params:
    return _person(api, params).chat


METHODS: Final[dict[str, Method]] = {
    "getme": get_me,
    "getchat": get_chat,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": lambda api, params: api.updates.info(),
    "sendmessage": send_message,
    "sendphoto": send_photo,
    "editmessagetext": edit_message_text,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
    "answercallbackquery": answer_callback_query,
    "sendchataction": send_chat_action,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "getfile": lambda api, params: _no_file(),
}
for _name, (_field, _limit) in TEXTS.items():
    METHODS[f"setmy{_name.lower()}"] = _setter(_field, _limit)
    METHODS[f"getmy{_name.lower()}"] = _getter(_field)


def _no_file() -> Params:
    """A child's picture is never fetched; the call stands in `media_calls`."""
    raise bad("wrong file_id or the file is temporarily unavailable")
