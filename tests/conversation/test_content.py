"""An account, page or message to take down: steps with their date, the address as text, consent."""

from __future__ import annotations

import pytest

from bot.conversation import effects
from bot.handoff import packet
from bot.messages import LANGUAGES, Language
from tests.conversation.said import THREAT
from tests.conversation.talk import Talk, library, text

ADDRESS = "t.me/some_channel_11"


def at_content(language: Language, **house: object) -> Talk:
    talk = Talk(**house).onboard(language)
    talk.tap("content")
    assert text(language, "content.where") in talk.said
    return talk


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("platform", list(library().platforms))
def test_each_platform_has_its_steps_and_their_date(language: Language, platform: str) -> None:
    talk = at_content(language)
    said = talk.tap(platform)
    known = library().platforms[platform]
    assert text(language, f"content.steps_{platform}") in said
    assert library().texts.day(language, known.checked) in said
    assert text(language, "content.never") in said
    for name in ("MCMC", "IWF"):
        assert name in said


def test_there_are_platforms_and_a_way_for_all_others() -> None:
    assert len(library().platforms) >= 9
    talk = at_content("en")
    assert len(talk.choices) <= 10, "WhatsApp's list has ten rows"
    said = talk.tap("elsewhere")
    assert text("en", "content.steps_elsewhere") in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_address_goes_on_only_with_a_yes_and_as_text(language: Language) -> None:
    talk = at_content(language)
    talk.tap("telegram")
    said = talk.say(ADDRESS)
    assert "Rumah Ujian" in said
    assert ADDRESS not in said, "the bot never shows it again, so nothing makes it clickable"
    assert not talk.asked(effects.OpenReport)
    talk.tap("yes")
    [opened] = talk.asked(effects.OpenReport)
    facts = packet.facts(
        opened.case, role=opened.role, band=opened.band, channel="web", operator="x", version="1",
        drill=False, consent=opened.consent, created_at_us=1,
    )  # fmt: skip
    assert facts["kind"] == "content"
    assert facts["links"] == [ADDRESS]
    assert facts["where_online"] == "telegram"
    assert talk.case.reference
    assert talk.case.reference in talk.said
    assert talk.state.place.name == "report"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_and_skip_keep_nothing(language: Language) -> None:
    talk = at_content(language)
    talk.tap("discord")
    talk.say(ADDRESS)
    talk.tap("no")
    assert talk.asked(effects.DropDraft)
    assert talk.state.cases == ()
    assert text(language, "content.nothing_kept") in talk.said
    talk = at_content(language)
    talk.tap("discord")
    talk.tap("skip")
    assert talk.state.cases == ()
    assert talk.state.place.name == "menu"


def test_without_people_nothing_is_kept_and_that_is_said() -> None:
    talk = at_content("en", intake_open=False, demo=False)
    talk.tap("tiktok")
    assert text("en", "content.not_open") in talk.say(ADDRESS)
    assert talk.state.cases == ()
    assert not talk.asked(effects.KeepWords)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_disclosure_in_the_place_of_an_address_is_a_case_of_its_own(language: Language) -> None:
    talk = at_content(language)
    talk.tap("instagram")
    talk.say(THREAT[language])
    assert talk.state.place.name == "care"
    assert talk.case.kind == "harm"
    talk = at_content(language)
    talk.tap("instagram")
    talk.say(ADDRESS)
    talk.say(THREAT[language])
    assert [case.kind for case in talk.state.cases] == ["content", "harm"]
    assert talk.case.links == ()


def test_a_picture_is_refused_here_too_and_the_draft_ends_after_a_day() -> None:
    talk = at_content("en")
    talk.tap("whatsapp")
    talk.message("media")
    assert text("en", "media.picture") in talk.said
    assert talk.state.place.name == "content"
    talk.say(ADDRESS)
    talk.fire("draft_expiry")
    assert talk.state.cases == ()
    assert talk.asked(effects.DropDraft)


def test_hide_leaves_it() -> None:
    talk = at_content("en")
    talk.say("hide")
    assert talk.state.place.name == "menu"
    assert talk.names == []
