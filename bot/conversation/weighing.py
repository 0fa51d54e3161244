"""What one more message changes in a case that is open: is it graver, and do words stand behind
it?
"""

from __future__ import annotations

from bot.conversation.state import Case
from bot.conversation.turn import Turn
from bot.safeguarding.concern import LEVELS, SOUNDS_LIKE


def graver(turn: Turn, before: Case, now: Case) -> bool:
    """Whether what was just told wants the first answer again. Who has come as far as a question
    about the hand-off is not thrown back by what only sounds like harm.
    """
    if LEVELS.index(now.level) > LEVELS.index(before.level) or now.did_harm > before.did_harm:
        return True
    if turn.concern.level == "emergency":
        return True
    sounds = turn.state.place.step not in ("first", "tell") and turn.concern.only_sounds
    return turn.concern.at_least("urgent") and not sounds


def wants_to_die(turn: Turn) -> bool:
    """Said in words that a rule knows: what only sounds like it to the model is one more line."""
    heard = turn.concern
    only_sounds = SOUNDS_LIKE["self_harm"] in heard.reasons
    return heard.kinds[:1] == ("self_harm",) and heard.at_least("urgent") and not only_sounds
