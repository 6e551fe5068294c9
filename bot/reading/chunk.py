"""Cut a Source into its Passages, the units of the index.

A passage is a section, a part of a long section, or a few turns of a talk. It never splits a sentence and never crosses
a heading. Knows how many words fit, and not how passages are embedded.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from bot.reading.links import deep_link
from bot.reading.sentences import sentence_spans
from bot.records import Passage, Section, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.records import Source, Span

# The encoder reads 256 word pieces, title and headings among them. Plain English has about 1.35 pieces a word, medical
# abstracts 1.55: 140 words of those are 217 pieces and leave room for a long title. Run "passage size" in
# docs/evaluation.md: at 180 words the ends of abstracts were not read, and dense retrieval fell by .02 on SciFact.
MAX_WORDS = 140
# A talk is cut where turns end, so the target size of its passages is below the limit: with a target close to the
# limit there would be no choice of places to cut.
_TALK_TARGET = 0.7
# The cost of ending a passage in a place, added to the squared relative distance from the target size.
_COST_IN_TURN = 0.25
_COST_IN_PARAGRAPH = 0.05
_COST_AFTER_QUESTION = 1.0
# Captions without punctuation come as one endless "sentence"; it is cut where a caption begins, at this many words.
_WORDS_OF_UNPUNCTUATED = 40


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence with its size and the cost of beginning a passage with it."""

    sentence: Sentence
    words: int
    cost_before: float


def passages_of(source: Source, *, max_words: int = MAX_WORDS) -> list[Passage]:
    """Return the passages of a source in reading order, numbered from 0; every word is in exactly one of them.

    :param max_words: the most words in a passage, unless one sentence alone has more
    """
    whole = Section((), None, "other", (0, len(source.text)))
    groups = [
        (section, group)
        for section in source.sections or (whole,)
        for group in _groups(_units_of(source, section.span, max_words), max_words, talk=bool(source.turns))
    ]
    return [_passage(source, section, group, number) for number, (section, group) in enumerate(groups)]


def _passage(source: Source, section: Section, units: Sequence[_Unit], number: int) -> Passage:
    sentences = tuple(unit.sentence for unit in units)
    span = (sentences[0].span[0], sentences[-1].span[1])
    return Passage(
        id=f"{source.id}#{number}",
        source_id=source.id,
        source_kind=source.kind,
        source_title=source.title,
        headings=section.headings,
        role=section.role,
        url=deep_link(source, sentences[0]),
        span=span,
        text=source.text[slice(*span)],
        sentences=sentences,
        synonyms=source.synonyms,
        speaker=_main_speaker(units),
        start_s=sentences[0].start_s,
    )


def _main_speaker(units: Sequence[_Unit]) -> str | None:
    words: dict[str, int] = {}
    for unit in units:
        if unit.sentence.speaker is not None:
            words[unit.sentence.speaker] = words.get(unit.sentence.speaker, 0) + unit.words
    return max(words, key=words.__getitem__, default=None)


def _units_of(source: Source, span: Span, max_words: int) -> list[_Unit]:
    turns = [turn for turn in source.turns if span[0] <= turn.span[0] < span[1]]
    if not turns:
        return _units_in(source, span, speaker=None, max_words=max_words)
    units: list[_Unit] = []
    if source.text[span[0] : turns[0].span[0]].strip():
        units = _units_in(source, (span[0], turns[0].span[0]), speaker=None, max_words=max_words)
    for turn in turns:
        # A short question and its answer belong together.
        cost = _COST_AFTER_QUESTION if units and _is_question(source, units[-1]) else 0.0
        first, *others = _units_in(source, turn.span, speaker=turn.speaker, max_words=max_words)
        units.append(_Unit(first.sentence, first.words, cost))
        units += [_Unit(other.sentence, other.words, other.cost_before + _COST_IN_TURN) for other in others]
    return units


def _is_question(source: Source, unit: _Unit) -> bool:
    return source.text[slice(*unit.sentence.span)].rstrip("\"”')").endswith("?")


def _units_in(source: Source, span: Span, *, speaker: str | None, max_words: int) -> list[_Unit]:
    text = source.text
    units: list[_Unit] = []
    for start, end in _sentences_in(source, span, max_words):
        between = text[units[-1].sentence.span[1] : start] if units else "\n"
        cost = 0.0 if "\n" in between else _COST_IN_PARAGRAPH
        sentence = Sentence((start, end), speaker, _time_at(source, start))
        units.append(_Unit(sentence, len(text[start:end].split()), cost))
    return units


def _sentences_in(source: Source, span: Span, max_words: int) -> Iterator[Span]:
    for start, end in sentence_spans(source.text[slice(*span)]):
        whole = (start + span[0], end + span[0])
        if source.time_marks and len(source.text[slice(*whole)].split()) > max_words:
            yield from _cut_at_marks(source, whole)
        else:
            yield whole


def _cut_at_marks(source: Source, span: Span) -> Iterator[Span]:
    """Yield pieces of unpunctuated captions, each beginning where a caption begins."""
    begin = span[0]
    for mark in source.time_marks:
        if begin < mark.at < span[1]:
            piece = source.text[begin : mark.at].rstrip()
            if len(piece.split()) >= _WORDS_OF_UNPUNCTUATED:
                yield begin, begin + len(piece)
                begin = mark.at
    yield begin, span[1]


def _time_at(source: Source, position: int) -> float | None:
    index = bisect_right(source.time_marks, position, key=lambda mark: mark.at)
    return source.time_marks[index - 1].start_s if index else None


def _groups(units: Sequence[_Unit], max_words: int, *, talk: bool) -> list[Sequence[_Unit]]:
    """Cut the units into passages of even size at the cheapest places (a shortest path over the possible cuts)."""
    total = sum(unit.words for unit in units)
    if total <= max_words:
        return [units] if units else []
    ideal = max_words * _TALK_TARGET if talk else max_words
    target = total / ceil(total / ideal)
    best = [0.0] + [float("inf")] * len(units)
    cut_from = [0] * (len(units) + 1)
    for begin, unit in enumerate(units):
        base = best[begin] + (unit.cost_before if begin else 0.0)
        words = 0
        for end in range(begin + 1, len(units) + 1):
            words += units[end - 1].words
            if words > max_words and end > begin + 1:
                break
            cost = base + (words / target - 1) ** 2
            if cost < best[end]:
                best[end], cut_from[end] = cost, begin
    return _cut(units, cut_from)


def _cut(units: Sequence[_Unit], cut_from: Sequence[int]) -> list[Sequence[_Unit]]:
    groups: list[Sequence[_Unit]] = []
    end = len(units)
    while end:
        groups.append(units[cut_from[end] : end])
        end = cut_from[end]
    return groups[::-1]
