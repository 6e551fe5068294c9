"""The sets of messages that are measured on, as they lie in a folder: one folder a set, one JSON object a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Lines = list[dict[str, Any]]

# Which explainers answer a question too that are younger than its set, as a reader found who saw no answer.
_LATER = Path(__file__).parent / "questions" / "later_labels"


def read_set(folder: Path, name: str) -> Lines | None:
    """Return the lines of a set, with the later labels; ``None`` where the folder has no such set."""
    file = next((folder / name).glob("*.jsonl"), None)
    return None if file is None else _with_later_labels(name, _lines_of(file))


def _lines_of(file: Path) -> Lines:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def _with_later_labels(name: str, lines: Lines) -> Lines:
    file = _LATER / f"{name}.jsonl"
    later = {line["_id"]: line["expect"] for line in _lines_of(file)} if file.exists() else {}
    return [
        {**line, "expect": [*line["expect"], *later[line["_id"]]]} if line["_id"] in later else line for line in lines
    ]
