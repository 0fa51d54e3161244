"""The month's messages are used up: lessons rest. Care, help, privacy, a first greeting and what
was told go on as ever.
"""

from __future__ import annotations

from typing import Final

from bot.conversation.state import Conversation
from bot.conversation.turn import Turn

TEACHING: Final = frozenset({"menu", "lesson", "practice"})
ABOVE: Final = frozenset({"language", "forget", "help"})
"""Questions that stand above a place and are no teaching."""
TOLD_US: Final = 3600 * 1_000_000
"""Said once in this time; a billed message each time would defeat the purpose."""


def only_teaches(before: Conversation, turn: Turn) -> bool:
    """Whether a turn did nothing but teach: words of the lane normal, in the menu, a lesson or a
    scene both before and after it.
    """
    questions = (before.question, turn.state.question)
    above = any(one is not None and one.asker in ABOVE for one in questions)
    places = {before.place.name, turn.state.place.name}
    return (
        turn.said and not turn.acts and turn.lane == "normal" and not above and (places <= TEACHING)
    )


def instead(turn: Turn) -> None:
    """On a turn that began anew: say that lessons rest, and leave everything as it is."""
    if turn.now - turn.state.rested_at >= TOLD_US:
        turn.change(rested_at=turn.now)
        turn.close_question()
        turn.say("common.resting", url=turn.house.public_url)
