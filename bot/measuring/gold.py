"""Read the questions of one split of a BEIR-style folder, with what counts as right.

Reads ``queries.jsonl`` (``_id``, ``text``), ``qrels/SPLIT.tsv`` (query, document, grade) and, if there is one,
``answers.jsonl`` (``_id``, ``answerable``, ``sources``). Knows nothing of retrieval.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import CorpusError


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question as its set words it.

    ``group`` is its value of the field that scores are broken down by, if any.
    """

    id: str
    text: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class GoldAnswer:
    """What a question deserves: whether it can be answered, and its right sources, any one of which is enough."""

    id: str
    answerable: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoldSet:
    """The questions of one split.

    ``grades`` maps question id to document id to grade; grades below 1 are left out.
    """

    name: str
    questions: tuple[GoldQuestion, ...]
    grades: dict[str, dict[str, int]]
    answers: tuple[GoldAnswer, ...] = ()


def read_gold(folder: Path, split: str | None = None, *, by: str | None = None) -> GoldSet:
    """Return the questions that the split judges, in the file's order, as a set named after the folder.

    :param folder: a BEIR-style folder.
    :param split: the name of a file in ``qrels/``; ``None`` takes the only one there.
    :param by: a field of ``queries.jsonl`` that groups the questions.
    :raises CorpusError: if a file is missing or a line cannot be read.
    """
    grades = _read_grades(_qrels_file(folder, split))
    questions = tuple(question for question in read_questions(folder / "queries.jsonl", by=by) if question.id in grades)
    answers_file = folder / "answers.jsonl"
    answers = tuple(_read_answers(answers_file)) if answers_file.exists() else ()
    return GoldSet(folder.resolve().name, questions, grades, answers)


def read_questions(path: Path, *, by: str | None = None) -> list[GoldQuestion]:
    """Return the questions of a ``queries.jsonl`` in its order.

    :param path: a file of lines ``{"_id": …, "text": …}``.
    :param by: a field that groups the questions; a question without it is in the group "".
    :raises CorpusError: if a line is not such an object, or an id occurs twice.
    """
    seen: set[str] = set()
    questions = []
    for line, record in read_lines(path):
        identifier, text = record.get("_id"), record.get("text")
        if not isinstance(identifier, str) or not isinstance(text, str):
            raise CorpusError(str(path), line, "no text fields '_id' and 'text'", "Write one JSON object with both.")
        if identifier in seen:
            raise CorpusError(str(path), line, f"the id {identifier!r} a second time", "Give every question its own.")
        seen.add(identifier)
        questions.append(GoldQuestion(identifier, text, str(record.get(by, "")) if by else ""))
    return questions


def _read_answers(path: Path) -> Iterator[GoldAnswer]:
    for line, record in read_lines(path):
        identifier, answerable, sources = record.get("_id"), record.get("answerable"), record.get("sources", [])
        if not isinstance(identifier, str) or not isinstance(answerable, bool) or not isinstance(sources, list):
            remedy = "Write {_id: text, answerable: true or false, sources: [id, …]}."
            raise CorpusError(str(path), line, "fields of another shape", remedy)
        yield GoldAnswer(identifier, answerable, tuple(str(source) for source in sources))


def _qrels_file(folder: Path, split: str | None) -> Path:
    if split is not None:
        return folder / "qrels" / f"{split}.tsv"
    if not folder.is_dir():
        raise CorpusError(str(folder), None, "no such folder", "Point --data at a folder laid out as BEIR does.")
    found = sorted((folder / "qrels").glob("*.tsv"))
    if len(found) != 1:
        names = ", ".join(path.stem for path in found) or "none"
        cure = "Name one with --split." if found else "It needs a file such as test.tsv."
        raise CorpusError(str(folder / "qrels"), None, f"splits: {names}", cure)
    return found[0]


def _read_grades(path: Path) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for line, text in _lines(path):
        if line == 1 and text.startswith("query-id"):
            continue
        fields = text.split("\t")
        if len(fields) != 3 or not fields[2].lstrip("-").isdigit():
            raise CorpusError(str(path), line, f"{len(fields)} fields", "Write query-id, corpus-id and a whole number.")
        if int(fields[2]) > 0:
            grades.setdefault(fields[0], {})[fields[1]] = int(fields[2])
    return grades


def read_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the objects of a JSON-lines file with their line numbers.

    :param path: the file; blank lines are skipped.
    :yields: line number, from 1, and object.
    :raises CorpusError: if the file is missing or not UTF-8, or a line is not a JSON object.
    """
    for line, text in _lines(path):
        try:
            record = json.loads(text)
        except json.JSONDecodeError as error:
            raise CorpusError(str(path), line, f"no JSON ({error.msg})", "Write one JSON object a line.") from error
        if not isinstance(record, dict):
            raise CorpusError(str(path), line, f"a JSON {type(record).__name__}", "Write one JSON object a line.")
        yield line, record


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, text in enumerate(file, start=1):
                if text.strip():
                    yield number, text.rstrip("\n")
    except FileNotFoundError as error:
        raise CorpusError(str(path), None, "no such file", "Check the path; a file of JSON lines is wanted.") from error
    except UnicodeDecodeError as error:
        raise CorpusError(str(path), None, f"bytes that are not UTF-8 at {error.start}", "Save it as UTF-8.") from error
