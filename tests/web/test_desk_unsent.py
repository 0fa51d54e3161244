"""The desk shows what could not be sent, and why, below the reports."""

from __future__ import annotations

from pathlib import Path

from bot.host import doctor
from bot.messages import Outgoing
from bot.store import outbox, sends
from bot.store.database import Tx
from tests.web.desk_scene import desk_of


async def test_what_could_not_be_sent_stands_below_the_queue(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        visitor = await scene.worker()
        filed = await scene.report("words of a child")

        def park(tx: Tx) -> None:
            for number, reason in enumerate(
                ("blocked by the user", "a parameter is wrong (131009)")
            ):
                outbox.add(
                    tx, id=f"row {number}", chat_id=filed.chat_id, profile=None, turn=1,
                    lane="normal", outgoing=Outgoing("planted"), now=1, expires_at=10**18,
                )  # fmt: skip
                sends.park(tx, f"row {number}", reason=reason)

        await scene.run(park)
        page = (await visitor.get("/desk")).text
        assert page.index(filed.reference) < page.index("a parameter is wrong (131009)")
        assert "blocked by the user" in page
        found = {
            f.what: f
            for f in await doctor.examine(scene.host.store, scene.host.house, now=scene.now)
        }
        assert not found["sending"].well
        assert "a parameter is wrong" in found["sending"].advice


async def test_a_user_who_blocked_the_bot_is_no_fault(tmp_path: Path) -> None:
    async with desk_of(tmp_path) as scene:
        filed = await scene.report("words of a child")

        def park(tx: Tx) -> None:
            outbox.add(
                tx, id="row", chat_id=filed.chat_id, profile=None, turn=1, lane="normal",
                outgoing=Outgoing("planted"), now=1, expires_at=10**18,
            )  # fmt: skip
            sends.park(tx, "row", reason="blocked by the user")

        await scene.run(park)
        found = await doctor.examine(scene.host.store, scene.host.house, now=scene.now)
        assert next(f for f in found if f.what == "sending").well
