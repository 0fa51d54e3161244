"""Chats and the profiles in them: address, state, keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import msgspec

from bot.conversation.state import Conversation, Profile
from bot.errors import Unreadable
from bot.messages import ChannelName, Chat
from bot.store import keys
from bot.store.database import Row, Tx
from bot.store.vault import DataKey

NOWHERE = "0"
"""The address of a chat that has none: no platform knows anybody there."""


class _State(msgspec.Struct, frozen=True):
    """What the chat's row holds: the conversation without its profiles, and their order."""

    conversation: Conversation
    profiles: tuple[str, ...] = ()


_encode = msgspec.json.Encoder().encode
_decode_state = msgspec.json.Decoder(_State).decode
_decode_profile = msgspec.json.Decoder(Profile).decode


@dataclass(frozen=True, slots=True)
class Loaded:
    """A chat as it stands in the database; the row is locked until the transaction ends."""

    id: str
    chat: Chat
    conversation: Conversation = field(repr=False)
    key: DataKey = field(repr=False)
    next_seq: int = 1


def load(tx: Tx, chat: Chat, *, now: int, new_id: str, alias: str | None = None) -> Loaded:
    """The chat of that address, made under `new_id` when there is none. Raises Unreadable; never a
    new user then.

    `alias`: another address of the same person; a chat that is known by it moves to this one.
    """
    row = _row(tx, chat)
    if row is None and alias:
        row = _moved_from(tx, Chat(chat.channel, alias), chat)
    if row is not None:
        return _loaded(tx, row)
    made = _made(tx, chat, now=now, new_id=new_id)
    if made is not None:
        return made
    # Another transaction made it in the meantime (PostgreSQL).
    row = _row(tx, chat)
    if row is None:
        raise Unreadable("a chat is there but cannot be found")
    return _loaded(tx, row)


def load_by_id(tx: Tx, chat_id: str) -> Loaded | None:
    """The chat of that id, locked; None when there is none. Raises Unreadable."""
    row = tx.one("chat_by_id", id=chat_id)
    return None if row is None else _loaded(tx, row)


def find(tx: Tx, chat: Chat) -> str | None:
    """The id of the chat of that address, without reading or locking it."""
    for found in tx.vault.find_hashes("chat", _where(chat)):
        row = tx.one("chat_find", find_hash=found)
        if row is not None:
            return str(row["id"])
    return None


def save(
    tx: Tx, loaded: Loaded, conversation: Conversation, *, now: int, numbers: int = 0
) -> Loaded:
    """Write what changed: the state, changed profiles. Profiles that are gone are erased with their
    keys. `numbers`: how many from `loaded.next_seq` on were given to messages.

    Returns the chat as it stands now, for a further `save` in the same transaction. Raises
    msgspec.ValidationError when the conversation could not be read again; then nothing is written.
    """
    before = {profile.id: profile for profile in loaded.conversation.profiles}
    for profile in conversation.profiles:
        old = before.pop(profile.id, None)
        if old is not profile and old != profile:
            _put_profile(tx, loaded.id, profile, is_new=old is None)
    for gone in before:
        tx.execute("profile_delete", chat_id=loaded.id, id=gone)
        keys.erase(tx, _owner(loaded.id, gone))
    state = _sealed_state(loaded.key, loaded.id, conversation)
    tx.execute("chat_save", id=loaded.id, state=state, numbers=numbers, now=now)
    next_seq = loaded.next_seq + numbers
    return Loaded(loaded.id, loaded.chat, conversation, loaded.key, next_seq)


def rebind(tx: Tx, chat_id: str, chat: Chat) -> None:
    """The chat moves to a new address; the old one no longer finds it. Unsent rows follow.

    A chat that already stands there stays, with its cases and timers, but no address finds it any
    more. Raises Unreadable when the chat's key is gone.
    """
    there = find(tx, chat)
    if there is not None and there != chat_id:
        _detach(tx, there, chat)
    address = _sealed_address(keys.get(tx, chat_id), chat_id, chat)
    found = tx.vault.find_hash("chat", _where(chat))
    tx.execute("chat_rebind", id=chat_id, find_hash=found, channel=chat.channel, address=address)
    tx.execute("outbox_move", chat_id=chat_id, channel=chat.channel)


def _detach(tx: Tx, chat_id: str, chat: Chat) -> None:
    """The chat has no address any more: what it still has to say must not reach whoever is there
    now.
    """
    nowhere = Chat(chat.channel, NOWHERE)
    tx.execute(
        "chat_detach",
        id=chat_id,
        find_hash=tx.vault.find_hash("chat without an address", chat_id),
        address=_sealed_address(keys.get(tx, chat_id), chat_id, nowhere),
    )


