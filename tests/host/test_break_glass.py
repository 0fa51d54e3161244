"""Two people sign, a reason is given, and it is on record before the address is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsWrong
from bot.host import break_glass, staff
from bot.host.alarms import Alarms
from bot.host.break_glass import Person
from bot.messages import LANGUAGES, Chat, Language
from tests.conversation.talk import Talk, text
from tests.host.house import House, opened
from tests.host.test_commands_run import run
from tests.host.test_erasing import told

PASSWORD = "a long enough one"
REASON = "she is on a roof; police report 4711"
AMINAH, BALA = Person("aminah", PASSWORD), Person("bala", PASSWORD)


async def people(house: House) -> None:
    for name, role in (("aminah", "supervisor"), ("bala", "worker"), ("chong", "worker")):
        await staff.add(house.store, name, role, ("ms",), PASSWORD, now=house.clock())


async def look(
    house: House, reference: str, *signing: Person, reason: str = REASON
) -> tuple[Chat | None, Alarms]:
    alarms = Alarms(clock=house.clock)
    first, second = signing or (AMINAH, BALA)
    found = await break_glass.address(
        house.store, reference, (first, second), reason, now=house.clock(), alarms=alarms
    )
    return found, alarms


async def test_two_people_see_it_on_record_and_alarmed(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await people(house)
        reference = await told(house, "child")
        found, alarms = await look(house, reference)
        assert found == Chat("web", "child")
        assert alarms.counts[break_glass.ALARM] == 1
        lines = house.raw("SELECT detail FROM audits WHERE action = 'broke the glass'")
        assert lines == [(REASON,), (REASON,)]
        assert PASSWORD not in repr(AMINAH)


@pytest.mark.parametrize(
    ("signing", "told_why"),
    [
        ((AMINAH, AMINAH), "two people"),
        ((BALA, Person("chong", PASSWORD)), "supervisor"),
        ((AMINAH, Person("bala", "wrong")), "does not fit"),
        ((AMINAH, Person("nobody", PASSWORD)), "does not fit"),
    ],
)
async def test_who_may_not_sees_nothing(
    tmp_path: Path, signing: tuple[Person, Person], told_why: str
) -> None:
    async with opened(tmp_path) as house:
        await people(house)
        reference = await told(house, "child")
        with pytest.raises(SettingsWrong, match=told_why):
            await look(house, reference, *signing)
        with pytest.raises(SettingsWrong, match="why"):
            await look(house, reference, reason="because")
        assert house.raw("SELECT id FROM audits WHERE action = 'broke the glass'") == []


async def test_a_report_that_is_not_there_gives_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await people(house)
        assert (await look(house, "BBB-BBB"))[0] is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_said_at_the_start_while_it_is_on_and_only_then(language: Language) -> None:
    sentence = text(language, "welcome.break_glass", operator="Rumah Ujian")
    for on in (True, False):
        talk = Talk(break_glass=on)
        talk.start(language)
        talk.tap("child")
        assert (sentence in talk.tap("13-17")) is on


def test_the_command_is_off_until_it_is_switched_on(tmp_path: Path) -> None:
    words = ("reports", "address", "BBB-BBB", "--reason", REASON)
    status, _, err = run(tmp_path, *words, typed="a\nb\nc\nd\n")
    assert (status, "TEMAN_BREAK_GLASS is off" in err) == (1, True)
    status, _, err = run(tmp_path, *words, typed="a\nb\nc\nd\n", TEMAN_BREAK_GLASS="true")
    assert (status, "does not fit" in err) == (1, True)
