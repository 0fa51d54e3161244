"""Who else uses this phone; consent with its consequence; yes, or no twice (care.md, 6 and 7)."""

from __future__ import annotations

from bot.conversation import (
    cases,
    contact,
    lines,
    people,
    reply,
    routing,
    spoken,
    spoken_words,
    steps,
)
from bot.conversation.effects import OpenReport, ReturnWords
from bot.conversation.state import Case, Option
from bot.conversation.turn import Turn
from bot.messages import Words

STEPS = frozenset({"device", "consent", "no", "not_open"})


def first_step(turn: Turn, case: Case) -> str:
    """The hand-off is offered only while people stand behind it (care.md, 1). Who else uses the
    phone is asked once.
    """
    if not turn.house.intake_open:
        return "not_open"
    return "device" if case.device == "unknown" else "consent"


def show(turn: Turn, case: Case, step: str) -> None:
    """The question of the step; where the intake has closed or opened
    meanwhile, that is said instead, and no promise stands that nobody could keep.
    """
    if (step in ("device", "consent")) != turn.house.intake_open and step != "no":
        step = first_step(turn, case)
        turn.go("care", step, case.id)
        turn.change_case(case, step=step)
    if step == "not_open" and case.promised:
        cases.stop_emergency_timer(turn, case)
    match step:
        case "device":
            turn.say("care.device")
            turn.ask("care", step, [turn.option(o) for o in ("only_me", "others_too", "skip")])
        case "consent":
            turn.say("care.consent", operator=turn.house.operator, waiting=waiting(turn))
            turn.ask(
                "care",
                step,
                [turn.option("yes", "consent_yes"), turn.option("no", "consent_no"), _page(turn)],
            )
        case "no":
            turn.say("care.no_ask")
            turn.ask(
                "care",
                step,
                [turn.option("delete", "no_delete"), turn.option("pass", "consent_yes")],
            )
        case _:
            turn.say("care.not_open")
            lines.numbers(turn)
            turn.say("care.safe_word", safe=turn.safe_word)
            turn.ask(
                "care",
                "not_open",
                [
                    turn.option("delete", "no_delete"),
                    _page(turn),
                    *_taking_down(turn, case),
                    turn.option("menu"),
                ],
            )


def _page(turn: Turn) -> Option:
    return turn.option("page", "hand_page")


def _taking_down(turn: Turn, case: Case) -> list[Option]:
    return [turn.option("take_down")] if steps.taken_down(case) else []


def answer(turn: Turn, case: Case, step: str, choice: str) -> None:
    """Device, yes, no, the page to hand to a grown-up, or how to have a picture taken down."""
    if choice in ("page", "take_down"):
        turn.say("care.hand_page" if choice == "page" else "care.take_down_walk")
        turn.again()
    elif step == "device":
        _device(turn, case, choice)
    elif choice in ("yes", "pass"):
        _yes(turn, case)
    elif choice == "no":
        refuse(turn, case)
    elif choice == "delete":
        _no_twice(turn, case)
    else:
        turn.lane = "normal"
        turn.move("menu")


def _device(turn: Turn, case: Case, choice: str) -> None:
    device = choice if choice in ("only_me", "others_too") else "unknown"
    if device != "only_me":
        turn.say("care.device_note")
        if turn.house.channel in ("telegram", "whatsapp"):
            turn.say("hide.stays")
    turn.change_case(case, device=device)
    turn.move("care", "consent", case.id)


def typed(turn: Turn, case: Case, step: str, text: Words) -> bool:
    """Asked to delete what was written: the screen that asks so. There a bare yes or no deletes
    nothing: it is said what to write.
    """
    word = reply.whole(text)
    if step == "no" and (spoken.says(word, spoken_words.YES) or spoken.says(word, spoken_words.NO)):
        turn.say("care.no_unclear")
        turn.again()
    elif spoken.says(word, spoken_words.KEEP):
        turn.say("care.draft")
        turn.again()
    elif spoken.says(word, spoken_words.DELETE):
        refuse(turn, case)
    else:
        return False
    return True


def refuse(turn: Turn, case: Case) -> None:
    """One more screen, then it is obeyed; the words do not leave by themselves after a no."""
    cases.stop_emergency_timer(turn, case)
    turn.say("care.no_first")
    lines.numbers(turn)
    turn.move("care", "no", case.id)


def _no_twice(turn: Turn, case: Case) -> None:
    cases.drop(turn, case)
    turn.say("care.no_done", safe=turn.safe_word)
    people.leave_unnamed(turn, case)
    turn.lane = "normal"
    turn.move("menu")


def _yes(turn: Turn, case: Case) -> None:
    """Handed over at once; the few questions come afterwards and are added, so silence loses
    nothing.
    """
    if not turn.house.intake_open:
        turn.move("care", "not_open", case.id)
        return
    turn.change(hidden=False)
    case = hand_over(turn, case, "given")
    turn.say("care.sent", reference=case.reference, waiting=waiting(turn))
    turn.say("care.how_to_open")
    if turn.house.channel == "whatsapp":
        turn.say("care.window")
    if turn.house.channel == "web":
        _return_words(turn, case)
    routing.begin(turn, case)


def hand_over(turn: Turn, case: Case, how: str) -> Case:
    """Open the report, once; every timer of the draft ends in the same transaction."""
    if case.status != "draft":
        raise ValueError("only a draft can be handed over")
    cases.cancel_timers(turn, case)
    case = turn.change_case(
        case,
        status="sent",
        reference=turn.ids.reference(),
        sent_at=turn.now,
        contact="child_will_return",
        promised=False,
    )
    profile = contact.writer(turn.state, case)
    role = case.writer or (profile.role if profile else None) or "unknown"
    band = profile.band if profile and role == "child" else None
    turn.effect(OpenReport(case, how, role, band))
    return case


def _return_words(turn: Turn, case: Case) -> None:
    """For a child who may close the tab (care.md, 9)."""
    words = turn.ids.pick(turn.library.return_words(turn.language), 4)
    reference = case.reference or ""
    turn.effect(ReturnWords(case.id, reference, words))
    url = turn.house.public_url + "/back"
    turn.say("care.return_words", url=url, reference=reference, words=" ".join(words))


def waiting(turn: Turn) -> str:
    """When a person reads, truthfully; and whether in the writer's language."""
    readers = turn.house.readers
    when = _when(turn)
    if turn.house.demo or readers is None or turn.language in readers:
        return when
    name = turn.text_in(turn.language, "language.name")
    return when + "\n" + turn.text("care.waiting_language", spoken=name)


def _when(turn: Turn) -> str:
    if turn.house.demo:
        return turn.text("care.waiting_demo")
    if turn.house.reads_from is None:
        return turn.text("care.waiting_now")
    when = turn.library.texts.moment(turn.language, turn.house.reads_from)
    return turn.text("care.waiting_later", when=when)
