"""A strategy and what must hold of all it makes -> what broke it, as small as hypothesis can make it.

In: both, and a folder where hypothesis keeps what it found interesting, so that the next run begins there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis.database import DirectoryBasedExampleDatabase
from hypothesis.strategies import SearchStrategy

from bench.fuzz.finding import Finding

# So many in one go; then whoever counts the minutes is asked.
_AT_ONCE = 50


def hunt(
    part: str, strategy: SearchStrategy[Any], holds: Callable[[Any], None], kept: Path, first_seed: int
) -> Iterator[Finding | None]:
    """Yield something for each input that was tried: what it broke, or nothing; without end.

    :param part: of the fuzzing, for names
    :param strategy: makes inputs
    :param holds: raises for an input of which it does not
    :param kept: a folder for hypothesis' own examples
    :param first_seed: the same gives the same inputs, apart from what is in the folder
    :returns: findings, each shrunk
    """
    number, database = first_seed, DirectoryBasedExampleDatabase(kept / "examples")
    while True:
        yield from _once(part, strategy, holds, database, number)
        number += 1


def _once(
    part: str, strategy: SearchStrategy[Any], holds: Callable[[Any], None], database: Any, number: int
) -> Iterator[Finding | None]:
    tried, last = 0, ""

    def check(made: Any) -> None:
        nonlocal tried, last
        tried, last = tried + 1, _shown(made)
        holds(made)

    check.__qualname__ = check.__name__ = f"fuzz_{part.replace(' ', '_')}"
    quiet = settings(
        max_examples=_AT_ONCE,
        deadline=None,
        database=database,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    found = None
    try:
        quiet(seed(number)(given(strategy)(check)))()
    except Exception as error:  # noqa: BLE001 - whatever comes out is what is looked for; hypothesis ends with the smallest
        content = last.encode("utf-8", "surrogatepass")
        name = f"{number}-{hashlib.sha256(content).hexdigest()[:8]}.txt"
        found = Finding(part, f"{type(error).__name__}: {error}"[:2000], name, content)
    yield from [None] * max(0, tried - 1)
    yield found


def _shown(made: Any) -> str:
    if isinstance(made, str):
        return made
    shown = getattr(made, "as_curl_command", None)
    return shown() if callable(shown) else repr(made)
