"""Read paths into Sources, or report every error in them at once.

Reads ``interview.md`` and its transcript as one interview; each ``.md``, ``.txt``, ``.vtt``, ``.srt``, ``.html`` and
``.htm`` as one source; ``questions/*.jsonl`` as what families ask of the sources. In a folder with a ``corpus.jsonl``
only that file is read, because its queries and judgements are not part of the corpus. Only what
``textfile.is_left_out`` names is skipped; any other file is an error.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import CorpusError, CorpusErrors
from bot.reading.beir import read_beir
from bot.reading.copiedpage import has_known_sections
from bot.reading.explainer import read_page
from bot.reading.fields import Fields
from bot.reading.frontmatter import read_front_matter
from bot.reading.interview import CARD, read_interview_folder, read_transcript
from bot.reading.notprose import check_prose
from bot.reading.podcastpage import is_podcast_page
from bot.reading.questionbank import is_question_bank, with_questions
from bot.reading.textfile import MAX_TEXT_CHARS, is_left_out, read_text_file, unreadable
from bot.reading.transcript import is_labelled
from bot.reading.webpage import read_copied_page, read_saved_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.reading.textfile import TextFile
    from bot.records import RelatedCard, Source, SourceKind

log = logging.getLogger("bot")

BEIR_FILE = "corpus.jsonl"
_PAGES = frozenset({".html", ".htm"})
_CAPTIONS = frozenset({".vtt", ".srt"})
_REMEDIES = {
    ".pdf": "Save its text as .md or .txt.",
    ".docx": "Save its text as .md or .txt.",
    ".doc": "Save its text as .md or .txt.",
    ".sbv": "Save the captions as .vtt or .srt.",
    ".json": "Save a transcript as .vtt, or documents as corpus.jsonl.",
    ".jsonl": "Call the documents corpus.jsonl, or name this file itself as the corpus.",
}
_REMEDY = "Use .md, .txt, .vtt, .srt, .html or corpus.jsonl, or move the file out of the corpus."


def read_corpus(paths: Sequence[Path], *, questions: bool = True) -> list[Source]:
    """Return the sources in all paths: paths in the order given, files in the order of their names.

    :param paths: files and folders; a file reached twice is read once
    :raises CorpusErrors: with every error, if there is any, or if there is nothing to read
    """
    sources: list[Source] = []
    errors: list[CorpusError] = []
    files = {file.resolve(): file for path in paths for file in _files_below(path, errors)}
    banks = [file for file in files.values() if is_question_bank(file)]
    for file in files.values():
        if file not in banks:
            read, complaints = _read_file(file)
            sources += read
            errors += complaints
    sources, complaints = with_questions(sources, banks if questions else ())
    errors += complaints
    errors += _same_ids(sources)
    errors += [_too_long(source) for source in sources if len(source.text) > MAX_TEXT_CHARS]
    if errors:
        raise CorpusErrors(errors)
    return _with_cards_resolved(_without_retired(sources))


def _files_below(path: Path, errors: list[CorpusError]) -> list[Path]:
    """Return the files to read in one path, and add an error if there are none."""
    before = len(errors)
    found = list(_walk(path, set(), errors))
    if not found and len(errors) == before:
        errors.append(CorpusError(str(path), None, "there is nothing to read", _REMEDY))
    return found


def _walk(path: Path, folders: set[Path], errors: list[CorpusError]) -> Iterator[Path]:
    """Yield the files in a path; an ``interview.md`` stands for its folder, and no folder is entered twice."""
    try:
        resolved = path.resolve(strict=True)
        if not path.is_dir():
            yield path
            return
        inside = [] if resolved in folders else sorted(path.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        errors.append(unreadable(str(path), error))
        return
    except RuntimeError:  # A link that leads to itself, before Python 3.13.
        errors.append(CorpusError(str(path), None, "the link leads to itself", "Remove it."))
        return
    folders.add(resolved)
    names = {entry.name for entry in inside}
    only = next((name for name in (BEIR_FILE, CARD) if name in names), None)
    for entry in [path / only] if only else inside:
        if not is_left_out(entry):
            yield from _walk(entry, folders, errors)


def _read_file(path: Path) -> tuple[list[Source], list[CorpusError]]:
    if path.suffix.lower() == ".jsonl":
        return read_beir(path)
    try:
        return [_read_source(path)], []
    except CorpusError as error:
        return [], [error]


def _read_source(path: Path) -> Source:
    if path.name == CARD:
        return read_interview_folder(path.parent)
    suffix = path.suffix.lower()
    if suffix in _PAGES:
        file = read_text_file(path)
        return read_transcript(file, _no_fields(file), file.text) if is_podcast_page(file) else read_saved_page(file)
    if suffix in _CAPTIONS:
        file = read_text_file(path)
        return read_transcript(file, _no_fields(file), file.text)
    if suffix in (".md", ".txt"):
        return _read_written(read_text_file(path))
    remedy = _REMEDIES.get(suffix, _REMEDY)
    raise CorpusError(str(path), None, f"there is no reader for {suffix or 'files without an extension'}", remedy)


def _no_fields(file: TextFile) -> Fields:
    return Fields(file.name, {}, {})


def _read_written(file: TextFile) -> Source:
    """Read a .md or .txt by the kind in its front matter, else by what it looks like."""
    check_prose(file)
    fields, body, _ = read_front_matter(file)
    lines = body.split("\n")
    kind = fields.text("kind") if fields else None
    looks_like_talk = not has_known_sections([line.lstrip("# ") for line in lines]) and is_labelled(body)
    if kind == "interview" or (kind is None and looks_like_talk):
        return read_transcript(file, fields or _no_fields(file), body)
    fields = fields or _no_fields(file)
    if file.path.suffix.lower() == ".txt":
        return read_copied_page(file, fields, body)
    default: SourceKind = "explainer" if _is_explainer(file, lines) else "article"
    return read_page(file, fields, body, kind=default)


def _is_explainer(file: TextFile, lines: Sequence[str]) -> bool:
    headings = [line.lstrip("# ") for line in lines if line.startswith("#")]
    return file.path.parent.name == "explainers" or has_known_sections(headings)


def _same_ids(sources: Sequence[Source]) -> Iterator[CorpusError]:
    first: dict[str, Source] = {}
    for source in sources:
        other = first.setdefault(source.id, source)
        if other is not source:
            remedy = "Rename one of the two, or remove it."
            yield CorpusError(source.path, None, f"id {source.id!r} is also that of {other.path}", remedy)


def _without_retired(sources: Sequence[Source]) -> list[Source]:
    """Return the sources that may be quoted; retired ones are read only to report their errors."""
    retired = [source.id for source in sources if source.retired]
    if retired:
        log.warning("Retired, and so left out: %s", ", ".join(retired))
    return [source for source in sources if not source.retired]


def _too_long(source: Source) -> CorpusError:
    found = f"the text has {len(source.text):,} characters, more than {MAX_TEXT_CHARS:,}"
    return CorpusError(source.path, None, found, "Split it into several files.")


def _with_cards_resolved(sources: list[Source]) -> list[Source]:
    """Return the sources with every card that has the title of a source pointing to that source."""
    ids = {source.title.casefold(): source.id for source in sources if source.title}
    return [
        replace(source, related_cards=tuple(_resolved(card, ids) for card in source.related_cards))
        if source.related_cards
        else source
        for source in sources
    ]


def _resolved(card: RelatedCard, ids: dict[str, str]) -> RelatedCard:
    return card if card.source_id or card.url else replace(card, source_id=ids.get(card.title.casefold()))
