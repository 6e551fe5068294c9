"""Batches of work in, what came of them in the same order out, however many are worked on at once."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items in lists of so many; the last one may be shorter."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def in_order(begin: Callable[[T], Callable[[], R]], batches: Iterable[T], ahead: int) -> Iterator[R]:
    """Yield what came of each batch, in order.

    :param ahead: how many may have begun beyond the one that is waited for; it bounds memory.
    """
    begun: deque[Callable[[], R]] = deque()
    for batch in batches:
        begun.append(begin(batch))
        if len(begun) > ahead:
            yield begun.popleft()()
    while begun:
        yield begun.popleft()()


def over_cores(work: Callable[[T], R], batches: Iterable[T]) -> Iterator[R]:
    """Yield what came of each batch, in order; every core works on one, outside the interpreter's lock."""
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        yield from in_order(lambda batch: pool.submit(work, batch).result, batches, 2 * cores)
