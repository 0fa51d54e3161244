"""What the engine adds to screening: the turns before, the lesson at hand, and whose they were."""

from __future__ import annotations

import msgspec
import pytest

from bot.messages import LANGUAGES, Incoming, Language, Words
from bot.safeguarding.concern import Concern
from bot.safeguarding.context import Faint
from tests.conversation.talk import Talk, library, text

REAL: dict[Language, str] = {
    "ms": "dia dah ada gambar saya",
    "en": "he already has my picture",
    "zh": "他已经有我的照片了",
    "ta": "அவனிடம் என் படம் இருக்கு",
}
EXPECTED: dict[Language, str] = {
    "ms": "saya akan block dia dan beritahu mak",
    "en": "I would block him and tell",
    "zh": "我会封锁他，告诉妈妈",
    "ta": "நான் அவனை block பண்ணி அம்மாகிட்ட சொல்வேன்",
}


def practising(language: Language) -> Talk:
    """Where B6 asks for a first sentence in own words."""
    talk = Talk().onboard(language, "child", "10-12").lesson("B6")
    for _ in range(40):
        step = library().lessons["B6"].steps[talk.state.place.step]
        if type(step).__name__ == "Write":
            return talk
        placed = talk.state.profiles[0].lessons["B6"].placed
        right = getattr(step, "order", ())[len(placed) :]
        choices = getattr(step, "choices", {})
        good = [name for name, choice in choices.items() if choice.right]
        talk.tap(right[0] if right else good[0] if good else "next")
    raise AssertionError("the lesson asks for no own words")


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_practice_a_telling_is_heard_and_the_expected_answer_is_not(language: Language) -> None:
    talk = practising(language)
    talk.say(EXPECTED[language])
    assert talk.state.place.name == "lesson"
    talk = practising(language)
    talk.say(REAL[language])
    assert talk.state.place.name == "care"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lessons_own_example_written_back_is_no_alarm(language: Language) -> None:
    talk = practising(language)
    step = talk.state.place.step
    shown = text(language, f"lessons.B6.steps.{step}.say")
    talk.say(shown)
    assert talk.state.place.name == "lesson"
    assert talk.state.place.step != step


def faintly(talk: Talk, score: float) -> None:
    """A message that screening found not worrying enough by itself."""
    incoming = Incoming(f"m{talk.turns}", talk.chat, "text", Words("hm"))
    talk.take(incoming, Concern(score=score))


def test_several_faint_messages_lead_to_care_and_hide_forgets_them() -> None:
    talk = Talk().onboard("en")
    for _ in range(2):
        faintly(talk, 0.3)
        assert talk.state.place.name == "menu"
    faintly(talk, 0.3)
    assert talk.state.place.name == "care"
    talk.say("hide")
    assert talk.state.faint == ()


def test_what_another_person_wrote_is_not_added_to_what_this_one_writes() -> None:
    talk = Talk().onboard("en")
    others = (Faint(0.9, talk.now, "another"), Faint(0.9, talk.now, "another"))
    talk.state = msgspec.structs.replace(talk.state, faint=others)
    faintly(talk, 0.3)
    assert talk.state.place.name == "menu"
