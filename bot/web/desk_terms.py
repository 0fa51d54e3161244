"""How the desk says things: codes of a report in plain English, times, ages, languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

LANGUAGE_NAMES: Final = {"ms": "Malay", "en": "English", "zh": "Chinese", "ta": "Tamil"}
MARKS: Final = {"emergency": "▲", "urgent": "◆", "concern": "●"}
CHANNEL_NAMES: Final = {
    "telegram": "Telegram", "whatsapp": "WhatsApp", "web": "Web page", "terminal": "Terminal",
}  # fmt: skip
HARM_NAMES: Final = {
    "sexual_extortion": "Sexual extortion", "image_abuse": "Image abuse", "grooming": "Grooming",
    "sexual_abuse": "Sexual abuse", "physical_abuse": "Physical abuse", "self_harm": "Self-harm",
    "bullying": "Bullying", "scam": "Scam", "exploitation": "Exploitation", "other": "Other",
}  # fmt: skip
ABOUT_NAMES: Final = {
    "self": "Self", "friend": "A friend", "own_child": "Own child", "pupil": "A pupil",
    "unknown": "Not known",
}  # fmt: skip
STATUS_NAMES: Final = {
    "draft": "Draft", "sent": "Not claimed", "received": "Not claimed", "taken": "Taken",
    "waiting": "Waiting", "closed": "Closed", "withdrawn": "Taken back", "erased": "Erased",
}  # fmt: skip
NO_WORDS: Final = {
    "withdrawn": "The report was taken back before anybody had read it. Its words are deleted.",
    "erased": "The time of keeping is over. The words are deleted.",
}  # fmt: skip
ROLE_NAMES: Final = {"child": "The child", "parent": "The parent", "teacher": "The teacher"}
STATES: Final = {
    "MY-01": "Johor", "MY-02": "Kedah", "MY-03": "Kelantan", "MY-04": "Melaka",
    "MY-05": "Negeri Sembilan", "MY-06": "Pahang", "MY-07": "Pulau Pinang", "MY-08": "Perak",
    "MY-09": "Perlis", "MY-10": "Selangor", "MY-11": "Terengganu", "MY-12": "Sabah",
    "MY-13": "Sarawak", "MY-14": "Kuala Lumpur", "MY-15": "Labuan", "MY-16": "Putrajaya",
}  # fmt: skip
CLOSE_REASONS: Final = {
    "safe": "The child is safe; nothing more to do",
    "police": "Passed to the police",
    "welfare": "Passed to welfare (JKM, Talian Kasih 15999)",
    "other_service": "Passed to another service",
    "no_answer": "No answer from the child",
    "mistake": "No harm: a mistake or a test",
}

_MALAYSIA: Final = timezone(timedelta(hours=8), "MYT")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# Wide on purpose: a warning too many costs nothing, an opened address can.
_ADDRESS: Final = re.compile(
    r"[a-z][a-z0-9+.-]{1,15}://|\bwww\.|\bh(tt|xx)ps?\b"
    r"|\b[a-z0-9-]{1,63}(\.|\[\.\]|\(dot\))(com|net|org|info|me|my|io|co|app|link|xyz|ly|gg|to|tv|"
    r"site|online|top|club|ru|cn|sg|id|in|cc|vip|live|shop)\b(?!\.?[a-z])",
    re.IGNORECASE,
)


def moment(at_us: int) -> datetime:
    """µs UTC as Malaysian time, which has no summer time."""
    return (_EPOCH + timedelta(microseconds=at_us)).astimezone(_MALAYSIA)


def iso(at_us: int) -> str:
    """For a `datetime` attribute."""
    return moment(at_us).isoformat(timespec="seconds")


def stamp(at_us: int) -> str:
    """Day and time as a person on duty reads it."""
    when = moment(at_us)
    return f"{when.day} {when:%b %Y, %H:%M}"


def clock(at_us: int) -> str:
    """The time of day alone."""
    return f"{moment(at_us):%H:%M}"


def age(since_us: int, now_us: int) -> str:
    """How long ago, in one unit; a clock that jumped back gives no negative age."""
    minutes = max(0, now_us - since_us) // 60_000_000
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes // (24 * 60)} days"


def has_address(text: str) -> bool:
    """Whether a text seems to hold a web address."""
    return _ADDRESS.search(text) is not None


def lang_tag(language: str | None, text: str, *, romanised: bool) -> str:
    """The BCP 47 tag of a line, or the empty text: fonts and screen readers follow it."""
    if language is None:
        return ""
    latin = romanised and text.isascii()
    return f"{language}-Latn" if latin and language in ("ta", "zh") else language


def harms(facts: Mapping[str, Any]) -> str:
    """The harms of a report in one cell, or that it is something to take down."""
    if facts.get("kind") == "content":
        return "Page to take down"
    codes = facts.get("harms", [])
    return ", ".join(HARM_NAMES.get(code, code) for code in codes) or "Not known"


def reader(facts: Mapping[str, Any]) -> str:
    """Who reads an answer."""
    return ROLE_NAMES.get(facts.get("reporter", {}).get("role", ""), "The writer")


def way(facts: Mapping[str, Any]) -> str:
    """How an answer may arrive (care.md, 8), for the person who writes it."""
    contact, who = facts.get("contact"), reader(facts).lower()
    if contact == "none":
        return "No answer was wanted. It is shown only if it is asked for in the chat."
    if contact != "this_chat":
        return f"The answer will be shown when {who} opens it. Nothing is sent before."
    told = f"A neutral line will be sent to the chat; the answer is shown when {who} opens it, "
    told += "or at once while the chat is open at this report."
    if facts.get("reporter", {}).get("channel") == "whatsapp":
        told += " WhatsApp allows that line for 24 hours after the last message from there."
    return told


def danger(facts: Mapping[str, Any]) -> str:
    """What must be seen before anything else, or the empty text."""
    parts = ["Not safe now, it was said."] if facts.get("safe_now") == "no" else []
    if facts.get("where_now"):
        parts.append(f"Help should come to: {facts['where_now']}")
    return " ".join(parts)


def rows_of(facts: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The facts as (name, value, tone); the tone `bad` stands out."""
    who = facts.get("reporter", {})
    safe = str(facts.get("safe_now", "unknown"))
    language = LANGUAGE_NAMES.get(who.get("language", ""), "Not known")
    if who.get("romanised"):
        language += ", in Latin letters"
    rows = [
        ("Safe now", {"yes": "Yes", "no": "No", "unknown": "Not known"}.get(safe, safe), safe),
        ("Where now", facts.get("where_now"), ""),
        ("Harm", harms(facts), ""),
        ("About", ABOUT_NAMES.get(facts.get("about", ""), "Not known"), ""),
        ("Writer", reader(facts).removeprefix("The ").capitalize(), ""),
        ("Age", who.get("age_band"), ""),
        ("Language", language, ""),
        ("Channel", CHANNEL_NAMES.get(who.get("channel", ""), "Not known"), ""),
        ("Online on", facts.get("where_online"), ""),
        ("State", STATES.get(facts.get("state") or ""), ""),
        ("Phone", _DEVICES.get(facts.get("shared_device", ""), "Not known"), ""),
        ("Answer", _CONTACTS.get(facts.get("contact", ""), "Not known"), ""),
        ("Consent", _CONSENTS.get(facts.get("consent", ""), "Not known"), ""),
    ]
    return [(name, value or "Not asked or skipped", "bad" if tone == "no" else "")
            for name, value, tone in rows]  # fmt: skip


_DEVICES: Final = {
    "only_me": "Only this person uses it", "others_too": "Others use it too",
    "unknown": "Not known: treat it as shared",
}  # fmt: skip
_CONTACTS: Final = {
    "this_chat": "A neutral line may be sent", "child_will_return": "Comes back to look",
    "none": "None wanted",
}  # fmt: skip
_CONSENTS: Final = {
    "given": "Given", "no_answer": "No answer for 10 minutes in an emergency, as announced",
}  # fmt: skip


def refusal(reason: str) -> str:
    """Why an intake elsewhere did not take something, for whoever runs the server."""
    known = {
        "401": "the secret or the clock of the two sides differs (401)",
        "404": "it does not know this report (404)",
        "410": "it has closed the report and takes no more words (410)",
        "422": "it found the content not valid (422)",
    }
    return known.get(reason, f"it was refused ({reason})")
