"""The error family. A subclass says what to do about it.

TemanError
├── SettingsWrong       tell the operator; do not start
├── ContentWrong        tell the author; do not start
├── KeysWrong           tell the operator; do not start, touch nothing
├── StoreUnavailable    later: nothing was written, the caller may try the same again
├── Unreadable          a stored row cannot be read; an incident, never a new user
├── NoSuchText          a key has no text in a language; goes into the error path
└── SendFailed          the platform did not take a message
    ├── SendLater       try again (after `wait_s` seconds, where the platform said so)
    ├── SendHeld        wait until the user writes again
    ├── SendStopped     nothing is taken from us until a person acts: pause, tell
    └── SendNever       park the row with its reason; trying again cannot help
"""

from __future__ import annotations


class TemanError(Exception):
    """Something Teman itself has a word for. The message names the next step and holds no user's
    words.
    """


class SettingsWrong(TemanError):
    """A setting is missing or cannot be read."""


class ContentWrong(TemanError):
    """A lesson, text or rule file is damaged, empty or inconsistent."""


class KeysWrong(TemanError):
    """The secret keys do not fit this database."""


class StoreUnavailable(TemanError):
    """The transaction was not committed; nothing of it stands."""


class Unreadable(TemanError):
    """A stored row could not be decrypted or decoded."""


class NoSuchText(TemanError):
    """A text key has no sentence in the language asked for."""


class SendFailed(TemanError):
    """The platform did not take a message."""


class SendLater(SendFailed):
    """Worth another try; `wait_s` is what the platform asked for, in seconds, or None.

    `all_wait`: it is not about this message alone; nothing else should be sent before that.
    `unreachable`: the platform did not answer; once it does, everything that waits may go.
    """

    def __init__(
        self,
        reason: str,
        wait_s: float | None = None,
        *,
        all_wait: bool = False,
        unreachable: bool = False,
    ) -> None:
        super().__init__(reason)
        self.wait_s = wait_s
        self.all_wait = all_wait
        self.unreachable = unreachable


class SendHeld(SendFailed):
    """Not before the user has written again (WhatsApp's 24-hour window is shut)."""


class SendStopped(SendFailed):
    """A token, a payment or an account is the trouble: only the operator can mend it. The message
    waits. `one`: it is about this user alone; all others are written to.
    """

    def __init__(self, reason: str, *, one: bool = False) -> None:
        super().__init__(reason)
        self.one = one


class SendNever(SendFailed):
    """Another try cannot succeed; the reason is shown to the operator. `blocked`: the user cannot
    be reached at all.
    """

    def __init__(self, reason: str, *, blocked: bool = False) -> None:
        super().__init__(reason)
        self.blocked = blocked
