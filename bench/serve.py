"""The real service beside its peers on the same passages and questions, in one run: ``python -m bench.serve``.

Rounds of all take turns, so that a change of the machine's speed meets all of them; the medians of the rounds are
printed. Questions are of the corpus's own words and hardly ever come twice. Between the rounds the encoder's own pass
is timed in as many processes as there are workers, which is what an answer's processor time is compared with.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psutil

from bench.load import Load, measure
from bench.profile import encoder_ms
from bench.services import Service, ours, plain, questions_of, same_work, txtai, write_passages
from bot import wiring
from bot.indexing.index import open_current
from bot.settings import Settings, read_environment

CONNECTIONS = (1, 8, 32)


@dataclass
class Found:
    """What the rounds of one service showed: loads and processor milliseconds an answer by connections, and memory."""

    loads: dict[int, list[Load]] = field(default_factory=lambda: {count: [] for count in CONNECTIONS})
    processor_ms: dict[int, list[float]] = field(default_factory=lambda: {count: [] for count in CONNECTIONS})
    memory_mib: float = 0.0


def main() -> None:
    """Print the tables."""
    options = _options()
    settings = read_environment()
    with TemporaryDirectory() as scratch, ExitStack() as running:
        folder = Path(scratch)
        if options.corpus:
            settings = replace(settings, index=folder / "index")
            wiring.ingest(settings, options.corpus, lambda step, done, total: None)
        index, _ = open_current(wiring.store_of(settings))
        write_passages(index, folder)
        question = questions_of(index)
        services = [running.enter_context(start) for start in _starts(folder, settings, options)]
        found, passes = _rounds(services, question, settings, options)
        print(_rates(services, found))
        print(_costs(services, found, median(passes)))
        print(f"\n{len(index.passages)} passages, {options.workers} workers each; {_machine()}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, action="append", help="what to serve; the current Build by default")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--seconds", type=float, default=4.0, help="of each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-txtai", action="store_true")
    parser.add_argument("--server", nargs="*", default=["gunicorn"], choices=("gunicorn", "granian"), help="of ours")
    return parser.parse_args()


def _starts(folder: Path, settings: Settings, options: argparse.Namespace) -> list[AbstractContextManager[Service]]:
    starts = [ours(folder, options.workers, index=settings.index, server=server) for server in options.server]
    starts += [plain(folder, options.workers), same_work(folder, options.workers)]
    return starts if options.no_txtai else [*starts, txtai(folder, options.workers)]


def _rounds(
    services: list[Service], question: Callable[[], str], settings: Settings, options: argparse.Namespace
) -> tuple[list[Found], list[float]]:
    """What each service showed, and the encoder's own pass between the rounds."""
    found, passes = [Found() for _ in services], list[float]()
    for service in services:
        measure(service.port, lambda _, s=service: s.request(question()), connections=8, seconds=1)  # type: ignore[misc]
    for _ in range(options.rounds):
        for connections in CONNECTIONS:
            passes.append(_own_pass(settings, options.workers))
            for service, seen in zip(services, found, strict=True):
                began = service.processor_s()
                load = measure(
                    service.port,
                    lambda _, s=service: s.request(question()),  # type: ignore[misc]
                    connections=connections,
                    seconds=options.seconds,
                )
                seen.loads[connections].append(load)
                seen.processor_ms[connections].append((service.processor_s() - began) * 1000 / load.answers)
                seen.memory_mib = max(seen.memory_mib, service.worker_mib())
    return found, passes


def _own_pass(settings: Settings, workers: int) -> float:
    """The encoder's own pass, where as many processes as there are workers do nothing else."""
    with get_context("spawn").Pool(workers) as pool:
        return median(pool.map(_pass_of, [settings.index] * workers, chunksize=1))


def _pass_of(folder: Path) -> float:
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    index, _ = open_current(wiring.store_of(replace(read_environment(), index=folder)))
    return encoder_ms(index.encoder, questions_of(index))


def _rates(services: list[Service], found: list[Found]) -> str:
    lines = [
        "| service | connections | median ms | p99 ms | requests/s | failed | ours is faster by |",
        "|---|---|---|---|---|---|---|",
    ]
    for connections in CONNECTIONS:
        ours_rate = median(load.requests_a_second for load in found[0].loads[connections])
        for service, seen in zip(services, found, strict=True):
            loads = seen.loads[connections]
            rate = median(load.requests_a_second for load in loads)
            lines.append(
                f"| {service.name} | {connections} | {median(x.median_ms for x in loads):.1f} | "
                f"{median(x.p99_ms for x in loads):.1f} | {rate:.1f} | "
                f"{sum(x.failed for x in loads)} | {ours_rate / rate:.1f} |"
            )
    return "\n".join(lines)


def _costs(services: list[Service], found: list[Found], pass_ms: float) -> str:
    lines = [
        "",
        "| service | ready after s | memory a worker MiB | of ours | processor ms an answer, at "
        + ", ".join(map(str, CONNECTIONS))
        + " | times the encoder's own pass |",
        "|---|---|---|---|---|---|",
    ]
    for service, seen in zip(services, found, strict=True):
        costs = [median(seen.processor_ms[connections]) for connections in CONNECTIONS]
        lines.append(
            f"| {service.name} | {service.ready_s:.1f} | {seen.memory_mib:.0f} | "
            f"{seen.memory_mib / found[0].memory_mib:.1f} | {', '.join(f'{cost:.2f}' for cost in costs)} | "
            f"{', '.join(f'{cost / pass_ms:.1f}' for cost in costs)} |"
        )
    return "\n".join(
        [*lines, f"\nThe encoder's own pass, in a loop of its own in as many processes: {pass_ms:.2f} ms."]
    )


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    memory = psutil.virtual_memory().total / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
