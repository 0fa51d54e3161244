"""Who may hold this phone: profiles, how they are told apart, and "who is here?" after a pause."""

from __future__ import annotations

from bot.conversation.effects import CancelUnsent
from bot.conversation.state import PROFILE_LIMIT, Case, Option, Place, Profile
from bot.conversation.turn import Turn
from bot.messages import Language, Words

ANIMALS = ("tiger", "turtle", "cat", "bird", "fish", "elephant")
COLOURS = ("red", "blue", "green", "yellow", "white", "black")
PAUSE_US = 30 * 60 * 1_000_000
"""After this long without a word, a phone that more than one person may use is asked who is here.
"""


def add(turn: Turn, language: Language) -> None:
    """Somebody new at the phone, with an animal and a colour that nobody else here has."""
    profiles = turn.state.profiles
    if len(profiles) >= PROFILE_LIMIT:
        profiles = _without_the_idlest(turn)
    _join(turn, profiles, language)


def add_unnamed(turn: Turn, language: Language) -> None:
    """Somebody in need whom the phone does not know yet: nobody has to leave for them."""
    _join(turn, turn.state.profiles, language)


def _join(turn: Turn, profiles: tuple[Profile, ...], language: Language) -> None:
    animal, colour = _free_pair(turn, profiles)
    made = Profile(turn.ids.take(), language, animal=animal, colour=colour)
    turn.change(profiles=(*profiles, made), active=made.id)


def _without_the_idlest(turn: Turn) -> tuple[Profile, ...]:
    """Room for one more: an unfinished profile goes first, else the one that played longest ago.

    Nobody goes who has something open with a case worker, or a disclosure to decide on.
    """
    profiles = turn.state.profiles
    bound = {case.profile for case in turn.state.cases}
    free = [p for p in profiles if p.id not in bound]
    if not free:
        return profiles
    idle = min(free, key=lambda p: (p.ready, max((x.at for x in p.lessons.values()), default=0)))
    return tuple(p for p in profiles if p.id != idle.id)


def leave_unnamed(turn: Turn, case: Case) -> bool:
    """A profile that was only made for a case goes with it, and whoever was here before is here
    again. True when there was one.
    """
    mine = next((p for p in turn.state.profiles if p.id == case.profile), None)
    if mine is None or mine.ready or case.back_profile == case.profile:
        return False
    was_here = turn.state.active == mine.id
    kept = tuple(p for p in turn.state.profiles if p.id != mine.id)
    turn.change(profiles=kept)
    if was_here:
        known = {p.id for p in kept}
        turn.change(active=case.back_profile if case.back_profile in known else None)
    return was_here


def _listed(turn: Turn) -> list[Profile]:
    """Who can be chosen: everybody who is known, and who has a disclosure open without a name."""
    open_cases = {case.profile for case in turn.state.cases if case.status == "draft"}
    return [p for p in turn.state.profiles if p.ready or p.id in open_cases]


def _free_pair(turn: Turn, profiles: tuple[Profile, ...]) -> tuple[str, str]:
    animals = [a for a in ANIMALS if a not in {p.animal for p in profiles}] or list(ANIMALS)
    colours = [c for c in COLOURS if c not in {p.colour for p in profiles}] or list(COLOURS)
    return turn.ids.pick(animals, 1)[0], turn.ids.pick(colours, 1)[0]


def label_values(turn: Turn, profile: Profile | None) -> dict[str, str]:
    """The colour and animal of a profile, in the language of the turn."""
    if profile is None:
        return {"colour": "", "animal": ""}
    return {
        "colour": turn.text(f"colour.{profile.colour}"),
        "animal": turn.text(f"animal.{profile.animal}"),
    }


def must_ask(turn: Turn) -> bool:
    """After a pause, where several people may hold the phone: more than one profile, or an
    adult's.
    """
    state = turn.state
    shared = len(state.profiles) > 1 or any(p.role in ("parent", "teacher") for p in state.profiles)
    return shared and state.last_at > 0 and turn.now - state.last_at > PAUSE_US


def unknown_now(turn: Turn) -> bool:
    """Nobody has said yet who is at the phone: what comes now is not the last person's."""
    return turn.state.place.name == "who" or must_ask(turn)


def nobody(turn: Turn) -> None:
    """Whoever was here last is not taken to be here now, and gets nothing more on this screen."""
    if turn.state.active:
        turn.effect(CancelUnsent(turn.state.active))
    turn.change(active=None, place=Place("who"), question=None)


def show(turn: Turn) -> None:
    """The people this phone knows, by colour and animal, and somebody new."""
    turn.say("who.ask")
    known = _listed(turn)
    options = [Option(p.id, turn.text("person.label", **label_values(turn, p))) for p in known]
    turn.ask("who", "pick", [*options, turn.option("new", "someone_new")])


def answer(turn: Turn, choice: str | None, text: Words | None) -> None:
    """Somebody said who they are. What the last person had not yet received must not reach this
    one.
    """
    if choice is None:
        turn.again()
        return
    before = turn.state.active
    known = _listed(turn)
    if choice in {p.id for p in known}:
        turn.change(active=choice)
        turn.say("welcome.back")
        _return(turn)
    elif choice == "new":
        turn.change(active=None)
        turn.move("welcome")
    else:  # gone since the question was asked
        turn.again()
    if before and before != turn.state.active:
        turn.effect(CancelUnsent(before))


def _return(turn: Turn) -> None:
    """Back to where this person was: into an open disclosure of theirs, else to the menu."""
    mine = (c for c in reversed(turn.state.cases) if c.profile == turn.state.active)
    case = next((c for c in mine if c.status != "closed"), None)
    if case is None or turn.state.hidden:
        turn.move("menu")
    elif case.status == "draft":
        turn.move("care", case.step, case.id)
    elif case.device == "only_me":
        turn.move("report", "", case.id)
    else:
        turn.move("menu")
