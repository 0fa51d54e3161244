"""When Teman may write first: decision 8's table, as one data structure (care.md)."""

from __future__ import annotations

from typing import Final, Literal

from bot.conversation.state import Case, Conversation, Profile

Occasion = Literal["answer", "window_shut", "follow_up", "anything_else"]
Reader = Literal["agreed", "held"]
Manner = Literal["neutral_line", "template", "hold", "never"]

TABLE: Final[dict[tuple[Occasion, Reader], Manner]] = {
    ("answer", "agreed"): "neutral_line",
    ("answer", "held"): "hold",
    ("window_shut", "agreed"): "template",
    ("window_shut", "held"): "hold",
    ("follow_up", "agreed"): "neutral_line",
    ("follow_up", "held"): "never",
    ("anything_else", "agreed"): "never",
    ("anything_else", "held"): "never",
}


def writer(state: Conversation, case: Case) -> Profile | None:
    """The profile that tells, if it is still there."""
    return next((p for p in state.profiles if p.id == case.profile), None)


def may_be_asked(state: Conversation, case: Case) -> bool:
    """Whether "may I send one plain line?" is asked at all: 13-17 or adult, own phone, and the
    person whose profile it is.
    """
    profile = writer(state, case)
    if profile is None or case.device != "only_me" or len(state.profiles) > 1:
        return False
    if case.writer and case.writer != profile.role:
        return False
    return profile.role in ("parent", "teacher") or profile.band == "13-17"


def reader(state: Conversation, case: Case) -> Reader:
    """The table's column: agreed means 13-17 or adult, own phone, and yes."""
    return "agreed" if case.push and may_be_asked(state, case) else "held"


def manner(state: Conversation, case: Case, occasion: Occasion) -> Manner:
    """How this may reach the user now. While the chat is hidden, or the bot is blocked, everything
    is held.
    """
    if state.hidden or state.blocked:
        return "hold" if occasion == "answer" else "never"
    if occasion == "follow_up" and not case.follow_up:
        return "never"
    return TABLE[occasion, reader(state, case)]
