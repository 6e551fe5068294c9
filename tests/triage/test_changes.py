"""What staff do to tickets: found, changed, and never overwritten by somebody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import event

from bot.triage.tickets.changing import Change, Seen, clean_label
from bot.triage.tickets.filtering import NOBODY
from bot.triage.tickets.keeping import Keeping
from bot.triage.tickets.queue import Row

from .queues import Desk


def seen(row: Row) -> list[Seen]:
    return [Seen(row.id, row.version)]


def test_the_second_of_two_is_told_and_nothing_is_overwritten(desk: Desk) -> None:
    amir, bea = desk.person(), desk.person("bea")
    desk.ask("Swimming?")
    (row,) = desk.rows()
    assert desk.changes.apply(seen(row), Change(status="pending", add_label="sport"), by=amir).conflicts == []
    (conflict,) = desk.changes.apply(seen(row), Change(status="resolved", assignee_id=bea.id), by=bea).conflicts
    assert (conflict.who, conflict.what) == ("amir", "label: + sport")
    (now,) = desk.rows(status="pending")
    assert (now.labels, now.assignee, now.version) == (("sport",), None, 2)


def test_of_fifty_at_once_one_gets_it(desk: Desk) -> None:
    amir = desk.person()
    desk.ask("Swimming?")
    (row,) = desk.rows()
    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(lambda _: desk.changes.apply(seen(row), Change(status="resolved"), by=amir), range(50)))
    assert [len(applied.conflicts) for applied in told].count(0) == 1
    (now,) = desk.rows(status="resolved")
    assert now.version == 2
    assert len(desk.whole(now).events) == 1


def test_fifty_notes_at_once_are_fifty_notes_and_another_asking_is_no_conflict(desk: Desk) -> None:
    amir = desk.person()
    desk.ask("Swimming?")
    (row,) = desk.rows()
    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(lambda number: desk.changes.note(row.id, f"note {number}", by=amir), range(50)))
    desk.ask("Swimming too?")
    assert desk.changes.apply(seen(row), Change(priority=1), by=amir).conflicts == []
    whole = desk.whole(desk.rows()[0])
    assert {item.text for item in whole.events if item.kind == "note"} == {f"note {number}" for number in range(50)}
    assert desk.changes.note("gone", "x", by=amir) is False


def test_many_are_changed_at_once_and_those_that_somebody_was_faster_with_are_named(desk: Desk) -> None:
    amir = desk.person()
    for word in ("one", "two", "three"):
        desk.ask(word)
    rows = desk.rows()
    desk.changes.apply(seen(rows[1]), Change(status="pending"), by=amir)
    all_seen = [one for row in rows for one in seen(row)]
    applied = desk.changes.apply(all_seen, Change(assignee_id=amir.id), by=amir)
    assert [conflict.ticket_id for conflict in applied.conflicts] == [rows[1].id]
    assert [row.id for row in desk.rows(assignee=amir.id)] == [rows[0].id, rows[2].id]
    assert [row.id for row in desk.rows(status="any", assignee=NOBODY)] == [rows[1].id]


def test_what_is_put_off_comes_back_by_itself(desk: Desk) -> None:
    amir = desk.person()
    desk.ask("Swimming?")
    (row,) = desk.rows()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    desk.changes.apply(seen(row), Change(status="snoozed", snoozed_until=tomorrow), by=amir)
    assert (desk.rows(), len(desk.rows(status="snoozed"))) == ([], 1)
    (row,) = desk.rows(status="snoozed")
    earlier = datetime.now(UTC) - timedelta(seconds=1)
    desk.changes.apply(seen(row), Change(status="snoozed", snoozed_until=earlier), by=amir)
    assert (len(desk.rows()), desk.rows(status="snoozed")) == (1, [])


def test_the_queue_is_narrowed_by_reason_label_age_words_and_likeness(desk: Desk) -> None:
    amir = desk.person()
    desk.ask("Swimming with a 100% tube?")
    turn = desk.ask("Flying?", "answered", confidence=0.95)
    desk.vote_down(turn)
    flying, swimming = sorted(desk.rows(), key=lambda row: row.words or "")
    desk.changes.apply(seen(swimming), Change(add_label="sport"), by=amir)
    desk.changes.note(flying.id, "ask the Airline", by=amir)
    assert [row.id for row in desk.rows(reason="thumbs_down")] == [flying.id]
    assert [row.id for row in desk.rows(label="sport")] == [swimming.id]
    assert [row.id for row in desk.rows(words="TUBE with")] == [swimming.id]
    assert [row.id for row in desk.rows(words="0% tube")] == [swimming.id]
    assert desk.rows(words="tube airline") == []
    assert [row.id for row in desk.rows(words="airline")] == [flying.id]
    assert desk.rows(words="%") == [row for row in desk.rows() if row.id == swimming.id]
    assert [row.id for row in desk.rows(like="flying by plane")] == [flying.id]
    assert desk.rows(older_h=1) == []
    assert desk.queue.choices().labels == ["sport"]


def test_the_number_of_queries_does_not_grow_with_the_rows(desk: Desk) -> None:
    counted: list[str] = []
    event.listen(desk.database._engine(), "before_cursor_execute", lambda *told: counted.append(told[2]))

    def queries() -> int:
        counted.clear()
        rows = desk.rows(words="e")
        desk.whole(rows[0])
        return len(counted)

    desk.ask("one")
    few = queries()
    for number in range(30):
        desk.ask(f"word{number} one")
        desk.ask("one more")
    assert queries() == few
    assert len(desk.rows()) == 31


def test_a_view_is_its_owners_alone(desk: Desk) -> None:
    amir, bea, keeping = desk.person(), desk.person("bea"), Keeping(desk.database)
    keeping.keep_view(amir.id, "Mine", "assignee=me")
    keeping.keep_view(amir.id, "Mine", "assignee=me&status=open")
    (view,) = keeping.views(amir.id)
    assert (view.name, view.query) == ("Mine", "assignee=me&status=open")
    assert keeping.views(bea.id) == []
    assert keeping.drop_view(view.id, account_id=bea.id) is False
    assert keeping.drop_view(view.id, account_id=amir.id) is True


def test_labels_are_words() -> None:
    assert clean_label("  Sport  and\tPlay ") == "sport and play"
    assert [clean_label(bad) for bad in ("", "<b>", "x" * 40, "=cmd()")] == [None] * 4
