"""What the turns before and the lesson at hand change, as scores and never as words."""

from __future__ import annotations

from bot.safeguarding import context
from bot.safeguarding.concern import Concern
from bot.safeguarding.context import Faint

MINUTE = 60 * 1_000_000


def _near(share: float) -> Concern:
    return Concern(score=0.4 * share, kinds=())


def test_several_faint_messages_together_are_a_reason_to_ask() -> None:
    before = (Faint(0.75, 0, "p1"), Faint(0.6, MINUTE, "p1"))
    heard = context.joined(_near(0.7), before, 2 * MINUTE, "p1")
    assert heard.level == "ask"
    assert heard.reasons == ("several messages together",)


def test_not_those_of_another_person_nor_of_long_ago_nor_one_alone() -> None:
    before = (Faint(0.9, 0, "p1"), Faint(0.9, 0, "p1"))
    assert context.joined(_near(0.7), before, MINUTE, "p2").level == "none"
    assert context.joined(_near(0.7), before, 120 * MINUTE, "p1").level == "none"
    assert context.joined(_near(0.9), (), MINUTE, "p1").level == "none"
    assert context.joined(_near(0.05), before, MINUTE, "p1").level == "none"


def test_only_the_last_few_are_kept() -> None:
    kept: tuple[Faint, ...] = ()
    for minute in range(9):
        kept = context.kept(kept, context.faint(_near(0.5), minute * MINUTE, None))
    assert [one.at for one in kept] == [6 * MINUTE, 7 * MINUTE, 8 * MINUTE]
    assert context.faint(_near(0.1), 0, None) is None
    assert context.faint(Concern(level="ask", score=0.4), 0, None) is None


def test_a_sentence_of_the_lesson_is_an_echo_and_a_telling_is_not() -> None:
    shown = ['Write one line. For example: "Something online scares me. Can you help?"']
    assert context.echoes("something online scares me, can you help", shown)
    assert not context.echoes("something online scares me he already has my picture", shown)
    assert not context.echoes("he already has my picture", shown)
    assert not context.echoes("", shown)
