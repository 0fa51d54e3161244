"""The same work on several cores: each task in a process that shares what lies in memory here."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any, Final, TypeVar

T = TypeVar("T")
WORKERS: Final = 2
"""So many cores are asked for; a result does not depend on it."""
_now: list[Callable[[int], Any]] = []


def each(task: Callable[[int], T], count: int) -> list[T]:
    """`task` of 0 to `count` - 1, in this order. Inside such a task, or where
    processes cannot be forked: one by one."""
    if _now or "fork" not in multiprocessing.get_all_start_methods():
        return [task(number) for number in range(count)]
    _now.append(task)  # a forked process finds it here: nothing has to be copied to it
    try:
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(WORKERS, mp_context=context) as pool:
            return list(pool.map(_do, range(count)))
    finally:
        _now.pop()


def _do(number: int) -> Any:
    return _now[-1](number)
