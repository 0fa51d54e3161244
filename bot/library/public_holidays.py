"""Public holidays of Malaysia's states, from the `holidays` library."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated, Final

from holidays.countries.malaysia import Malaysia
from msgspec import Meta

State = Annotated[str, Meta(pattern=r"^MY-(0[1-9]|1[0-6])$")]
"""ISO 3166-2:MY."""
CODES: Final = frozenset(f"MY-{code}" for code in Malaysia.subdivisions)


def closed(state: str, day: date) -> bool:
    """Whether offices of that state are closed for a holiday on that day. Weekends are none."""
    return day in _of_year(state, day.year)


@cache
def _of_year(state: str, year: int) -> Mapping[date, str]:
    return Malaysia(subdiv=state.removeprefix("MY-"), years=year)
