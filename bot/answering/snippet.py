"""Choose one to three sentences of a passage to show, as a span of the source, and highlight the question's terms."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.indexing.lexical import term_of, words_of
from bot.reading.reviewing import changed_since_review
from bot.records import Passage, Sentence, Snippet, SnippetSource, Source, Span

Floats = NDArray[np.float32]

MAX_SENTENCES = 3
# Three sentences of plain English have about 300 characters; beyond this limit a third one is not added.
MAX_CHARS = 420
# The next sentence is shown with the best one if its log-odds to answer are at most this much lower. Run "neighbours"
# in docs/evaluation.md.
NEIGHBOUR_LOG_ODDS = 2.5
SHORT_CHARS = 80

# A sentence that begins like this needs the one before it to be understood.
_LEANS_BACK = re.compile(
    r"^(it|its|this|that|these|those|they|their|them|he|she|such|but|however|instead|also|so|then|and|or|for example"
    r"|another|both|in this way|because of this|as a result)\b",
    re.I,
)
_ASKS_NUMBER = re.compile(
    r"\bhow (long|often|many|much|old|soon|likely|common|rare|big|fast|expensive)\b"
    r"|\bwhat (age|year|price|percent\w*|chance|odds)\b"
    r"|\b(cost|costs|price|odds|chances?|percent\w*|per ?cent|number of|how far)\b",
    re.I,
)
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_SPACE = re.compile(r"\s+")


def asks_number(text: str) -> bool:
    """Say whether a question asks for a number, a price, a share or a time."""
    return _ASKS_NUMBER.search(text) is not None


def choose_sentences(passage: Passage, scores: Floats, *, barred: Container[int] = ()) -> Span:
    """Return the span, in the source's text, of one to three sentences around the best one.

    Sentences of one speaker's turn stay together; ties go to the earlier sentence.

    :param scores: (s,) the log-odds of each sentence to answer.
    :param barred: numbers of sentences that must not be shown; never all of them.
    """
    sentences = passage.sentences
    free = [n for n in range(len(sentences)) if n not in barred]
    # A question is no answer, unless it belongs to a list of questions to ask.
    answers = [n for n in free if not asks(passage, n) or is_listed(passage, n)]
    best = max(answers or free, key=lambda n: (scores[n], -n))
    first = last = best
    while first > 0 and last - first + 1 < MAX_SENTENCES and leans_back(passage, first):
        if first - 1 in barred or not _belong(passage, first - 1, best):
            break
        first -= 1
    while last + 1 < len(sentences) and last - first + 1 < MAX_SENTENCES:
        following = sentences[last + 1]
        shown = sentences[last].span[1] - sentences[first].span[0]
        fits = following.span[1] - sentences[first].span[0] <= MAX_CHARS
        listed = is_listed(passage, last + 1)
        wanted = listed or shown < SHORT_CHARS or scores[last + 1] >= scores[best] - NEIGHBOUR_LOG_ODDS
        if last + 1 in barred or not (fits and wanted and _belong(passage, last + 1, best)):
            break
        last += 1
    return sentences[first].span[0], sentences[last].span[1]


def marked_sentences(passage: Passage, marked: Sequence[int], *, barred: Container[int] = ()) -> list[Span]:
    """Return the spans of the sentences marked as the answer: adjacent ones joined, each with the one it depends on.

    :param marked: numbers of sentences, ascending; only the first three are used.
    :param barred: as in ``choose_sentences``.
    :returns: an empty list if only questions were marked.
    """
    wanted = [n for n in marked if n not in barred and (not asks(passage, n) or is_listed(passage, n))]
    runs: list[list[int]] = []
    for number in wanted[:MAX_SENTENCES]:
        if runs and number == runs[-1][-1] + 1 and _belong(passage, number, runs[-1][0]):
            runs[-1].append(number)
            continue
        leans = number > 0 and leans_back(passage, number) and number - 1 not in barred
        runs.append([number - 1, number] if leans and _belong(passage, number - 1, number) else [number])
    return [(passage.sentences[run[0]].span[0], passage.sentences[run[-1]].span[1]) for run in runs]


def _belong(passage: Passage, number: int, best: int) -> bool:
    """Whether a sentence may share a snippet with the best one: the same speaker, and not a question unless listed."""
    if passage.sentences[number].speaker != passage.sentences[best].speaker:
        return False
    return is_listed(passage, number) or not asks(passage, number)


def is_listed(passage: Passage, number: int) -> bool:
    """Say whether a sentence is in a list that a colon opens, of lines or of questions."""
    while number > 0 and (_is_on_next_line(passage, number) or asks(passage, number - 1)):
        number -= 1
    return number > 0 and _text(passage, passage.sentences[number - 1]).endswith(":")


def _is_on_next_line(passage: Passage, number: int) -> bool:
    """Whether a sentence begins a line of the same block; a new block has an empty line before it."""
    begin, end = passage.sentences[number - 1].span[1], passage.sentences[number].span[0]
    return passage.text[begin - passage.span[0] : end - passage.span[0]].count("\n") == 1


def asks(passage: Passage, number: int) -> bool:
    """Say whether a sentence is a question."""
    return _text(passage, passage.sentences[number]).rstrip("\"”')").endswith("?")


def leans_back(passage: Passage, number: int) -> bool:
    """Say whether a sentence needs the one before it to be understood."""
    return _LEANS_BACK.match(_text(passage, passage.sentences[number])) is not None


def lists_questions(passage: Passage) -> bool:
    """Say whether most sentences of a passage are questions, as in a list to take to an appointment."""
    asking = sum(asks(passage, number) for number in range(len(passage.sentences)))
    return asking * 2 > len(passage.sentences)


def sentence_texts(passage: Passage) -> list[str]:
    """Return the sentences of a passage, in order."""
    return [_text(passage, sentence) for sentence in passage.sentences]


def _text(passage: Passage, sentence: Sentence) -> str:
    return passage.text[sentence.span[0] - passage.span[0] : sentence.span[1] - passage.span[0]]


def cut_snippet(source: Source, passage: Passage, span: Span, terms: Sequence[str], url: str) -> Snippet:
    """Return the snippet of a span.

    :returns: a snippet whose text is ``source.text[span]``.
    """
    text = source.text[span[0] : span[1]]
    spoken = next((s for s in passage.sentences if s.span[0] == span[0]), None)
    return Snippet(
        text=text,
        highlights=highlights(text, terms),
        source=SnippetSource(
            id=source.id,
            kind=source.kind,
            title=source.title,
            section=passage.headings[-1] if passage.headings else None,
            url=url,
            speaker=spoken.speaker if spoken else None,
            start_s=spoken.start_s if spoken else None,
            reviewed_on=source.reviewed_on,
            span=span,
            sha256=source.text_sha256,
            reviewed_by=source.reviewed_by,
            updated_on=source.updated_on,
            changed_since_review=changed_since_review(source),
        ),
    )


def highlights(text: str, terms: Sequence[str]) -> tuple[Span, ...]:
    """Return where a question's terms occur in a text.

    :param terms: from ``terms_of``.
    :returns: spans of words, ascending; words with only a space or hyphen between them share a span.
    """
    wanted = frozenset(terms)
    spans: list[Span] = []
    for begin, end, said in _words_in(text):
        if wanted.isdisjoint(said):
            continue
        if spans and text[spans[-1][1] : begin] in {" ", "-"}:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((begin, end))
    return tuple(spans)


# The texts are the corpus's, which are shown again and again; a word takes a hundred bytes.
@lru_cache(maxsize=1024)
def _words_in(text: str) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
    """Return where each word of a text is, with its terms."""
    return tuple((*found.span(), tuple(map(term_of, words_of(found.group())))) for found in _WORD.finditer(text))


def was_quoted(passage: Passage, before: Sequence[tuple[str, Span]]) -> bool:
    """Say whether any earlier quotation begins in a passage."""
    begin, end = passage.span
    return any(source == passage.source_id and begin <= span[0] < end for source, span in before)


def same_text(one: str, other: str) -> bool:
    """Say whether one text contains the other, ignoring white space and capitals."""
    first, second = (_SPACE.sub(" ", text).casefold() for text in (one, other))
    return first in second or second in first
