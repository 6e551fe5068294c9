"""Manage the folder of questions beside the sources: list the files, find what they have lost, and add lines.

A file is written whole beside the old one and then put in its place, so that an interruption leaves the old one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.editing.carryover import Move, carried_over, moves_in
from bot.errors import CorpusError, CorpusErrors
from bot.reading.corpus import read_corpus
from bot.reading.questionbank import FOLDER, SUFFIX, read_questions
from bot.reading.textfile import unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from bot.records import BankQuestion, Source


@dataclass(frozen=True, slots=True)
class FileMoves:
    """A file of questions and what it has lost."""

    path: Path
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Added:
    """How many lines were added to a file, and how many questions it has now."""

    path: Path
    added: int
    questions: int


def sources_of(corpus: Path) -> dict[str, Source]:
    """Return the sources of a corpus by their ids, without reading its questions; retired ones are left out.

    :param corpus: the folder that has the folders of explainers and interviews.
    :raises CorpusErrors: if a source cannot be read.
    """
    return {source.id: source for source in read_corpus([corpus], questions=False)}


def source_of(corpus: Path, source_id: str) -> Source:
    """Return a source of a corpus.

    :raises CorpusErrors: if there is none, or a source cannot be read.
    """
    source = sources_of(corpus).get(source_id)
    if source is None:
        remedy = "Write the id of a source: the name of its file or folder."
        raise CorpusError(str(corpus), None, f"there is no source {source_id!r}", remedy)
    return source


def questions_of(corpus: Path, source: Source) -> tuple[tuple[BankQuestion, ...], list[CorpusError]]:
    """Return the questions that the bank has for a source, and an error for every bad line; nothing without a file."""
    path = _bank_of(corpus, source.id)
    return read_questions(path.read_bytes() if path.is_file() else b"", str(path), source)


def lost_in(corpus: Path) -> list[FileMoves]:
    """Return what the questions of each source have lost, by file.

    :raises CorpusErrors: if a source cannot be read.
    """
    sources = sources_of(corpus)
    found = []
    for path in sorted((corpus / FOLDER).glob(f"*{SUFFIX}")):
        source = sources.get(path.stem)
        moves = tuple(moves_in(_lines_of(path), source)) if source else ()
        if moves:
            found.append(FileMoves(path, moves))
    return found


def carry_over(file: FileMoves) -> None:
    """Write a file with what can be carried over; its other lines stay as they are, byte for byte.

    :param file: as found by ``lost_in``.
    :raises CorpusError: if it cannot be written.
    """
    by_line: dict[int, list[Move]] = defaultdict(list)
    for move in file.moves:
        if move.why_not is None:
            by_line[move.line].append(move)
    if by_line:
        lines = _lines_of(file.path)
        written = [carried_over(line, by_line[number]) for number, line in enumerate(lines, start=1)]
        write_whole(file.path, "\n".join(written))


def add_lines(corpus: Path, source_id: str, raw: bytes, name: str) -> Added:
    """Add questions to a source's file, all of them or none.

    :raises CorpusErrors: if there is no such source, or a line is not a question of it or is there already.
    """
    source = source_of(corpus, source_id)
    path = _bank_of(corpus, source_id)
    new, errors = read_questions(raw, name, source)
    before = path.read_bytes() if path.is_file() else b""
    old, _ = questions_of(corpus, source)
    known = {question.text for question in old}
    again = [question.text for question in new if question.text in known]
    errors += [CorpusError(name, None, f"{text!r} is in {path} already", "Leave the line out.") for text in again]
    if errors:
        raise CorpusErrors(errors)
    if not new:
        raise CorpusError(name, None, "there is no line in it", 'Write {"text": ..., "section": ..., "quotes": [...]}.')
    kept = before.decode("utf-8")
    write_whole(
        path, f"{kept}{'' if not kept or kept.endswith(chr(10)) else chr(10)}{raw.decode('utf-8-sig').strip()}\n"
    )
    return Added(path, len(new), len(old) + len(new))


def _bank_of(corpus: Path, source_id: str) -> Path:
    return corpus / FOLDER / f"{source_id}{SUFFIX}"


def _lines_of(path: Path) -> list[str]:
    try:
        # Read as bytes, because reading as text would change the line ends.
        return path.read_bytes().decode("utf-8").split("\n")
    except OSError as error:
        raise unreadable(str(path), error) from error
    except UnicodeDecodeError as error:
        raise CorpusError(str(path), None, "the file is not UTF-8", "Save it again as UTF-8.") from error


def write_whole(path: Path, text: str) -> None:
    """Write a file beside the old one and put it in its place.

    :raises CorpusError: if it cannot be written.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8", newline="")
        partial.replace(path)
    except OSError as error:
        remedy = "Name a folder that can be written to with --corpus."
        raise CorpusError(str(path), None, f"the file cannot be written ({error.strerror})", remedy) from error
