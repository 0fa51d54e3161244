"""One step of a conversation: state and event in, new state and effects out. No I/O, no clock, no
chance.
"""

from __future__ import annotations

from typing import Final

from bot.conversation import (
    asides,
    care,
    commands,
    happenings,
    lesson,
    lines,
    orders,
    people,
    places,
    reply,
    resting,
    spoken,
)
from bot.conversation.commands import Heard
from bot.conversation.effects import Hush, Release
from bot.conversation.events import Event
from bot.conversation.house import House
from bot.conversation.ids import Ids
from bot.conversation.state import Conversation
from bot.conversation.turn import Outcome, Turn
from bot.language import normalise
from bot.library.shelf import Library
from bot.messages import LANGUAGES, Incoming, Language, Words
from bot.safeguarding import context
from bot.safeguarding.concern import NOTHING, Concern

SHOWS_IN_A_TURN: Final = 4
"""A place may lead on to another; more hops than this in one turn is a loop, and an error."""
LINK: Final = "lang_"
"""A link to the bot may end in `lang_ta`: whoever follows it has chosen their language."""
QUIET_PLACES: Final = frozenset(
    {"welcome", "who", "menu", "lesson", "practice", "privacy", "content"}
)
"""After stop or hide no question stands open; here whatever is written next shows the place again,
without a comment.
In care and report it is kept, as ever."""


def step(
    conversation: Conversation,
    event: Event,
    concern: Concern,
    library: Library,
    now: int,
    ids: Ids,
    *,
    house: House,
) -> Outcome:
    """What follows from one event. `now` is µs UTC; a clock that went backwards is held at the last
    message's time.
    """
    now = max(now, conversation.last_at)
    turn = Turn(conversation, library, now, ids, house, concern=concern)
    if isinstance(event, Incoming):
        turn.hint, turn.linked = _hint(event)
        _incoming(turn, event)
    else:
        happenings.take(turn, event)
    if turn.help_wanted:
        lines.help_list(turn)
    _show_places(turn)
    if house.resting and isinstance(event, Incoming) and resting.only_teaches(conversation, turn):
        turn = Turn(conversation, library, now, ids, house)
        resting.instead(turn)
    if isinstance(event, Incoming):
        # An edit opens no window of WhatsApp's, and is no sign of who is here now.
        wrote = conversation.last_at if event.kind in ("edited", "left", "returned") else now
        turn.change(last_at=wrote, turn=conversation.turn + 1)
    return turn.outcome()


def _hint(incoming: Incoming) -> tuple[Language | None, bool]:
    """The language a message hints at, and whether by a link that somebody chose it with."""
    linked = incoming.kind == "start" and (incoming.token or "").startswith(LINK)
    said = (incoming.token or "").removeprefix(LINK) if linked else incoming.language_hint or ""
    hint = said[:2].lower()
    return next((language for language in LANGUAGES if language == hint), None), linked


def _show_places(turn: Turn) -> None:
    for _ in range(SHOWS_IN_A_TURN):
        if not turn.show_place:
            return
        turn.show_place = False
        places.show(turn, turn.state.place.name)
    raise RecursionError("the places of this turn lead round in a circle")


# -- a message


def _incoming(turn: Turn, incoming: Incoming) -> None:
    """Screening comes first by structure: only help and hide are looked at before it (care.md,
    3).
    """
    if incoming.kind == "left":
        turn.change(blocked=True)
        turn.effect(Hush())
        return
    if turn.state.blocked:
        turn.change(blocked=False)
        if not turn.state.hidden:
            turn.effect(Release())
    if incoming.kind == "returned":
        return
    _listen(turn, incoming)
    heard = _command(turn, incoming)
    unknown = people.unknown_now(turn) and turn.state.turn > 0
    if heard and heard.name in ("help", "hide"):
        if unknown:
            people.nobody(turn)
        orders.obey(turn, heard)
    elif turn.concern.level != "none" and incoming.text and not _is_label(turn, incoming.text):
        care.disclosed(turn, incoming.text)
    elif incoming.kind == "edited":
        return  # of an older message only its harm counts: it answers no question of now
    elif turn.state.turn == 0 or incoming.kind == "start":
        orders.start(turn)
    elif people.must_ask(turn) and turn.state.place.name != "welcome":
        _tell_not_kept(turn, incoming)
        people.nobody(turn)
        turn.again()
    elif heard and _obeyed_here(turn, heard):
        orders.obey(turn, heard)
    else:
        _reply(turn, incoming)


def _listen(turn: Turn, incoming: Incoming) -> None:
    """Screening has seen only the message; the turns before it, and the lesson at hand, are known
    here.
    """
    if incoming.text is None:
        return
    before = turn.state.faint
    who = None if people.unknown_now(turn) else turn.state.active
    heard = context.joined(turn.concern, before, turn.now, who)
    if heard.level in ("ask", "concern", "urgent") and _repeats_lesson(turn, incoming.text):
        heard = NOTHING
    turn.concern = heard
    turn.change(faint=context.kept(before, context.faint(heard, turn.now, who)))


def _repeats_lesson(turn: Turn, text: Words) -> bool:
    place = turn.state.place
    if place.name not in ("lesson", "practice"):
        return False
    return context.echoes(text.reveal(), lesson.sentences(turn, place.about))


def _obeyed_here(turn: Turn, heard: Heard) -> bool:
    """Where somebody writes in own words to a person, or of what happened, few words are orders."""
    question = turn.state.question
    own_words = question is not None and question.free and question.asker in ("care", "report")
    return not own_words or heard.name in ("open", "menu", "forget", "language")


def _command(turn: Turn, incoming: Incoming) -> Heard | None:
    if incoming.text is None:
        return None
    return commands.find(incoming.text.reveal(), turn.house.safe_words)


def _tell_not_kept(turn: Turn, incoming: Incoming) -> None:
    """Own words that come before anybody said who is here are not laid to the last person."""
    question = turn.state.question
    own_words = question is not None and question.free and question.asker in ("care", "report")
    if own_words and incoming.text:
        turn.say("who.not_kept")


def _is_label(turn: Turn, text: Words) -> bool:
    """The label of an open choice, typed out, is a tap: our own words, such as "I am not safe"; so
    is what people type instead of a label of care's.
    """
    question = None if people.unknown_now(turn) else turn.state.question
    if question is None:
        return False
    word = normalise.bare(text.reveal()[:100])
    if word in (normalise.bare(option.label) for option in question.options):
        return True
    return spoken.known(question, word)


def _reply(turn: Turn, incoming: Incoming) -> None:
    question = turn.state.question
    if incoming.kind in ("media", "voice", "location"):
        key = {"media": "picture", "voice": "voice", "location": "location"}[incoming.kind]
        turn.say(f"media.{key}")
        if incoming.text and turn.state.place.name in ("care", "report"):
            places.answer(turn, turn.state.place.name, None, incoming.text)
        else:
            turn.again()
        return
    if question is None and turn.state.place.name in QUIET_PLACES:
        turn.again()
        return
    answer = reply.read(question, incoming)
    asker = question.asker if question else turn.state.place.name
    if answer.choice is None and answer.text and asker in ("language", "forget"):
        orders.ask_again(turn, asker)  # never to the place beneath: it was not meant for it
        return
    if answer.choice is None and asker in ("language", "forget", "help"):
        asker = turn.state.place.name
    if answer.choice is None and asker in QUIET_PLACES and asides.answer(turn, None):
        turn.again()
        return
    places.answer(turn, asker, answer.choice, answer.text)
