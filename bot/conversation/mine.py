"""The way back to what somebody has told: from the menu and from the help list."""

from __future__ import annotations

from bot.conversation import cases
from bot.conversation.state import Case
from bot.conversation.turn import Turn


def case_of(turn: Turn) -> Case | None:
    """The newest case of whoever is here: a draft before a report that still takes words."""
    active = turn.state.active
    own = [c for c in reversed(turn.state.cases) if active and c.profile == active]
    drafts = [c for c in own if c.status == "draft" and c.words and c.kind == "harm"]
    return next(iter([*drafts, *(c for c in own if c.status in cases.HANDED_OVER)]), None)


def reachable(turn: Turn, *, quietly: bool = False) -> bool:
    """Whether a row that leads back may be shown.

    Never while the chat is hidden. On a phone that others use a report shows no row in the menu:
    the safe word (`quietly`) or *open* leads to it.
    """
    case = case_of(turn)
    if case is None or turn.state.hidden:
        return False
    return quietly or case.status == "draft" or case.device == "only_me"


def go(turn: Turn) -> None:
    """To the case of whoever is here."""
    case = case_of(turn)
    if case is None:
        turn.move("menu")
    elif case.status == "draft":
        turn.move("care", case.step, case.id)
    else:
        turn.move("report", "", case.id)
