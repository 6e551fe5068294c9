"""The report by the items of CHART, with measured figures: ``python -m bench.chart --figures FILE.json``.

FILE is what ``python -m bench.families --json FILE`` wrote. Fills ``bench/chart.template.md`` and prints it, or
writes it to ``--out``. A figure that was not measured says so in the page, and its name is printed on stderr.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

TEMPLATE = Path(__file__).with_name("chart.template.md")
UNMEASURED = "not measured"
_PLACE = re.compile(r"\{\{(.+?)\}\}")


def main(arguments: list[str] | None = None) -> int:
    """Print or write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--figures", type=Path, required=True, help="figures as bench.families wrote them")
    parser.add_argument("--out", type=Path, default=None, help="where to write the page; else it is printed")
    options = parser.parse_args(arguments)
    try:
        figures = read_figures(options.figures)
    except (OSError, ValueError) as error:
        print(
            f"{error}. Make it with: python -m bench.families --data FOLDER --json {options.figures}", file=sys.stderr
        )
        return 1
    template = TEMPLATE.read_text(encoding="utf-8")
    for name in missing_in(template, figures):
        print(f"{UNMEASURED}: {name}", file=sys.stderr)
    page = fill(template, figures)
    if options.out:
        options.out.write_text(page, encoding="utf-8")
    else:
        print(page, end="")
    return 0


def read_figures(path: Path) -> dict[str, float]:
    """Return the figures of a file by name."""
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or not all(isinstance(value, int | float) for value in found.values()):
        raise ValueError(f"{path} is no object of numbers by the names of figures")
    return {str(name): float(value) for name, value in found.items()}


def missing_in(template: str, figures: Mapping[str, float]) -> list[str]:
    """Return the names of the template's figures that were not measured, each once, in order."""
    return [name for name in dict.fromkeys(_PLACE.findall(template)) if name not in figures]


def fill(template: str, figures: Mapping[str, float]) -> str:
    """Return the page: every share as a percentage with one decimal."""
    return _PLACE.sub(lambda place: _shown(figures.get(place.group(1))), template)


def _shown(value: float | None) -> str:
    return UNMEASURED if value is None else f"{value:.1%}"


if __name__ == "__main__":
    sys.exit(main())
