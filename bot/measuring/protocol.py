"""BEIR folders -> the folders and questions that calibration and the left-out test ask for."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from bot.measuring.gold import GoldSet, read_gold, read_lines


def write_half(folder: Path, target: Path) -> None:
    """Write a corpus that holds half of the titles of another, chosen by their hash: the rest is left out.

    :param folder: a BEIR folder.
    :param target: the folder to write ``corpus.jsonl`` into.
    """
    target.mkdir(parents=True, exist_ok=True)
    with (target / "corpus.jsonl").open("w", encoding="utf-8") as file:
        for _, record in read_lines(folder / "corpus.jsonl"):
            # By title, so that all documents about one disease are kept or left out together.
            if hashlib.sha256(str(record.get("title", "")).lower().encode()).digest()[0] % 2 == 0:
                file.write(json.dumps(record, ensure_ascii=False) + "\n")


def read_off_topic(path: Path) -> list[str]:
    """Return the texts of a file of lines ``{"text": …}``.

    :param path: the file.
    :returns: texts in its order.
    """
    return [str(record["text"]) for _, record in read_lines(path) if "text" in record]


def read_own(folder: Path) -> GoldSet:
    """Return a judged set's questions for development: the split ``dev`` where there is one, else the only one.

    :param folder: a BEIR folder.
    :returns: the gold set.
    """
    return read_gold(folder, "dev" if (folder / "qrels" / "dev.tsv").exists() else None)


def with_sources(gold: GoldSet) -> list[tuple[str, frozenset[str]]]:
    """Return a gold set's questions with the documents that answer them.

    :param gold: judged questions.
    :returns: texts with ids.
    """
    return [(question.text, frozenset(gold.grades[question.id])) for question in gold.questions]
