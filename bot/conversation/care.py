"""A disclosure: heard you, thank you, not your fault, what to do now; help; "you got me wrong"
(care.md, 4-6).
"""

from __future__ import annotations

from bot.conversation import asides, cases, consent, first_aid, lines, people, routing, weighing
from bot.conversation.effects import Alarm, AmendReport, Cancel
from bot.conversation.state import Case, Role
from bot.conversation.turn import Turn
from bot.messages import Words


def disclosed(turn: Turn, text: Words) -> None:
    """Screening heard something. In the same turn: keep the words, and answer them before anything
    else.
    """
    if people.unknown_now(turn):
        people.nobody(turn)
    case = cases.here(turn)
    if case and case.status in cases.WRITABLE:
        _after_hand_off(turn, case, text)
        return
    fresh = cases.draft_of(turn, turn.state.active) is None
    in_care = turn.state.place.name == "care"
    known = cases.begin(turn)
    case = cases.worsen(turn, cases.keep(turn, known, text), turn.concern)
    turn.change(hidden=False)
    if fresh or not in_care or weighing.graver(turn, known, case):
        first_aid.answer(turn, case, fresh=fresh)
    else:
        _kept(turn, case)


def _after_hand_off(turn: Turn, case: Case, text: Words) -> None:
    """A person has the case: the words go to them; an emergency gives 999 at once and rings again
    (care.md, 11).
    """
    case = cases.worsen(turn, cases.keep(turn, case, text), turn.concern)
    if case.profile:  # of a forgotten profile nothing is left here that could be amended
        turn.effect(AmendReport(case))
    cases.start_timer(turn, case, "unread_line", cases.UNREAD_US)
    turn.lane = "care"
    hurts_self = weighing.wants_to_die(turn)
    if turn.concern.level == "emergency" or hurts_self:
        turn.effect(Alarm(case.id))
    if turn.concern.level == "emergency":
        turn.say("care.again_emergency")
    if hurts_self:
        first_aid.self_harm(turn, case)
    elif turn.concern.level != "emergency":
        turn.say("report.added")
    turn.again()


# -- the steps of care


def show(turn: Turn) -> None:
    """Where the person is in care; a case that is over leads back to the menu."""
    case = turn.state.case(turn.state.place.about)
    if case is None:
        turn.move("menu")
        return
    turn.lane = "care"
    if case.note:
        case = _say_note(turn, case)
    if not _open_here(case, turn.state.place.step):
        turn.move("report", "", case.id)
        return
    turn.change_case(case, step=turn.state.place.step)
    _show_step(turn, case, turn.state.place.step)


def _say_note(turn: Turn, case: Case) -> Case:
    """What happened while nobody was here to be told (care.md, 8: the bot does not write first
    about it).
    """
    turn.say(case.note, operator=turn.house.operator, reference=case.reference)
    return turn.change_case(case, note="")


def _show_step(turn: Turn, case: Case, step: str) -> None:
    match step:
        case "first":
            first_aid.ask(turn, case)
        case "tell":
            turn.say("care.tell")
            turn.ask("care", "tell", [turn.option("back")], free=True)
        case "safe":
            turn.say("care.safe_ask")
            options = [
                turn.option("yes", "safe_yes"),
                turn.option("no", "safe_no"),
                turn.option("skip"),
            ]
            turn.ask("care", "safe", options)
        case "writer":
            turn.say("care.writer")
            roles = [turn.option(r) for r in ("child", "parent", "teacher", "skip")]
            turn.ask("care", "writer", roles)
        case _ if step in consent.STEPS:
            consent.show(turn, case, step)
        case _:
            routing.show(turn, case, step)


def answer(turn: Turn, choice: str | None, text: Words | None) -> None:
    """An answer in care. Own words are never lost: they are kept with the case, whatever was
    asked.
    """
    case = turn.state.case(turn.state.place.about)
    if case is None:
        turn.move("menu")
        return
    turn.lane = "care"
    step = turn.state.place.step
    if not _open_here(case, step):
        _handed_over_meanwhile(turn, case, text)
    elif choice is None:
        _words(turn, case, step, text)
    elif step == "first":
        _first(turn, case, choice)
    elif step == "safe":
        _safe(turn, case, choice)
    elif step == "writer":
        _writer(turn, case, choice)
    elif step == "tell":
        _leave_tell(turn, case)
    elif step in consent.STEPS:
        consent.answer(turn, case, step, choice)
    else:
        routing.answer(turn, case, step, choice)


def _open_here(case: Case, step: str) -> bool:
    """A draft has every step; a report that still takes words has the routing questions."""
    handed_over = case.status in cases.WRITABLE and step in routing.STEPS
    return case.status == "draft" or handed_over


