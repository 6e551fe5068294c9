"""Nodes without a shared disk, while all that they share goes and comes back: ``python -m bench.nodes --seconds 120``.

Three nodes, each with its own folder, share one PostgreSQL, one Redis and one bucket, all real and of this run's own.
Families ask any node that answers, and one address asks far more than it may. Meanwhile a Build is published, a node
is killed, the database restarts, Redis goes, the bucket goes, and a bad Build is published. Prints turns acknowledged,
stored and lost, answers from a wrong Build, seconds until a new Build was on all nodes, what limits let through, and
what failed.

Exits 1 when an acknowledged turn is lost, a wrong Build was served, a new one takes too long, a limit does not hold
over all nodes, or a call fails without a reason.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

from sqlalchemy import select

from bench.nodes.people import Family, Greedy
from bench.nodes.stand import LIMIT, Stand, a_stand
from bench.nodes.verdict import Verdict
from bench.soak.ledger import Ledger
from bench.soak.people import Crowd
from bench.soak.stand import a_folder
from bot.indexing.store import BuildStore
from bot.storage.connections import Database
from bot.storage.tables import Turn
from tests.factories import make_build

AWAY_S = 2.0


def main() -> int:
    """Print what came of it; 1 if something is wrong."""
    options = _options()
    with a_folder("nodes-", keep=options.keep) as folder:
        build = _build_of(options.index, folder)
        with a_stand(folder, build, nodes=options.nodes, workers=options.workers) as stand:
            verdict = _go_through(stand, options)
    print("\n".join(verdict.told()))
    wrong = verdict.wrong()
    print("\n".join(f"WRONG: {each}" for each in wrong) or "Nothing is wrong.")
    return 1 if wrong else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.nodes", description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0, help="of calm in all, between what is done")
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2, help="of each node")
    parser.add_argument("--families", type=int, default=6, help="how many ask at once")
    parser.add_argument("--pause", type=float, default=0.1, help="mean seconds between two questions of one family")
    parser.add_argument("--index", type=Path, help="folder with a Build to publish; a tiny one by default")
    parser.add_argument("--within", type=float, default=5.0, help="seconds for a new Build to be on all nodes")
    parser.add_argument("--only", action="append", choices=list(EVENTS), metavar="NAME", help=", ".join(EVENTS))
    parser.add_argument("--keep", action="store_true", help="leave the logs and the rest, and say where")
    return parser.parse_args()


def _build_of(index: Path | None, folder: Path) -> Path:
    if index is None:
        return make_build(folder / "tiny").path
    pointed = BuildStore(index).pointed()
    if pointed is None:
        raise SystemExit(f"There is no Build in {index}; make one with `python -m bot ingest --index {index}`.")
    return pointed


def _go_through(stand: Stand, options: argparse.Namespace) -> Verdict:
    """Let people in, do everything to the nodes, and let them out."""
    ledger, crowd = Ledger(), Crowd()
    families = [Family(stand.nodes, ledger) for _ in range(options.families)]
    greedy = Greedy(stand.nodes, ledger)
    for number, person in enumerate((*families, greedy)):
        crowd.add(person, ledger, pause_s=options.pause, seed=number)
    chosen = options.only or list(EVENTS)
    calm_s = options.seconds / (len(chosen) + 1)
    for name in chosen:
        sleep(calm_s)
        print(f"{monotonic() - ledger.began:5.0f} s: {name}", file=sys.stderr, flush=True)
        try:
            with ledger.fault(name):
                EVENTS[name](stand)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told, and the rest is tried
            ledger.go_wrong(f"{name}: {type(error).__name__}: {error}"[:300])
    sleep(calm_s)
    crowd.leave()
    return Verdict(
        ledger=ledger,
        answers=[one for family in families for one in family.answers],
        taken=greedy.taken,
        stored=_stored(stand),
        counted=sum(node.not_stored() for node in stand.nodes),
        published=stand.published,
        bad=frozenset(stand.bad),
        log="".join((node.folder / "log").read_text(encoding="utf-8", errors="replace") for node in stand.nodes),
        within_s=options.within,
        limit=LIMIT,
        alone=options.nodes * options.workers,
    )


def _node_killed(stand: Stand) -> None:
    node = stand.nodes[1]
    node.kill()
    sleep(AWAY_S)
    node.start()


def _database_restarted(stand: Stand) -> None:
    stand.postgres.stop()
    stand.postgres.start()
    stand.everywhere(lambda node: node.is_storing(), "turns were not stored again")


def _redis_gone(stand: Stand) -> None:
    stand.redis.stop()
    sleep(AWAY_S)
    stand.redis.start()


def _bucket_gone(stand: Stand) -> None:
    stand.s3.line.cut()
    stand.everywhere(lambda node: "bucket_away" in node.told(), "a bucket that is away was not told")
    stand.s3.line.mend()
    stand.everywhere(lambda node: node.told() and "bucket_away" not in node.told(), "the bucket was not found again")


EVENTS: dict[str, Callable[[Stand], None]] = {
    "a Build is published": Stand.publish,
    "a node is killed": _node_killed,
    "the database restarts": _database_restarted,
    "Redis goes": _redis_gone,
    "the bucket goes": _bucket_gone,
    "a bad Build is published": Stand.publish_bad,
    "a good Build is published": Stand.publish,
}


def _stored(stand: Stand) -> frozenset[str]:
    database = Database(stand.postgres.url)
    with database.statement() as connection:
        found = frozenset(connection.scalars(select(Turn.id)))
    database.close()
    return found


if __name__ == "__main__":
    sys.exit(main())
