"""Whether approved answers are given to those who ask the same in other words, and to nobody else.

``python -m bench.curated`` approves an answer for the first two questions of each group of ``questions/tickets``, and
asks the others of the group and every question of ``questions/families``; ``questions/curated/same.tsv`` says which of
those ask the same as a group. Thresholds are chosen on the development half; the other half is only reported.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot import wiring
from bot.answering.answer import Answerer
from bot.answering.curated import CORPUS_IS_CERTAIN, FLOOR, FLOOR_BESIDE_CORPUS, CuratedAnswer, CuratedShelf
from bot.answering.whatif import CLOSE
from bot.dialogue.live import open_index
from bot.records import Source
from bot.settings import read_environment

QUESTIONS = Path(__file__).parent / "questions"
_WORDINGS = 2
_TEXT = "Somebody of the team wrote this. It stands for any answer."


@dataclass(frozen=True)
class Asked:
    """A question, the group that it asks the same as, and what was found for it."""

    text: str
    group: str
    split: str
    is_paraphrase: bool
    nearest: str = ""
    similarity: float = 0.0
    corpus_is_certain: bool = False
    missing: tuple[str, ...] = ()


def main() -> None:
    """Print the tables."""
    index, _ = open_index(wiring.store_of(read_environment()))
    shelf = CuratedShelf()
    answerer = Answerer(index, curated=shelf)
    groups = _groups()
    shelf.put([_approved(name, texts[:_WORDINGS], answerer) for name, texts in groups.items()])
    found = [_look(one, answerer) for one in (*_paraphrases(groups), *_families())]
    for split in ("dev", "test"):
        here = [one for one in found if one.split == split]
        print(f"\n{split}: {len(here)} questions, {len(shelf.now().entries)} approved answers")
        print("floor  beside corpus   given to those who ask the same   given wrongly   of answers given right")
        for floor, beside in _floors(split):
            print(_line(here, floor, beside))
        print(_close_line(here))
    for one in found:
        if one.split == "dev" and _is_given(one) and one.nearest != one.group:
            print(f"wrong: {one.text!r} got {one.nearest} at {one.similarity:.2f}")


def _floors(split: str) -> Iterable[tuple[float, float]]:
    if split == "test":
        return [(FLOOR, FLOOR_BESIDE_CORPUS)]
    alone = [(floor, FLOOR_BESIDE_CORPUS) for floor in (0.5, 0.55, 0.6, 0.65, 0.7)]
    return [*alone, *((FLOOR, beside) for beside in (0.6, 0.66, 0.72, 0.78, 0.84))]


def _line(found: list[Asked], floor: float, beside: float) -> str:
    given = [one for one in found if one.similarity >= (beside if one.corpus_is_certain else floor) and not one.missing]
    right = sum(one.nearest == one.group for one in given)
    same = sum(bool(one.group) for one in found)
    share = right / len(given) if given else 0.0
    return f"{floor:.2f}   {beside:.2f}   {right} of {same} ({right / same:.2f})   {len(given) - right}   {share:.2f}"


def _is_given(one: Asked) -> bool:
    return one.similarity >= (FLOOR_BESIDE_CORPUS if one.corpus_is_certain else FLOOR) and not one.missing


def _close_line(found: list[Asked]) -> str:
    close = [one for one in found if one.similarity >= CLOSE and not _is_given(one)]
    same = sum(one.nearest == one.group for one in close)
    return f"shown as close, from {CLOSE} on: {same} that ask the same, {len(close) - same} that do not"


def _groups() -> dict[str, list[str]]:
    texts: dict[str, list[str]] = defaultdict(list)
    for line in (QUESTIONS / "tickets" / "queries.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        texts[entry["group"]].append(entry["text"])
    return dict(texts)


def _paraphrases(groups: dict[str, list[str]]) -> Iterator[Asked]:
    for number, (name, texts) in enumerate(sorted(groups.items())):
        for text in texts[_WORDINGS:]:
            yield Asked(text, name, "test" if number % 2 else "dev", is_paraphrase=True)


def _families() -> Iterator[Asked]:
    with (QUESTIONS / "curated" / "same.tsv").open(encoding="utf-8", newline="") as file:
        same = {row["query"]: row["group"] for row in csv.DictReader(file, delimiter="\t")}
    split = {}
    for name in ("dev", "test"):
        with (QUESTIONS / "families" / "qrels" / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
            split |= {row[0]: name for row in csv.reader(file, delimiter="\t")}
    for line in (QUESTIONS / "families" / "queries.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        yield Asked(entry["text"], same.get(entry["_id"], ""), split[entry["_id"]], is_paraphrase=False)


def _approved(name: str, wordings: list[str], answerer: Answerer) -> CuratedAnswer:
    digest = hashlib.sha256(_TEXT.encode()).hexdigest()
    source = Source(name, "article", wordings[0], _TEXT, "", digest)
    vectors = np.stack([answerer.wording_vectors(text) for text in wordings])
    return CuratedAnswer(name, source, name, digest, (0, len(_TEXT)), tuple(wordings), vectors)


def _look(one: Asked, answerer: Answerer) -> Asked:
    found = answerer.retrieve(one.text)
    certain, match = found.confidence >= CORPUS_IS_CERTAIN, found.nearest
    assert match is not None
    values = (match.entry.id, match.similarity, certain, match.missing)
    return Asked(one.text, one.group, one.split, one.is_paraphrase, *values)


if __name__ == "__main__":
    main()
