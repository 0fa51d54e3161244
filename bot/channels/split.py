"""One turn is one message wherever the limits allow. Where they do not, it is cut here by rule: at
paragraphs, what comes first goes first, and the last part carries the choices.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from bot.library import measure
from bot.messages import ChannelName, Choice, Outgoing

LIST_ROWS: Final = 10
"""Rows of a WhatsApp list, all sections together."""
_QUESTION: Final = 512
"""With choices, the last part holds as much of the end of the text as fits in this: the question
itself, not all that was said before it.
"""
_PARAGRAPH: Final = "\n\n"
_ENDS: Final = (re.compile(r"\n"), re.compile(r"(?<=[.!?。！？…])\s*"), re.compile(r"\s+"))
"""Where a paragraph that is too long may be cut: at a line, else a sentence, else a space."""


class Limits(msgspec.Struct, frozen=True):
    """Characters of a message, in code points and in UTF-16 units alike; choices of a message.
    `under_picture`: characters beside a picture; 0: this channel shows none.
    """

    text: int
    with_choices: int
    choices: int
    under_picture: int = 0


LIMITS: Final[dict[ChannelName, Limits]] = {
    "telegram": Limits(4096, 4096, 100, under_picture=1024),
    "whatsapp": Limits(4096, 1024, LIST_ROWS),
}


def parts(channel: ChannelName, outgoing: Outgoing) -> tuple[Outgoing, ...]:
    """The messages that an Outgoing becomes on this channel, in order: nearly always one.

    Choices beyond what a message may carry are written out with their numbers, which answer too.
    """
    limits = LIMITS.get(channel)
    if limits is None:
        return (outgoing if channel == "web" else outgoing.in_words(),)
    if outgoing.picture and measure.platform(outgoing.text) > limits.under_picture:
        outgoing = outgoing.in_words()
    if len(outgoing.choices) > limits.choices:
        outgoing = _written_out(outgoing, limits.choices)
    room = limits.with_choices if outgoing.choices else limits.text
    if measure.platform(outgoing.text) <= room:
        return (outgoing,)
    return _cut(outgoing, limits)


def _written_out(outgoing: Outgoing, most: int) -> Outgoing:
    rest = enumerate(outgoing.choices[most:], start=most + 1)
    lines = "\n".join(_numbered(number, choice) for number, choice in rest)
    text = f"{outgoing.text}{_PARAGRAPH}{lines}"
    return msgspec.structs.replace(outgoing, text=text, choices=outgoing.choices[:most])


def _numbered(number: int, choice: Choice) -> str:
    return f"{number}. {choice.label}"


def _cut(outgoing: Outgoing, limits: Limits) -> tuple[Outgoing, ...]:
    room = limits.with_choices if outgoing.choices else limits.text
    pieces = [piece for text in outgoing.text.split(_PARAGRAPH) for piece in _pieces(text, room)]
    last = _end(pieces, _QUESTION) if outgoing.choices else []
    heads = list(_packed(pieces[: len(pieces) - len(last)], limits.text))
    texts = [*heads, _PARAGRAPH.join(last)] if last else heads
    bare = [Outgoing(text, language=outgoing.language) for text in texts]
    bare[0] = msgspec.structs.replace(bare[0], wipe=outgoing.wipe)
    bare[-1] = msgspec.structs.replace(
        bare[-1], choices=outgoing.choices, opener=outgoing.opener, template=outgoing.template
    )
    return tuple(bare)


def _end(pieces: list[str], room: int) -> list[str]:
    """The last pieces that fit together into `room`; one at least."""
    taken: list[str] = []
    for piece in reversed(pieces):
        if taken and measure.platform(_PARAGRAPH.join([piece, *taken])) > room:
            break
        taken.insert(0, piece)
    return taken


def _packed(pieces: Iterable[str], room: int) -> Iterator[str]:
    """Pieces joined again, as many as fit into `room` each time."""
    held = ""
    for piece in pieces:
        joined = f"{held}{_PARAGRAPH}{piece}" if held else piece
        if held and measure.platform(joined) > room:
            yield held
            joined = piece
        held = joined
    if held:
        yield held


def _pieces(text: str, room: int) -> Iterator[str]:
    """A paragraph, cut where it is longer than `room`; never empty."""
    while measure.platform(text) > room:
        at = _cut_at(text, room)
        yield text[:at].rstrip()
        text = text[at:].lstrip()
    if text.strip():
        yield text


def _cut_at(text: str, room: int) -> int:
    """Where to cut so that what comes before fits: at the best kind of end there is."""
    fits = room
    while measure.platform(text[:fits]) > room:
        fits -= 1
    for end in _ENDS:
        found = [match.end() for match in end.finditer(text, 0, fits) if match.end() > fits // 4]
        if found and text[: found[-1]].strip():
            return found[-1]
    return fits
