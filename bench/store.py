"""What one message costs in the store, beside a bare SQLite insert: `python bench/store.py [N]`.

A message is seen.first_time + chats.load + chats.save + outbox.add in one function. Times are µs a
message: `cpu` is this process, both threads; `wall` includes the disk.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.conversation.state import (  # noqa: E402
    Conversation,
    LessonProgress,
    Option,
    Place,
    Profile,
    Question,
)
from bot.messages import Chat, Choice, Outgoing  # noqa: E402
from bot.store import chats, outbox, seen  # noqa: E402
from bot.store.database import Store, Tx, open_store  # noqa: E402
from bot.store.vault import Vault, invent_key, parse_keys  # noqa: E402

CHATS = 100
OUT = Outgoing(
    "Bayangkan seseorang meminta gambar kamu. Apa yang kamu buat dahulu?" * 3,
    (
        Choice("lesson:scene1:block:abcdef", "Sekat dia"),
        Choice("lesson:scene1:keep:abcdef", "Simpan"),
    ),
)


def message(number: int, *, touch_profile: bool) -> Callable[[Tx], None]:
    """One turn of one of CHATS chats."""
    chat = Chat("web", f"address-{number % CHATS:040}")

    def turn(tx: Tx) -> None:
        assert seen.first_time(tx, "web", f"event-{number}", now=number)
        loaded = chats.load(tx, chat, now=number, new_id=f"chat-{number}")
        state = _next(loaded.conversation, number, touch_profile=touch_profile)
        chats.save(tx, loaded, state, now=number)
        outbox.add(
            tx, id=f"out-{number}", chat_id=loaded.id, profile="p1", turn=state.turn, lane="normal",
            outgoing=OUT, now=number, expires_at=number + 10**9,
        )  # fmt: skip

    return turn


def _next(old: Conversation, number: int, *, touch_profile: bool) -> Conversation:
    profiles = old.profiles or (Profile("p1", "ms", "child", "10-12", "cat", "red", ready=True),)
    if touch_profile:
        done = LessonProgress(step="scene1", right=number, at=number)
        profiles = (msgspec.structs.replace(profiles[0], lessons={"B6": done, "A5": done}),)
    question = Question(
        id=f"q{number}",
        asker="lesson",
        options=(Option("block", "Sekat dia"), Option("keep", "Simpan")),
    )
    return Conversation(
        language="ms", profiles=profiles, active="p1", place=Place("lesson", "scene1", "B6"),
        question=question, turn=old.turn + 1, last_at=number,
    )  # fmt: skip


async def measured(
    store: Store, first: int, count: int, at_once: int, *, touch: bool
) -> tuple[float, float]:
    """(cpu, wall) µs per message."""
    cpu, wall = time.process_time(), time.perf_counter()
    for start in range(first, first + count, at_once):
        turns = (message(n, touch_profile=touch) for n in range(start, start + at_once))
        await asyncio.gather(*(store.run(turn) for turn in turns))
    return (time.process_time() - cpu) / count * 1e6, (time.perf_counter() - wall) / count * 1e6


def bare(folder: Path, count: int, at_once: int) -> tuple[float, float]:
    """(cpu, wall) µs per row of one sealed body's size, `at_once` to a commit, same pragmas."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE rows (id TEXT PRIMARY KEY, body TEXT)")
    cpu, wall = time.process_time(), time.perf_counter()
    for start in range(0, count, at_once):
        connection.execute("BEGIN IMMEDIATE")
        for number in range(start, start + at_once):
            connection.execute("INSERT INTO rows VALUES (?, ?)", (f"row-{number}", "x" * 500))
        connection.execute("COMMIT")
    spent = (time.process_time() - cpu) / count * 1e6, (time.perf_counter() - wall) / count * 1e6
    connection.close()
    return spent


async def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = open_store(f"sqlite:///{folder}/bench.db", Vault(parse_keys(invent_key())))
        await measured(store, 0, CHATS, 1, touch=True)
        first = CHATS
        for at_once in (1, 16, 64):
            base = bare(folder, count, at_once)
            (folder / "bare.db").unlink()
            print(f"{at_once:3} at once  bare insert      cpu {base[0]:6.0f}  wall {base[1]:6.0f}")
            for touch in (False, True):
                cpu, wall = await measured(store, first, count, at_once, touch=touch)
                first += count
                what = "profile changed" if touch else "state only     "
                ratios = f"ratio cpu {cpu / base[0]:.1f} wall {wall / base[1]:.1f}"
                print(f"             {what}  cpu {cpu:6.0f}  wall {wall:6.0f}  {ratios}")
        await store.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3200))
