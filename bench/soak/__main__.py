"""An hour of everything at once: ``python -m bench.soak --minutes 60``.

Families, somebody in a crisis, partners' servers and staff use the real service, with gunicorn's workers and a real
PostgreSQL, and an editor takes feeds in, makes Builds and goes back. Meanwhile processes are killed, the database is
stopped, paused and restarted, disks fill, the clock jumps and temporary files go, one after another with a calm
between. Prints how each kind of call ended and how slow it was, what was acknowledged, stored and lost, and memory
and file handles over time.

Exits 1 when an acknowledged turn is lost, a 500 has no named cause, a message in a crisis got nobody to call, somebody
was refused for asking too much, a command of the editor's failed, or the newest Build is not served in the end.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from time import monotonic

from sqlalchemy import select

from bench.soak.editing import Editor, copied_index, index_of
from bench.soak.faults import CLOCK_JUMPS, FAULTS
from bench.soak.gauges import Gauges
from bench.soak.ledger import Ledger
from bench.soak.people import Colleague, Crowd, Family, InCrisis, Partner
from bench.soak.stand import Stand, a_folder, a_stand, made_site
from bench.soak.verdict import Verdict
from bot.storage.connections import Database
from bot.storage.tables import Turn

FAMILIES = 6


def main() -> int:
    """Print what came of it; 1 if something is wrong."""
    options = _options()
    with a_folder("soak-", keep=options.keep) as folder:
        index = copied_index(options.index, folder) if options.index else index_of(folder)
        with a_stand(folder, index, workers=options.workers) as stand:
            ledger, gauges = Ledger(), Gauges(stand.running_pid)
            counted = _go_through(stand, ledger, gauges, options)
            verdict = Verdict(ledger, _stored(stand), _log(folder), counted)
    print("\n".join([*verdict.told(), "", *gauges.told(ledger.began)]))
    wrong = verdict.wrong()
    print("\n".join(f"WRONG: {each}" for each in wrong) or "Nothing is wrong.")
    return 1 if wrong else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--pause", type=float, default=0.5, help="mean seconds between two things that one person does")
    parser.add_argument("--calm", type=float, default=12.0, help="mean seconds between two faults")
    parser.add_argument("--builds", type=float, default=60.0, help="mean seconds between two Builds; 0 for none")
    parser.add_argument("--index", type=Path, help="folder with a Build; without it one is made of the shipped corpus")
    parser.add_argument("--only", action="append", choices=list(FAULTS), metavar="NAME", help=", ".join(FAULTS))
    parser.add_argument("--without", action="append", choices=list(FAULTS), default=[], metavar="NAME")
    parser.add_argument("--seed", type=int, default=1, help="another number gives other chance")
    parser.add_argument("--keep", action="store_true", help="leave the log and the rest, and say where")
    return parser.parse_args()


def _go_through(stand: Stand, ledger: Ledger, gauges: Gauges, options: argparse.Namespace) -> float:
    """Let people in, do everything to the service until the time is up, and let them out."""
    crowd, counted, faults = Crowd(), 0.0, _faults(stand, options)
    _let_in(crowd, stand, ledger, options)
    draw, until = random.Random(options.seed), monotonic() + 60 * options.minutes
    with gauges.watching():
        for name in cycle(faults):
            # The crowd hears of the end at once, and the last fault comes while there is time for what comes of it.
            if crowd.stop.wait(min(draw.uniform(0, 2 * options.calm), max(0.0, until - monotonic()))):
                break
            if monotonic() >= until:
                break
            counted += _lost_count(stand, name)
            print(f"{(monotonic() - ledger.began) / 60:5.1f} min: {name}", file=sys.stderr, flush=True)
            with _told(ledger, name), ledger.fault(name):
                FAULTS[name](stand, draw)
        crowd.leave()
    with _told(ledger, "the last Build"):
        stand.wait_until_served()
    return counted + (stand.not_stored() or 0.0)


@contextmanager
def _told(ledger: Ledger, what: str) -> Iterator[None]:
    """Whatever goes wrong is written down, and the rest is tried."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - it may be anything
        ledger.go_wrong(f"after {what}: {type(error).__name__}: {error}"[:300])


def _faults(stand: Stand, options: argparse.Namespace) -> list[str]:
    """What is done: what was chosen, but that no clock jumps where none can be made."""
    chosen = [name for name in options.only or FAULTS if name not in options.without]
    if stand.clock.environment or CLOCK_JUMPS not in chosen:
        return chosen
    print("There is no C compiler: the clock does not jump.", file=sys.stderr)
    return [name for name in chosen if name != CLOCK_JUMPS]


def _lost_count(stand: Stand, name: str) -> float:
    """What the service counted so far, where it is about to forget it."""
    return (stand.not_stored() or 0.0) if name == "all killed" else 0.0


def _let_in(crowd: Crowd, stand: Stand, ledger: Ledger, options: argparse.Namespace) -> None:
    site, key = made_site(stand)
    first = json.loads(stand.command("staff", "add", "amir", "--role", "admin", "--json"))["password"]
    colleague = Colleague(stand.port, ledger, "amir")
    colleague.settle_in(first)
    ledger.calls.clear()
    people: list[Callable[[random.Random], None]] = [Family(stand.port, ledger) for _ in range(FAMILIES)]
    people += [InCrisis(stand.port, ledger), Partner(stand.port, ledger, site, key), colleague]
    for number, person in enumerate(people):
        crowd.add(person, ledger, pause_s=options.pause, seed=1000 * options.seed + number)
    if options.builds:
        crowd.add(Editor(stand.folder, stand.index, ledger), ledger, pause_s=options.builds, seed=options.seed)


def _stored(stand: Stand) -> frozenset[str]:
    database = Database(stand.postgres.url)
    with database.statement() as connection:
        found = frozenset(connection.scalars(select(Turn.id)))
    database.close()
    return found


def _log(folder: Path) -> str:
    return (folder / "log").read_text(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main())
