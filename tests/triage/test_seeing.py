"""Figures, gaps and a seeded database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from bot.records import SuggestedQuestion
from bot.triage.replying.replies import Draft, Replies
from bot.triage.seeding import NotEmpty, seed
from bot.triage.seeing.gaps import Gaps
from bot.triage.seeing.overview import Overviews
from bot.triage.tickets.changing import Change, Seen

from .queues import NEAR, Desk, first_word

NOW = datetime.now(UTC)
# So that weeks that begin on Mondays do not matter.
THIS_WEEK, LONG_AGO = NOW, NOW - timedelta(weeks=5)
QUESTIONS = [SuggestedQuestion(f"{word} or not?", "gene") for word in ("sleep", "food", "school", "travel", "pain")]


def overviews(desk: Desk) -> Overviews:
    return Overviews(desk.database)


def test_figures_add_up_by_week_and_stand_beside_the_weeks_before(desk: Desk) -> None:
    desk.keep("Gene?", "answered", confidence=0.9)
    turn = desk.keep("Gene again?", "answered", confidence=0.7)
    desk.vote_down(turn)
    desk.keep("Zebra?")
    desk.keep("thanks", "smalltalk_thanks")
    desk.keep("Gene before?", "answered", confidence=0.5, asked_at=LONG_AGO)
    found = overviews(desk).of(4)
    assert (found.now.questions, found.now.answered) == (3, 2)
    assert found.now.answered_share == pytest.approx(2 / 3)
    assert found.now.confidence == pytest.approx(0.8)
    assert found.now.helpful_share == 0
    assert (found.before.questions, found.before.answered_share) == (1, 1)
    assert [week.questions for week in found.weeks.values()] == [0, 0, 0, 3]
    assert found.before.response_h is None


def test_what_is_asked_once_every_day_neither_grows_nor_falls_on_any_day_of_the_week(desk: Desk) -> None:
    for day in range(60):
        desk.ask("Zebra?", asked_at=NOW - timedelta(days=day))
    found = overviews(desk).of(4)
    assert found.now.questions == found.before.questions == 3 * 7 + NOW.weekday() + 1
    (gap,) = Gaps(desk.database).of(4)
    assert gap.trend == 0
    assert list(gap.by_week) == [7, 7, 7, NOW.weekday() + 1]
    assert list(gap.by_week) == [week.questions for week in found.weeks.values()]


def test_staff_are_timed_from_the_ticket_to_the_first_they_did_with_it(desk: Desk) -> None:
    desk.ask("Zebra?")
    (row,) = desk.rows()
    Replies(desk.database).send(Seen(row.id, row.version), Draft("Ring us.", "Sam"), by=desk.person())
    desk.ask("I cannot breathe", "referred_emergency")
    found = overviews(desk).of(4)
    assert found.now.tickets == 2
    assert found.now.response_h is not None
    assert 0 <= found.now.response_h < 0.1
    assert (found.urgent, found.waiting) == (1, 2)


def test_figures_are_of_one_site_where_one_is_asked_for_and_ours_is_one(desk: Desk) -> None:
    desk.ask("Zebra?", site="partner-one")
    desk.ask("Lion?")
    desk.ask("Tiger?")
    assert [overviews(desk).of(4, site=site).now.questions for site in (None, "partner-one", "default", "none")] == [
        3, 1, 2, 0,
    ]  # fmt: skip
    assert [overviews(desk).of(4, site=site).waiting for site in (None, "partner-one", "default")] == [3, 1, 2]


def test_topics_are_what_the_last_answers_quoted_first(desk: Desk) -> None:
    answer = '{"snippets": [{"text": "x", "source": {"title": "%s", "id": "y"}}]}'
    for title in ("Genes", "Genes", "Sleep"):
        desk.keep("Why?", "answered", confidence=0.9, answer=answer % title)
    desk.keep("Why not?", "answered", confidence=0.9)
    assert overviews(desk).of(4).topics == [("Genes", 2), ("Sleep", 1)]


def test_figures_of_ten_seconds_ago_are_good_enough(desk: Desk) -> None:
    seconds = [0.0]
    kept = Overviews(desk.database, clock=lambda: seconds[0])
    desk.keep("Zebra?")
    assert kept.of(4).now.questions == 1
    desk.keep("Lion?")
    assert kept.of(4).now.questions == 1
    seconds[0] += 11
    assert kept.of(4).now.questions == 2


def test_gaps_are_what_was_asked_most_without_an_answer_with_their_weeks_and_words(desk: Desk) -> None:
    for number in range(3):
        desk.ask(f"Zebra number {number}?")
    desk.ask("Zebra number 0?")
    desk.ask("Lion?", asked_at=LONG_AGO)
    desk.ask("Tiger, answered?", "answered", confidence=0.2)
    first, second = Gaps(desk.database).of(12)
    assert (first.size, first.by_week[-1], first.trend) == (4, 4, 4)
    assert sorted(first.wordings) == ["Zebra number 0?", "Zebra number 1?", "Zebra number 2?"]
    assert (second.size, sum(second.by_week), second.by_week[-1]) == (1, 1, 0)
    assert Gaps(desk.database).of(12, site="partner-one") == []
    assert Gaps(desk.database).one(first.ticket_id, 12) == first
    assert Gaps(desk.database).one("nothing", 12) is None


def test_who_opened_a_passage_that_may_hold_the_answer_is_in_no_gap(desk: Desk) -> None:
    turns = [desk.ask(f"Zebra {number}?", "unanswered_near", answer=NEAR) for number in range(3)]
    (row,) = desk.rows()
    desk.changes.apply([Seen(row.id, row.version)], Change(status="pending"), by=desk.person())
    desk.open_passage(turns[0])
    (gap,) = Gaps(desk.database).of(4)
    assert (gap.size, sum(gap.by_week)) == (2, 2)
    assert "Zebra 0?" not in gap.wordings


def test_a_seeded_database_is_whole_and_the_same_again(desk: Desk) -> None:
    seed(desk.database, QUESTIONS, first_word, turns=600, tickets=40)
    assert 30 < len(desk.rows(status="any")) <= 40
    found = overviews(desk).of(26)
    assert found.now.questions > 400
    assert Gaps(desk.database).of(26)[0].size > 1
    row = desk.rows(status="any")[0]
    assert desk.whole(row).row.askings == row.askings
    rows = desk.rows(status="any")
    assert any(row.assignee for row in rows)
    assert any(row.labels for row in rows)
    assert {row.status for row in rows} == {"open", "pending", "snoozed", "resolved"}
    replies = Replies(desk.database)
    assert any(replies.of_ticket(row.id) for row in rows)
    with pytest.raises(NotEmpty):
        seed(desk.database, QUESTIONS, first_word, turns=1, tickets=1)


def test_the_number_of_queries_does_not_grow_with_the_rows(desk: Desk) -> None:
    counted: list[str] = []
    event.listen(desk.database._engine(), "before_cursor_execute", lambda *told: counted.append(told[2]))

    def queries() -> Sequence[int]:
        counts = []
        for look in (lambda: overviews(desk).of(26), lambda: Gaps(desk.database).of(26)):
            counted.clear()
            look()
            counts.append(len(counted))
        return counts

    desk.ask("one")
    few = queries()
    desk.memory.forget(desk.whole(desk.rows()[0]).askings[0].conversation_id)
    seed(desk.database, QUESTIONS, first_word, turns=400, tickets=30)
    assert queries() == few
