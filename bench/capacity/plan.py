"""Measured figures -> the tables of docs/scaling.md and a picture. Nothing here is guessed: what was not measured is a
measured figure multiplied, and is marked so."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.capacity.measure import Size
from bench.capacity.picture import Panel, drawn

TOP = Path(__file__).parents[2]
FIGURES = TOP / "docs" / "capacity.json"
PAGE = TOP / "docs" / "scaling.md"
PICTURE = TOP / "docs" / "images" / "capacity.svg"
RATES = (10, 100, 1_000)
PASSAGES = tuple(10**power for power in range(3, 9))
# A core that is busy for longer makes families wait for each other; a node has four, and one more node may fail.
BUSY, CORES_A_NODE = 0.6, 4


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured: embedding on one core, and Builds of some sizes, ascending."""

    measured_on: str
    machine: str
    passage_s: float
    sentence_s: float
    sizes: tuple[Size, ...]

    @property
    def sentences_a_passage(self) -> float:
        """How many sentences a passage has."""
        return self.sizes[-1].sentences / self.sizes[-1].passages

    @property
    def embedding_s(self) -> float:
        """Processor seconds to embed a passage with its sentences."""
        return self.passage_s + self.sentences_a_passage * self.sentence_s

    def build_hours(self, passages: int) -> float:
        """Hours of one core that a Build takes; the rest of the work grows as between the two largest."""
        return (passages * self.embedding_s + self._grown("rest_s", passages)) / 3600

    def disk_gb(self, passages: int) -> float:
        """Gigabytes of a Build."""
        return self._grown("disk_mb", passages) / 1000

    def worker_mb(self, passages: int) -> float:
        """Megabytes that a worker has to itself."""
        return self._grown("worker_mb", passages)

    def is_measured(self, passages: int) -> bool:
        """Whether a Build of this size was made."""
        return any(size.passages == passages for size in self.sizes)

    def _grown(self, name: str, passages: int) -> float:
        """The measured figure, or as the last two have it: so much for each passage more."""
        known = {size.passages: float(getattr(size, name)) for size in self.sizes}
        if passages in known:
            return known[passages]
        (less, few), (more, many) = sorted(known.items())[-2:]
        return many + (passages - more) * (many - few) / (more - less)


def read_figures() -> Figures:
    """Return what docs/capacity.json holds."""
    found: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return Figures(**{**found, "sizes": tuple(Size(**size) for size in found["sizes"])})


def write_pages() -> None:
    """Write the tables and the picture."""
    figures = read_figures()
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8"), figures), encoding="utf-8")
    PICTURE.write_text(picture(figures), encoding="utf-8")


def with_tables(text: str, figures: Figures) -> str:
    """Return a page with its tables anew; ``<!-- capacity: NAME -->`` stands before one."""
    for name, rows in (("measured", _measured(figures)), ("rates", _rates(figures)), ("sizes", _sizes(figures))):
        begin, end = f"<!-- capacity: {name} -->\n", "<!-- end -->"
        before, _, rest = text.partition(begin)
        text = "".join((before, begin, *(f"{row}\n" for row in rows), end, rest.partition(end)[2]))
    return text


def picture(figures: Figures) -> str:
    """Return the four curves as SVG."""
    sizes = figures.sizes

    def panel(title: str, values: Iterable[float]) -> Panel:
        return Panel(title, [(size.passages, value) for size, value in zip(sizes, values, strict=True)])

    return drawn([
        panel("Processor an answer, ms", (size.answer_ms for size in sizes)),
        panel("Memory a worker, MB", (size.worker_mb for size in sizes)),
        panel("Build, minutes of one core", (60 * figures.build_hours(size.passages) for size in sizes)),
        panel("Build on disk, MB", (size.disk_mb for size in sizes)),
    ])  # fmt: skip


def _measured(figures: Figures) -> list[str]:
    return [
        f"Measured on {figures.measured_on} ({figures.machine}). "
        f"Embedding takes {1000 * figures.passage_s:.0f} ms of one core a passage "
        f"and {1000 * figures.sentence_s:.1f} ms for each of its {figures.sentences_a_passage:.1f} sentences.",
        "",
        "| passages | processor an answer, ms | a worker's own memory, MB | pages of the Build that it read, MB "
        "| Build on disk, MB | embedding, min of one core | the rest, s of one core | most memory meanwhile, MB |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {size.passages:,} | {size.answer_ms:.1f} | {size.worker_mb:.0f} | {size.mapped_mb:,.0f} "
            f"| {size.disk_mb:,.0f} | {size.passages * figures.embedding_s / 60:.1f} "
            f"| {size.rest_s:.1f} | {size.peak_mb:,.0f} |"
            for size in figures.sizes
        ),
    ]


def _rates(figures: Figures) -> list[str]:
    sizes = figures.sizes
    head = " | ".join(f"{size.passages:,} passages" for size in sizes)
    return [
        f"| questions a second | {head} |",
        f"|---:|{'---|' * len(sizes)}",
        *(f"| {rate:,} | {' | '.join(_nodes(rate, size) for size in sizes)} |" for rate in RATES),
    ]


def _nodes(rate: int, size: Size) -> str:
    cores = math.ceil(rate * size.answer_ms / 1000 / BUSY)
    # A second one is there so that one may fail; from then on one more than is needed.
    nodes = max(2, math.ceil(cores / CORES_A_NODE) + 1)
    return f"{cores} cores: {nodes} nodes"


def _sizes(figures: Figures) -> list[str]:
    rows = [
        "| passages | Build on disk | a worker's own memory | Build, one core | 16 cores | |",
        "|---:|---:|---:|---:|---:|---|",
    ]
    for passages in PASSAGES:
        hours = figures.build_hours(passages)
        told = (
            _gb(figures.disk_gb(passages)),
            _gb(figures.worker_mb(passages) / 1000),
            _time(hours),
            _time(hours / 16),
        )
        rows.append(
            f"| {passages:,} | {' | '.join(told)} | {'measured' if figures.is_measured(passages) else 'multiplied'} |"
        )
    return rows


def _gb(gigabytes: float) -> str:
    if gigabytes < 1:
        return f"{1000 * gigabytes:.0f} MB"
    return f"{gigabytes:,.0f} GB" if gigabytes < 1000 else f"{gigabytes / 1000:,.1f} TB"


def _time(hours: float) -> str:
    steps: Sequence[tuple[float, str]] = ((1 / 60, "s"), (1.0, "min"), (48.0, "h"))
    scale = {"s": 3600.0, "min": 60.0, "h": 1.0}
    unit = next((unit for limit, unit in steps if hours < limit), "days")
    return f"{hours * scale.get(unit, 1 / 24):,.0f} {unit}"
