"""Find runs of words that two sources share, because a family would be quoted the same words twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.editing.limits import REPEATED_PASSAGE_WORDS, REPEATED_WORDS
from bot.editing.sourcefile import words_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.editing.finding import Finding, Severity
    from bot.editing.sourcefile import SourceFile

_SHOWN_WORDS = 8
Run = tuple[str, ...]


class _Place(NamedTuple):
    file: SourceFile
    word: int


class _Words(NamedTuple):
    """The words of a source, with the position where each begins."""

    words: tuple[str, ...]
    starts: tuple[int, ...]

    def run(self, start: int) -> Run:
        return self.words[start : start + REPEATED_WORDS]


def check_repeated_passages(files: Sequence[SourceFile]) -> Iterator[Finding]:
    """Yield each run of words that an earlier source has as well, whole and once."""
    seen: dict[Run, _Place] = {}
    read: dict[str, _Words] = {}
    for file in files:
        words = read[file.source.id] = _words_of(file)
        start = 0
        while start + REPEATED_WORDS <= len(words.words):
            place = seen.get(words.run(start))
            if place is None:
                start += 1
                continue
            length = _shared(words, start, read[place.file.source.id], place.word)
            yield _finding(file, words, start, length, place)
            start += length
        _remember(seen, file, words)


def _finding(file: SourceFile, words: _Words, start: int, length: int, place: _Place) -> Finding:
    shown = " ".join(words.words[start : start + _SHOWN_WORDS])
    found = f"{length} words from “{shown}…” on are also in {place.file.words.path}"
    cure = "Say it once and link it, or say it in other words."
    severity: Severity = "error" if length >= REPEATED_PASSAGE_WORDS else "warning"
    return file.in_words("duplicates", found, cure, at=words.starts[start], severity=severity)


def _words_of(file: SourceFile) -> _Words:
    pairs = words_in(file.source.text)
    return _Words(tuple(word for word, _ in pairs), tuple(start for _, start in pairs))


def _shared(words: _Words, start: int, others: _Words, other: int) -> int:
    """Return how many words two sources have in common from two places on."""
    pairs = zip(words.words[start:], others.words[other:], strict=False)
    return next(
        (length for length, (one, two) in enumerate(pairs) if one != two), _shorter(words, start, others, other)
    )


def _shorter(words: _Words, start: int, others: _Words, other: int) -> int:
    return min(len(words.words) - start, len(others.words) - other)


def _remember(seen: dict[Run, _Place], file: SourceFile, words: _Words) -> None:
    for start in range(len(words.words) - REPEATED_WORDS + 1):
        seen.setdefault(words.run(start), _Place(file, start))
