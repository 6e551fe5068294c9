"""A strategy and what must hold of all it makes -> what broke it, as small as hypothesis can make it.

In: both, and a folder where hypothesis keeps what it found interesting, so that the next run begins there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis.database import DirectoryBasedExampleDatabase
from hypothesis.strategies import SearchStrategy

from bench.fuzz.finding import Finding, Trial

# So many in one go; then whoever counts the minutes is asked.
_AT_ONCE = 50


def hunt(
    part: str, what: str, strategy: SearchStrategy[Any], holds: Callable[[Any], None], kept: Path, first_seed: int
) -> Iterator[Trial]:
    """Yield how many inputs were tried and what one of them broke, if any did; without end.

    :param part: of the fuzzing, under which findings are kept
    :param what: is put to, in a few words
    :param strategy: makes inputs
    :param holds: raises for an input of which it does not
    :param kept: a folder for hypothesis' own examples
    :param first_seed: the same gives the same inputs, apart from what is in the folder
    :returns: trials of some inputs each; what was found is shrunk
    """
    number, database = first_seed, DirectoryBasedExampleDatabase(kept / "examples")
    name = re.sub(r"\W+", "_", what).strip("_")
    while True:
        yield _once(part, name, strategy, holds, database, number)
        number += 1


def _once(
    part: str, name: str, strategy: SearchStrategy[Any], holds: Callable[[Any], None], database: Any, number: int
) -> Trial:
    tried, last = 0, ""

    def check(made: Any) -> None:
        nonlocal tried, last
        tried, last = tried + 1, _shown(made)
        holds(made)

    # By its name hypothesis keeps the examples of each apart.
    check.__qualname__ = check.__name__ = f"fuzz_{part}_{name}"
    quiet = settings(
        max_examples=_AT_ONCE,
        deadline=None,
        database=database,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    try:
        quiet(seed(number)(given(strategy)(check)))()
    except Exception as error:  # noqa: BLE001 - whatever comes out is looked for; hypothesis ends with the smallest
        content = last.encode("utf-8", "surrogatepass")
        file = f"{name}-{number}-{hashlib.sha256(content).hexdigest()[:8]}.txt"
        return tried, Finding(part, f"{type(error).__name__}: {error}"[:2000], file, content)
    return tried, None


def _shown(made: Any) -> str:
    if isinstance(made, str):
        return made
    shown = getattr(made, "as_curl_command", None)
    return shown() if callable(shown) else repr(made)
