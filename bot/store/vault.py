"""Encryption of what is stored: a ring of master keys; a data key a chat, profile and report.

A sealed text is `1.<key id>.<base64 of nonce and AES-256-GCM ciphertext>`. What it is about (table,
column, row) is authenticated with it, so a ciphertext moved to another row does not open.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Final, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import KeysWrong, SettingsWrong, Unreadable

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
HASH_BYTES: Final = 24
REMEMBERED: Final = 2048
"""Data keys kept ready in memory; the least recently used one goes first."""
_KEY_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,16}")
_CHECK: Final = b"teman"


class MasterKey:
    """One key of the ring. It derives its two uses, and neither prints nor pickles."""

    __slots__ = ("_cipher", "_find", "id")

    def __init__(self, key_id: str, secret: bytes) -> None:
        if not _KEY_ID.fullmatch(key_id):
            raise SettingsWrong("a key id is 1-16 letters, digits, - or _")
        if len(secret) != KEY_BYTES:
            raise SettingsWrong(f"a secret key is {KEY_BYTES} bytes, base64")
        self.id = key_id
        self._cipher = AESGCM(hmac.digest(secret, b"teman seal", "sha256"))
        self._find = hmac.digest(secret, b"teman find", "sha256")

    def find_hash(self, kind: str, text: str) -> str:
        """A keyed hash by which a row is found without holding `text`. Other `kind`s give other
        hashes.
        """
        message = f"{kind}\0{text}".encode("utf-8", "surrogatepass")
        found = hashlib.blake2b(message, key=self._find, digest_size=HASH_BYTES)
        return f"{self.id}.{found.hexdigest()}"

    def seal(self, clear: bytes, about: str) -> str:
        """See `Vault.seal`."""
        return _seal(self._cipher, self.id, clear, about)

    def open(self, sealed: str, about: str) -> bytes:
        """See `Vault.open`."""
        return _open(self._cipher, self.id, sealed, about)

    def __repr__(self) -> str:
        return f"MasterKey({self.id})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled")


class DataKey:
    """The random key of one chat, profile or report. It neither prints nor pickles."""

    __slots__ = ("_cipher", "_secret", "id")

    def __init__(self, secret: bytes) -> None:
        self.id = hashlib.sha256(b"teman data key id" + secret).hexdigest()[:8]
        self._cipher = AESGCM(secret)
        self._secret = secret

    def seal(self, clear: bytes, about: str) -> str:
        """`clear`, encrypted and bound to `about`."""
        return _seal(self._cipher, self.id, clear, about)

    def open(self, sealed: str, about: str) -> bytes:
        """What was sealed. Raises Unreadable when it was changed, moved, or sealed with another
        key.
        """
        return _open(self._cipher, self.id, sealed, about)

    def wrapped_by(self, master: MasterKey, owner: str) -> str:
        """This key, sealed with `master` for `owner` alone."""
        return master.seal(self._secret, f"data_keys/{owner}")

    def __repr__(self) -> str:
        return f"DataKey({self.id})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled")


class Vault:
    """The ring. The first key is current: it seals; the others only open what they once sealed."""

    def __init__(self, keys: Sequence[MasterKey]) -> None:
        if not keys:
            raise SettingsWrong("no secret key is set: SECRET_KEYS needs one")
        self._keys: Mapping[str, MasterKey] = {key.id: key for key in keys}
        if len(self._keys) != len(keys):
            raise SettingsWrong("two secret keys have one id")
        self._current = keys[0]
        self._known: OrderedDict[str, tuple[str, DataKey]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def current(self) -> str:
        """The id of the key that seals."""
        return self._current.id

    def new_data_key(self) -> DataKey:
        """A fresh random key."""
        return DataKey(os.urandom(KEY_BYTES))

    def wrap(self, key: DataKey, owner: str) -> str:
        """The data key as it is stored for `owner`."""
        return key.wrapped_by(self._current, owner)

    def unwrap(self, wrapped: str, owner: str) -> DataKey:
        """The data key of `owner` from its stored form. Raises Unreadable."""
        with self._lock:
            known = self._known.get(owner)
            if known is not None and known[0] == wrapped:
                self._known.move_to_end(owner)
                return known[1]
        key = DataKey(self.open(wrapped, f"data_keys/{owner}"))
        with self._lock:
            self._known[owner] = (wrapped, key)
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return key

    def forget(self, owner: str) -> None:
        """The key of `owner` is erased: it must not live on in memory."""
        with self._lock:
            self._known.pop(owner, None)

    def seal(self, clear: bytes, about: str) -> str:
        """`clear`, encrypted with the current master key: for rows that belong to nobody."""
        return self._current.seal(clear, about)

    def open(self, sealed: str, about: str) -> bytes:
        """What any key of the ring has sealed. Raises Unreadable."""
        key = self._keys.get(_key_id(sealed))
        if key is None:
            raise Unreadable(f"the secret key for {about.partition('/')[0]} is not in the ring")
        return key.open(sealed, about)

    def find_hash(self, kind: str, text: str) -> str:
        """`<key id>.<hash>` with the current key: what new rows are found by."""
        return self._current.find_hash(kind, text)

    def find_hashes(self, kind: str, text: str) -> list[str]:
        """The hash under every key of the ring, the current one first."""
        return [key.find_hash(kind, text) for key in self._keys.values()]

    def key_check(self) -> str:
        """A value to keep in the database, which only this current key can open."""
        return self._current.seal(_CHECK, f"key_check/{self.current}")

    def fits(self, checks: Mapping[str, str]) -> None:
        """`checks`: key id -> stored key_check. Raises KeysWrong unless the ring opens every one of
        them.
        """
        for key_id, sealed in checks.items():
            key = self._keys.get(key_id)
            if key is None:
                raise KeysWrong(
                    f"the database needs the secret key {key_id!r}, which SECRET_KEYS lacks"
                )
            try:
                key.open(sealed, f"key_check/{key_id}")
            except Unreadable as exc:
                raise KeysWrong(
                    f"secret key {key_id!r} is not the one this database was made with"
                ) from exc

    def __repr__(self) -> str:
        return f"Vault({len(self._keys)} keys)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled")


def parse_keys(text: str) -> list[MasterKey]:
    """`id:base64,...`, the first current; a bare base64 gets an id from its hash. Raises
    SettingsWrong.
    """
    keys = [_parse_key(part) for part in re.split(r"[,\s]+", text.strip()) if part]
    if not keys:
        raise SettingsWrong("no secret key is set: SECRET_KEYS needs one")
    return keys


def invent_key() -> str:
    """A new random key in the form `parse_keys` reads. For a new database only, or as a further key
    of a ring.
    """
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def _parse_key(part: str) -> MasterKey:
    key_id, colon, encoded = part.rpartition(":")
    standard = encoded.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        secret = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except ValueError:
        # Not chained: the cause's text may quote the key.
        raise SettingsWrong("a secret key is not base64") from None
    return MasterKey(key_id if colon else _id_of(secret), secret)


def _id_of(secret: bytes) -> str:
    return hashlib.sha256(b"teman key id" + secret).hexdigest()[:8]


def _seal(cipher: AESGCM, key_id: str, clear: bytes, about: str) -> str:
    nonce = os.urandom(NONCE_BYTES)
    secret = nonce + cipher.encrypt(nonce, clear, about.encode())
    return f"1.{key_id}.{binascii.b2a_base64(secret, newline=False).decode('ascii')}"


def _open(cipher: AESGCM, key_id: str, sealed: str, about: str) -> bytes:
    version, _, rest = sealed.partition(".")
    used, _, body = rest.partition(".")
    if version != "1" or used != key_id:
        raise Unreadable(f"{about.partition('/')[0]} was sealed with another key")
    try:
        secret = binascii.a2b_base64(body)
        return cipher.decrypt(secret[:NONCE_BYTES], secret[NONCE_BYTES:], about.encode())
    except (InvalidTag, ValueError) as exc:
        raise Unreadable(f"{about.partition('/')[0]} does not open: changed or damaged") from exc


def _key_id(sealed: str) -> str:
    return sealed.split(".", 2)[1] if sealed.count(".") >= 2 else ""
