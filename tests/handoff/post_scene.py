"""A whole host whose reports go to a fake intake over real HTTP; the test sets the clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot import wire
from bot.handoff.webhook import Webhook
from bot.host import delivery, lateness
from bot.host.alarms import Alarms
from bot.host.facts import HouseFacts
from bot.host.receive import Host
from bot.store import deliveries, reports
from tests.conversation.said import THREAT
from tests.conversation.talk import MINUTE, SAFE_WORDS, SECOND, library, screen
from tests.handoff.fake_intake import SECRET, FakeIntake
from tests.host.house import House, opened

ANSWER_S = 0.4
"""How long the connector waits here; a local answer comes in milliseconds."""


class Scene:
    """One host, one intake, one connector."""

    def __init__(self, house: House, fake: FakeIntake, client: wire.Client, alarms: Alarms) -> None:
        self.house = house
        self.fake = fake
        self.alarms = alarms
        self.connector = Webhook(client, fake.url, SECRET.encode(), clock=house.clock)

    async def deliver(self) -> int:
        """Everything that is due now, and what becomes due by it."""
        total = 0
        while done := await delivery.deliver_due(self.house.host, self.connector):
            total += done
        return total

    async def later(self, us: int = MINUTE) -> int:
        """Some time passes, and what is due then is delivered."""
        self.house.clock.move(us)
        return await self.deliver()

    async def look(self) -> None:
        """A round of the watch over what is late or refused."""
        await lateness.look(self.house.host, self.alarms)

    def restarted(self) -> Host:
        """A new process on the same database."""
        old = self.house.host
        self.house.host = Host(
            self.house.store, library(), screen(), old.house, clock=self.house.clock
        )
        return self.house.host

    async def tell(self, child: str, words: str = THREAT["en"]) -> str:
        """A child tells and says yes; gives the id of the case."""
        await self.house.onboard(child)
        await self.house.say(child, words)
        said = ""
        for choice in ("help", "yes", "only_me", "yes"):
            said = await self.tap(child, choice)
        assert "reference is" in said, said
        case: str = self.house.raw("SELECT case_id FROM reports ORDER BY created_at DESC")[0][0]
        return case

    async def finish(self, child: str) -> str:
        """Skip the routing questions that are left; gives what was said at the end."""
        said = ""
        for _ in range(6):
            found = (await self.house.rows(child))[-1].outgoing
            skip = [c.token for c in found.choices if c.token.endswith((".skip", ".no"))]
            if not skip:
                break
            rows = await self.house.last(child)
            await self.house.host.receive(self.house.incoming(child, "tap", token=skip[0]))
            said = "\n".join(r.outgoing.text for r in await self.house.rows(child, after=rows))
        return said

    async def tap(self, child: str, choice: str) -> str:
        """Tap the choice of that name under the last message; gives what was said."""
        rows = await self.house.rows(child)
        found = [
            c.token
            for row in rows[-3:]
            for c in row.outgoing.choices
            if c.token.rpartition(".")[2] == choice
        ]
        assert found, f"no {choice} under {rows[-1].outgoing.text}"
        await self.house.host.receive(self.house.incoming(child, "tap", token=found[-1]))
        self.house.clock.move(SECOND)
        after = await self.house.rows(child, after=rows[-1].seq)
        return "\n".join(row.outgoing.text for row in after)

    async def say(self, child: str, text: str) -> str:
        return "\n".join(out.text for out in await self.house.say(child, text))

    async def take_back(self, child: str) -> str:
        """From the report's menu: take it back, yes."""
        await self.tap(child, "take_back")
        return await self.tap(child, "yes")

    async def status(self, case: str) -> str:
        found = await self.house.store.run(lambda tx: reports.get(tx, case))
        assert found is not None
        return found.row.status

    async def states(self) -> dict[tuple[str, str], int]:
        return await self.house.store.run(deliveries.counts)


@asynccontextmanager
async def scene(
    folder: Path, *, alarm_url: str = "", prefix: str = "", **facts: Any
) -> AsyncIterator[Scene]:
    """The intake is not up: `async with scene.fake.up()` where the test wants it."""
    fixed: dict[str, Any] = {
        "operator": "Rumah Ujian",
        "safe_words": SAFE_WORDS,
        "public_url": "http://teman.test",
        "intake_elsewhere": True,
    }
    given = HouseFacts(**fixed | facts)
    async with opened(folder, facts=given) as house, wire.client(answer_s=ANSWER_S) as client:
        caller = wire.client(answer_s=ANSWER_S) if alarm_url else None
        alarms = Alarms(clock=house.clock, url=alarm_url, client=caller, waits_s=(0, 0))
        try:
            yield Scene(house, FakeIntake(house.clock, prefix=prefix), client, alarms)
        finally:
            await alarms.close()
