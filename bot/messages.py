"""What crosses the doors: Incoming, Outgoing, and words that refuse to print."""

from __future__ import annotations

from typing import Final, Literal, NoReturn, Protocol, get_args

import msgspec

Language = Literal["ms", "en", "zh", "ta"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
ChannelName = Literal["telegram", "whatsapp", "web", "terminal"]
CHANNELS: Final[tuple[ChannelName, ...]] = get_args(ChannelName)
Kind = Literal[
    "text", "tap", "start", "media", "voice", "location", "edited", "left", "returned", "other"
]
"""`edited`: an earlier message was rewritten. `left` and `returned`: the user has blocked the bot,
or unblocked it.
"""
Lane = Literal["hide", "care", "relay", "normal"]
Template = Literal["notice"]

TEXT_LIMIT: Final = 10_000
"""Characters of one message that are read; what lies beyond is cut at the door, never refused."""
TOKEN_LIMIT: Final = 64
"""Bytes in a tap's token (Telegram's callback_data)."""


class Words:
    """A user's own words. They refuse to print; `reveal()` is the one way out and easy to search
    for.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        return f"Words({len(self._text)} characters)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Words) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __deepcopy__(self, memo: object) -> Words:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("words are not pickled")


class Chat(msgspec.Struct, frozen=True):
    """Where somebody writes from. The address is opaque: no phone number is ever assumed, and it
    does not print.
    """

    channel: ChannelName
    address: str

    def __repr__(self) -> str:
        return f"Chat({self.channel})"

    __str__ = __repr__


class Incoming(msgspec.Struct, frozen=True):
    """One message from a platform. `id` is the platform's own message id, unique within the
    channel.

    `alias` is another address of the same person, where the platform gave one: a chat that is known
    by it moves to the address in `chat`. `token` is that of a tap, or of the link that a `start`
    came by. `shown_id` is what the message is called on the user's screen, to delete it by.
    """

    id: str
    chat: Chat
    kind: Kind
    text: Words | None = None
    token: str | None = None
    language_hint: str | None = None
    alias: str | None = None
    shown_id: str | None = None

    def __repr__(self) -> str:
        return f"Incoming({self.kind}, {self.chat}, {self.text})"

    __str__ = __repr__


class Choice(msgspec.Struct, frozen=True):
    """A button: the token comes back when it is tapped; the label is what people read."""

    token: str
    label: str


class Outgoing(msgspec.Struct, frozen=True):
    """One message to a user; nothing of any platform. `wipe`: first remove from the screen what can
    be removed. `template`: a notice that a platform may only take as one of its approved templates;
    `text` says the same. `picture` names a picture of the lessons that goes with the text, `alt` is
    what it shows, in words, for whoever cannot be shown it. `opener` is the label of the button
    that opens a list of choices, where a platform shows them so.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    picture: str | None = None
    wipe: bool = False
    template: Template | None = None
    language: Language | None = None
    opener: str = ""
    alt: str = ""

    def in_words(self) -> Outgoing:
        """The same without its picture."""
        if self.picture is None:
            return self
        text = "\n\n".join(part for part in (self.text, self.alt) if part)
        return msgspec.structs.replace(self, text=text, picture=None, alt="")

    def __repr__(self) -> str:
        return f"Outgoing({len(self.text)} characters, {len(self.choices)} choices)"

    __str__ = __repr__


class Outbound(Protocol):
    """What a channel is given to send. `id` is ours, the same at every try; `attempts` counts the
    tries, this one included.
    """

    @property
    def id(self) -> str: ...
    @property
    def chat(self) -> Chat: ...
    @property
    def outgoing(self) -> Outgoing: ...
    @property
    def attempts(self) -> int: ...


def clean(text: str) -> str:
    """Text that can be stored and sent as UTF-8: lone surrogates and NUL become U+FFFD, cut to
    TEXT_LIMIT.
    """
    cut = text[:TEXT_LIMIT].replace("\x00", "\ufffd")
    return cut.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
