"""What each command does, in every place."""

from __future__ import annotations

from typing import Final, assert_never

from bot.conversation import lines, menu, people, privacy, report, welcome
from bot.conversation.commands import Heard
from bot.conversation.effects import Cancel, Hush, Release
from bot.conversation.turn import Turn
from bot.messages import Language

NEEDS_SOMEBODY: Final = frozenset({"menu", "privacy", "forget", "language", "open"})
"""What must not be done for the last person while nobody has said who is here."""
TIPS: Final = ("hide.tip_1", "hide.tip_2", "hide.tip_3")


def obey(turn: Turn, heard: Heard) -> None:
    """Carry out a command."""
    if turn.state.place.name == "who" and heard.name in NEEDS_SOMEBODY:
        turn.again()
        return
    match heard.name:
        case "help":
            _help(turn, heard)
        case "hide":
            _hide(turn)
        case "open":
            report.open_answer(turn)
        case "stop":
            turn.say("common.stopped", safe=turn.safe_word)
            turn.close_question()
        case "menu":
            turn.move("menu") if _settled(turn) else turn.again()
        case "language":
            menu.ask_language(turn)
        case "who":
            known = any(p.ready for p in turn.state.profiles)
            turn.move("who") if known else turn.again()
        case "privacy":
            turn.move("privacy") if _settled(turn) else turn.again()
        case "forget":
            privacy.ask_forget(turn)
        case "start":
            start(turn)
        case _:
            assert_never(heard.name)


def _settled(turn: Turn) -> bool:
    """Onboarding is behind: before it there is no menu to go to."""
    profile = turn.profile
    return profile is not None and profile.ready


def _help(turn: Turn, heard: Heard) -> None:
    """The help list, in the person's language; before one is chosen, in the language of the word
    itself.
    """
    turn.hint = turn.hint or heard.language
    if turn.profile is None and turn.state.language is None:
        turn.hint = heard.language
    if heard.quiet and turn.state.hidden:
        turn.change(hidden=False)
        turn.effect(Release())
    lines.help_list(turn, quietly=heard.quiet)


def _hide(turn: Turn) -> None:
    """Harmless content, nothing asked, nothing brought up again until the safe word. A timer of a
    draft runs on.
    """
    turn.effect(Hush())
    turn.lane = "hide"  # no later turn supersedes it, and it waits behind nothing
    turn.wipe()
    turn.say(turn.ids.pick(TIPS, 1)[0])
    for case in turn.state.cases:
        turn.effect(Cancel("follow_up", case.id))
        turn.change_case(case, follow_up=False)
    turn.change(hidden=True, faint=())
    if turn.state.place.name in ("care", "report", "content"):
        turn.go("menu")
    turn.close_question()


def start(turn: Turn) -> None:
    """A first message, or /start: somebody new is welcomed, somebody known goes on where they
    were.
    """
    chosen = _chosen_before(turn)
    if chosen and turn.profile and not people.must_ask(turn):
        turn.change(language=chosen)
        turn.change_profile(language=chosen)
    if turn.profile is None:
        welcome.begin(turn, chosen)
    elif people.must_ask(turn):
        people.nobody(turn)
        turn.again()
    else:
        turn.again()


def _chosen_before(turn: Turn) -> Language | None:
    """The web page and the terminal ask for the language before the first message, and a link may
    hold it; a phone's own is only a hint.
    """
    return turn.hint if turn.linked or turn.house.channel in ("web", "terminal") else None


def ask_again(turn: Turn, asker: str) -> None:
    """The question on top of a place, once more."""
    turn.say("common.not_understood")
    if asker == "forget":
        privacy.ask_forget(turn)
    else:
        menu.ask_language(turn)
