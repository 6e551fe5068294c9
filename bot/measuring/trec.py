"""Write rankings as a TREC run file.

It is written to a temporary file and renamed, so that a killed process leaves no half-written file.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from bot.measuring.metrics import Ranking

RUN_TAG = "explainer-bot"


def write_run(path: Path, rankings: Iterable[tuple[str, Ranking]]) -> int:
    """Write ``question Q0 document rank score tag`` lines and return how many.

    :param rankings: question ids with documents and scores, best first.
    :returns: the number of lines; ranks begin at 1.
    """
    lines = 0
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    with temporary.open("w", encoding="utf-8") as file:
        for question, ranking in rankings:
            for rank, (document, score) in enumerate(ranking, start=1):
                file.write(f"{question} Q0 {document} {rank} {score:.6f} {RUN_TAG}\n")
                lines += 1
    temporary.replace(path)
    return lines
