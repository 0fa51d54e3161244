"""The steps a lesson is made of: what each kind holds, what it says, and where it may lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bot.messages import Language

Id = Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,16}$")]
Text = Annotated[str, Meta(min_length=1)]
Time = Annotated[str, Meta(pattern=r"^(\d{1,2}:\d\d)?$")]
Way = tuple[str, ...]
"""Where in a step a text stands, such as ("choices", "tell", "label")."""


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One bubble of a staged chat. `by`: the learner's side, the other, or somebody else in a
    group, who then has a `name`. `at`: the time beside it, such as "9:41", alike in every language.
    """

    by: Literal["me", "them", "other"]
    say: Text
    at: Time = ""
    name: str = ""

    def __post_init__(self) -> None:
        if self.by == "other" and not self.name:
            raise ValueError("somebody else in a group needs a name")


class Talk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A staged chat, drawn as a phone shows one; where it cannot be drawn its lines are written.
    `who`: the name at the top.
    """

    who: Text
    lines: Annotated[dict[Id, Line], Meta(min_length=1, max_length=6)]


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer of a scene: what the button says, one line on why, and where it leads."""

    label: Text
    feedback: Text
    next: Id
    right: bool = False


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to put in order."""

    label: Text


class Sorted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to sort: what it is, the bin it belongs to, and one line on why, whatever was
    chosen.
    """

    say: Text
    bin: Id
    feedback: Text


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something in a scene that may be a warning sign or is none, and one line on why."""

    label: Text
    feedback: Text
    flag: bool = False


class Tell(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="tell"):
    """A bubble to read, then [Next]."""

    say: Text
    next: Id
    chat: Talk | None = None


class Choose(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="choose"
):
    """A scene with choices. `check`: it counts for mastery. `safe`: nothing is wrong in it."""

    say: Text
    choices: Annotated[dict[Id, Choice], Meta(min_length=1)]
    check: bool = False
    safe: bool = False
    chat: Talk | None = None


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="order"):
    """Steps to put in order. `missed` answers a wrong pick, `feedback` the finished order."""

    say: Text
    items: Annotated[dict[Id, Item], Meta(min_length=2)]
    order: list[Id]
    feedback: Text
    missed: Text
    next: Id


class Sort(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="sort"):
    """Things that come one by one, each to be put into one of the bins."""

    say: Text
    bins: Annotated[dict[Id, Item], Meta(min_length=2, max_length=3)]
    items: Annotated[dict[Id, Sorted], Meta(min_length=2, max_length=9)]
    next: Id


class Spot(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="spot"):
    """Find the warning signs. `enough`: the button for "no more". `feedback` once all are found,
    `missed` when the learner stops before.
    """

    say: Text
    marks: Annotated[dict[Id, Mark], Meta(min_length=2, max_length=6)]
    enough: Text
    feedback: Text
    missed: Text
    next: Id
    chat: Talk | None = None


class Hand(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="hand"):
    """A hand of trusted adults: a tap for each finger, up to five. Fingers are counted; no name is
    asked for or kept. `few`: after fewer than three.
    """

    say: Text
    more: Text
    enough: Text
    few: Text
    feedback: Text
    next: Id


class Write(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="write"):
    """The learner's own words, never graded wrong. `cues`: words that show a skill, by language."""

    say: Text
    feedback: Text
    skip: Text
    next: Id
    chat: Talk | None = None
    cues: dict[Id, dict[Language, list[Text]]] = {}


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="card"):
    """The skill card: a few short lines to keep."""

    say: Text
    lines: Annotated[dict[Id, Text], Meta(min_length=1)]
    next: Id


class End(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="end"):
    """The last bubble; the lesson is finished."""

    say: Text


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer of a scene that stands alone: the button, and one line on why."""

    label: Text
    feedback: Text
    right: bool = False


class Scene(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A scene that stands alone: one of those that come back on later days."""

    say: Text
    choices: Annotated[dict[Id, Answer], Meta(min_length=2)]
    safe: bool = False
    chat: Talk | None = None


Step = Tell | Choose | Order | Sort | Spot | Hand | Write | Card | End


def leads_to(step: Step) -> tuple[str, ...]:
    """The steps that may come next."""
    match step:
        case Choose(choices=choices):
            return tuple(choice.next for choice in choices.values())
        case End():
            return ()
        case _:
            return (step.next,)


def texts(step: Step | Scene) -> Iterator[tuple[Way, str]]:
    """Every translatable text of a step, and where it stands."""
    yield ("say",), step.say
    yield from chat_texts(step).items()
    match step:
        case Choose(choices=choices) | Scene(choices=choices):
            for name, choice in choices.items():
                yield ("choices", name, "label"), choice.label
                yield ("choices", name, "feedback"), choice.feedback
        case Order(items=items, feedback=feedback, missed=missed):
            yield from ((("items", name, "label"), item.label) for name, item in items.items())
            yield ("feedback",), feedback
            yield ("missed",), missed
        case Sort(bins=bins, items=sorted_):
            yield from ((("bins", name, "label"), one.label) for name, one in bins.items())
            for name, thing in sorted_.items():
                yield ("items", name, "say"), thing.say
                yield ("items", name, "feedback"), thing.feedback
        case Spot():
            for name, mark in step.marks.items():
                yield ("marks", name, "label"), mark.label
                yield ("marks", name, "feedback"), mark.feedback
            yield ("enough",), step.enough
            yield ("feedback",), step.feedback
            yield ("missed",), step.missed
        case Hand():
            for part in ("more", "enough", "few", "feedback"):
                yield (part,), getattr(step, part)
        case Write(feedback=feedback, skip=skip):
            yield ("feedback",), feedback
            yield ("skip",), skip
        case Card(lines=lines):
            yield from ((("lines", name), line) for name, line in lines.items())


def chat_texts(step: Step | Scene) -> dict[Way, str]:
    """The texts of a step's staged chat."""
    talk = step.chat if isinstance(step, Tell | Choose | Spot | Write | Scene) else None
    if talk is None:
        return {}
    found: dict[Way, str] = {("chat", "who"): talk.who}
    for name, line in talk.lines.items():
        if line.name:
            found["chat", "lines", name, "name"] = line.name
        found["chat", "lines", name, "say"] = line.say
    return found
