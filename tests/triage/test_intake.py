"""Turns that need staff become tickets, those that ask the same one of them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bot.answering.gist import Gist
from bot.storage.connections import Database
from bot.triage.tickets.changing import Change, Seen
from bot.triage.tickets.gists import Gists
from bot.triage.tickets.intake import Intake
from bot.triage.tickets.rules import HIGH, LOW, LOW_CONFIDENCE, MEDIUM, URGENT, need_of, reasons_of
from tests.patience import PATIENCE_S, soon

from .queues import NEAR, Desk, a_desk, first_word


@pytest.mark.parametrize(
    ("status", "confidence", "more", "reasons"),
    [
        ("answered", LOW_CONFIDENCE, {}, ()),
        ("answered", LOW_CONFIDENCE - 0.01, {}, ("low_confidence",)),
        ("answered", 0.9, {"voted_down": True}, ("thumbs_down",)),
        ("answered", 0.9, {"handed_off": True, "voted_down": True}, ("handoff", "thumbs_down")),
        ("unanswered_no_match", 0.0, {}, ("unanswered",)),
        ("unanswered_language", 1.0, {}, ("unanswered",)),
        ("unanswered_no_more", 1.0, {}, ()),
        ("unanswered_unavailable", 1.0, {}, ()),
        ("unanswered_near", 0.2, {}, ("unanswered",)),
        ("unanswered_near", 0.2, {"opened": True}, ()),
        ("unanswered_near", 0.2, {"opened": True, "voted_down": True}, ("thumbs_down",)),
        ("unanswered_no_match", 0.0, {"opened": True}, ("unanswered",)),
        ("referred_crisis", 1.0, {}, ("crisis",)),
        ("referred_emergency", 1.0, {"handed_off": True}, ("emergency", "handoff")),
        ("smalltalk_thanks", 1.0, {}, ()),
        ("clarify_topic", 0.2, {}, ()),
    ],
)
def test_what_needs_staff_and_why(status: str, confidence: float, more: dict[str, bool], reasons: object) -> None:
    assert reasons_of(status, confidence, **more) == reasons


def test_the_weightiest_reason_gives_the_priority_and_many_askings_raise_a_low_one() -> None:
    assert need_of({"unanswered"}, 2).priority == LOW
    assert need_of({"unanswered"}, 3).priority == MEDIUM
    assert need_of({"unanswered", "handoff"}, 9).priority == HIGH
    assert (need_of({"handoff", "crisis"}, 1).priority, need_of({"handoff", "crisis"}, 1).reason) == (URGENT, "crisis")


def test_who_asks_the_same_is_one_row_with_its_count(desk: Desk) -> None:
    desk.ask("Swimming with a tube?")
    desk.ask("swimming is it allowed")
    desk.ask("Flying with oxygen?")
    rows = {row.words: row for row in desk.rows()}
    assert {words: row.askings for words, row in rows.items()} == {"Swimming with a tube?": 2, "Flying with oxygen?": 1}
    whole = desk.whole(rows["Swimming with a tube?"])
    assert [one.question for one in whole.askings] == ["Swimming with a tube?", "swimming is it allowed"]


def test_what_is_answered_well_is_no_ticket_until_somebody_votes_it_down_or_asks_for_a_person(desk: Desk) -> None:
    turn = desk.ask("Genes?", "answered", confidence=0.9)
    assert desk.rows() == []
    desk.vote_down(turn)
    assert [(row.reason, row.priority) for row in desk.rows()] == [("thumbs_down", MEDIUM)]
    desk.memory.hand_off(turn, note="Please call")
    desk.intake.take(turn)
    (row,) = desk.rows()
    assert (row.reason, row.priority, row.askings) == ("handoff", HIGH, 1)
    assert desk.whole(row).askings[0].reasons == ("handoff", "thumbs_down")
    assert desk.whole(row).askings[0].note == "Please call"


def test_a_family_that_opens_a_passage_leaves_the_ticket_which_goes_with_its_last_turn(desk: Desk) -> None:
    first, second = (desk.ask(f"Swimming {number}?", "unanswered_near", answer=NEAR) for number in "12")
    assert [row.askings for row in desk.rows()] == [2]
    desk.open_passage(first)
    (row,) = desk.rows()
    assert (row.words, row.askings) == ("Swimming 2?", 1)
    desk.open_passage(second)
    assert desk.rows(status="any") == []
    third = desk.keep("Swimming 3?", "unanswered_near", answer=NEAR)
    desk.open_passage(third)
    assert desk.rows(status="any") == []
    assert desk.intake.catch_up() == 0


def test_a_ticket_that_staff_have_begun_to_work_on_keeps_its_turns(desk: Desk) -> None:
    turn = desk.ask("Swimming?", "unanswered_near", answer=NEAR)
    (row,) = desk.rows()
    desk.changes.apply([Seen(row.id, row.version)], Change(status="pending"), by=desk.person())
    desk.open_passage(turn)
    assert [(found.id, found.askings) for found in desk.rows(status="any")] == [(row.id, 1)]


def test_who_opens_a_passage_and_asks_for_a_person_stays(desk: Desk) -> None:
    turn = desk.ask("Swimming?", "unanswered_near", answer=NEAR)
    desk.memory.hand_off(turn)
    desk.open_passage(turn)
    assert [row.reason for row in desk.rows()] == ["handoff"]


def test_taking_a_turn_in_again_changes_nothing(desk: Desk) -> None:
    turn = desk.ask("Swimming?")
    before = desk.rows()
    desk.intake.take(turn)
    assert desk.rows() == before


def test_each_person_in_danger_is_a_ticket_of_their_own_and_the_first_in_the_queue(desk: Desk) -> None:
    desk.ask("Swimming?")
    desk.ask("Help me", "referred_crisis")
    desk.ask("Help me", "referred_crisis", conversation_id="same")
    desk.ask("Help me now", "referred_crisis", conversation_id="same")
    rows = desk.rows()
    assert [(row.priority, row.askings) for row in rows] == [(URGENT, 1), (URGENT, 2), (LOW, 1)]
    assert rows[0].due_at - rows[0].asked_at == timedelta(minutes=15)


def test_another_sites_families_are_another_ticket(desk: Desk) -> None:
    desk.ask("Swimming?", site="one")
    desk.ask("Swimming?", site="two")
    assert [row.askings for row in desk.rows()] == [1, 1]
    assert [row.site for row in desk.rows(site="two")] == ["two"]


def test_what_was_resolved_opens_again_when_it_is_asked_again(desk: Desk) -> None:
    desk.ask("Swimming?")
    (row,) = desk.rows()
    desk.changes.apply([Seen(row.id, row.version)], Change(status="resolved"), by=desk.person())
    assert desk.rows() == []
    desk.ask("Swimming again?")
    (again,) = desk.rows()
    assert (again.id, again.askings) == (row.id, 2)
    assert [event.who for event in desk.whole(again).events] == ["amir", "(bot)"]


def test_what_waits_for_more_opens_when_another_family_asks_and_what_was_put_off_when_it_is_more_urgent(
    desk: Desk,
) -> None:
    amir = desk.person()
    desk.ask("Swimming?")
    (row,) = desk.rows()
    desk.changes.apply([Seen(row.id, row.version)], Change(status="pending"), by=amir)
    desk.ask("Swimming again?")
    (row,) = desk.rows()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    desk.changes.apply([Seen(row.id, row.version)], Change(status="snoozed", snoozed_until=tomorrow), by=amir)
    turn = desk.ask("Swimming once more?")
    assert desk.rows() == []
    desk.memory.hand_off(turn)
    desk.intake.take(turn)
    (again,) = desk.rows()
    assert (again.id, again.status, again.snoozed_until) == (row.id, "open", None)


def test_a_ticket_keeps_no_words_and_goes_with_its_last_turn(desk: Desk) -> None:
    desk.ask("Swimming first?", conversation_id="a")
    desk.ask("Swimming second?", conversation_id="b")
    desk.memory.forget("a")
    (row,) = desk.rows()
    assert (row.words, row.askings) == ("Swimming second?", 1)
    desk.memory.forget("b")
    assert desk.rows(status="any") == []
    desk.ask("Swimming third?")
    assert [row.words for row in desk.rows()] == ["Swimming third?"]


def test_a_turn_without_words_is_a_ticket_like_no_other(desk: Desk) -> None:
    desk.ask(None)  # type: ignore[arg-type]
    desk.ask(None)  # type: ignore[arg-type]
    assert [(row.words, row.askings) for row in desk.rows()] == [(None, 1), (None, 1)]


def test_the_same_asked_at_once_of_several_workers_is_one_ticket(database: Database) -> None:
    desks = [a_desk(database) for _ in range(4)]
    turns = [desks[0].keep(f"Swimming {number}?") for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda pair: desks[pair[0] % 4].intake.take(pair[1]), enumerate(turns)))
    (row,) = desks[0].rows()
    assert row.askings == 24


def test_what_a_process_that_died_had_not_taken_in_is_found_by_the_next(desk: Desk) -> None:
    long_ago = datetime.now(UTC) - timedelta(minutes=1)
    desk.keep("Swimming?", asked_at=long_ago)
    desk.keep("Genes?", "answered", confidence=0.9, asked_at=long_ago)
    desk.keep("Just now?")
    assert desk.intake.catch_up() == 1
    assert desk.intake.catch_up() == 0
    assert [row.words for row in desk.rows()] == ["Swimming?"]


@pytest.mark.parametrize(
    ("near", "words", "joins"), [(0.44, 12, True), (0.41, 12, False), (0.56, 13, True), (0.54, 13, False)]
)
def test_a_story_must_come_nearer_to_a_ticket_than_a_short_question_must(
    database: Database, near: float, words: int, joins: bool
) -> None:
    """Stories come near each other by their sisters and Mondays, whatever they ask."""
    desk = a_desk(database)
    desk.ask("Swimming?")

    def gist_of(text: str) -> Gist:
        vector = np.sqrt(np.float32(1 - near**2)) * first_word("Other").vector + near * first_word("Swimming").vector
        return Gist(np.asarray(vector, dtype=np.float32), "m" * 64, len(text.split()))

    Intake(database, Gists(), gist_of).take(desk.keep("word " * words))
    assert len(desk.rows()) == (1 if joins else 2)


def test_turns_are_taken_in_in_the_background(database: Database) -> None:
    desk, may_go_on = a_desk(database), threading.Event()

    def gist_of(text: str) -> Gist:
        assert may_go_on.wait(PATIENCE_S)
        return first_word(text)

    intake = Intake(database, Gists(), gist_of)
    # Whoever tells comes back while the work stands still.
    intake.told(desk.keep("Help me", "referred_crisis"), None)
    assert desk.rows() == []
    may_go_on.set()
    assert soon(desk.rows)
    assert [row.priority for row in desk.rows()] == [URGENT]
