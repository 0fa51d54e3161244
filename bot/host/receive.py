"""A message's way in: seen before? load, step, apply: ONE transaction, and only then an answer to
the platform.
"""

from __future__ import annotations

import logging
import os
import traceback
from collections import Counter
from collections.abc import Callable
from typing import Final, Literal, Protocol

import msgspec

from bot.conversation import engine
from bot.conversation.events import CameBack, Event, SendParked
from bot.conversation.ids import Ids
from bot.errors import StoreUnavailable
from bot.host import apply
from bot.host.bells import Bells
from bot.host.facts import HouseFacts, Intake
from bot.library.shelf import Library
from bot.messages import LANGUAGES, ChannelName, Chat, Incoming, Language, Outgoing
from bot.safeguarding.assess import Screen
from bot.safeguarding.concern import NOTHING, Concern
from bot.store import chats, incidents, outbox, reports, screens, seen, sends
from bot.store.database import Store, Tx
from bot.store.outbox import Claim, Due
from bot.texts import LIFELINE

log = logging.getLogger(__name__)

INCIDENT_US: Final = 7 * 24 * 3600 * 1_000_000
"""How long the event that raised an error is kept, encrypted, to be looked into."""

First = Callable[[Tx], bool]


class _Stopped(Exception):
    """What had to hold before an event does not: the transaction is undone."""


class Receipt(msgspec.Struct, frozen=True):
    """What became of an event, after the commit. `helped`: it raised an error, and a help line was
    the answer. `due` are the messages it queued.
    """

    status: Literal["taken", "seen", "helped"]
    chat_id: str
    due: tuple[Due, ...] = ()


class Sending(Protocol):
    """Whoever sends what a turn has queued, right after its commit."""

    def claim(self, channel: ChannelName, now: int) -> Claim | None:
        """Its claim on rows that are written now; None where it does not send for the channel."""
        ...

    def offer(self, due: tuple[Due, ...], *, heard: str | None, alone: bool) -> None:
        """Rows that are committed. `heard`: the message they answer. `alone`: nothing else of the
        chat was under way, so no later turn can have cancelled them yet.
        """
        ...


