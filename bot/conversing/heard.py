"""A question in its conversation, looked up -> whether it was meant alone or as leaning on what was said.

In: an Answerer, a question and the turns before. Out: a decision, and the look-up that it took. It must not decide
what is answered.
"""

from __future__ import annotations

from bot.answering.answer import Answerer
from bot.answering.judge import Looked
from bot.conversing.history import History, asked_before
from bot.conversing.leaning import packaged_leaning, signs_of
from bot.conversing.readings import Found, packaged_readings, signs_alone, signs_both
from bot.indexing.lexical import terms_of


class Heard:
    """A question after others. ``alone`` is what it finds by itself."""

    def __init__(self, answerer: Answerer, question: str, history: History) -> None:
        asked = asked_before(history)
        self._answerer = answerer
        self._question = question
        self._terms = len(set(terms_of(question)))
        self._quoted = frozenset(source for turn in history for source, _ in turn.shown)
        first = answerer.vectors_of(asked[0].question)
        self._put = signs_of(question, answerer.vectors_of(question), [turn.question for turn in asked], first)
        self._leaning = packaged_leaning().score(self._put)
        self.alone = answerer.look_up(question)
        self._found = self._found_by(self.alone)

    def may_lean(self) -> bool:
        """Return whether what the question means in its conversation is worth looking up.

        :returns: false when it stands alone for sure.
        """
        if self._names_what_is_there():
            return False
        weights = packaged_readings()
        return weights.may_lean.score(self.signs_alone()) >= weights.may_lean_floor

    def leans(self, read: Looked) -> bool:
        """Return whether the question leans on what was said.

        :param read: its reading, looked up.
        :returns: true when the reading is rather what was meant.
        """
        return self.leaning_of(read) >= packaged_readings().leans_floor

    def leaning_of(self, read: Looked) -> float:
        """Return how far the question leans on what was said.

        :param read: its reading, looked up.
        :returns: log-odds.
        """
        return packaged_readings().leans.score(self.signs_both(read))

    def signs_alone(self) -> dict[str, float]:
        """Return what is known before the reading is looked up, for the fit too."""
        return signs_alone(self._put, self._leaning, self._found, self._terms)

    def signs_both(self, read: Looked) -> dict[str, float]:
        """Return what is known after the reading is looked up, for the fit too.

        :param read: the reading, looked up.
        :returns: by name.
        """
        return signs_both(self._leaning, self._found, self._found_by(read), self._terms, self._quoted)

    def _names_what_is_there(self) -> bool:
        """Whether it asks what the very thing is that a source is about."""
        if not self._put["what is"]:
            return False
        best = next(iter(self.alone.judged), None)
        return best is not None and self._answerer.is_sure(self.alone) and best.evidence.named_exactly

    def _found_by(self, looked: Looked) -> Found:
        if not looked.judged:
            return Found()
        best = looked.judged[0]
        fit = self._answerer.fit_of(self._question, looked)
        return Found(best.confidence, fit.coverage, fit.cosine, best.source.id)
