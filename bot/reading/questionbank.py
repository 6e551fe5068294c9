"""Read ``questions/SLUG.jsonl`` into the questions that families ask of a source, with the sentences that answer them.

One JSON object a line: ``{"text", "section", "quotes", "voice"?}``. ``section`` is a heading, null for the
introduction; ``quotes`` are sentences of the source, word for word, the best first, or none for a near miss that the
source does not answer.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import msgspec

from bot.errors import CorpusError
from bot.reading.textfile import decode, one_line, unreadable
from bot.records import BankQuestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bot.records import Source, Span

FOLDER, SUFFIX = "questions", ".jsonl"
MAX_QUOTES = 8
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    """A line of a file."""

    text: _Text
    section: str | None
    quotes: Annotated[list[_Text], msgspec.Meta(max_length=MAX_QUOTES)]
    voice: str | None = None


_decoder = msgspec.json.Decoder(_Line)


def is_question_bank(path: Path) -> bool:
    """Say whether a file holds the questions of a source."""
    return path.suffix.lower() == SUFFIX and path.parent.name == FOLDER


def with_questions(sources: Sequence[Source], files: Iterable[Path]) -> tuple[list[Source], list[CorpusError]]:
    """Return the sources with the questions of their files, and an error for every bad line.

    :param sources: a file belongs to the source whose id is the file's name.
    :param files: those for which ``is_question_bank`` holds.
    :returns: sources in the order given, and errors.
    """
    known = {source.id: source for source in reversed(sources)}
    asked: dict[str, Source] = {}
    errors: list[CorpusError] = []
    for path in files:
        source = known.get(path.stem)
        if source is None:
            remedy = (
                "Name the file after the id of a source, mend that source if it cannot be read, or remove the file."
            )
            errors.append(CorpusError(str(path), None, f"there is no source {path.stem!r} to ask", remedy))
            continue
        try:
            raw = path.read_bytes()
        except OSError as error:
            errors.append(unreadable(str(path), error))
            continue
        questions, complaints = read_questions(raw, str(path), source)
        errors += complaints
        digest = hashlib.sha256(source.digest.encode() + raw).hexdigest()
        asked[source.id] = replace(source, bank=questions, digest=digest)
    return [asked.get(source.id, source) if known[source.id] is source else source for source in sources], errors


def read_questions(raw: bytes, name: str, source: Source) -> tuple[tuple[BankQuestion, ...], list[CorpusError]]:
    """Return the questions of a file in their order, and an error for every bad line."""
    questions: dict[str, BankQuestion] = {}
    errors: list[CorpusError] = []
    for number, line in enumerate(raw.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            question = _read_line(line, name, number, source)
            if question.text in questions:
                raise CorpusError(name, number, "the question is in the file already", "Remove one of the two.")
            questions[question.text] = question
        except CorpusError as error:
            errors.append(error)
    return tuple(questions.values()), errors


def _read_line(raw: bytes, name: str, number: int, source: Source) -> BankQuestion:
    text = decode(raw, name, number)
    try:
        line = _decoder.decode(text)
    except msgspec.DecodeError as error:
        remedy = 'Write {"text": ..., "section": ..., "quotes": [...]}, one object a line.'
        raise CorpusError(name, number, f"the line is not a question ({error})", remedy) from error
    if not (asked := one_line(line.text)):
        raise CorpusError(name, number, "the question is empty", "Write what is asked, or remove the line.")
    headings = {section.headings[-1] for section in source.sections if section.headings}
    if line.section is not None and line.section not in headings:
        remedy = "Write a heading of the source, or null for its introduction."
        raise CorpusError(name, number, f"there is no section {line.section!r} in {source.id}", remedy)
    spans = tuple(_span_of(quote, source, name, number) for quote in line.quotes)
    return BankQuestion(asked, spans, line.voice)


def _span_of(quote: str, source: Source, name: str, number: int) -> Span:
    # In Unicode's composed form, like the text that was read.
    wanted = unicodedata.normalize("NFC", quote)
    begin = source.text.find(wanted) if wanted.strip() else -1
    if begin < 0:
        remedy = "Copy the sentence from the text as it stands now, or remove the line."
        raise CorpusError(name, number, f"this quote is not in {source.id}: {quote!r}", remedy)
    return begin, begin + len(wanted)
