"""What the engine may know of the operator, the channel and the intake at the moment of a turn."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.messages import ChannelName, Language

Under13 = Literal["with_adult", "web_only", "allow"]


class House(msgspec.Struct, frozen=True):
    """Facts of one turn, drawn by the host.

    `intake_open`: a person stands behind the hand-off (care.md, 1). `reads_from`: when a person
    next reads, µs UTC, or None while one is on duty. `readers`: the languages of the people who
    read, where that is known. `pass_without_answer`: the operator's policy
    for an emergency left unanswered. `resting`: the month's billed messages of this channel are
    used up. `intake_elsewhere`: reports leave this server, as drills where `drills_only`; `left`
    are the cases of this chat of which something may be there already. `break_glass`: two people of
    the operator's may see which chat a report came from, for danger to life or a lawful order.
    """

    channel: ChannelName
    operator: str
    safe_words: dict[Language, str]
    demo: bool = False
    intake_open: bool = False
    reads_from: int | None = None
    readers: frozenset[Language] | None = None
    pass_without_answer: bool = False
    under_13: Under13 = "with_adult"
    public_url: str = ""
    retention_days: int = 90
    reviewed_only: bool = False
    resting: bool = False
    intake_elsewhere: bool = False
    drills_only: bool = False
    break_glass: bool = False
    left: frozenset[str] = frozenset()
