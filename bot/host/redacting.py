"""Log lines without secrets, whoever writes them: a library may tell an address, and an address may
hold a token.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Final

FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
HIDDEN: Final = "[secret]"
SHORTEST: Final = 6
"""A secret of fewer letters would hide ordinary words; none that is set properly is so short."""


class Redacting(logging.Formatter):
    """The usual line, tracebacks included, with every secret replaced."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__(FORMAT)
        found = {secret for secret in secrets if len(secret) >= SHORTEST}
        self._secrets = sorted(found, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """The line that is written."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return line
