"""Whatever Teman has to say is a message that the platform takes, in every language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import split, whatsapp_form
from bot.conversation import reply
from bot.conversation.state import Option, Question
from bot.errors import SendNever
from bot.host.receive import help_line
from bot.library import measure
from bot.messages import LANGUAGES, Chat, Choice, Incoming, Language, Outgoing, Words
from tests.conversation.said import EMERGENCY, SUICIDAL, THREAT
from tests.conversation.talk import Talk
from tests.platforms import graph_limits
from tests.platforms.screen import Button
from tests.platforms.test_story import said, write
from tests.platforms.whatsapp_scene import met, open_door, since

CHAT = Chat("whatsapp", "MY.1349120865530001")
NAMES: dict[Any, str] = {"notice": "teman_notice"}
TEXTS = st.one_of(
    st.text(min_size=1, max_size=60),
    st.builds(
        lambda line, n: f"{line}\n\n" * n, st.text(min_size=1, max_size=90), st.integers(1, 90)
    ),
    st.builds(lambda word, n: word * n, st.sampled_from("a 帮உ👍"), st.integers(1, 9000)),
).filter(str.strip)
LABELS = st.text(min_size=1, max_size=12).filter(str.strip)


def choices(labels: list[str]) -> tuple[Choice, ...]:
    return tuple(Choice(f"q1.{number}", label) for number, label in enumerate(labels))


OUTGOING = st.builds(
    Outgoing,
    TEXTS,
    st.lists(LABELS, max_size=14).map(choices),
    language=st.sampled_from(LANGUAGES),
    opener=st.sampled_from(["", "Choose"]),
)


def posted(outgoing: Outgoing, chat: Chat = CHAT) -> list[dict[str, Any]]:
    """The messages it becomes, each of which the platform would take."""
    forms = [
        whatsapp_form.message(chat, part, key=f"k{number}", templates=NAMES)
        for number, part in enumerate(split.parts("whatsapp", outgoing))
    ]
    for form in forms:
        graph_limits.recipient(form)
        graph_limits.opaque(form)
        graph_limits.read(form)
    return forms


def offered(forms: list[dict[str, Any]]) -> list[Button]:
    return [button for form in forms for button in graph_limits.read(form)[1]]


def whole(forms: list[dict[str, Any]]) -> str:
    return "\n\n".join(graph_limits.read(form)[0] for form in forms)


# -- any message


@given(OUTGOING)
def test_whatever_is_said_fits(outgoing: Outgoing) -> None:
    forms = posted(outgoing)
    assert "".join(outgoing.text.split()) in "".join(whole(forms).split())
    shown = [(one.token, one.label) for one in offered(forms)]
    assert shown == [(c.token, c.label) for c in outgoing.choices[:10]]
    assert [bool(graph_limits.read(form)[1]) for form in forms[:-1]] == [False] * (len(forms) - 1)
    for number, choice in enumerate(outgoing.choices[10:], 11):
        assert f"{number}. {choice.label}".split() == _line(forms, number).split()


def _line(forms: list[dict[str, Any]], number: int) -> str:
    """The written-out choice of that number, up to the next one."""
    after = whole(forms).rpartition(f"{number}. ")[2].split(f"{number + 1}. ")[0]
    return f"{number}. {after}"


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        (["Yes"], "button"),
        (["a" * 20, "b" * 20, "c" * 20], "button"),
        (["👍" * 10, "b", "c"], "button"),
        (["👍" * 11, "b", "c"], "list"),
        (["a" * 21, "b", "c"], "list"),
        (["same", "same"], "list"),
        (["a", "b", "c", "d"], "list"),
        (["a" * 24] * 10, "list"),
    ],
)
def test_buttons_where_they_fit_else_a_list(labels: list[str], kind: str) -> None:
    (form,) = posted(Outgoing("Which?", choices(labels)))
    assert form["interactive"]["type"] == kind
    assert [one.label for one in offered([form])] == labels


@pytest.mark.parametrize("label", ["a" * 25, "👍" * 13, ""])
def test_a_label_no_list_takes_is_refused_here(label: str) -> None:
    with pytest.raises(SendNever):
        posted(Outgoing("Which?", choices([label, "b", "c", "d"])))


@pytest.mark.parametrize(
    "address", ["60111000001", "MY.1349120865530001", "US.a.b9", "MY." + "x" * 128]
)
def test_the_address_goes_where_it_belongs(address: str) -> None:
    (form,) = posted(Outgoing("hi"), Chat("whatsapp", address))
    assert form["recipient" if "." in address else "to"] == address
    assert ("to" in form) != ("recipient" in form)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_is_the_template_in_its_language(language: Language) -> None:
    (form,) = posted(Outgoing("there is news", language=language, template="notice"))
    codes = {"ms": "ms", "en": "en", "zh": "zh_CN", "ta": "ta"}
    assert form["template"] == {"name": "teman_notice", "language": {"code": codes[language]}}
    assert "there is news" not in str(form)


# -- what the real library says


def fits(talk: Talk) -> None:
    """Each bubble of the last turn, and its opener."""
    assert talk.out, "nothing was said"
    for one in talk.out:
        forms = posted(one.outgoing)
        assert len(forms) <= 2
        assert len(offered(forms)) == min(len(one.outgoing.choices), 10)
        assert measure.platform(one.outgoing.opener) <= 20
        if one.outgoing.choices and talk.state.profiles and talk.state.profiles[0].language:
            assert one.outgoing.opener


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("band", ["7-9", "10-12", "13-17"])
def test_every_bubble_of_the_way_in_and_of_the_lessons_fits(language: Language, band: str) -> None:
    talk = Talk("whatsapp")
    talk.start()
    fits(talk)
    for choice in (language, "child", band):
        talk.tap(choice)
        fits(talk)
    talk.tap("yes" if "yes" in talk.names else "ok")
    fits(talk)
    talk.tap("lessons")
    fits(talk)
    lessons = [name for name in talk.names if name[1:].isdigit()]
    assert lessons
    for lesson in lessons:
        _walk(talk, lesson)


def _walk(talk: Talk, lesson: str) -> None:
    """Twenty steps into a lesson, by the first choice each time, and back to the list."""
    if lesson not in talk.names:
        talk.say("menu")
        talk.tap("lessons")
    talk.tap(lesson)
    for _ in range(20):
        fits(talk)
        if talk.state.place.name != "lesson":
            return
        talk.tap(talk.names[0])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ["child", "parent", "teacher"])
def test_care_of_everything_at_once_fits(language: Language, role: str) -> None:
    for words in (THREAT, SUICIDAL, EMERGENCY):
        for fresh in (True, False):
            talk = Talk("whatsapp", demo=False, pass_without_answer=True)
            if not fresh:
                talk.onboard(language, role)
            talk.say(words[language])
            fits(talk)
            talk.say(f"{THREAT[language]}. {SUICIDAL[language]}. {EMERGENCY[language]}")
            fits(talk)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_to_a_person_fits(language: Language) -> None:
    talk = Talk("whatsapp", demo=False, pass_without_answer=True).onboard(language)
    together = f"{THREAT[language]}. {SUICIDAL[language]}. {EMERGENCY[language]}"
    talk.say(together)
    for choice in ("help", "yes", "only_me", "yes", "yes"):
        talk.tap(choice if choice in talk.names else talk.names[0])
        fits(talk)
    for word in ("help", "hide", "umbrella", "privacy", "forget", "language"):
        talk.say(word)
        fits(talk)


def test_the_built_in_help_lines_fit() -> None:
    (form,) = posted(help_line())
    assert form["text"]["preview_url"] is False
    assert all(number in form["text"]["body"] for number in ("999", "15999"))


def test_a_choice_beyond_the_list_is_answered_by_its_number() -> None:
    options = tuple(Option(f"c{n}", f"label {n}") for n in range(1, 15))
    question = Question("q1", "menu", options)
    forms = posted(Outgoing("Which?", tuple(Choice(f"q1.{o.choice}", o.label) for o in options)))
    assert len(offered(forms)) == 10
    for number in range(11, 15):
        assert f"{number}. label {number}" in whole(forms)
        typed = Incoming("m", CHAT, "text", Words(str(number)))
        assert reply.read(question, typed).choice == f"c{number}"


# -- and over the wire


async def test_a_row_of_the_list_is_answered_by_its_number(tmp_path: Path) -> None:
    """The menu's numbers are those of its rows, typed too."""
    async with open_door(tmp_path) as (scene, _):
        person = await met(scene)
        labels = [one.label for one in person.screen[-1].buttons]
        await write(person, str(labels.index(said("en", "button.lessons")) + 1))
        assert said("en", "menu.lessons") in since(person)