class Host:
    """Receives events. Everything it holds is handed in, so a test builds it like the server
    does.
    """

    def __init__(
        self,
        store: Store,
        library: Library,
        screen: Screen,
        house: HouseFacts,
        *,
        clock: Callable[[], int],
        seed: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self.store = store
        self.library = library
        self.screen = screen
        self.house = house
        self.clock = clock
        self.bells = Bells()
        self.sending: Sending | None = None
        self._under_way: Counter[Chat] = Counter()
        self._seed = seed
        self._intake = Intake(house)

    async def receive(self, incoming: Incoming) -> Receipt:
        """Take one message. Raises StoreUnavailable when nothing was written: the door answers with
        the help lines.

        Any other error ends in an incident and a help line, never in silence.
        """
        concern = self.assess(incoming)
        now, seed = self.clock(), self._seed(32)

        def take(tx: Tx) -> Receipt:
            ids = Ids(now, seed)
            loaded = chats.load(tx, incoming.chat, now=now, new_id=ids.take(), alias=incoming.alias)
            return self._take(tx, loaded, incoming, concern, now, ids)

        self._under_way[incoming.chat] += 1
        try:
            receipt = await self.store.run(take)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the user gets help
            receipt = await self._help(incoming, concern, error)
        finally:
            alone = self._ended(incoming.chat)
        self._committed(receipt, heard=incoming.id, alone=alone)
        return receipt

    def _ended(self, chat: Chat) -> bool:
        """One message of the chat less is under way; True when it was the only one."""
        self._under_way[chat] -= 1
        if not self._under_way[chat]:
            del self._under_way[chat]
            return True
        return False

    def _committed(self, receipt: Receipt, *, heard: str | None, alone: bool) -> None:
        if receipt.due and self.sending is not None:
            self.sending.offer(receipt.due, heard=heard, alone=alone)
        self.bells.ring(receipt.chat_id)

    async def happened(self, event: Event, *, first: First | None = None) -> Receipt:
        """Take an event that is no message; it carries a case. `first` runs before the step, in the
        same transaction.

        Returns `seen` when the event came before, the case or its chat is gone, or `first` gave
        False; nothing of
        it is then written.
        """
        now, seed = self.clock(), self._seed(32)

        def take(tx: Tx) -> Receipt:
            loaded = _chat_of(tx, event)
            if loaded is None:
                return Receipt("seen", "")
            return self._take(tx, loaded, event, NOTHING, now, Ids(now, seed), first=first)

        try:
            receipt = await self.store.run(take)
        except _Stopped:
            return Receipt("seen", "")
        self._committed(receipt, heard=None, alone=False)
        return receipt

    async def came_back(self, chat: Chat, case: str) -> Receipt:
        """A web child gave the right reference and words: this address is the chat's now, and the
        answer is shown.
        """
        event = CameBack(Ids(self.clock(), self._seed(32)).take(), case)

        def rebind(tx: Tx) -> bool:
            loaded = _chat_of(tx, event)
            if loaded is None:
                return False
            chats.rebind(tx, loaded.id, chat)
            return True

        return await self.happened(event, first=rebind)

    def assess(self, incoming: Incoming) -> Concern:
        """How worried to be about a message. Pure; never raises."""
        return self.screen.assess(incoming.text.reveal()) if incoming.text else NOTHING

    def _take(
        self,
        tx: Tx,
        loaded: chats.Loaded,
        event: Event,
        concern: Concern,
        now: int,
        ids: Ids,
        *,
        first: First | None = None,
    ) -> Receipt:
        if not seen.first_time(tx, loaded.id, event.id, now=now):
            return Receipt("seen", loaded.id)
        if first is not None and not first(tx):
            raise _Stopped
        house = self._intake.house(tx, loaded, now)
        if isinstance(event, Incoming):
            _on_screen(tx, loaded, event, now)
        outcome = engine.step(
            loaded.conversation, event, concern, self.library, now, ids, house=house
        )
        claim = self._claim(loaded.chat.channel, now)
        due = apply.outcome(tx, loaded, outcome, now=now, ids=ids, house=house, claim=claim)
        return Receipt("taken", loaded.id, due)

    def _claim(self, channel: ChannelName, now: int) -> Claim | None:
        return self.sending.claim(channel, now) if self.sending else None

    # -- the error path

    async def _help(self, incoming: Incoming, concern: Concern, error: Exception) -> Receipt:
        """A second transaction: seen, an incident, one built-in help line; the event encrypted for
        seven days.
        """
        kind = type(error).__name__
        # Never the error's own text: it could hold a user's words. The traceback holds only our
        # source lines.
        trace = "".join(traceback.format_tb(error.__traceback__))
        log.error("a message raised %s; a help line was the answer\n%s", kind, trace)
        now, seed = self.clock(), self._seed(32)

        def take(tx: Tx) -> Receipt:
            ids = Ids(now, seed)
            chat_id = chats.find(tx, incoming.chat)
            if chat_id is None:
                chat_id = chats.load(
                    tx, incoming.chat, now=now, new_id=ids.take(), alias=incoming.alias
                ).id
            if not seen.first_time(tx, chat_id, incoming.id, now=now):
                return Receipt("seen", chat_id)
            event = _event_bytes(incoming)
            incidents.add(
                tx,
                id=ids.take(),
                kind=kind,
                chat_id=chat_id,
                event=event,
                now=now,
                expires_at=now + INCIDENT_US,
            )
            due = outbox.add(
                tx,
                id=ids.take(),
                chat_id=chat_id,
                profile=None,
                turn=0,
                lane="care",
                outgoing=help_line(concern),
                now=now,
                expires_at=now + apply.CARE_KEPT_US,
                claim=self._claim(incoming.chat.channel, now),
            )
            return Receipt("helped", chat_id, (due,))

        return await self.store.run(take)

    async def put_aside(self, incoming: Incoming, error: Exception) -> None:
        """A message of a chat that not even the error path can write to: kept as an incident, once.
        Raises StoreUnavailable.
        """
        now, seed = self.clock(), self._seed(32)

        def keep(tx: Tx) -> None:
            if seen.first_time(tx, incoming.chat.channel, incoming.id, now=now):
                incidents.add(
                    tx, id=Ids(now, seed).take(), kind=type(error).__name__, chat_id=None,
                    event=_event_bytes(incoming), now=now, expires_at=now + INCIDENT_US,
                )  # fmt: skip

        await self.store.run(keep)


def help_line(concern: Concern = NOTHING) -> Outgoing:
    """The built-in help lines; in the language that was heard, else in all four."""
    return help_line_in(concern.language)


def help_line_in(language: Language | None) -> Outgoing:
    """The built-in help lines in a language; None: in all four."""
    languages = [language] if language else list(LANGUAGES)
    return Outgoing("\n\n".join(LIFELINE[language] for language in languages))


def _chat_of(tx: Tx, event: Event) -> chats.Loaded | None:
    if isinstance(event, SendParked):
        return chats.load_by_id(tx, event.chat)
    case = getattr(event, "case", None)
    report = reports.get(tx, case) if case else None
    return chats.load_by_id(tx, report.row.chat_id) if report else None


def _on_screen(tx: Tx, loaded: chats.Loaded, incoming: Incoming, now: int) -> None:
    """What follows from a message's being there, whatever it says."""
    if incoming.shown_id:
        screens.heard(tx, loaded.id, incoming.shown_id, now=now)
    if loaded.chat.channel == "whatsapp":
        sends.user_wrote(tx, loaded.id, now=now)


def _event_bytes(incoming: Incoming) -> bytes:
    text = incoming.text.reveal() if incoming.text else None
    shown = {"id": incoming.id, "kind": incoming.kind, "text": text, "token": incoming.token}
    return msgspec.json.encode(shown)
