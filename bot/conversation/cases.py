"""What is done with a case as such: begin, keep words, worsen, time, drop. Says nothing to the
user.
"""

from __future__ import annotations

import msgspec

from bot.conversation import people
from bot.conversation.effects import Cancel, DropDraft, KeepWords, OpenDraft, Schedule
from bot.conversation.events import TimerKind
from bot.conversation.state import Case
from bot.conversation.turn import Turn
from bot.messages import Words
from bot.safeguarding.concern import LEVELS, About, Concern, Harm

DRAFT_US = 24 * 3600 * 1_000_000
EMERGENCY_WAIT_US = 10 * 60 * 1_000_000
UNREAD_US = 10 * 60 * 1_000_000
TIMERS: tuple[TimerKind, ...] = ("emergency_draft", "draft_expiry", "follow_up", "unread_line")
CASE_LIMIT = 20
"""Cases a chat remembers; the oldest that is over is let go first."""


WRITABLE = frozenset({"sent", "received", "taken", "waiting"})
"""A report in one of these takes further words."""
HANDED_OVER = WRITABLE | {"closed"}


def draft_of(turn: Turn, profile: str | None) -> Case | None:
    """The newest open draft of a profile: two people of one phone may each have one."""
    open_now = (c for c in reversed(turn.state.cases) if c.status == "draft" and c.kind == "harm")
    return next((c for c in open_now if c.profile == profile), None) if profile else None


def here(turn: Turn) -> Case | None:
    """The case whose place the person is in: in care, or in its report."""
    place = turn.state.place
    asked = place.name == "report" and place.step in ("code", "reference")
    inside = place.name in ("care", "report") and not asked
    return turn.state.case(place.about) if inside else None


def begin(turn: Turn) -> Case:
    """A new case for whoever is here, with an empty encrypted draft; an open draft of the same
    person goes on.
    """
    open_now = draft_of(turn, turn.state.active)
    if open_now:
        return open_now
    before = turn.state.active
    back = turn.state.place
    if turn.profile is None:
        people.add_unnamed(turn, turn.language)
    case = _new(turn, back if back.name not in ("care", "report") else None, before)
    turn.change(cases=(*_kept(turn.state.cases), case))
    turn.effect(OpenDraft(case.id, turn.now + DRAFT_US))
    _schedule(turn, case, "draft_expiry", DRAFT_US)
    return case


def begin_content(turn: Turn, platform: str) -> Case:
    """A new case of something to take down: a draft, until its writer says yes or no."""
    case = msgspec.structs.replace(
        _new(turn, None, turn.state.active),
        kind="content",
        level="concern",
        kinds=("other",),
        about="unknown",
        where_online=platform,
    )
    turn.change(cases=(*_kept(turn.state.cases), case))
    turn.effect(OpenDraft(case.id, turn.now + DRAFT_US))
    _schedule(turn, case, "draft_expiry", DRAFT_US)
    return case


def _new(turn: Turn, back: object, before: str | None) -> Case:
    concern = turn.concern
    level = concern.level if concern.level != "none" else "concern"
    return msgspec.convert(
        {
            "id": turn.ids.take(),
            "profile": turn.state.active,
            "language": turn.language,
            "level": level,
            "at": turn.now,
            "kinds": concern.kinds,
            "about": _whom(turn, concern),
            "reasons": concern.reasons,
            "score": concern.score,
            "romanised": concern.romanised,
            "latin": concern.romanised,
            "did_harm": "did_harm" in concern.asides,
            "back_profile": before,
            "back": msgspec.to_builtins(back),
        },
        Case,
    )


