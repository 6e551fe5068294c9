"""Find the files that a Source was read from, and the lines on which its words stand.

The text of a Source is plain and its spans know no lines, but an editor's program needs them. Knows no rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.editing.finding import Finding
from bot.reading.fields import Fields
from bot.reading.footnotes import without_marks
from bot.reading.frontmatter import read_front_matter
from bot.reading.interview import CARD
from bot.reading.markdown import inline_text
from bot.reading.textfile import read_text_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.editing.finding import Rule, Severity
    from bot.records import Source

_WORD = re.compile(r"[^\W_]+")
_CUE_TIMES = "-->"
# Pages and collections by others are read too, but no editor here can mend them.
_WRITTEN_HERE = (".md", ".txt", ".vtt", ".srt")
# Twelve words nearly always identify a place in a file; fewer are tried where other lines stand between them.
_WORDS_TRIED = (12, 6, 3, 1)


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file with its front matter, the text after it and the number of that text's first line."""

    path: str
    fields: Fields
    body: str
    first_line: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A Source with the file that describes it and the file that has its words; the two differ only for talks."""

    source: Source
    card: WrittenFile
    words: WrittenFile

    @property
    def is_script(self) -> bool:
        """Say whether the source is a talk that editors wrote."""
        return self.source.kind == "interview" and self.source.illustrative

    @property
    def is_recording(self) -> bool:
        """Say whether the words are somebody's own, so that no editor may change them."""
        return bool(self.source.turns) and not self.source.illustrative

    def in_card(self, rule: Rule, found: str, cure: str, *, field: str = "", severity: Severity = "error") -> Finding:
        """Return a finding on the line of a field, or on the first line if there is no such field."""
        return Finding(self.card.path, self.card.fields.lines.get(field, 1), rule, found, cure, severity)

    def in_words(self, rule: Rule, found: str, cure: str, *, at: int, severity: Severity = "error") -> Finding:
        """Return a finding on the line of the word at a position of the source's text."""
        if at < self._end_of_summary():
            return self.in_card(rule, found, cure, field="summary", severity=severity)
        line = self.words.first_line + self._line_in_body(at)
        return self.at_line(rule, found, cure, line=line, severity=severity)

    def at_line(self, rule: Rule, found: str, cure: str, *, line: int, severity: Severity = "error") -> Finding:
        """Return a finding on a line of the file that has the words."""
        return Finding(self.words.path, line, rule, found, cure, severity)

    def _end_of_summary(self) -> int:
        """Return where the summary ends that a page's text begins with and that stands only in the front matter."""
        summary, text = self.source.summary, self.source.text
        return len(summary) if summary and text.startswith(summary) and summary not in self.words.body else 0

    def _line_in_body(self, at: int) -> int:
        """Return the line, from 0, where the same words follow in the body, with as many equal runs before it."""
        words = [word for word, _ in words_in(self.source.text[self._end_of_summary() : at])]
        here = len(words)
        words += [word for word, _ in words_in(self.source.text[at : at + 200])]
        body = _words_in_lines(self.words.body)
        for size in _WORDS_TRIED:
            places = _places([word for word, _ in body], words[here : here + size])
            if places:
                before = len(_places(words[: here + size - 1], words[here : here + size]))
                return body[places[min(before, len(places) - 1)]][1]
        return 0


def is_written_here(source: Source) -> bool:
    """Say whether a source was read from a file of words that editors can mend."""
    return source.path.lower().endswith(_WRITTEN_HERE)


def source_file(source: Source) -> SourceFile:
    """Return a source with its files.

    :param source: a source read from a file of its own, not from one line of a larger file.
    :raises CorpusError: if a file has changed since and cannot be read.
    """
    words = _written_file(Path(source.path))
    card = Path(source.path).with_name(CARD)
    return SourceFile(source, _written_file(card) if card.is_file() else words, words)


def _written_file(path: Path) -> WrittenFile:
    file = read_text_file(path)
    fields, body, first_line = read_front_matter(file)
    return WrittenFile(file.name, fields or Fields(file.name, {}, {}), body, first_line)


def words_in(text: str) -> list[tuple[str, int]]:
    """Return the words of a text in lower case, each with the position where it begins."""
    return [(match.group().casefold(), match.start()) for match in _WORD.finditer(text)]


@lru_cache(maxsize=4)
def _words_in_lines(body: str) -> list[tuple[str, int]]:
    """Return the words that a reader sees, each with its line from 0."""
    lines = enumerate(body.split("\n"))
    return [(word, line) for line, text in lines if _CUE_TIMES not in text for word, _ in words_in(_read(text))]


def _read(line: str) -> str:
    return without_marks(inline_text(line))[0]


def _places(words: Sequence[str], run: Sequence[str]) -> list[int]:
    """Return where a run of words begins among others."""
    size = len(run)
    if not size:
        return []
    return [start for start in range(len(words) - size + 1) if list(words[start : start + size]) == list(run)]
