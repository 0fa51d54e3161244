"""Which processes are at work on a SQLite file: each holds a shared lock on a file beside it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from bot.errors import StoreUnavailable


class Presence:
    """The lock of this process. Not the database file itself: closing a second handle on that would
    drop SQLite's own locks.
    """

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".serving")
        self._handle: int | None = None
        self._alone = False

    def alone(self) -> bool:
        """Whether nobody else held it when this was first asked. Raises StoreUnavailable."""
        if self._handle is None:
            try:
                self._handle = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
                self._alone = _locked_alone(self._handle)
                fcntl.flock(self._handle, fcntl.LOCK_SH)
            except OSError as error:
                raise StoreUnavailable(f"no lock beside the database: {error.strerror}") from error
        return self._alone

    def close(self) -> None:
        """Let go; the file stays."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _locked_alone(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