def _kept(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """Room for one more; a case that waits for its decision or its answer is never let go."""
    over = [c for c in cases if c.status == "closed" and not c.unread]
    return (
        tuple(c for c in cases if c is not over[0]) if over and len(cases) >= CASE_LIMIT else cases
    )


def keep(turn: Turn, case: Case, text: Words) -> Case:
    """Keep the user's words with the case."""
    heard = turn.concern
    turn.effect(KeepWords(case.id, turn.ids.take(), text, heard.language))
    latin = heard.romanised if heard.language == "ta" else case.latin
    return turn.change_case(case, words=case.words + 1, latin=latin)


def worsen(turn: Turn, case: Case, concern: Concern) -> Case:
    """Take in what a further message tells: the higher level stands, harms and reasons add up."""
    worse = concern if LEVELS.index(concern.level) > LEVELS.index(case.level) else case
    about = _whom(turn, concern)
    threatened = "sexual_extortion" in concern.kinds and concern.at_least("concern")
    kinds = _added(case, concern)
    mine_after_all = case.about == "friend" and about == "self" and threatened
    if case.about != "unknown" and not mine_after_all:
        about = case.about
    return turn.change_case(
        case,
        level=worse.level,
        kinds=_union(case.kinds, kinds),
        reasons=_union(case.reasons, concern.reasons)[:12],
        score=max(case.score, concern.score),
        about=about,
        romanised=case.romanised or concern.romanised,
        did_harm=case.did_harm or "did_harm" in concern.asides,
    )


def _added(case: Case, concern: Concern) -> tuple[Harm, ...]:
    """The harms that a further message adds. What only sounds like harm adds none to a case that
    has one, else the help is steps that nobody needs; wanting to die it adds from `concern` on.
    """
    if not case.kinds or not concern.only_sounds or concern.at_least("urgent"):
        return concern.kinds
    sure = concern.level == "concern"
    return tuple(kind for kind in concern.kinds if sure and kind == "self_harm")


def _whom(turn: Turn, concern: Concern) -> About:
    """Whom it is about: a parent who names a child, and a teacher who names a pupil or somebody in
    the class, do not speak of themselves.
    """
    role = turn.profile.role if turn.profile else None
    if role == "parent" and concern.named == "own_child":
        return "own_child"
    if role == "teacher" and concern.named in ("pupil", "friend", "own_child"):
        return "own_child" if concern.named == "own_child" else "pupil"
    return concern.about


def _union(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return (*first, *(x for x in second if x not in first))


def _schedule(turn: Turn, case: Case, kind: TimerKind, wait_us: int) -> None:
    turn.effect(Schedule(turn.ids.take(), kind, case.id, turn.now + wait_us))


def start_emergency_timer(turn: Turn, case: Case) -> Case:
    """Ten minutes from the last emergency message; only where the policy says so and people stand
    behind it. A message that is none does not start it again after a "no".
    """
    allowed = turn.house.pass_without_answer and turn.house.intake_open
    now = turn.concern.level == case.level == "emergency"
    if not allowed or not now or case.status != "draft":
        return case
    _schedule(turn, case, "emergency_draft", EMERGENCY_WAIT_US)
    return turn.change_case(case, promised=True)


def stop_emergency_timer(turn: Turn, case: Case) -> Case:
    """Yes, no or "you got me wrong" ends the emergency timer in the same transaction."""
    turn.effect(Cancel("emergency_draft", case.id))
    return turn.change_case(case, promised=False)


def start_timer(turn: Turn, case: Case, kind: TimerKind, wait_us: int) -> None:
    """A timer of this case."""
    _schedule(turn, case, kind, wait_us)


def cancel_timers(turn: Turn, case: Case) -> None:
    """No timer of this case is wanted any more."""
    for kind in TIMERS:
        turn.effect(Cancel(kind, case.id))


def drop(turn: Turn, case: Case) -> None:
    """Delete a draft: words, key, flags and scores. Not a report: that is no longer ours."""
    if case.status != "draft":
        raise ValueError("only a draft can be dropped")
    cancel_timers(turn, case)
    turn.effect(DropDraft(case.id))
    turn.change(cases=tuple(c for c in turn.state.cases if c.id != case.id), faint=())


def forget(turn: Turn, case: Case) -> None:
    """The profile of a case is erased: a draft goes with it. Of a report that was sent only what
    opens its answer stays: the reference and the code, and nothing of what was told.
    """
    if case.status == "draft":
        drop(turn, case)
        return
    cancel_timers(turn, case)
    bare = Case(
        id=case.id,
        profile="",
        language=case.language,
        level="concern",
        at=case.at,
        status=case.status,
        reference=case.reference,
        code=case.code,
        read=case.read,
        unread=case.unread,
        answered=case.answered,
    )
    turn.change(cases=tuple(bare if c.id == case.id else c for c in turn.state.cases))


def stop_unread_timer(turn: Turn, case: Case) -> None:
    """A person has read the lines."""
    turn.effect(Cancel("unread_line", case.id))
