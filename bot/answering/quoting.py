"""Cut the words to show from what was looked up, and record what became of each candidate.

Knows nothing of how the question was worded or its candidates found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.answering.judge import Looked, ScoredCandidate
from bot.answering.snippet import choose_sentences, cut_snippet, marked_sentences, same_text, was_quoted
from bot.answering.trace import SILENT, Outcome, Recorder
from bot.answering.weights import ANSWERING
from bot.reading.links import deep_link
from bot.records import Snippet, Span

# A sentence may replace one that was quoted before if its log-odds are at most this much lower.
_REPEAT_LOG_ODDS = 1.5
# Spans that were quoted before, with the ids of their sources.
Shown = Sequence[tuple[str, Span]]


class Quoter:
    """A cutter of snippets from judged candidates."""

    def snippets(self, looked: Looked, before: Shown = (), recorder: Recorder = SILENT) -> Iterator[Snippet]:
        """Yield snippets of different texts, from at most two sources unless the question asks to compare.

        :param looked: its best candidate must be sure enough to be shown.
        :param before: spans that must not be quoted again.
        :yields: snippets, those from passages not quoted before first, then the surest first.
        """
        compare = looked.question.kind == "compare"
        most = ANSWERING.compared_sources if compare else ANSWERING.sources
        best = looked.judged[0]
        shown: list[Snippet] = []
        for entry in sorted(looked.judged, key=lambda entry: was_quoted(entry.passage, before)):
            outcome = self._passed_over(entry, best, shown, most)
            cut = self._cut(looked, entry, before) if outcome is None else []
            fresh = [snippet for snippet in cut if not any(same_text(snippet.text, other.text) for other in shown)]
            if outcome is None and not fresh:
                outcome = "same_text" if cut else "quoted_before"
            recorder.outcome(looked, entry, outcome or "taken")
            shown += fresh
            yield from fresh

    def _passed_over(
        self, entry: ScoredCandidate, best: ScoredCandidate, shown: Sequence[Snippet], most: int
    ) -> Outcome | None:
        """Return why a candidate is not quoted, if that is clear before its sentences are looked at."""
        if entry.tier != "sure":
            return "below_floor"
        if len(shown) >= most:
            return "enough"
        if shown and best.marked and not entry.marked:
            # Someone marked which sentences answer: one that is merely similar would only distract from them.
            return "far_behind"
        same = [snippet for snippet in shown if snippet.source.id == entry.source.id]
        if len(same) >= ANSWERING.of_one_source:
            return "same_source"
        floor = ANSWERING.second_of_same_floor if same else ANSWERING.second_floor
        is_behind = shown and entry.confidence < max(best.confidence * ANSWERING.second_share, floor)
        return "far_behind" if is_behind else None

    def near(self, looked: Looked, before: Shown = (), answer: Sequence[Snippet] = ()) -> Iterator[Snippet]:
        """Yield the best sentences of passages that may hold the answer, each a different text, the likeliest first.

        :param before: spans that must not be quoted again.
        :param answer: what is quoted as the answer; its sources are skipped.
        """
        shown: list[Snippet] = []
        quoted = {snippet.source.id for snippet in answer}
        offered = (entry for entry in looked.judged if entry.tier != "none" and entry.source.id not in quoted)
        for entry in _one_of_each_source(list(offered)):
            if len(shown) == ANSWERING.near:
                return
            snippet = next(iter(self._cut(looked, entry, before)), None)
            if snippet is not None and not any(same_text(snippet.text, other.text) for other in shown):
                shown.append(snippet)
                yield snippet

    def _cut(self, looked: Looked, entry: ScoredCandidate, before: Shown) -> list[Snippet]:
        """Return what is quoted of a candidate: the marked sentences, else those around its best one."""
        passage = entry.passage
        quoted = [span for source, span in before if source == entry.source.id]
        numbered = enumerate(passage.sentences)
        barred = {number for number, said in numbered if any(b <= said.span[0] < e for b, e in quoted)}
        free = [float(score) for number, score in enumerate(entry.sentences) if number not in barred]
        if not free or max(free) < float(entry.sentences.max()) - _REPEAT_LOG_ODDS:
            # What answers was quoted before, and the rest of the passage says something else.
            return []
        spans = marked_sentences(passage, entry.marked, barred=barred)
        spans = spans or [choose_sentences(passage, entry.sentences, barred=barred)]
        begins = {sentence.span[0]: sentence for sentence in passage.sentences}
        return [
            cut_snippet(entry.source, passage, span, looked.asked.terms, deep_link(entry.source, begins[span[0]]))
            for span in spans
        ]


def _one_of_each_source(judged: Sequence[ScoredCandidate]) -> list[ScoredCandidate]:
    """Return the best candidate of each source, then the others, both in order."""
    best: dict[str, ScoredCandidate] = {}
    for entry in judged:
        best.setdefault(entry.source.id, entry)
    first = list(best.values())
    return [*first, *(entry for entry in judged if not any(entry is one for one in first))]
