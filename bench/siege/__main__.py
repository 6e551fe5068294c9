"""What a family notices while the service is attacked: ``python -m bench.siege``.

Starts the real service for each attack, with the shipped corpus, and has a family chat and somebody in a crisis write
all the time, first in peace and then during the attack. Prints for both the median and the worst time, and how each
message ended. An attack that itself fails is said and does not keep the others from being tried.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from time import sleep

from bench.siege.attacks import ATTACKS, ON_POSTGRESQL, postgresql
from bench.siege.families import MESSAGES, watching
from bench.siege.receivers import TRUSTED
from bench.siege.service import serving
from bot import wiring
from bot.settings import read_environment

HEAD = (
    "| attack | who | before: median / worst ms | during: median / worst ms | before | during | what came of it |\n"
    "|---|---|---|---|---|---|---|"
)


def main() -> None:
    """Print a table, two lines an attack."""
    options = _options()
    with _folder(options.keep) as folder:
        index = options.index or _index_in(folder)
        print(HEAD, flush=True)
        for name in options.only or ATTACKS:
            try:
                lines = _besieged(name, folder, index, options)
            except Exception as error:  # noqa: BLE001 - the others are tried all the same
                lines = [f"| {name} | | | | | | could not be tried: {type(error).__name__}: {error} |"]
            print("\n".join(lines), flush=True)


def _index_in(folder: Path) -> Path:
    settings = replace(read_environment(), index=folder / "index")
    wiring.ingest(settings, [settings.corpus], lambda step, done, total: None)
    return settings.index


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.siege", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(ATTACKS), metavar="NAME", help=", ".join(ATTACKS))
    parser.add_argument("--index", type=Path, help="folder with a Build; without it one is made of the shipped corpus")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--peace", type=float, default=5.0, help="seconds before an attack")
    parser.add_argument("--attack", type=float, default=20.0, help="seconds of an attack")
    parser.add_argument("--keep", action="store_true", help="leave databases and logs, and say where")
    return parser.parse_args()


@contextmanager
def _folder(keep: bool) -> Iterator[Path]:
    if not keep:
        with TemporaryDirectory(prefix="siege-", ignore_cleanup_errors=True) as scratch:
            yield Path(scratch)
        return
    kept = Path(mkdtemp(prefix="siege-"))
    print(f"Logs and databases are in {kept}", file=sys.stderr)
    yield kept


def _besieged(name: str, above: Path, index: Path, options: argparse.Namespace) -> list[str]:
    folder = above / name
    folder.mkdir()
    with ExitStack() as stack:
        url = stack.enter_context(postgresql(above / "pg")) if name in ON_POSTGRESQL else None
        service = stack.enter_context(
            serving(folder, index, workers=options.workers, database_url=url, trusted=TRUSTED)
        )
        with watching(service.port) as before:
            sleep(options.peace)
        # The attack goes on until the last of them has its answer or has given up.
        with ATTACKS[name](service) as note:
            with watching(service.port) as during:
                sleep(options.attack)
            told = note()
    return [
        f"| {name} | {kind} | {before[kind].told()} | {during[kind].told()} | {before[kind].ended()} | "
        f"{during[kind].ended()} | {told} |"
        for kind in MESSAGES
    ]


if __name__ == "__main__":
    main()
