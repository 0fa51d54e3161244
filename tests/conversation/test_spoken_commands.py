"""Help, hide, menu, language, stop, forget: whole messages, in four languages, from every place."""

from __future__ import annotations

import pytest

from bot.conversation import commands, effects
from bot.language import normalise
from bot.messages import LANGUAGES, Language
from tests.conversation.said import HELP_WORDS, THREAT
from tests.conversation.talk import SAFE_WORDS, Talk, screen, text


def test_the_table_is_ordered_help_first_and_every_spelling_finds_its_command() -> None:
    assert [c.name for c in commands.TABLE][:2] == ["help", "hide"]
    found = 0
    for command in commands.TABLE:
        assert set(command.words) == set(LANGUAGES), command.name
        for words in command.words.values():
            for word in words:
                heard = commands.find(word, SAFE_WORDS)
                assert heard is not None, word
                assert heard.name == command.name, word
                found += 1
    assert found > 120


def test_no_spelling_stands_in_two_commands() -> None:
    seen: dict[str, str] = {}
    for command in commands.TABLE:
        for words in command.words.values():
            for word in words:
                owner = seen.setdefault(normalise.bare(word), command.name)
                assert owner == command.name, word
    assert len(seen) > 100


def test_commands_raise_no_concern() -> None:
    """A command that screening took for a disclosure could never be given."""
    loud = [
        word
        for command in commands.TABLE
        if command.name not in ("help", "hide")
        for words in command.words.values()
        for word in words
        if screen().assess(word).level != "none"
    ]
    assert loud == []


@pytest.mark.parametrize(
    "farewell", ["lupakan aku", "忘了我吧", "என்னை மறந்துடுங்க", "just forget me"]
)
def test_a_farewell_is_no_command(farewell: str) -> None:
    assert commands.find(farewell, SAFE_WORDS) is None
    talk = Talk().onboard("en")
    talk.say(farewell)
    assert talk.state.place.name == "care"


@pytest.mark.parametrize(
    "sentence", ["can you help me with homework", "jangan berhenti", "打开书本第三页"]
)
def test_a_sentence_with_a_command_in_it_is_no_command(sentence: str) -> None:
    assert commands.find(sentence, SAFE_WORDS) is None


@pytest.mark.parametrize(("language", "word"), [(x, w) for x in LANGUAGES for w in HELP_WORDS[x]])
def test_07_help_and_the_safe_word_work_before_onboarding(language: Language, word: str) -> None:
    talk = Talk("telegram")
    said = talk.say(word)
    assert "999" in said
    assert "15999" in said
    assert "019-261 5999" in said
    assert text(language, "help.title", adult=True) in said
    assert len(talk.out) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_07_the_safe_word_works_in_every_place(language: Language) -> None:
    word = SAFE_WORDS[language].upper()
    places = 0
    for talk in every_place(language):
        before = talk.state.place
        assert "999" in talk.say(word)
        assert len(talk.out) == 1
        assert talk.state.place == before
        places += 1
    assert places >= 8


def every_place(language: Language) -> list[Talk]:
    """A talk in each kind of place."""
    fresh = Talk()
    fresh.start()
    role = Talk()
    role.start(language)
    menu = Talk().onboard(language)
    lessons = Talk().onboard(language)
    lessons.tap("lessons")
    lesson = Talk().onboard(language).lesson("C4")
    privacy = Talk().onboard(language)
    privacy.tap("privacy")
    care = Talk().onboard(language)
    care.say(THREAT[language])
    consent = in_consent(language)
    report = reported(language)
    return [fresh, role, menu, lessons, lesson, privacy, care, consent, report]


def in_consent(language: Language, **house: object) -> Talk:
    """A child who told of a threat, before yes or no."""
    talk = Talk(**house).onboard(language)
    talk.say(THREAT[language])
    talk.tap("help")
    talk.tap("yes")
    talk.tap("only_me")
    assert talk.state.place.step == "consent"
    return talk


def reported(language: Language, **house: object) -> Talk:
    """A child of 13-17 on an own phone whose report was handed over, all questions skipped."""
    talk = in_consent(language, **house)
    talk.tap("yes")
    talk.tap("yes")
    while talk.state.place.name == "care":
        talk.tap("skip")
    assert talk.state.place.name == "report"
    return talk


@pytest.mark.parametrize("word", ["hide", "sorok", "隐藏", "மறை"])
def test_27_hide_answers_with_harmless_words_and_asks_nothing(word: str) -> None:
    talk = Talk().onboard("en")
    talk.say(THREAT["en"])
    said = talk.say(word)
    assert said in [text("en", f"hide.tip_{n}") for n in (1, 2, 3)]
    assert talk.outgoing.choices == ()
    assert talk.outgoing.wipe
    assert talk.asked(effects.Hush)
    said = talk.say("hi")
    for key in ("care.heard", "care.choose", "care.safe_ask"):
        assert text("en", key) not in said
    assert talk.state.place.name == "menu"


def test_hide_in_the_middle_of_a_lesson_and_go_on_later() -> None:
    talk = Talk().onboard("en").lesson("C4")
    talk.say("hide")
    talk.say("hi")
    assert text("en", "lessons.C4.steps.hook.say") in talk.said


def test_stop_then_anything_goes_on_where_it_was() -> None:
    talk = Talk().onboard("ms").lesson("C4")
    said = talk.say("berhenti")
    assert text("ms", "common.stopped", safe="payung") == said
    assert text("ms", "lessons.C4.steps.hook.say") in talk.say("ok")


def test_language_changes_in_the_middle_and_stays_in_place() -> None:
    talk = Talk().onboard("ms").lesson("C4")
    talk.say("bahasa")
    said = talk.tap("ta")
    assert text("ta", "lessons.C4.steps.hook.say") in said
    assert talk.state.language == "ta"


def test_forget_asks_once_and_erases_only_whoever_is_here() -> None:
    talk = Talk("telegram").onboard("en", "parent")
    talk.say("switch")
    talk.tap("new")
    talk.tap("en")
    talk.tap("child")
    talk.tap("13-17")
    talk.tap("ok")
    keeps, goes = talk.state.profiles
    talk.say("forget")
    assert talk.names == ["delete_yes", "keep"]
    said = talk.tap("delete_yes")
    assert said == text("en", "forget.done")
    assert [p.id for p in talk.state.profiles] == [keeps.id]
    assert [e.profile for e in talk.asked(effects.Forget)] == [goes.id]


def test_forget_says_that_a_report_stays_and_keep_keeps() -> None:
    talk = Talk().onboard("en")
    assert "stays with the people who have it" in talk.say("delete my data")
    before = talk.state.profiles
    assert text("en", "forget.kept") in talk.tap("keep")
    assert talk.state.profiles == before


def test_forget_drops_a_draft_and_never_a_report() -> None:
    draft = Talk().onboard("en")
    draft.say(THREAT["en"])
    draft.say("forget")
    draft.tap("delete_yes")
    assert draft.asked(effects.DropDraft)
    sent = reported("en")
    sent.say("forget")
    sent.tap("delete_yes")
    assert not sent.asked(effects.DropDraft)
    assert not sent.asked(effects.WithdrawReport)
