"""Judged questions and a Build -> the reader: which sentence answers, and how likely it does.

Questions come from hands that never saw the texts; of some, a second hand marked the sentences. Sentences are weighed
first, because what they give is one of the signals of the answer. How likely it answers is learnt on parts of the
corpus too: what answers a question there is often missing, as it is for whoever asks what no text says. What is shipped
is measured on hands that nothing was learnt from (``bench.families``).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from bot.answering.judge import CandidateScorer, Looked, ScoredCandidate
from bot.answering.question import stands_alone
from bot.answering.reader import Logit, ReaderModel, Trees
from bot.answering.snippet import sentence_texts
from bot.training.conversations import ASIDE, DIGRESSION, FOLLOW_UP, FRAGMENT
from bot.training.lines import FamilyLine

Floats = NDArray[np.float64]
JudgeOf = Callable[[ReaderModel], CandidateScorer]

# How many candidates of a question are learnt from. The best are what is decided about.
_CANDIDATES = 3
# Run "reader penalty": area under the curve on hand f4 is .930, .932 and .931 with .1, .3 and 1.
_LOOSENESS = 0.3
_DIGITS = 4
# Run "boosted trees": when three in four of family_dev are answered, .096 get a wrong source; a logistic regression has
# .119. From 100 to 300 trees, of 6 to 12 leaves, with half of the lines or all for each, it is .09 to .12.
_TREES, _RATE, _LEAVES, _FEWEST = 150, 0.05, 12, 30
_LINES_SHARE, _SIGNALS_SHARE = 0.5, 0.4
# Thresholds are chosen on what was not learnt from: boosted trees know by heart what they saw.
_FOLDS = 5


# How sure of its best candidate for a line a reader would be that had not learnt from it, and whether that is right.
HeldOut = tuple[float, bool, FamilyLine]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Examples: the signals of each, whether it is right, and how much it counts."""

    signals: list[dict[str, float]]
    right: list[bool]
    weights: list[float]
    # The number of the question that each is of, and whether it was looked up in the whole corpus.
    question: list[int] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)


def judged(lines: Sequence[FamilyLine], known: Container[str]) -> list[FamilyLine]:
    """Return the lines that can be judged on a corpus: those of its sources, and those that must not be answered.

    Stories are passed over: what of them is looked up is decided later.
    """
    found = []
    for line in lines:
        sources = tuple(source for source in line.sources if source in known)
        if line.kind != "story" and (sources or not line.sources):
            found.append(msgspec.structs.replace(line, sources=sources))
    return found


