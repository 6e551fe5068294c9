"""Count how much a site is used, week by week, without reading any text.

Purged turns are no longer counted, so weeks that reach past the retention time are incomplete.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, case, func, select

from bot.statuses import AnswerStatus, StatusFamily
from bot.storage.connections import Database
from bot.storage.tables import Feedback, Turn, of_site

_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Week:
    """The numbers of one week, which begins on ``monday`` (UTC).

    ``answered`` counts answers with a quotation; ``referred`` counts questions that were sent to an emergency service,
    a crisis line or the care team; ``helpful`` counts those of the ``votes`` that say the answer helped. Small talk is
    not a question. Shares are in 0..1, ``None`` where nothing was counted.
    """

    monday: date
    questions: int
    answered: int
    referred: int
    votes: int
    helpful: int

    @property
    def answered_share(self) -> float | None:
        """Return the share of questions that were answered."""
        return self.answered / self.questions if self.questions else None

    @property
    def helpful_share(self) -> float | None:
        """Return the share of votes that say the answer helped."""
        return self.helpful / self.votes if self.votes else None


def weekly_numbers(database: Database, site: str | None, *, weeks: int, today: date) -> list[Week]:
    """Return the numbers of a site, newest week first, with an entry also for weeks without questions.

    :param site: its id, ``None`` for ours.
    :param weeks: how many, including the week of ``today``.
    :param today: a day in UTC.
    :raises MemoryUnavailable: if the database cannot be used.
    """
    monday = today - timedelta(days=today.weekday())
    return [_week(database, site, monday - number * _WEEK) for number in range(weeks)]


def _week(database: Database, site: str | None, monday: date) -> Week:
    start = datetime.combine(monday, time(), tzinfo=UTC)
    within = (of_site(site), Turn.asked_at >= start, Turn.asked_at < start + _WEEK)
    status = Turn.status
    counts = select(
        _count(status.not_like(f"{StatusFamily.SMALLTALK}%")),
        _count(status == AnswerStatus.ANSWERED),
        _count(status.like(f"{StatusFamily.REFERRED}%")),
    ).where(*within)
    votes = select(func.count(), _count(Feedback.verdict == "up")).join_from(
        Feedback, Turn, Turn.id == Feedback.turn_id
    )
    with database.statement() as connection:
        questions, answered, referred = connection.execute(counts).one()
        voted, helpful = connection.execute(votes.where(*within)).one()
    return Week(monday, questions, answered, referred, voted, helpful)


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((which, 1), else_=0)), 0)
