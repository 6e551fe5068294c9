"""Show what would change if a draft were approved.

Compares the first answers to recent questions of families: which change, appear or disappear; and the golden set's
score before and after. Knows nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from bot.answering.curated import CuratedAnswer
from bot.answering.whatif import Changed
from bot.records import Answer, SuggestedQuestion
from bot.statuses import IN_DANGER, AnswerStatus
from bot.storage.connections import Database
from bot.storage.tables import Turn
from bot.triage.curating.draft import Draft
from bot.triage.curating.live import LiveCurated, entry_of, vectors_of

if TYPE_CHECKING:
    from bot.dialogue.live import LiveDialogue

LOOKED_AT = 1000
# Lower than for an automatic answer, since a person looks at these first.
_NEAR = 0.5


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that families asked, and the text of its first answer before and after."""

    question: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Effects:
    """What would change.

    ``asked`` is how many questions were tried. Of ``golden`` golden questions, ``golden_before`` and ``golden_after``
    are answered by their own source, and ``golden_lost`` no longer would be. The ``close`` questions would not get the
    answer but may ask the same, the nearest first.
    """

    asked: int
    another: Sequence[Difference]
    newly_answered: Sequence[Difference]
    newly_lost: Sequence[Difference]
    close: Sequence[Difference]
    golden: int
    golden_before: int
    golden_after: int
    golden_lost: Sequence[str] = ()


class Trials:
    """A trial run of drafts on what families asked."""

    def __init__(self, database: Database, live: LiveCurated, trial: LiveDialogue) -> None:
        self._database = database
        self._live = live
        self._trial = trial

    def vectors_of(self, draft: Draft) -> tuple[NDArray[np.float32], str]:
        """Return what an approved answer is kept with: the vectors of its wordings, and the model that made them."""
        return vectors_of(draft, self._trial.wording_vectors), self._trial.model

    def near(self, text: str, *, limit: int) -> list[CuratedAnswer]:
        """Return the approved answers whose wordings are near a question, the nearest first."""
        served = self._live.entries(self._trial.wording_vectors, self._trial.model)
        if not served:
            return []
        asked = self._trial.wording_vectors(text)
        found = [(float((one.vectors * asked).sum(axis=2).mean(axis=1).max()), one) for one in served]
        ordered = sorted(found, key=lambda pair: -pair[0])
        return [one for similarity, one in ordered if similarity >= _NEAR][:limit]

    def effects(self, curated_id: str, draft: Draft | None) -> Effects:
        """Return what would change, with differences by time of asking, the latest first.

        :param draft: what would be served instead of the current version; ``None`` if the answer were retired
        """
        served = self._live.entries(self._trial.wording_vectors, self._trial.model)
        entries = [entry for entry in served if entry.id != curated_id]
        if draft is not None:
            entries.append(entry_of(curated_id, draft, self.vectors_of(draft)[0]))
        questions = self._asked_lately()
        found = self._trial.compare_with(questions, entries, watched=None if draft is None else curated_id)
        changed, golden = found.changed, self._trial.golden()
        of_golden = self._trial.compare_with([one.text for one in golden], entries).changed
        lost, won = _golden_changes(golden, of_golden)
        base = self._golden_now(golden, served)
        return Effects(
            asked=len(questions),
            another=[_told(questions, one) for one in changed if _both_answer(one)],
            newly_answered=[_told(questions, one) for one in changed if one.before.status != AnswerStatus.ANSWERED],
            newly_lost=[_told(questions, one) for one in changed if one.after.status != AnswerStatus.ANSWERED],
            close=_each_once(
                Difference(questions[one.number], *_first_words(one.answer, one.answer)) for one in found.close
            ),
            golden=len(golden),
            golden_before=base,
            golden_after=base - lost + won,
            golden_lost=[golden[one.number].text for one in of_golden if _loses(golden[one.number].source_id, one)],
        )

    def _golden_now(self, golden: Sequence[SuggestedQuestion], served: Sequence[CuratedAnswer]) -> int:
        """Return how many are answered by their own source now.

        All were at ingest, except for those that curated answers have replaced since.
        """
        if not served:
            return len(golden)
        without = self._trial.compare_with([one.text for one in golden], ())
        lost, _ = _golden_changes(golden, without.changed, reverse=True)
        return len(golden) - lost

    def _asked_lately(self) -> list[str]:
        # Somebody in danger gets help before any answer, whatever is approved.
        query = select(Turn.question).where(Turn.question.is_not(None), Turn.status.not_in(IN_DANGER))
        with self._database.statement() as connection:
            return list(filter(None, connection.scalars(query.order_by(Turn.asked_at.desc()).limit(LOOKED_AT))))


def _golden_changes(
    golden: Sequence[SuggestedQuestion], changed: Sequence[Changed], *, reverse: bool = False
) -> tuple[int, int]:
    """Return how many lose their own source as first answer and how many win it; ``reverse`` swaps before and after."""
    lost = won = 0
    for one in changed:
        before, after = (one.after, one.before) if reverse else (one.before, one.after)
        own = golden[one.number].source_id
        lost += _first_source(before) == own != _first_source(after)
        won += _first_source(after) == own != _first_source(before)
    return lost, won


def _loses(own: str, one: Changed) -> bool:
    return _first_source(one.before) == own != _first_source(one.after)


def _first_source(answer: Answer) -> str | None:
    return answer.snippets[0].source.id if answer.snippets else None


def _both_answer(one: Changed) -> bool:
    return one.before.status == one.after.status == AnswerStatus.ANSWERED


def _told(questions: Sequence[str], one: Changed) -> Difference:
    return Difference(questions[one.number], *_first_words(one.before, one.after))


def _first_words(before: Answer, after: Answer) -> tuple[str | None, str | None]:
    first = [answer.snippets[0].text if answer.snippets else None for answer in (before, after)]
    return first[0], first[1]


def _each_once(found: Iterable[Difference]) -> list[Difference]:
    """Return each question once: the same words in another case are one wording."""
    return list({one.question.casefold(): one for one in found}.values())
