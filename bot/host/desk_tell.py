"""Tells the conversation what happened at the desk or at an intake elsewhere, in the transaction in
which it happened.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from typing import Literal

from bot.conversation.events import Event
from bot.errors import StoreUnavailable
from bot.host.receive import Host
from bot.store.database import Tx

log = logging.getLogger(__name__)

Told = Literal["taken", "seen", "stopped", "raised"]


async def tell(host: Host, event: Event, first: Callable[[Tx], bool]) -> Told:
    """Whether the conversation took the event. If not, nothing of it is written: it came before
    (`seen`), `first` said False or the chat is gone (`stopped`), or something raised.

    A conversation that raises must not keep a person from a report: it is logged, without a word of
    anybody's, and the caller goes on alone.
    """
    try:
        receipt = await host.happened(event, first=first)
    except StoreUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - a person must get at a report in any case
        trace = "".join(traceback.format_tb(error.__traceback__))
        kind = type(event).__name__
        log.error("the conversation raised %s at %s\n%s", type(error).__name__, kind, trace)
        return "raised"
    if receipt.status == "taken":
        return "taken"
    return "seen" if receipt.chat_id else "stopped"
