"""Carries out what the engine asked for, inside the turn's transaction. Each effect has exactly one
handler.
"""

from __future__ import annotations

from typing import Final, assert_never

import msgspec
from argon2 import PasswordHasher

from bot import __version__
from bot.channels import split
from bot.conversation import effects
from bot.conversation.effects import Effect
from bot.conversation.house import House
from bot.conversation.ids import Ids
from bot.conversation.turn import Outcome
from bot.handoff import packet
from bot.host import handover
from bot.messages import Lane, Outgoing
from bot.store import chats, outbox, reports, returns, timers
from bot.store.chats import Loaded
from bot.store.database import Tx
from bot.store.outbox import Claim, Due, Place

NORMAL_KEPT_US: Final = 24 * 3600 * 1_000_000
CARE_KEPT_US: Final = 7 * 24 * 3600 * 1_000_000
SUPERSEDING: Final = frozenset({"telegram", "whatsapp"})
"""Channels that send one by one at a limited rate, where an unsent older bubble is replaced by the
newer. The web page
and the terminal show a transcript: nothing is left out of it."""

ANSWERS_AGAIN: Final = 3
"""Where nothing is new, *open* shows the last answers once more: one may have been lost
on the way.
"""
_RETURN_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class Turn(msgspec.Struct, frozen=True):
    """What every handler needs. `said` collects the rows of the outbox that the turn made."""

    tx: Tx
    loaded: Loaded
    outcome: Outcome
    now: int
    ids: Ids
    house: House
    claim: Claim | None = None
    said: list[Due] = []


def outcome(
    tx: Tx,
    loaded: Loaded,
    result: Outcome,
    *,
    now: int,
    ids: Ids,
    house: House,
    claim: Claim | None = None,
) -> tuple[Due, ...]:
    """State, outbox, reports and timers of one turn: all of them, or, when anything raises,
    none. Gives the messages it queued; `claim` is for whoever sends them right after the commit.
    """
    turn = Turn(tx, loaded, result, now, ids, house, claim)
    says = any(isinstance(effect, effects.Say) for effect in result.effects)
    if says and loaded.chat.channel in SUPERSEDING:
        outbox.supersede(tx, loaded.id, turn=result.conversation.turn)
    for effect in result.effects:
        _carry_out(turn, effect)
    chats.save(tx, loaded, result.conversation, now=now, numbers=len(turn.said))
    return tuple(turn.said)


def _carry_out(turn: Turn, effect: Effect) -> None:
    tx, chat_id, now = turn.tx, turn.loaded.id, turn.now
    match effect:
        case effects.Say(outgoing, lane):
            _say(turn, outgoing, lane)
        case effects.OpenDraft(case, expires_at):
            reports.draft(tx, id=case, chat_id=chat_id, now=now, expires_at=expires_at)
        case effects.KeepWords():
            _keep_words(turn, effect)
        case effects.DropDraft(case):
            reports.drop(tx, case)
        case effects.OpenReport():
            _open_report(turn, effect)
        case effects.AmendReport(case, final):
            handover.amend(tx, case, final=final, ids=turn.ids, now=now)
        case effects.WithdrawReport(case):
            handover.withdraw(tx, case, ids=turn.ids, now=now)
        case effects.ShowAnswers(case, frame):
            _show_answers(turn, case, frame)
        case effects.ReturnWords():
            _return_words(turn, effect)
        case effects.Schedule(id, kind, case, due_at):
            timers.set(tx, id=id, chat_id=chat_id, kind=kind, case=case, due_at=due_at)
        case effects.Cancel(kind, case):
            timers.cancel(tx, kind=kind, case=case)
        case effects.Alarm(case):
            reports.alarm(tx, case, now=now)
        case effects.Hush():
            outbox.hush(tx, chat_id)
        case effects.Release():
            outbox.release(tx, chat_id, profile=turn.outcome.conversation.active)
        case effects.CancelUnsent(profile):
            outbox.cancel_profile(tx, chat_id, profile=profile)
        case effects.Forget(profile):
            # chats.save erases the profile's row and key: the state no longer holds it
            outbox.cancel_profile(tx, chat_id, profile=profile)
        case _:
            assert_never(effect)


def _say(turn: Turn, outgoing: Outgoing, lane: Lane) -> None:
    conversation, loaded = turn.outcome.conversation, turn.loaded
    kept = NORMAL_KEPT_US if lane == "normal" else CARE_KEPT_US
    for part in split.parts(loaded.chat.channel, outgoing):
        due = outbox.add(
            turn.tx,
            id=turn.ids.take(),
            chat_id=loaded.id,
            profile=conversation.active,
            turn=conversation.turn,
            lane=lane,
            outgoing=part,
            now=turn.now,
            expires_at=turn.now + kept,
            claim=turn.claim,
            place=Place(loaded.chat, loaded.key, loaded.next_seq + len(turn.said)),
        )
        turn.said.append(due)


def _keep_words(turn: Turn, effect: effects.KeepWords) -> None:
    kept = reports.add_words(
        turn.tx,
        id=effect.id,
        case=effect.case,
        now=turn.now,
        text=effect.text,
        language=effect.language,
        sender="child",
    )
    if not kept and reports.get(turn.tx, effect.case) is None:
        # The state knows a draft that the store has lost: it begins anew rather than losing words.
        reports.draft(
            turn.tx,
            id=effect.case,
            chat_id=turn.loaded.id,
            now=turn.now,
            expires_at=turn.now + CARE_KEPT_US,
        )
        _keep_words(turn, effect)
        return
    if kept:
        handover.pass_on(turn.tx, effect.case, effect.id, effect.text, ids=turn.ids, now=turn.now)
    else:
        # Never silently: the error path keeps the message and answers with the help lines.
        raise LookupError("the case takes no more words")


def _open_report(turn: Turn, effect: effects.OpenReport) -> None:
    case, tx, now = effect.case, turn.tx, turn.now
    facts = packet.facts(
        case,
        role=effect.role,
        band=effect.band,
        channel=turn.loaded.chat.channel,
        operator=turn.house.operator,
        version=__version__,
        drill=turn.house.drills_only,
        consent=effect.consent,
        created_at_us=now,
    )
    handover.send(
        tx,
        case.id,
        facts=facts,
        language=case.language,
        channel=turn.loaded.chat.channel,
        elsewhere=turn.house.intake_elsewhere,
        now=now,
    )


def _show_answers(turn: Turn, case: str, frame: str) -> None:
    outbox.drop_notices(turn.tx, turn.loaded.id)
    for line in reports.unshown(turn.tx, case) or reports.answers(turn.tx, case)[-ANSWERS_AGAIN:]:
        _say(turn, Outgoing(frame.replace("{words}", line.text.reveal())), "relay")
    reports.shown(turn.tx, case, now=turn.now)


def _return_words(turn: Turn, effect: effects.ReturnWords) -> None:
    words_hash = _RETURN_HASHER.hash(" ".join(effect.words))
    returns.add(
        turn.tx,
        reference=effect.reference,
        case=effect.case,
        chat_id=turn.loaded.id,
        words_hash=words_hash,
    )
