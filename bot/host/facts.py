"""What the operator has set, as the doors and the engine need it; and whether people stand behind
the hand-off.
"""

from __future__ import annotations

from typing import Final

import msgspec

from bot.conversation.house import House, Under13
from bot.host import billing
from bot.library import hours
from bot.library.hours import Week
from bot.messages import ChannelName, Language
from bot.store import deliveries, reports
from bot.store import staff as accounts
from bot.store.chats import Loaded
from bot.store.database import Tx

DRILL_US: Final = 14 * 24 * 3600 * 1_000_000
"""A drill older than this no longer shows that somebody answers (care.md, 1)."""
FRESH_US: Final = 10 * 1_000_000
"""How long an answer to "is the intake open?" is taken as still true."""


class HouseFacts(msgspec.Struct, frozen=True):
    """What the operator has set. `demo`: no platform has tokens; every page says so (care.md,
    1). `intake_elsewhere`: reports leave this server, as drills where `drills_only`. `drill`: all
    that this process takes is a pretend emergency, for which the intake counts as open.
    """

    operator: str
    safe_words: dict[Language, str]
    demo: bool = True
    public_url: str = ""
    exit_url: str = "https://www.google.com/"
    no_answer_policy: bool = False
    under_13: Under13 = "with_adult"
    web_secure: bool = False
    retention_days: int = 90
    reviewed_only: bool = False
    desk_hours: Week | None = None
    billed_limit: int = 0
    intake_elsewhere: bool = False
    drills_only: bool = False
    drill: bool = False
    break_glass: bool = False


class Intake:
    """Is the intake open for reports? Asked for each turn, looked up at most every ten seconds."""

    def __init__(self, facts: HouseFacts) -> None:
        self._facts = facts
        self._open = False
        self._looked_at = -FRESH_US
        self._readers: frozenset[Language] | None = None
        self._asked_at = -FRESH_US
        self._billed = 0
        self._counted_at = -FRESH_US

    def house(self, tx: Tx, loaded: Loaded, now: int) -> House:
        """The facts of one turn."""
        facts = self._facts
        return House(
            channel=loaded.chat.channel,
            operator=facts.operator,
            safe_words=facts.safe_words,
            demo=facts.demo,
            intake_open=self.open(tx, now),
            reads_from=hours.next_open(facts.desk_hours, now) if facts.desk_hours else None,
            readers=self._languages(tx, now),
            pass_without_answer=facts.no_answer_policy,
            under_13=facts.under_13,
            break_glass=facts.break_glass,
            public_url=facts.public_url,
            retention_days=facts.retention_days,
            reviewed_only=facts.reviewed_only,
            resting=self._resting(tx, loaded.chat.channel, now),
            intake_elsewhere=facts.intake_elsewhere,
            drills_only=facts.drills_only or facts.drill,
            # Also where the intake is the desk again: what has left does not come back by itself.
            left=deliveries.left(tx, loaded.id) if loaded.conversation.cases else frozenset(),
        )

    def _languages(self, tx: Tx, now: int) -> frozenset[Language] | None:
        """What the people at the desk read; of an intake elsewhere it is not known."""
        if self._facts.intake_elsewhere or self._facts.demo:
            return None
        if not 0 <= now - self._asked_at < FRESH_US:
            people = (one for one in accounts.all(tx) if not one.disabled and one.role == "worker")
            self._readers = frozenset(spoken for one in people for spoken in one.languages)
            self._asked_at = now
        return self._readers

    def _resting(self, tx: Tx, channel: ChannelName, now: int) -> bool:
        """Whether the month's billed messages are used up; looked up at most every ten seconds."""
        if channel != billing.CHANNEL or not self._facts.billed_limit:
            return False
        if not 0 <= now - self._counted_at < FRESH_US:
            self._billed = billing.counted(tx, now=now)
            self._counted_at = now
        return self._billed >= self._facts.billed_limit

    def open(self, tx: Tx, now: int) -> bool:
        """No hand-off without people: opening hours set, and for the desk an active worker and a
        drill claimed within 14 days, for an intake elsewhere a drill received within 14 days.

        A demo is always open, and says in every place that it is one.
        """
        if self._facts.demo or self._facts.drill:
            return True
        if not 0 <= now - self._looked_at < FRESH_US:
            self._open = self._people_stand_behind(tx, now)
            self._looked_at = now
        return self._open

    def _people_stand_behind(self, tx: Tx, now: int) -> bool:
        if self._facts.desk_hours is None:
            return False
        if self._facts.intake_elsewhere:
            return reports.drill_received_since(tx, since=now - DRILL_US)
        worker = any(not person.disabled and person.role == "worker" for person in accounts.all(tx))
        return worker and reports.drill_claimed_since(tx, since=now - DRILL_US)
