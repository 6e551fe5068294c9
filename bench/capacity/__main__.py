"""What one machine holds, measured, and what to run for more: ``python -m bench.capacity --index DIR``.

Makes Builds of growing size, each in a process of its own, and asks the real service over each. Leaves the figures in
docs/capacity.json, and from them the tables of docs/scaling.md and the picture docs/images/capacity.svg. Passages are
made of the corpus's own sentences, shuffled. `--draw` measures nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.capacity import measure
from bench.capacity.plan import FIGURES, write_pages
from bot.indexing.store import BuildStore

SIZES = (1_000, 10_000, 100_000)


def main() -> None:
    """Measure what is asked for, and draw."""
    options = _options()
    if options.step:
        found = _STEPS[options.step](options)
        sys.stdout.write(json.dumps(found))
        return
    if not options.draw:
        _measure(options)
    write_pages()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.capacity", description=__doc__)
    parser.add_argument("--sizes", type=lambda text: [int(part) for part in text.split(",")], default=list(SIZES))
    parser.add_argument("--index", type=Path, default=Path("indexes"), help="folder with a Build of the corpus")
    parser.add_argument("--draw", action="store_true", help="draw what was measured before")
    parser.add_argument("--step", choices=list(_STEPS), help=argparse.SUPPRESS)
    parser.add_argument("--passages", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(options: argparse.Namespace) -> None:
    """Replace the figures of these sizes; those of others stay."""
    known = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {"sizes": []}
    sizes = {size["passages"]: size for size in known["sizes"]}
    embedding = _in_a_process("embed", options)
    for passages in options.sizes:
        print(f"{passages:,} passages", file=sys.stderr, flush=True)
        with TemporaryDirectory(prefix="capacity-") as scratch:
            more = ["--passages", str(passages), "--folder", scratch]
            built, asked = (_in_a_process(step, options, *more) for step in ("build", "ask"))
            sizes[passages] = asdict(measure.Size(passages=passages, **built, **asked))
        figures = {
            "measured_on": f"{datetime.now(UTC):%Y-%m-%d}",
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[2]:.0f}",
            **embedding,
            "sizes": [sizes[number] for number in sorted(sizes)],
        }
        FIGURES.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def _in_a_process(step: str, options: argparse.Namespace, *more: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.capacity", "--step", step, "--index", str(options.index), *more]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def _like(options: argparse.Namespace) -> Path:
    pointed = BuildStore(options.index).pointed()
    if pointed is None:
        raise SystemExit(f"There is no Build in {options.index}; make one with `python -m bot ingest`.")
    return pointed


_STEPS: dict[str, Any] = {
    "embed": lambda options: asdict(measure.embedding(_like(options))),
    "build": lambda options: measure.build(options.passages, _like(options), options.folder),
    "ask": lambda options: measure.answers(options.folder, _like(options)),
}

if __name__ == "__main__":
    main()
