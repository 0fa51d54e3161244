"""After yes: how the answer may come, and at most four short questions, each skippable (care.md, 8
and 10).
"""

from __future__ import annotations

from bot.conversation import cases, contact, states, steps
from bot.conversation.effects import AmendReport
from bot.conversation.state import Case, Option
from bot.conversation.turn import Turn
from bot.messages import Words

ORDER = ("push", "code", "picture", "about", "online", "state", "where")
STEPS = frozenset(ORDER)
FREE = frozenset({"online", "state", "where"})
PICTURES = ("🐱", "🐢", "🐟", "🌙", "⭐", "🌳", "⚽", "🍌", "🚲")
CODE_LENGTH = 4
APPS = ("WhatsApp", "Telegram", "TikTok", "Instagram", "Facebook", "Discord")
FOLLOW_UP_US = 2 * 3600 * 1_000_000


def begin(turn: Turn, case: Case) -> None:
    """The first question that makes sense for this case."""
    _next(turn, case, after=None)


def _next(turn: Turn, case: Case, after: str | None) -> None:
    start = 0 if after is None else ORDER.index(after) + 1
    step = next((s for s in ORDER[start:] if _wanted(turn, case, s)), None)
    if step is None:
        _finish(turn, case)
    else:
        turn.move("care", step, case.id)


def _wanted(turn: Turn, case: Case, step: str) -> bool:
    match step:
        case "push":
            return contact.may_be_asked(turn.state, case)
        case "code":
            return case.device != "only_me"
        case "picture":
            return steps.taken_down(case)
        case "about":
            return case.about == "unknown"
        case "where":
            return case.level == "emergency"
        case "state":
            return case.level != "emergency"
        case _:
            return True


def _finish(turn: Turn, case: Case) -> None:
    turn.effect(AmendReport(case, final=True))
    turn.say("care.thanks")
    turn.move("report", "", case.id)


def show(turn: Turn, case: Case, step: str) -> None:
    """The question of the step."""
    match step:
        case "push":
            turn.say("care.push")
            turn.ask("care", step, [turn.option(o, f"push_{o}") for o in ("yes", "check", "no")])
        case "code":
            turn.say("care.code", n=len(case.code) + 1)
            turn.ask("care", step, [*pictures(), turn.option("skip")])
        case "picture":
            turn.say("care.take_down_ask")
            turn.ask("care", step, [turn.option("take_down"), turn.option("skip")])
        case "about":
            turn.say("care.about_ask")
            rows = [
                ("self", "about_self"),
                ("friend", "about_friend"),
                ("own_child", "about_child"),
                ("pupil", "about_pupil"),
                ("skip", "skip"),
            ]
            turn.ask("care", step, [turn.option(choice, key) for choice, key in rows])
        case "online":
            turn.say("care.online_ask")
            rows = [("game", "game"), ("offline", "offline"), ("skip", "skip")]
            apps = [Option(app.lower(), app) for app in APPS]
            turn.ask("care", step, [*apps, *(turn.option(c, k) for c, k in rows)], free=True)
        case _:
            turn.say("care.where_ask" if step == "where" else "care.state_ask")
            turn.ask("care", step, [turn.option("skip")], free=True)


def pictures() -> list[Option]:
    """The pictures of a code; each is its own name, in every language."""
    return [Option(f"p{n}", picture) for n, picture in enumerate(PICTURES)]


def answer(turn: Turn, case: Case, step: str, choice: str) -> None:
    """A tap; skip and everything unknown leave the field open."""
    match step:
        case "push":
            _push(turn, case, choice)
        case "code":
            _code(turn, case, choice)
        case "picture" if choice == "take_down":
            turn.say("care.take_down_walk")
            _next(turn, case, after=step)
        case "about":
            _set(turn, case, step, about="unknown" if choice == "skip" else choice)
        case "online" if choice != "skip":
            _set(turn, case, step, where_online=choice[:60])
        case _:
            _next(turn, case, after=step)


def _set(turn: Turn, case: Case, step: str, **fields: object) -> None:
    case = turn.change_case(case, **fields)
    turn.effect(AmendReport(case))
    _next(turn, case, after=step)


def _push(turn: Turn, case: Case, choice: str) -> None:
    push = choice in ("yes", "check")
    case = turn.change_case(case, push=push, follow_up=choice == "check")
    if case.follow_up:
        cases.start_timer(turn, case, "follow_up", FOLLOW_UP_US)
    agreed = contact.reader(turn.state, case) == "agreed"
    _set(turn, case, "push", contact="this_chat" if agreed else "child_will_return")


def _code(turn: Turn, case: Case, choice: str) -> None:
    if choice == "skip":
        turn.change_case(case, code=())
        _next(turn, case, after="code")
        return
    case = turn.change_case(case, code=(*case.code, choice))
    if len(case.code) < CODE_LENGTH:
        turn.again()
        return
    shown = " ".join(PICTURES[int(c[1:])] for c in case.code)
    turn.say("care.code_done", pictures=shown)
    _next(turn, case, after="code")


def typed(turn: Turn, case: Case, step: str, text: Words) -> None:
    """Own words to an open question; they are kept with the case, too, for nothing a child writes
    is lost.
    """
    case = cases.keep(turn, case, text)
    words = text.reveal().strip()
    match step:
        case "online":
            _set(turn, case, step, where_online=words[:60])
        case "where":
            _set(turn, case, step, where_now=words[:120])
        case _:
            _set(turn, case, step, state=states.find(words))
