"""After the hand-off: add to it, ask what happens, take it back, read the answer and write
back.
"""

from __future__ import annotations

from bot.conversation import cases, reply, routing, spoken, spoken_words, steps, taking_back
from bot.conversation.consent import waiting
from bot.conversation.effects import AmendReport, Cancel, ShowAnswers, WithdrawReport
from bot.conversation.state import Case
from bot.conversation.turn import Turn
from bot.messages import Words

CODE_MISSES = 5
REST_US = 3600 * 1_000_000


def show(turn: Turn) -> None:
    """Where the person is with their report; care's lane, for none of this may wait behind a
    quiz.
    """
    turn.lane = "relay" if turn.lane == "relay" else "care"
    case = turn.state.case(turn.state.place.about)
    step = turn.state.place.step
    if case is None or not _openable(case):
        turn.move("menu")
    elif taking_back.may_be_shown(case) and step not in ("code", "reference"):
        taking_back.show(turn, case)
    elif step in ("add", "talk"):
        turn.say("report.add" if step == "add" else "relay.reply")
        options = (
            [turn.option("done")]
            if step == "add"
            else [turn.option("write", "write_back"), turn.option("done")]
        )
        turn.ask("report", step, options, free=True)
    elif step == "code":
        turn.say("relay.code", n=len(case.entered) + 1)
        turn.ask("report", step, [*routing.pictures(), turn.option("back")])
    elif step == "reference":
        turn.say("relay.reference")
        turn.ask("report", step, [turn.option("back")], free=True)
    elif step == "take_back":
        turn.say("report.take_back_ask")
        turn.ask("report", step, [turn.option("yes", "take_back_yes"), turn.option("back")])
    else:
        _menu(turn, case)


def _openable(case: Case) -> bool:
    return case.status in cases.HANDED_OVER or taking_back.may_be_shown(case)


def _menu(turn: Turn, case: Case) -> None:
    if case.note:
        turn.say(case.note, operator=turn.house.operator, reference=case.reference)
        case = turn.change_case(case, note="")
    if case.status == "closed":
        turn.say("report.status_closed")
        turn.ask("report", "menu", [turn.option("page", "hand_page"), turn.option("menu")])
        return
    turn.say("report.menu", operator=turn.house.operator)
    options = [turn.option(o) for o in ("add", "what_now", "take_back")]
    if case.contact != "none":
        options.append(turn.option("no_answer"))
    turn.ask(
        "report",
        "menu",
        [
            *options,
            turn.option("page", "hand_page"),
            *([turn.option("take_down")] if steps.taken_down(case) else []),
            turn.option("menu"),
        ],
        free=True,
    )


def answer(turn: Turn, choice: str | None, text: Words | None) -> None:
    """Taps go to the step; own words always go to the reader while the report is open."""
    turn.lane = "care"
    case = turn.state.case(turn.state.place.about)
    step = turn.state.place.step
    if case is None:
        turn.move("menu")
    elif choice is not None:
        _tapped(turn, case, step, choice)
    elif text is None:
        turn.again()
    elif step == "reference":
        _reference(turn, case, text)
    elif step in ("code", "take_back"):
        turn.say("common.not_understood")
        turn.again()
    else:
        _words(turn, case, text)


def _words(turn: Turn, case: Case, text: Words) -> None:
    """One more line for the reader, unless it asks us for something."""
    word = reply.whole(text)
    if spoken.says(word, spoken_words.TAKE_BACK):
        turn.move("report", "take_back", case.id)
    elif spoken.says(word, spoken_words.WHAT_NOW):
        _what_now(turn, case)
    else:
        _add(turn, case, text)


def _tapped(turn: Turn, case: Case, step: str, choice: str) -> None:
    match choice:
        case "add" | "write":
            turn.move("report", "add", case.id)
        case "what_now":
            _what_now(turn, case)
        case "take_back":
            turn.move("report", "take_back", case.id)
        case "yes" if step == "take_back":
            _withdraw(turn, case)
        case "no_answer":
            _no_answer(turn, case)
        case "page" | "take_down":
            turn.say("care.hand_page" if choice == "page" else "care.take_down_walk")
            turn.again()
        case "menu":
            turn.lane = "normal"
            turn.move("menu")
        case _ if step == "code" and choice != "back":
            _picture(turn, case, choice)
        case _ if step in ("code", "reference"):
            turn.move("menu")
        case _:
            turn.move("report", "", case.id)


def _add(turn: Turn, case: Case, text: Words) -> None:
    """One more line for the reader. A line nobody reads for ten minutes is spoken of once (care.md,
    11).
    """
    if case.status not in cases.WRITABLE:
        turn.say("report.status_closed")
        turn.lane = "normal"
        turn.move("menu")
        return
    cases.keep(turn, case, text)
    cases.start_timer(turn, case, "unread_line", cases.UNREAD_US)
    turn.say("report.added")
    options = [turn.option("done")]
    turn.go("report", "add", case.id)
    turn.ask("report", "add", options, free=True)