def _handed_over_meanwhile(turn: Turn, case: Case, text: Words | None) -> None:
    """The emergency timer ran out while this question stood open: no button of the draft is valid
    any more. The report's place says what happened.
    """
    if text and case.status in cases.WRITABLE:
        cases.keep(turn, case, text)
    turn.move("report", "", case.id)


def _words(turn: Turn, case: Case, step: str, text: Words | None) -> None:
    if text is None:
        turn.again()
    elif step in routing.FREE:
        routing.typed(turn, case, step, text)
    elif case.status != "draft" or not consent.typed(turn, case, step, text):
        _kept(turn, cases.keep(turn, case, text))


def _kept(turn: Turn, case: Case) -> None:
    """The words are kept with the case; after the first telling, help comes next."""
    turn.lane = "care"
    if case.step == "tell" or turn.state.place.step == "tell":
        first_aid.answer(turn, case)
        return
    if case.promised and "refuses" in turn.concern.asides:
        _promise_refused(turn, case)
        return
    if case.promised:
        turn.say("care.promise", operator=turn.house.operator)
    if not asides.answer(turn, case):
        turn.say("report.added" if case.status in cases.WRITABLE else "care.kept")
    turn.again()


def _leave_tell(turn: Turn, case: Case) -> None:
    """Nothing was told after all: no draft stays behind."""
    if case.words:
        _help(turn, case)
        return
    cases.drop(turn, case)
    _go_back(turn, case)


def _go_back(turn: Turn, case: Case) -> None:
    """Exactly to where the person was before the case; an unnamed profile goes with its case."""
    people.leave_unnamed(turn, case)
    back = case.back
    turn.lane = "normal"
    turn.move(back.name, back.step, back.about) if back else turn.move("menu")


def _first(turn: Turn, case: Case, choice: str) -> None:
    match choice:
        case "wrong":
            _wrong(turn, case)
        case "dont":
            _promise_refused(turn, case)
        case "hurt":
            case = turn.change_case(case, kinds=(*case.kinds, "self_harm"), level="emergency")
            turn.say("care.danger")
            turn.say("care.self_harm_now")
            lines.numbers(turn, self_harm=True)
            _ask_next(turn, case)
        case _:
            _help(turn, case)


def _promise_refused(turn: Turn, case: Case) -> None:
    """No to the promise: 999 and a line open now are shown, and it is obeyed (care.md, 6)."""
    cases.stop_emergency_timer(turn, case)
    turn.say("care.promise_stopped")
    turn.say("care.danger")
    lines.numbers(turn, self_harm=True)
    turn.again()


def _wrong(turn: Turn, case: Case) -> None:
    """You got me wrong: exactly back to the earlier place; nothing of it stays (behaviour 6)."""
    cases.drop(turn, case)
    turn.say("care.wrong_done")
    _go_back(turn, case)


def _help(turn: Turn, case: Case) -> None:
    """What to do, and people who can help now; then one question at a time."""
    first_aid.help_now(turn, case)
    _ask_next(turn, case)


def _ask_next(turn: Turn, case: Case) -> None:
    """Safe right now? Once only (behaviour 11). Then who is writing, where that is unclear; then
    consent.
    """
    if not case.safe_asked:
        turn.move("care", "safe", turn.change_case(case, safe_asked=True).id)
    elif case.writer is None and _unclear_writer(turn):
        turn.move("care", "writer", case.id)
    else:
        turn.move("care", consent.first_step(turn, case), case.id)


def _unclear_writer(turn: Turn) -> bool:
    people_here = turn.state.profiles
    return len(people_here) > 1 or any(p.role != "child" for p in people_here if p.ready)


def _safe(turn: Turn, case: Case, choice: str) -> None:
    if choice == "no":
        turn.say("care.not_safe")
    case = turn.change_case(case, safe_now={"yes": "yes", "no": "no"}.get(choice, "unknown"))
    _ask_next(turn, case)


def _writer(turn: Turn, case: Case, choice: str) -> None:
    roles: dict[str, Role] = {"child": "child", "parent": "parent", "teacher": "teacher"}
    case = turn.change_case(case, writer=roles.get(choice))
    turn.move("care", consent.first_step(turn, case), case.id)


# -- timers


def draft_expired(turn: Turn, case: Case) -> None:
    """The announced end of a draft: its words are deleted, silently."""
    turn.effect(Cancel("emergency_draft", case.id))
    place = turn.state.place
    cases.drop(turn, case)
    alone = people.leave_unnamed(turn, case)
    if alone or (place.name == "care" and place.about == case.id):
        turn.go("menu")
        turn.close_question()
