"""Ingest on a cluster beside ingest alone: ``python -m bench.cluster --texts 12``.

Some texts of the corpus become a Build three times: by this machine alone, by one worker, and by two of whom one is
killed in the middle. Prints the time and the digest of each; exits 1 when they are not the same Build. The workers are
processes of this machine, so that two are faster than one only where there are cores for both.
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bot import wiring
from bot.indexing.build import BuildReport
from bot.settings import Settings, read_environment
from tests.real_cluster import RealCluster, real_cluster

Progress = Callable[[str, int, int], None]


def main() -> int:
    """Print a line for each; 1 if they differ."""
    parser = argparse.ArgumentParser(prog="python -m bench.cluster", description=__doc__)
    parser.add_argument("--texts", type=int, default=12, help="how many explainers of the corpus")
    options = parser.parse_args()
    settings = read_environment()
    texts = sorted((settings.corpus / "explainers").glob("*.md"))[: options.texts]
    print("| by whom | s | of that embedding | batches' worker killed after | digest |\n|---|---:|---:|---|---|")
    with TemporaryDirectory(prefix="cluster-") as scratch:
        folder = Path(scratch)
        digests = {_line("this machine", _ingest(settings, texts, folder / "alone"))}
        with real_cluster(folder / "one", 1) as cluster:
            digests.add(_line("1 worker", _ingest(settings, texts, folder / "by-one", cluster)))
        with real_cluster(folder / "two", 2) as cluster:
            digests.add(_line("2 workers", _ingest(settings, texts, folder / "by-two", cluster)))
            killer = _Killer(cluster)
            told = _ingest(settings, texts, folder / "killed", cluster, killer)
            digests.add(_line("2 workers, one killed", told, killer.after))
    return 0 if len(digests) == 1 else 1


class _Killer:
    """Progress that kills a worker when a third of the passages is there."""

    def __init__(self, cluster: RealCluster) -> None:
        self._cluster, self._lock = cluster, threading.Lock()
        self.after = ""

    def __call__(self, step: str, done: int, total: int) -> None:
        with self._lock:
            if step == "Embedding passages" and not self.after and done * 3 > total:
                self._cluster.workers[0].kill()
                self.after = f"{done} of {total} passages"


def _ingest(
    settings: Settings,
    texts: list[Path],
    index: Path,
    cluster: RealCluster | None = None,
    progress: Progress = lambda step, done, total: None,
) -> tuple[float, BuildReport]:
    began = perf_counter()
    address = None if cluster is None else cluster.address
    report = wiring.ingest(replace(settings, index=index), texts, progress, cluster=address)
    return perf_counter() - began, report


def _line(by: str, told: tuple[float, BuildReport], after: str = "") -> str:
    spent, report = told
    embedding = report.seconds["embed"] + report.seconds["windows"]
    print(f"| {by} | {spent:.1f} | {embedding:.1f} | {after} | {report.digest[:16]} |", flush=True)
    return report.digest


if __name__ == "__main__":
    sys.exit(main())
