"""Data keys of chats, profiles and reports. Erasing a key erases all that was sealed with it."""

from __future__ import annotations

from bot.errors import Unreadable
from bot.store.database import Tx
from bot.store.vault import DataKey


def make(tx: Tx, owner: str) -> DataKey:
    """A new key for `owner`, who must have none yet."""
    key = tx.vault.new_data_key()
    keep(tx, owner, key)
    return key


def keep(tx: Tx, owner: str, key: DataKey) -> None:
    """Store a key that is already drawn."""
    tx.execute("key_add", owner=owner, wrapped=tx.vault.wrap(key, owner))


def get(tx: Tx, owner: str) -> DataKey:
    """The key of `owner`. Raises Unreadable when it was erased or never was."""
    row = tx.one("key_get", owner=owner)
    return unwrapped(tx, owner, None if row is None else row["wrapped"])


def unwrapped(tx: Tx, owner: str, wrapped: str | None) -> DataKey:
    """The key from its stored form, where a statement brought it along. Raises Unreadable when that
    is None.
    """
    if wrapped is None:
        raise Unreadable("the key of this row was erased")
    return tx.vault.unwrap(wrapped, owner)


def erase(tx: Tx, owner: str) -> None:
    """From here on nothing sealed for `owner` can be read again."""
    tx.execute("key_erase", owner=owner)
    tx.vault.forget(owner)
