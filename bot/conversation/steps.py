"""What to do now, by harm, by whom it is about, and by the reader's age: the keys of the sentences
after "Help me".
"""

from __future__ import annotations

from typing import Final

from bot.conversation.state import Case
from bot.conversation.turn import Turn
from bot.safeguarding.concern import Harm

PICTURE_HARMS: Final = frozenset[Harm]({"sexual_extortion", "image_abuse"})
THREATS: Final = frozenset[Harm]({"sexual_extortion"})
AT_MOST: Final = 2
"""Of so many harms the steps are said: more than a screen helps nobody."""

OWN: Final[dict[Harm, str]] = {
    "sexual_extortion": "care.threat_steps",
    "image_abuse": "care.image_steps",
    "grooming": "care.groom_steps",
    "sexual_abuse": "care.touch_steps",
    "physical_abuse": "care.home_steps",
    "self_harm": "care.self_harm_steps",
    "bullying": "care.bully_steps",
    "scam": "care.scam_steps",
    "exploitation": "care.exploit_steps",
    "other": "care.other_steps",
}
SMALL: Final[dict[Harm, str]] = {
    "sexual_extortion": "care.small_pictures",
    "image_abuse": "care.small_pictures",
    "grooming": "care.small_stranger",
    "sexual_abuse": "care.small_touch",
    "physical_abuse": "care.small_home",
    "self_harm": "care.small_self_harm",
    "bullying": "care.small_bully",
    "scam": "care.small_money",
    "exploitation": "care.small_stranger",
}
"""For 7 to 9: the shortest words, and then always the way to a grown-up."""
FRIEND: Final[dict[Harm, str]] = {
    "self_harm": "care.friend_self_harm",
    "sexual_extortion": "care.friend_pictures",
    "image_abuse": "care.friend_pictures",
}
ADULT: Final[dict[Harm, str]] = {
    "sexual_extortion": "care.parent_pictures",
    "image_abuse": "care.parent_pictures",
    "self_harm": "care.parent_self_harm",
    "physical_abuse": "care.parent_home",
    "scam": "care.parent_money",
}


def told_by_an_adult(turn: Turn, case: Case) -> bool:
    """About somebody's own child or pupil, and not by a child whom we know: no duty is ever stated
    to a child (care.md, 5).
    """
    return case.about in ("own_child", "pupil") and turn.adult


def of(turn: Turn, case: Case) -> list[str]:
    """The keys, in the order they are said."""
    if case.did_harm:
        return []  # the first answer has said it
    if told_by_an_adult(turn, case):
        if _teacher(turn, case):
            home = ADULT["physical_abuse"]  # is about the reader's own home
            return ["care.teacher_steps", *(k for k in _by_harm(case, ADULT) if k != home)]
        return ["care.parent_steps", *_by_harm(case, ADULT)]
    if case.about == "friend":
        return ["care.friend_steps", *_by_harm(case, FRIEND)]
    if turn.profile and turn.profile.band == "7-9":
        return [*_by_harm(case, SMALL), "care.small_steps"]
    return _by_harm(case, OWN) or [OWN["other"]]


def taken_down(case: Case) -> bool:
    """Whether the way to have a picture taken down belongs to this case."""
    return bool(PICTURE_HARMS & set(case.kinds)) and not case.did_harm


def _teacher(turn: Turn, case: Case) -> bool:
    role = case.writer or (turn.profile.role if turn.profile else None)
    return role == "teacher" or (role is None and case.about == "pupil")


def _by_harm(case: Case, sentences: dict[Harm, str]) -> list[str]:
    """The sentences of the likeliest harms, each once; self-harm comes first and is never cut; a
    threat's say what a picture's would.
    """
    threat = case.kinds[:1] == ("sexual_extortion",)
    harms = [harm for harm in case.kinds if not (threat and harm == "image_abuse")]
    harms.sort(key=lambda harm: harm != "self_harm")
    said = [sentences[harm] for harm in harms if harm in sentences]
    if len(said) > 1 and case.kinds[0] != "other":
        said = [key for key in said if key != sentences.get("other")]
    return list(dict.fromkeys(said))[:AT_MOST]
