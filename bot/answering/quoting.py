"""What was looked up -> the words that are shown of it.

In: judged candidates, best first. Out: snippets, and what became of each candidate. It must not know how the question
was found or worded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bot.answering.judge import Judge, Judged, Looked
from bot.answering.snippet import choose_sentences, cut_snippet, same_text, sentence_scores, was_quoted
from bot.answering.trace import Outcome, Trace
from bot.answering.weights import ANSWERING
from bot.indexing.index import Index
from bot.reading.links import deep_link
from bot.records import Snippet, Span

# Spans that were quoted before, with the ids of their sources.
Shown = Sequence[tuple[str, Span]]


class Quoter:
    """Cuts snippets from what was looked up in one Build."""

    def __init__(self, index: Index, judge: Judge) -> None:
        self._index = index
        self._judge = judge

    def snippets(self, looked: Looked, before: Shown = (), trace: Trace | None = None) -> Iterator[Snippet]:
        """Yield snippets of different texts, from at most two sources unless the question asks to compare.

        :param looked: what was looked up; its best candidate is sure enough to be shown.
        :param before: what is not to be quoted again.
        :param trace: is told what became of each candidate.
        :yields: snippets, what was not quoted before first, then the surest first.
        """
        compare = looked.question.kind == "compare"
        most = ANSWERING.compared_sources if compare else ANSWERING.sources
        best = looked.judged[0]
        shown: list[Snippet] = []
        for entry in sorted(looked.judged, key=lambda entry: was_quoted(entry.passage, before)):
            outcome = self._passed_over(entry, best, shown, most)
            snippet = self._snippet(looked, entry, before) if outcome is None else None
            if outcome is None and snippet is None:
                outcome = "quoted_before"
            elif snippet is not None and any(same_text(snippet.text, other.text) for other in shown):
                outcome, snippet = "same_text", None
            if trace is not None:
                trace.outcome(looked, entry, outcome or "taken")
            if snippet is not None:
                shown.append(snippet)
                yield snippet

    def _passed_over(self, entry: Judged, best: Judged, shown: Sequence[Snippet], most: int) -> Outcome | None:
        """Why a candidate is not quoted from, if that can be told before looking at its sentences."""
        if not self._judge.is_sure(entry):
            return "below_floor"
        if entry.confidence < best.confidence * ANSWERING.second_share:
            return "far_behind"
        if len(shown) == most:
            return "enough"
        return "same_source" if any(snippet.source.id == entry.source.id for snippet in shown) else None

    def _snippet(self, looked: Looked, entry: Judged, before: Shown) -> Snippet | None:
        row = int(looked.candidates.rows[entry.position])
        # A sentence is chosen by what was asked, not by the topic that was added to find it.
        question = (
            looked.candidates.question
            if looked.about is None
            else self._index.encoder.encode_question(looked.question.text)
        )
        cosines, token_sentences = self._index.late.cosines(question.tokens, row)
        vectors = np.asarray(self._index.table.sentence_vectors_of(row), dtype=np.float32)
        scores = sentence_scores(
            entry.passage,
            cosines,
            token_sentences,
            self._index.token_weights(question.token_ids),
            vectors @ question.vector,
            looked.question.kind,
            terms=looked.asked.terms,
            host=entry.source.host,
        )
        quoted = [span for source, span in before if source == entry.source.id]
        numbered = enumerate(entry.passage.sentences)
        barred = {number for number, said in numbered if any(b <= said.span[0] < e for b, e in quoted)}
        if len(barred) == len(entry.passage.sentences):
            return None
        span = choose_sentences(entry.passage, scores, barred=barred)
        first = next(sentence for sentence in entry.passage.sentences if sentence.span[0] == span[0])
        return cut_snippet(entry.source, entry.passage, span, looked.asked.terms, deep_link(entry.source, first))
