"""Lighthouse's marks for our pages: ``python -m bench.lighthouse``. Needs Node.js; npm brings Lighthouse itself.

The real service under gunicorn with the current Build; each page is judged as on a telephone (its network and its
processor are slowed down) and as on a desktop. The marks of each page are printed, and what cost points. Other work on
the machine takes from performance and never adds to it, so with ``--runs`` the best of several counts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.running import running_in

PACKAGE = "lighthouse@12.8.2"
PAGES = ("/", "/explainers/gene-therapy", "/topics", "/glossary")
KINDS = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", action="append", help="a path; again for another")
    parser.add_argument("--runs", type=int, default=1, help="how often each page is judged; its best run counts")
    options = parser.parse_args()
    print("| page | as on | " + " | ".join(KINDS) + " |\n|---|---|" + "---:|" * len(KINDS))
    with TemporaryDirectory() as folder, running_in(Path(folder)) as service:
        for path in options.page or PAGES:
            for preset in ("telephone", "desktop"):
                reports = [_report(service + path, preset, Path(folder)) for _ in range(options.runs)]
                report = max(reports, key=lambda one: float(one["categories"]["performance"]["score"]))
                marks = [f"{100 * report['categories'][kind]['score']:.0f}" for kind in KINDS]
                print(f"| {path} | {preset} | " + " | ".join(marks) + " |", *_lost(report), flush=True)


def _report(address: str, preset: str, folder: Path) -> dict[str, Any]:
    out = folder / "report.json"
    command = ["npx", "--yes", PACKAGE, address, "--quiet", f"--chrome-flags={FLAGS}", "--output=json"]
    command += [f"--output-path={out}", *(["--preset=desktop"] if preset == "desktop" else [])]
    environment = {**os.environ, "CHROME_PATH": os.environ.get("CHROME_PATH", "/usr/bin/chromium")}
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return report


def _lost(report: dict[str, Any]) -> list[str]:
    """The audits that cost points, with their scores."""
    weighed = [entry for kind in KINDS for entry in report["categories"][kind]["auditRefs"] if entry["weight"]]
    scores = {entry["id"]: report["audits"][entry["id"]]["score"] for entry in weighed}
    return [f"{name} {score}" for name, score in scores.items() if score is not None and score < 0.9]


if __name__ == "__main__":
    main()
