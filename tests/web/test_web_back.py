"""Come-back words: right ones lead to the talk, wrong and unknown ones look alike."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import argon2
import httpx
import pytest

from bot.conversation.events import StaffMessage
from bot.conversation.ids import Ids
from bot.messages import LANGUAGES, Words
from bot.store import reports, returns
from bot.texts import LIFELINE
from bot.web import back
from bot.web.trouble import Refused
from tests.web.web_scene import HERE, HOUR, START, Child, Scene, bearer, door, library

DISCLOSURE = "he will send my photo to my class if i dont pay"
ANSWER = "We have read it. You did the right thing."


async def handed_over(scene: Scene, language: str = "en") -> tuple[str, str]:
    """A child's report on the desk; gives its reference and the four words the child was shown."""
    child = Child(scene)
    await child.onboard(language)
    await child.say(DISCLOSURE)
    for choice in ("help", "yes", "only_me", "yes"):
        await child.tap(choice)
    found = re.search(
        r"/back .*?([A-Z0-9]{3}-[A-Z0-9]{3}).*?[:：] ?(\S+ \S+ \S+ \S+)$", child.said, re.MULTILINE
    )
    assert found, child.said
    return found.group(1), found.group(2).rstrip(".。")


async def answered(scene: Scene, reference: str) -> None:
    """A case worker writes back."""
    ids = Ids(scene.now, b"an answer's ids!")
    kept = await scene.run(lambda tx: reports.by_reference(tx, reference))
    assert kept
    line, now, case = ids.take(), scene.now, kept.row.case
    await scene.run(
        lambda tx: reports.add_words(
            tx, id=line, case=case, now=now, text=Words(ANSWER), language="en", sender="worker"
        )
    )
    await scene.host.happened(StaffMessage(ids.take(), case))


async def guess(
    scene: Scene, reference: str, words: str, token: str = "n" * 43, address: str = "203.0.113.9"
) -> httpx.Response:
    async with scene.client(address) as browser:
        body = {"reference": reference, "words": words}
        return await browser.post("/back", json=body, headers=bearer(token))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_words_lead_back_to_the_talk_and_its_answer(
    tmp_path: Path, language: str
) -> None:
    async with door(tmp_path, public_url=HERE) as scene:
        reference, words = await handed_over(scene, language)
        await answered(scene, reference)
        typed = f" {reference.lower().replace('-', ' ')} "
        answer = await guess(scene, typed, words.upper().replace(" ", " \u200b, "))
        assert answer.status_code == 200, answer.text
        again = Child(scene, "n" * 43)
        await again.read()
        assert ANSWER in again.said
        assert again.rows[-1]["language"] == language


async def test_wrong_words_and_an_unknown_reference_look_alike(tmp_path: Path) -> None:
    async with door(tmp_path, public_url=HERE) as scene:
        reference, words = await handed_over(scene)
        wrong = await guess(scene, reference, "not the right words")
        unknown = await guess(scene, "BCD-FGH", words)
        no_reference = await guess(scene, "hello", words)
    assert wrong.status_code == unknown.status_code == no_reference.status_code == 403
    assert wrong.text == unknown.text == no_reference.text
    assert wrong.json()["help"] == dict(LIFELINE)


async def test_five_misses_rest_for_an_hour_known_or_not(tmp_path: Path) -> None:
    async with door(tmp_path, public_url=HERE) as scene:
        reference, words = await handed_over(scene)
        for name in (reference, "BCD-FGH"):
            for _ in range(back.MISSES):
                assert (await guess(scene, name, "wrong")).status_code == 403
            rests = await guess(scene, name, words)
            assert rests.status_code == 429
            assert int(rests.headers["Retry-After"]) == 3600
        scene.now += HOUR + 1
        assert (await guess(scene, reference, words)).status_code == 200


async def test_a_restart_forgets_no_misses(tmp_path: Path) -> None:
    async with door(tmp_path, public_url=HERE) as scene:
        reference, words = await handed_over(scene)
        for _ in range(back.MISSES):
            await guess(scene, reference, "wrong")
        new = back.Back(scene.host)
        with pytest.raises(Refused):
            await new._check(reference, words)


async def test_many_tries_at_once_are_not_all_let_in(tmp_path: Path) -> None:
    async with door(tmp_path, public_url=HERE) as scene:
        reference, _ = await handed_over(scene)
        tries = [guess(scene, reference, f"wrong {n}") for n in range(12)]
        answers = [answer.status_code for answer in await asyncio.gather(*tries)]
    assert sorted(answers) == [403] * back.MISSES + [429] * (12 - back.MISSES)


async def test_right_words_forget_earlier_misses(tmp_path: Path) -> None:
    async with door(tmp_path, public_url=HERE) as scene:
        reference, words = await handed_over(scene)
        for _ in range(3):
            await guess(scene, reference, "wrong")
            await guess(scene, reference, "wrong")
            assert (await guess(scene, reference, words)).status_code == 200


async def test_all_references_together_have_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(back, "IN_ALL", (4, 60))
    monkeypatch.setattr(back, "PER_CLIENT", (3, 60))
    async with door(tmp_path) as scene:
        ours = [(await guess(scene, f"BCD-FG{n}", "x")).status_code for n in range(2, 6)]
        others = [
            (await guess(scene, f"BCD-FH{n}", "x", address=f"203.0.113.{n}")).status_code
            for n in range(2, 5)
        ]
    assert ours == [403, 403, 403, 429]
    assert others == [403, 429, 429]


async def test_a_browser_without_a_token_is_refused(tmp_path: Path) -> None:
    async with door(tmp_path) as scene:
        answer = await guess(scene, "BCD-FGH", "a b c d", token="short")
    assert answer.status_code == 401
    assert answer.json()["help"] == dict(LIFELINE)


async def test_without_the_store_nobody_counts_as_wrong(tmp_path: Path) -> None:
    async with door(tmp_path) as scene:
        scene.store.down = True
        answer = await guess(scene, "BCD-FGH", "a b c d")
    assert answer.status_code == 503
    assert answer.json()["help"] == dict(LIFELINE)


async def test_an_unknown_reference_costs_what_a_known_one_costs(tmp_path: Path) -> None:
    async with door(tmp_path, public_url=HERE) as scene:
        reference, _ = await handed_over(scene)
        kept = await scene.run(lambda tx: returns.get(tx, reference))
        assert kept
    ours, theirs = (
        argon2.extract_parameters(found) for found in (back._nobodys(), kept.words_hash)
    )
    assert ours == theirs


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_survives_being_typed(language: str) -> None:
    code = next(found for found in LANGUAGES if found == language)
    drawn = library().return_words(code)
    assert len(drawn) > 100
    assert [word for word in drawn if back.words(word.upper()) != word] == []
    assert back.words("，".join(drawn[:4])) == " ".join(drawn[:4])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("BCD-FGH", "BCD-FGH"), ("bcd fgh", "BCD-FGH"), ("ＢＣＤ－ＦＧＨ", "BCD-FGH"),
        ("bcdfgh", "BCD-FGH"), ("", ""), ("ABC-DEF", ""), ("BCD-FGHJ", ""), ("x" * 9999, ""),
    ],
)  # fmt: skip
def test_a_reference_as_people_type_it(typed: str, kept: str) -> None:
    assert back.reference(typed) == kept


def test_what_was_typed_never_prints() -> None:
    said = back.Guess("BCD-FGH", "apple bell cat dog")
    assert "apple" not in f"{said} {said!r}"
    assert START