def move(tx: Tx, old: Sequence[Chat], new: Chat) -> None:
    """Whoever was at one of these addresses is at `new` from now on. Nobody there: nothing
    happens.
    """
    for chat in old:
        found = find(tx, chat)
        if found is not None:
            rebind(tx, found, new)
            return


def erase(tx: Tx, chat_id: str) -> None:
    """The chat, its profiles, its outbox and all their keys. Reports and their words stay."""
    for row in tx.all("profiles_of", chat_id=chat_id):
        keys.erase(tx, _owner(chat_id, row["id"]))
    tx.execute("chat_delete", id=chat_id)
    keys.erase(tx, chat_id)


def address(tx: Tx, chat_id: str, row: Row) -> Chat:
    """The chat from a row that carries channel, address and wrapped key. Raises Unreadable."""
    key = keys.unwrapped(tx, chat_id, row["wrapped"])
    clear = key.open(row["address"], f"chats.address/{chat_id}")
    return Chat(cast(ChannelName, row["channel"]), clear.decode("utf-8", "surrogatepass"))


def _row(tx: Tx, chat: Chat) -> Row | None:
    for found in tx.vault.find_hashes("chat", _where(chat)):
        row = tx.one("chat_by_hash", find_hash=found)
        if row is not None:
            return row
    return None


def _moved_from(tx: Tx, old: Chat, new: Chat) -> Row | None:
    found = find(tx, old)
    if found is None:
        return None
    rebind(tx, found, new)
    return _row(tx, new)


def _made(tx: Tx, chat: Chat, *, now: int, new_id: str) -> Loaded | None:
    """A new chat, or None when the address was taken meanwhile."""
    key, conversation = tx.vault.new_data_key(), Conversation()
    added = tx.execute(
        "chat_add",
        id=new_id,
        find_hash=tx.vault.find_hash("chat", _where(chat)),
        channel=chat.channel,
        address=_sealed_address(key, new_id, chat),
        state=_sealed_state(key, new_id, conversation),
        now=now,
    )
    if not added:
        return None
    keys.keep(tx, new_id, key)
    return Loaded(new_id, chat, conversation, key)


def _loaded(tx: Tx, row: Row) -> Loaded:
    chat_id = row["id"]
    key = keys.unwrapped(tx, chat_id, row["wrapped"])
    try:
        state = _decode_state(key.open(row["state"], f"chats.state/{chat_id}"))
        kept = _profiles(tx, chat_id)
    except msgspec.MsgspecError as exc:
        raise Unreadable(f"the state of a chat does not decode: {type(exc).__name__}") from None
    missing = set(state.profiles) - set(kept)
    if missing:
        raise Unreadable("a profile of this chat is missing")
    profiles = tuple(kept[profile_id] for profile_id in state.profiles)
    conversation = msgspec.structs.replace(state.conversation, profiles=profiles)
    return Loaded(chat_id, address(tx, chat_id, row), conversation, key, row["next_seq"])


def _profiles(tx: Tx, chat_id: str) -> dict[str, Profile]:
    found = {}
    for row in tx.all("profiles_of", chat_id=chat_id):
        owner = _owner(chat_id, row["id"])
        clear = keys.unwrapped(tx, owner, row["wrapped"]).open(row["sealed"], f"profiles/{owner}")
        found[row["id"]] = _decode_profile(clear)
    return found


def _put_profile(tx: Tx, chat_id: str, profile: Profile, *, is_new: bool) -> None:
    owner = _owner(chat_id, profile.id)
    clear = _encode(profile)
    _decode_profile(clear)  # what cannot be read again is not written
    key = keys.make(tx, owner) if is_new else keys.get(tx, owner)
    sealed = key.seal(clear, f"profiles/{owner}")
    tx.execute("profile_put", chat_id=chat_id, id=profile.id, sealed=sealed)


def _sealed_state(key: DataKey, chat_id: str, conversation: Conversation) -> str:
    bare = msgspec.structs.replace(conversation, profiles=())
    clear = _encode(_State(bare, tuple(profile.id for profile in conversation.profiles)))
    _decode_state(clear)  # what cannot be read again is not written
    return key.seal(clear, f"chats.state/{chat_id}")


def _sealed_address(key: DataKey, chat_id: str, chat: Chat) -> str:
    return key.seal(chat.address.encode("utf-8", "surrogatepass"), f"chats.address/{chat_id}")


def _owner(chat_id: str, profile_id: str) -> str:
    return f"{chat_id}/{profile_id}"


def _where(chat: Chat) -> str:
    return f"{chat.channel}\0{chat.address}"
