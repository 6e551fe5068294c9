"""Inputs that nobody would write, put to the readers, to feeds, to messages and to the API: ``python -m bench.fuzz``.

Each part has the same share of the minutes. What breaks something is printed with its part and kept in a folder, beside
the examples from which hypothesis goes on the next time. Exits 1 if anything broke.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.fuzz import api, feeds, messages, readers
from bench.fuzz.finding import Trial

PARTS = ("readers", "feeds", "messages", "api")
_MOST_FINDINGS = 20


def main() -> int:
    """Print how much was tried and what broke."""
    options = _options()
    parts = options.only or list(PARTS)
    broken = 0
    for part in parts:
        tried, found, spent = _went_through(_trials(part, options), 60 * options.minutes / len(parts), options.keep)
        print(
            f"{part}: {tried:,} inputs in {spent / 60:.1f} minutes from seed {options.seed}, {found} findings",
            flush=True,
        )
        broken += found
    return 1 if broken else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="*", default=[Path("corpus"), Path("tests")], help="files to damage")
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", choices=PARTS)
    parser.add_argument("--index", type=Path, help="folder with a Build to ask; without it a tiny one is made")
    parser.add_argument("--keep", type=Path, default=Path("var/fuzz"), help="where what breaks something is kept")
    return parser.parse_args()


def _trials(part: str, options: argparse.Namespace) -> Iterator[Trial]:
    made: dict[str, Callable[[], Iterator[Trial]]] = {
        "readers": lambda: readers.tried(options.folder, options.seed),
        "feeds": lambda: feeds.tried(options.seed),
        "messages": lambda: messages.tried(options.index, options.keep, options.seed),
        "api": lambda: api.tried(options.index, options.keep, options.seed),
    }
    return made[part]()


def _went_through(trials: Iterator[Trial], seconds: float, keep: Path) -> tuple[int, int, float]:
    """Try until the time is up, or so much was found that more would be the same again."""
    began, tried, found = time.monotonic(), 0, set[str]()
    for count, finding in trials:
        tried += count
        if finding is not None and finding.what.splitlines()[-1] not in found:
            found.add(finding.what.splitlines()[-1])
            print(f"{finding.part}, kept as {finding.keep(keep)}: {finding.what}", flush=True)
        if time.monotonic() - began > seconds or len(found) >= _MOST_FINDINGS:
            break
    return tried, len(found), time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
