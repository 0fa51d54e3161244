"""An account, page or message to take down: the platform's own steps, and the address as text to
people who may act (care.md, 14). Nothing is ever opened or fetched.
"""

from __future__ import annotations

from bot.conversation import cases, consent
from bot.conversation.state import Case, Option
from bot.conversation.turn import Turn
from bot.library.helplines import Line
from bot.messages import Words

ELSEWHERE = "elsewhere"
LINK_LIMIT = 2_000
"""Characters of an address, as report.schema.json takes them."""


def show(turn: Turn) -> None:
    """Where is it? Then the address, then consent."""
    step = turn.state.place.step
    case = turn.state.case(turn.state.place.about)
    if step == "address":
        turn.say("content.address")
        turn.ask("content", step, [turn.option("skip")], free=True)
    elif step == "pass" and case is not None and case.status == "draft":
        turn.lane = "care"
        values = {"operator": turn.house.operator, "waiting": consent.waiting(turn)}
        turn.say("content.pass_on", **values)
        turn.ask(
            "content", step, [turn.option("yes", "consent_yes"), turn.option("no", "consent_no")]
        )
    else:
        turn.say("content.where")
        named = [Option(name, one.name) for name, one in turn.library.platforms.items()]
        turn.ask("content", "where", [*named, turn.option(ELSEWHERE)])


def answer(turn: Turn, choice: str | None, text: Words | None) -> None:
    """A platform, an address in own words, yes or no."""
    step = turn.state.place.step
    if step == "address":
        _address(turn, choice, text)
    elif step == "pass" and choice in ("yes", "no"):
        _decided(turn, yes=choice == "yes")
    elif step in ("", "where") and (choice == ELSEWHERE or choice in turn.library.platforms):
        _steps(turn, choice or ELSEWHERE)
    else:
        if text:
            turn.say("common.not_understood")
        turn.again()


def _steps(turn: Turn, platform: str) -> None:
    """How the platform itself wants it reported, as of when, and who else takes addresses."""
    turn.say(f"content.steps_{platform}")
    known = turn.library.platforms.get(platform)
    if known:
        turn.say("content.as_of", when=turn.library.texts.day(turn.language, known.checked))
    turn.say("content.never")
    lines = turn.library.helplines.shown("report", at=turn.now, adult=turn.adult)
    turn.plain("\n".join(_line(turn, line) for line in lines if line.kind == "report"))
    turn.move("content", "address", platform)


def _line(turn: Turn, line: Line) -> str:
    what = turn.text(line.key("what"))
    if line.phone:
        return turn.text("help.line_call", phone=line.phone, what=what)
    return turn.text("help.line_web", url=line.url or "", what=what)


def _address(turn: Turn, choice: str | None, text: Words | None) -> None:
    if choice == "skip":
        turn.move("menu")
    elif text is None:
        turn.again()
    elif not turn.house.intake_open:
        turn.say("content.not_open")
        turn.move("menu")
    else:
        case = cases.begin_content(turn, turn.state.place.about)
        cases.keep(turn, case, text)
        link = " ".join(text.reveal().split())[:LINK_LIMIT]
        turn.move("content", "pass", turn.change_case(case, links=(link,)).id)


def _decided(turn: Turn, *, yes: bool) -> None:
    case = turn.state.case(turn.state.place.about)
    if case is None or case.status != "draft":
        turn.move("menu")
    elif not yes:
        cases.drop(turn, case)
        turn.say("content.nothing_kept")
        turn.move("menu")
    elif not turn.house.intake_open:
        cases.drop(turn, case)
        turn.say("content.not_open")
        turn.move("menu")
    else:
        _passed_on(turn, case)


def _passed_on(turn: Turn, case: Case) -> None:
    turn.lane = "care"
    case = consent.hand_over(turn, case, "given")
    turn.say("content.sent", reference=case.reference, waiting=consent.waiting(turn))
    turn.say("care.how_to_open")
    turn.move("report", "", case.id)