@dataclass(frozen=True, slots=True)
class CorpusView:
    """A part of the corpus: what looks questions up in it with a reader, and the ids of its sources."""

    judge_of: JudgeOf
    known: Container[str]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A reader; and how sure of its best candidate for each line one would be that had not learnt from that line, and
    whether that candidate is right."""

    model: ReaderModel
    confidences: list[float]
    right: list[bool]


def fit_reader(
    lines: Sequence[FamilyLine],
    marked: Sequence[FamilyLine],
    views: Sequence[CorpusView],
    start: ReaderModel,
    run: str,
) -> Fitted:
    """Return the reader that was learnt from what families ask.

    :param start: a reader to look the first passages up with; its thresholds are kept.
    :returns: a reader with the thresholds of ``start``, and confidences in the order of ``lines``.
    """
    whole = views[0]
    sentence = _fit(_sentences_of([*lines, *marked], whole.judge_of(start)))
    model = msgspec.structs.replace(start, sentence=sentence, run=run)
    rows = _Rows([], [], [])
    for view in views:
        seen = [
            msgspec.structs.replace(one, sources=tuple(filter(view.known.__contains__, one.sources))) for one in lines
        ]
        _add_candidates(rows, seen, view.judge_of(model), whole=view is whole)
    names, table = _table_of(rows)
    model = msgspec.structs.replace(model, answer=_told_of(names, _fit_trees(table, rows), table[:1]))
    return Fitted(model, *_left_out(table, rows, len(lines)))


def _sentences_of(questions: Sequence[FamilyLine], judge: CandidateScorer) -> _Rows:
    """The sentences of passages that hold a marked one."""
    rows = _Rows([], [], [])
    for question in questions:
        if not question.quotes or question.kind == FRAGMENT:
            continue
        for entry in _looked(judge, question).judged:
            marked = _marked_in(entry, question)
            if any(marked) and entry.passage.source_id in question.sources:
                rows.signals.extend(entry.weighed.rows())
                rows.right.extend(marked)
                rows.weights.extend([1 / len(marked)] * len(marked))
    return rows


def _marked_in(entry: ScoredCandidate, question: FamilyLine) -> list[bool]:
    """Whether each sentence of a passage is one that was marked as answering."""
    quotes = (*question.quotes, *question.also)
    return [any(text in quote or quote in text for quote in quotes) for text in sentence_texts(entry.passage)]


def _is_right(entry: ScoredCandidate, question: FamilyLine) -> bool:
    """Whether a passage answers: its source does, or, in a conversation, where all of the topic's page is near, a
    sentence of it."""
    if entry.passage.source_id not in question.sources:
        return False
    return question.kind not in {FOLLOW_UP, DIGRESSION, FRAGMENT, ASIDE} or any(_marked_in(entry, question))


def _add_candidates(rows: _Rows, questions: Sequence[FamilyLine], judge: CandidateScorer, *, whole: bool) -> None:
    for number, question in enumerate(questions):
        for place, entry in enumerate(_first(judge, question)):
            rows.signals.append(entry.signals)
            rows.right.append(_is_right(entry, question))
            rows.weights.append(1.0 if place == 0 else 0.5)
            rows.question.append(number)
            rows.whole.append(whole)


def _first(judge: CandidateScorer, question: FamilyLine) -> Iterator[ScoredCandidate]:
    yield from sorted(_looked(judge, question).judged, key=lambda entry: entry.position)[:_CANDIDATES]


def _looked(judge: CandidateScorer, question: FamilyLine) -> Looked:
    if not question.after:
        is_later = question.kind in {FRAGMENT, ASIDE}
        return judge.look_up(question.text, in_conversation=is_later and not stands_alone(question.text))
    return judge.look_up_as(question.text, reading=question.reading, about=question.after)


def _table_of(rows: _Rows) -> tuple[list[str], Floats]:
    """The names of all signals, and their values (examples, names)."""
    names = sorted({name for signals in rows.signals for name in signals})
    return names, np.asarray([[signals.get(name, 0.0) for name in names] for signals in rows.signals])


def _fit_trees(table: Floats, rows: _Rows, part: NDArray[np.bool_] | None = None) -> GradientBoostingClassifier:
    """Trees fitted on all examples, or on a part of them."""
    part = np.ones(len(table), dtype=bool) if part is None else part
    learnt = GradientBoostingClassifier(
        n_estimators=_TREES,
        learning_rate=_RATE,
        max_leaf_nodes=_LEAVES,
        max_depth=None,
        min_samples_leaf=max(1, min(_FEWEST, int(part.sum()) // 10)),
        subsample=_LINES_SHARE,
        max_features=_SIGNALS_SHARE,
        random_state=0,
    )
    return learnt.fit(table[part], np.asarray(rows.right)[part], sample_weight=np.asarray(rows.weights)[part])


def _left_out(table: Floats, rows: _Rows, count: int) -> tuple[list[float], list[bool]]:
    """For each question, how sure of its best candidate those trees are that learnt from other questions, and whether
    that is right; 0 and wrong without a candidate."""
    question, whole = np.asarray(rows.question), np.asarray(rows.whole)
    said = np.zeros(len(table))
    for fold in range(_FOLDS):
        left = whole & (question % _FOLDS == fold)
        if left.any():
            learnt = _fit_trees(table, rows, question % _FOLDS != fold)
            said[left] = learnt.predict_proba(table[left])[:, 1]
    best: dict[int, int] = {}
    for row in np.flatnonzero(whole).tolist():
        number = int(question[row])
        best[number] = max(best.get(number, row), row, key=lambda one: float(said[one]))
    places = [best.get(number) for number in range(count)]
    return (
        [0.0 if place is None else float(said[place]) for place in places],
        [place is not None and rows.right[place] for place in places],
    )


def _told_of(names: Sequence[str], learnt: GradientBoostingClassifier, example: Floats) -> Trees:
    """The trees as numbers; what they begin from is what is left of the log-odds of an example."""
    trees = [one.tree_ for one in learnt.estimators_[:, 0]]
    starts = np.cumsum([0, *(tree.node_count for tree in trees)])
    left, right, feature, threshold, value = [], [], [], [], []
    for start, tree in zip(starts, trees, strict=False):
        nodes, is_leaf = np.arange(tree.node_count), tree.children_left < 0
        left += (start + np.where(is_leaf, nodes, tree.children_left)).tolist()
        right += (start + np.where(is_leaf, nodes, tree.children_right)).tolist()
        feature += np.where(is_leaf, 0, tree.feature).tolist()
        threshold += [float(f"{one:.6g}") for one in np.where(is_leaf, 0.0, tree.threshold)]
        value += [float(f"{one:.4g}") for one in np.where(is_leaf, learnt.learning_rate * tree.value[:, 0, 0], 0.0)]
    said = learnt.learning_rate * sum(float(one.predict(example)[0]) for one in learnt.estimators_[:, 0])
    return Trees(
        names=tuple(names),
        base=round(float(learnt.decision_function(example)[0]) - said, _DIGITS),
        depth=max(tree.max_depth for tree in trees),
        roots=tuple(starts[:-1].tolist()),
        feature=tuple(feature),
        threshold=tuple(threshold),
        left=tuple(left),
        right=tuple(right),
        value=tuple(value),
    )


def _fit(rows: _Rows) -> Logit:
    """A logistic regression on standardised signals, told in the signals' own units."""
    names, table = _table_of(rows)
    scaler = StandardScaler().fit(table)
    learnt = LogisticRegression(C=_LOOSENESS, max_iter=2000)
    learnt.fit(scaler.transform(table), np.asarray(rows.right), sample_weight=np.asarray(rows.weights))
    slopes = learnt.coef_[0] / scaler.scale_
    intercept = float(learnt.intercept_[0] - slopes @ scaler.mean_)
    found = {name: round(float(slope), _DIGITS) for name, slope in zip(names, slopes, strict=True)}
    return Logit(round(intercept, _DIGITS), {name: slope for name, slope in found.items() if slope})


def choose_thresholds(
    held_out: Sequence[HeldOut],
    *,
    shown_of_refusals: float,
    near_of_refusals: float,
) -> tuple[float, float]:
    """Return from which confidence on a passage is the answer, and from which on it is offered.

    :param held_out: questions and messages that must not be answered.
    :param shown_of_refusals: the share of what must not be answered that may be.
    :param near_of_refusals: the share of it that may be offered passages.
    :returns: ``sure`` and ``near`` of a ``ReaderModel``.
    """
    refused = [confidence for confidence, _, line in held_out if not line.sources]
    sure, near = (float(np.quantile(refused, 1 - share)) for share in (shown_of_refusals, near_of_refusals))
    return round(sure, _DIGITS), round(near, _DIGITS)