def _what_now(turn: Turn, case: Case) -> None:
    if case.status == "closed":
        turn.say("report.status_closed")
    elif case.read:
        turn.say("report.status_read")
    else:
        turn.say("report.status_sent", waiting=waiting(turn))
    turn.move("report", "", case.id)


def _no_answer(turn: Turn, case: Case) -> None:
    """No answer is wanted any more: nothing is pushed, and the reader is told so. *open* still
    works.
    """
    turn.effect(Cancel("follow_up", case.id))
    case = turn.change_case(case, contact="none", push=False, follow_up=False)
    turn.effect(AmendReport(case))
    turn.say("report.no_answer")
    turn.move("report", "", case.id)


def _withdraw(turn: Turn, case: Case) -> None:
    """Honoured until a person has read it; says so after (care.md, 6)."""
    if case.read or case.status not in cases.WRITABLE:
        turn.say("report.too_late")
        turn.move("report", "", case.id)
        return
    if case.id in turn.house.left:
        taking_back.ask(turn, case)
        return
    turn.effect(WithdrawReport(case.id))
    cases.cancel_timers(turn, case)
    kept = tuple(c for c in turn.state.cases if c.id != case.id)
    turn.change(cases=kept)
    turn.say("report.taken_back")
    turn.lane = "normal"
    turn.move("menu")


# -- reading the answer


def open_answer(turn: Turn) -> None:
    """The command *open*: the answer, or the way back to the report. What belongs to another
    profile, or to a phone that others use, is behind its code or its reference.
    """
    case = _wanted(turn)
    if case is None or turn.state.hidden:
        turn.say("relay.nothing")
        turn.again()
    elif case.note and case.profile == turn.state.active and not case.code:
        turn.move("report", "", case.id)
    elif case.device == "only_me" and case.profile == turn.state.active:
        _reveal(turn, case)
    else:
        turn.change_case(case, entered=())
        has_code = len(case.code) == routing.CODE_LENGTH
        turn.move("report", "code" if has_code else "reference", case.id)


def _wanted(turn: Turn) -> Case | None:
    """The case that *open* means: one with an answer first, and one's own first."""
    active = turn.state.active
    found = [c for c in turn.state.cases if _openable(c)]
    found.sort(key=lambda c: (not c.unread, c.profile != active, not c.note, -c.at))
    return found[0] if found else None


def _reveal(turn: Turn, case: Case) -> None:
    """The answer, also one that was shown before; without any, the report itself."""
    if taking_back.may_be_shown(case):
        turn.move("report", "", case.id)
        return
    if case.answered:
        show_answer(turn, case)
        return
    turn.say("relay.nothing")
    turn.move("report", "", case.id)


def show_answer(turn: Turn, case: Case) -> None:
    """Show what the case worker wrote, and offer to write back."""
    turn.change_case(case, entered=(), code_misses=0)
    frame = turn.text("relay.frame", operator=turn.house.operator, words="{words}")
    turn.effect(ShowAnswers(case.id, frame))
    turn.change_case(case, unread=0, entered=(), code_misses=0)
    turn.lane = "relay"  # what it asks comes behind the answer, not before it
    turn.move("report", "talk", case.id)


def _picture(turn: Turn, case: Case, choice: str) -> None:
    if turn.now < case.code_rest_until:
        turn.say("relay.code_rest")
        turn.move("menu")
        return
    case = turn.change_case(case, entered=(*case.entered, choice))
    if len(case.entered) < routing.CODE_LENGTH:
        turn.again()
        return
    fits = next((c for c in turn.state.cases if c.code and c.code == case.entered), None)
    if fits is None:
        _missed(turn, case)
    else:
        turn.change_case(case, entered=())
        _reveal(turn, fits)


def _reference(turn: Turn, case: Case, text: Words) -> None:
    """Where no code was chosen: the reference that was given at the hand-off."""
    if turn.now < case.code_rest_until:
        turn.say("relay.code_rest")
        turn.move("menu")
    elif fits := _of_reference(turn, text.reveal().strip().upper()):
        _reveal(turn, fits)
    else:
        _missed(turn, case)


def _of_reference(turn: Turn, said: str) -> Case | None:
    found = (c for c in turn.state.cases if _openable(c))
    return next((c for c in found if c.reference == said), None)


def _missed(turn: Turn, case: Case) -> None:
    misses = case.code_misses + 1
    rest = turn.now + REST_US if misses % CODE_MISSES == 0 else case.code_rest_until
    case = turn.change_case(case, entered=(), code_misses=misses, code_rest_until=rest)
    if turn.now < rest:
        turn.say("relay.code_rest")
        turn.move("menu")
        return
    turn.say("relay.code_wrong")
    turn.again()
