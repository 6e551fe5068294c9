"""Process batches of work in parallel, and yield the results in order."""

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
    """Yield the items in lists of ``size``; the last may be shorter."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def in_order(begin: Callable[[T], Callable[[], R]], batches: Iterable[T], ahead: int) -> Iterator[R]:
    """Yield the result of each batch, in order.

    :param ahead: how many batches may be started beyond the one awaited; it bounds memory.
    """
    begun: deque[Callable[[], R]] = deque()
    for batch in batches:
        begun.append(begin(batch))
        if len(begun) > ahead:
            yield begun.popleft()()
    while begun:
        yield begun.popleft()()


def over_cores(work: Callable[[T], R], batches: Iterable[T]) -> Iterator[R]:
    """Yield the result of each batch, in order; each core works on one, outside the interpreter's lock."""
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        yield from in_order(lambda batch: pool.submit(work, batch).result, batches, 2 * cores)
