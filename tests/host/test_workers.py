"""Timers fire once, the outbox keeps order and tries again, and what has done its work
is deleted.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bot.errors import SendLater, SendNever
from bot.host import receive, sending, timekeeping, workers
from bot.host.facts import HouseFacts
from bot.host.sending import Sender
from bot.messages import ChannelName, Chat, Incoming, Outbound, Words
from bot.store import incidents, outbox, reports
from bot.store.database import Tx
from bot.store.outbox import Due
from tests.conversation.said import EMERGENCY, THREAT
from tests.conversation.talk import DAY, MINUTE, SAFE_WORDS, SECOND
from tests.host.house import House, opened

POLICY = HouseFacts(
    "Rumah Ujian", SAFE_WORDS, public_url="http://teman.test", no_answer_policy=True
)


class Wire:
    """A platform that takes, delays or refuses what is sent, as the test says."""

    name: ChannelName = "telegram"
    removes = True

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.trouble: list[Exception] = []

    async def send(self, outbound: Outbound) -> str | None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.sent.append((outbound.chat.address, outbound.outgoing.text))
        return f"platform-{len(self.sent)}"

    async def remove(self, chat: Chat, ids: Sequence[str]) -> None:
        pass

    async def attend(self, message_id: str) -> None:
        pass


def sender(house: House, wire: Wire) -> Sender:
    return Sender(house.host, [wire], worker="w", alarm=lambda kind, about: None)


async def telegram(house: House, address: str, text: str) -> None:
    house.counter += 1
    chat = Chat("telegram", address)
    await house.host.receive(Incoming(f"t{house.counter}", chat, "text", Words(text)))


async def test_an_emergency_left_unanswered_is_handed_over_once(tmp_path: Path) -> None:
    async with opened(tmp_path, facts=POLICY) as house:
        await house.onboard("a")
        await house.say("a", EMERGENCY["en"])
        assert await timekeeping.fire(house.host) == 0
        house.clock.move(10 * MINUTE + SECOND)
        rows = len(await house.rows("a"))
        assert await timekeeping.fire(house.host) == 1
        assert await timekeeping.fire(house.host) == 0
        queue = await house.store.run(reports.queue)
        assert [row.urgency for row in queue] == ["emergency"]
        assert queue[0].alarmed_at is not None
        assert len(await house.rows("a")) == rows, "the bot does not write first about it"
        words = await house.store.run(lambda tx: reports.words(tx, queue[0].case))
        assert [w.text.reveal() for w in words] == [EMERGENCY["en"]]


async def test_no_stops_the_timer_in_the_same_transaction(tmp_path: Path) -> None:
    async with opened(tmp_path, facts=POLICY) as house:
        await house.onboard("a")
        await house.say("a", EMERGENCY["en"])
        await house.say("a", "3")
        house.clock.move(11 * MINUTE)
        assert await timekeeping.fire(house.host) == 0
        assert await house.store.run(reports.queue) == []


async def test_one_damaged_chat_holds_up_nobody_and_its_emergency_is_passed_on(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, facts=POLICY) as house:
        for child in ("a", "b"):
            await house.onboard(child)
            await house.say(child, EMERGENCY["en"])
        house.raw(
            "UPDATE chats SET state = substr(state, 1, length(state) - 6) || 'AAAAAA' "
            "WHERE id = (SELECT chat_id FROM timers ORDER BY due_at LIMIT 1)"
        )
        house.clock.move(11 * MINUTE)
        await timekeeping.fire(house.host)
        queue = await house.store.run(reports.queue)
        assert [row.urgency for row in queue] == ["emergency", "emergency"]
        assert [k.kind for k in await house.store.run(incidents.all)] == ["Unreadable"]
        assert await timekeeping.fire(house.host) == 0


async def test_after_a_long_outage_the_emergency_is_still_passed_on(tmp_path: Path) -> None:
    async with opened(tmp_path, facts=POLICY) as house:
        await house.onboard("a")
        await house.say("a", EMERGENCY["en"])
        house.clock.move(25 * 60 * MINUTE)
        await workers.sweep(house.host)
        await timekeeping.fire(house.host)
        assert [row.urgency for row in await house.store.run(reports.queue)] == ["emergency"]


async def test_a_draft_that_the_store_lost_begins_anew(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.onboard("a")
        await house.say("a", THREAT["en"])
        case = house.raw("SELECT case_id FROM reports")[0][0]
        await house.store.run(lambda tx: reports.drop(tx, case))
        said = await house.say("a", EMERGENCY["en"])
        assert "999" in said[0].text
        words = await house.store.run(lambda tx: reports.words(tx, case))
        assert [w.text.reveal() for w in words] == [EMERGENCY["en"]]


async def test_one_damaged_report_does_not_keep_the_others(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        for child in ("a", "b"):
            await house.onboard(child)
            await tell(house, child)
        house.raw("UPDATE reports SET facts = '1.x.AAAA' WHERE rowid = 1")
        house.clock.move(91 * DAY)
        await workers.sweep(house.host)
        assert house.raw("SELECT DISTINCT status FROM reports") == [("erased",)]
        assert house.raw("SELECT COUNT(*) FROM report_lines") == [(0,)]
        assert house.raw("SELECT COUNT(*) FROM returns") == [(0,)]


async def tell(house: House, address: str) -> None:
    """A child tells and agrees."""
    await house.say(address, THREAT["en"])
    for typed in ("1", "1", "1", "1"):
        await house.say(address, typed)


async def test_a_page_cannot_tick_off_what_it_has_not_seen(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.onboard("a")
        rows = await house.rows("a")
        chat = rows[0].chat_id
        last = rows[-1].seq
        for upto in (last + 1, 10**12):
            await house.store.run(partial(outbox.acknowledge, chat_id=chat, upto=upto, now=1))
            assert len(await house.rows("a")) == len(rows)
        await house.store.run(partial(outbox.acknowledge, chat_id=chat, upto=last, now=1))
        assert await house.rows("a") == []


async def test_a_draft_is_deleted_at_its_announced_end(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.onboard("a")
        await house.say("a", THREAT["en"])
        house.clock.move(DAY + SECOND)
        assert await timekeeping.fire(house.host) == 1
        assert house.raw("SELECT COUNT(*) FROM report_lines") == [(0,)]
        assert house.raw("SELECT COUNT(*) FROM reports") == [(0,)]


async def test_a_report_is_erased_at_the_end_of_its_retention(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.onboard("a")
        await report(house, "a")
        house.clock.move(89 * DAY)
        await workers.sweep(house.host)
        assert house.raw("SELECT COUNT(*) FROM report_lines") == [(1,)]
        house.clock.move(2 * DAY)
        await workers.sweep(house.host)
        assert house.raw("SELECT COUNT(*) FROM report_lines") == [(0,)]
        assert house.raw("SELECT status, facts FROM reports") == [("erased", None)]


async def report(house: House, address: str) -> None:
    """A child tells and agrees: help, safe, only me, yes."""
    await house.say(address, THREAT["en"])
    for typed in ("1", "1", "1", "1"):
        await house.say(address, typed)
    assert len(await house.store.run(reports.queue)) == 1


async def test_rows_of_a_chat_go_out_in_order_and_care_does_not_wait(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        wire = Wire()
        send = sender(house, wire)
        await telegram(house, "a", "hello")
        wire.trouble = [SendLater("slow down", wait_s=60)]
        assert await send.send_due() == 1
        assert wire.sent == []
        await telegram(house, "a", THREAT["en"])
        assert await send.send_due() == 1
        assert "don't pay" in wire.sent[0][1]
        assert await send.send_due() == 0


async def test_a_new_turn_takes_the_place_of_an_unsent_bubble(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        wire = Wire()
        send = sender(house, wire)
        for text in ("hello", "2", "1"):
            await telegram(house, "a", text)
        while await send.send_due():
            pass
        assert len(wire.sent) == 1


async def test_what_can_never_be_sent_is_parked_with_its_reason(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        wire = Wire()
        send = sender(house, wire)
        await telegram(house, "a", "hello")
        wire.trouble = [SendNever("blocked by the user")]
        await send.send_due()
        counts: dict[Any, int] = await house.store.run(outbox.counts)
        assert counts == {("telegram", "parked"): 1, ("telegram", "sent"): 1}
        assert [said for _, said in wire.sent] == [receive.help_line_in("en").text]
        assert await send.send_due() == 0


async def test_a_send_that_was_interrupted_is_sent_again_after_its_lease(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await telegram(house, "a", "hello")

        def claim(tx: Tx) -> list[Due]:
            return outbox.claim(
                tx, channels=["telegram"], now=house.clock(), limit=9, worker="dead",
                lease_us=sending.LEASE_US,
            )  # fmt: skip

        assert len(await house.store.run(claim)) == 1
        wire = Wire()
        send = sender(house, wire)
        assert await send.send_due() == 0
        house.clock.move(sending.LEASE_US + SECOND)
        assert await send.send_due() == 1
        assert len(wire.sent) == 1
