"""One transaction a message: nothing twice, nothing lost, nobody in silence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.state import Conversation
from bot.errors import StoreUnavailable
from bot.library.shelf import Library
from bot.messages import LANGUAGES, Incoming, Language, clean
from bot.store import chats, incidents, reports, timers
from bot.store.database import Tx
from bot.texts import LIFELINE, Texts, mo_path, read
from tests.conversation.said import THREAT
from tests.conversation.talk import HOUR, ROOT, library
from tests.host.house import House, opened


async def conversation(house: House, address: str) -> Conversation:
    def look(tx: Tx) -> Conversation:
        chat_id = chats.find(tx, house.incoming(address).chat)
        assert chat_id is not None
        loaded = chats.load_by_id(tx, chat_id)
        assert loaded is not None
        return loaded.conversation

    return await house.store.run(look)


async def test_the_same_event_fifty_times_at_once_is_taken_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.onboard("a")
        before = await conversation(house, "a")
        rows = len(await house.rows("a"))
        event = house.incoming("a", "text", "1", id="same")
        receipts = await asyncio.gather(*(house.host.receive(event) for _ in range(50)))
        assert sorted(r.status for r in receipts) == ["seen"] * 49 + ["taken"]
        after = await conversation(house, "a")
        assert after.turn == before.turn + 1
        assert len(await house.rows("a")) == rows + 1


async def test_the_same_id_in_another_chat_is_another_message(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        first = await house.host.receive(house.incoming("a", "start", id="same"))
        second = await house.host.receive(house.incoming("b", "start", id="same"))
        assert [first.status, second.status] == ["taken", "taken"]
        assert first.chat_id != second.chat_id


async def test_fifty_first_messages_at_once_make_one_chat(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        events = [house.incoming("new", "text", "hello") for _ in range(50)]
        receipts = await asyncio.gather(*(house.host.receive(event) for event in events))
        assert len({r.chat_id for r in receipts}) == 1
        assert len(await house.rows("new")) == 50


async def test_a_clock_that_jumps_back_moves_nothing_back(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.onboard("a")
        before = await conversation(house, "a")
        house.clock.move(-5 * HOUR)
        assert await house.say("a", "1")
        house.clock.move(400 * 24 * HOUR)
        assert await house.say("a", "menu")
        after = await conversation(house, "a")
        assert after.last_at > before.last_at


BAD = {
    "long": "a" * 10_000,
    "long tamil": "கொ" * 5_000,
    "zero width": "\u200b\u200d\ufeff\u2060",
    "bidi": "\u202eevil\u202c \u2066x\u2069",
    "emoji only": "😀😀🏳️‍🌈👨‍👩‍👧‍👦",
    "surrogate": "hi \ud83d there",
    "nul": "a\x00b",
    "empty": "",
    "spaces": " \t\n ",
    "format": "{operator} %s %(x)s {0} {}",
    "html": "<script>alert(1)</script>",
    "sql": "'; DROP TABLE chats; --",
}


@pytest.mark.parametrize("name", BAD)
async def test_bad_input_is_answered_with_a_way_to_help(tmp_path: Path, name: str) -> None:
    async with opened(tmp_path) as house:
        await house.onboard("a")
        said = await house.say("a", clean(BAD[name]))
        assert len(said) == 1
        labels = [choice.label for choice in said[0].choices]
        assert "help" in said[0].text.lower() or "Help" in labels
        assert labels


async def test_emoji_beside_a_disclosure_do_not_hide_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.onboard("a")
        said = await house.say("a", "😭😭 he will send my ph\u200boto to my class if i dont pay 😭")
        assert "don't pay" in said[0].text


# -- errors


class Damaged(Texts):
    """Texts in which one key is missing: the step raises in the middle."""

    def __init__(self, tables: Mapping[Language, Mapping[str, tuple[str, ...]]], lost: str) -> None:
        super().__init__(
            {
                language: {k: v for k, v in table.items() if not k.startswith(lost)}
                for language, table in tables.items()
            }
        )


@pytest.fixture
def damaged() -> Library:
    whole = library()
    tables = {x: read(mo_path(ROOT / "locales", x), x) for x in LANGUAGES}
    return Library(whole.lessons, whole.helplines, Damaged(tables, "menu.lessons"))


async def test_a_step_that_raises_ends_in_a_help_line_and_an_incident(
    tmp_path: Path, damaged: Library, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(tmp_path, content=damaged) as house:
        await house.onboard("a")
        before = await conversation(house, "a")
        event = house.incoming("a", "text", "1", id="raises")
        with caplog.at_level(logging.DEBUG):
            receipt = await house.host.receive(event)
        assert receipt.status == "helped"
        rows = await house.rows("a")
        assert rows[-1].outgoing.text == "\n\n".join(LIFELINE[x] for x in LANGUAGES)
        assert rows[-1].lane == "care"
        assert await conversation(house, "a") == before
        kept = await house.store.run(incidents.all)
        assert [k.kind for k in kept] == ["NoSuchText"]
        assert (await house.host.receive(event)).status == "seen"
        assert len(await house.rows("a")) == len(rows)
        assert "NoSuchText" in caplog.text


async def test_unreadable_state_is_an_incident_and_never_a_new_user(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.onboard("a")
        count = house.raw("SELECT COUNT(*) FROM chats")
        house.raw("UPDATE chats SET state = substr(state, 1, length(state) - 6) || 'AAAAAA'")
        receipt = await house.host.receive(house.incoming("a", "text", "hello"))
        assert receipt.status == "helped"
        assert house.raw("SELECT COUNT(*) FROM chats") == count
        kept = await house.store.run(incidents.all)
        assert [k.kind for k in kept] == ["Unreadable"]


async def test_a_full_disk_raises_and_the_same_message_is_taken_later(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.onboard("a")
        rows = len(await house.rows("a"))
        await house.store.run(_page_limit(1))
        refused = await _until_full(house)
        await house.store.run(_page_limit(1_000_000))
        assert (await house.host.receive(refused)).status == "taken"
        assert len(await house.rows("a")) > rows


async def _until_full(house: House) -> Incoming:
    """Write until a message is refused; gives that message."""
    for n in range(60):
        event = house.incoming("a", "text", THREAT["en"] + " x" * 4_000, id=f"full{n}")
        try:
            await house.host.receive(event)
        except StoreUnavailable:
            return event
    raise AssertionError("the disk never filled")


def _page_limit(pages: int) -> Callable[[Any], bool]:
    """Limit the database to so many pages (SQLite takes the present size where that is more)."""

    def limit(tx: Any) -> bool:
        tx.connection.execute(f"PRAGMA max_page_count = {pages}")
        return True

    return limit


# -- a disclosure


async def test_a_disclosure_is_on_disk_before_the_answer_and_not_in_clear(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(tmp_path) as house:
        await house.onboard("a")
        with caplog.at_level(logging.DEBUG):
            await house.say("a", THREAT["en"])
        case = (await conversation(house, "a")).cases[-1].id
        lines = await house.store.run(lambda tx: reports.words(tx, case))
        assert [line.text.reveal() for line in lines] == [THREAT["en"]]
        assert "my photo" not in caplog.text
    looked = 0
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        looked += len(content)
        assert b"my photo" not in content
        assert b"sexual_extortion" not in content
    assert looked > 4096


async def test_you_got_me_wrong_deletes_the_words_and_their_key(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.onboard("a")
        await house.say("a", THREAT["en"])
        assert house.raw("SELECT COUNT(*) FROM report_lines") == [(1,)]
        case = (await conversation(house, "a")).cases[-1].id
        await house.say("a", "2")
        assert house.raw("SELECT COUNT(*) FROM report_lines") == [(0,)]
        assert house.raw("SELECT COUNT(*) FROM data_keys WHERE owner = ?", case) == [(0,)]
        assert await house.store.run(lambda tx: timers.due(tx, now=2**60, limit=9)) == []
