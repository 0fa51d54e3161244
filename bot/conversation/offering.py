"""What there is to learn for whoever is here: lessons, the one that stands open, the next one, and
the scene of an earlier one that is due.
"""

from __future__ import annotations

from bot.conversation.turn import Turn
from bot.library.lessons import Lesson


def lessons(turn: Turn) -> list[Lesson]:
    """The lessons for whoever is here: those of the band; for an adult all of them."""
    profile = turn.profile
    if profile is None or _needs_adult(turn):
        return []
    every = profile.role != "child"
    found = (x for x in turn.library.lessons.values() if every or x.band == profile.band)
    return [x for x in found if not (turn.house.reviewed_only and _draft(turn, x.id))]


def _draft(turn: Turn, lesson_id: str) -> bool:
    return turn.library.draft(lesson_id, turn.language)


def _needs_adult(turn: Turn) -> bool:
    """Under 13, alone, on a messaging app: the class page instead (care.md, 15). The web page is
    that page.
    """
    profile = turn.profile
    alone = profile is not None and profile.with_adult == "no"
    return alone and turn.house.channel in ("telegram", "whatsapp")


def paused(turn: Turn) -> str | None:
    """The lesson that stands open, latest first."""
    profile = turn.profile
    rows = profile.lessons.items() if profile else ()
    open_now = [(p.at, name) for name, p in rows if p.step and name in turn.library.lessons]
    return max(open_now)[1] if open_now else None


def following(turn: Turn) -> str | None:
    """The first lesson not yet played, in the order of the curriculum, once one was."""
    profile = turn.profile
    played = {name for name, p in profile.lessons.items() if p.done} if profile else set()
    unplayed = (x.id for x in lessons(turn) if x.id not in played)
    return next(unplayed, None) if played else None


def due(turn: Turn) -> str | None:
    """The lesson whose scene for later days has been due for longest."""
    profile = turn.profile
    known = profile.lessons if profile else {}
    rows = ((known[x.id].next_at, x.id) for x in lessons(turn) if x.id in known and x.boosters)
    return min((row for row in rows if 0 < row[0] <= turn.now), default=(0, None))[1]
