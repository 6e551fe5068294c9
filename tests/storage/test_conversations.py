"""Conversations are read back in order and removed whole. On SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import event, text

from bot.storage.connections import Database
from bot.storage.database import make_engine
from bot.storage.feedback import FeedbackStore, Vote
from bot.storage.handoff import HandoffStore
from bot.storage.memory import TurnStore
from bot.storage.secrecy import Sealer
from bot.storage.turn import TurnRecord
from tests.storage.stores import NOON, TOKEN, a_database, a_turn, counts


def three_turns_and_another(database: Database) -> tuple[TurnRecord, ...]:
    """A conversation kept out of order, and one turn of another."""
    turns = tuple(a_turn(number, asked_at=NOON + timedelta(minutes=number)) for number in (1, 2, 3))
    store = TurnStore(database)
    for turn in (turns[2], turns[0], a_turn(9, conversation_id="conversation-2"), turns[1]):
        store.record(turn)
    return turns


def with_all_that_can_hang_on_it(database: Database, turn_id: str) -> None:
    assert FeedbackStore(database).vote(Vote(turn_id, "down", ("other",), "No."), token=TOKEN) == "kept"
    sealer = Sealer([Fernet.generate_key().decode()])
    HandoffStore(database, sealer).hand_off(turn_id, note="Help.", contact="ada@example.org")


def test_the_last_turns_of_a_conversation_come_oldest_first(database_url: str) -> None:
    database = a_database(database_url)
    turns = three_turns_and_another(database)
    store = TurnStore(database)
    assert store.history("conversation-1", last=2) == turns[1:]
    assert store.history("conversation-1", last=3) == store.history("conversation-1", last=9) == turns
    assert store.history("conversation-3", last=2) == ()
    assert store.conversation("conversation-1") == turns
    assert store.conversation("conversation-3") == ()
    database.close()


def test_turns_of_the_same_moment_have_an_order_that_stays(database_url: str) -> None:
    database = a_database(database_url)
    store = TurnStore(database)
    for number in (3, 1, 2):
        store.record(a_turn(number))
    assert [turn.id for turn in store.conversation("conversation-1")] == ["turn-1", "turn-2", "turn-3"]
    assert [turn.id for turn in store.history("conversation-1", last=2)] == ["turn-2", "turn-3"]
    database.close()


def test_what_came_before_is_one_query_that_an_index_serves_in_order(tmp_path: Path) -> None:
    database = a_database(f"sqlite:///{tmp_path}/bot.sqlite3")
    three_turns_and_another(database)
    asked: list[str] = []
    with database.statement() as connection:
        event.listen(connection.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    TurnStore(database).history("conversation-1", last=2)
    database.close()
    assert len(asked) == 1
    engine = make_engine(f"sqlite:///{tmp_path}/bot.sqlite3")
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}", ("conversation-1", 2, 0)).all()
    engine.dispose()
    assert [row[-1] for row in plan] == ["SEARCH turn USING INDEX ix_turn_conversation (conversation_id=?)"]


def test_a_forgotten_conversation_goes_with_all_that_hung_on_it_and_no_other_does(database_url: str) -> None:
    database = a_database(database_url)
    three_turns_and_another(database)
    for turn_id in ("turn-1", "turn-3", "turn-9"):
        with_all_that_can_hang_on_it(database, turn_id)
    assert counts(database_url) == {"turn": 4, "feedback": 3, "handoff": 3, "contact": 3}
    assert TurnStore(database).forget("conversation-1") == 3
    assert counts(database_url) == {"turn": 1, "feedback": 1, "handoff": 1, "contact": 1}
    assert TurnStore(database).forget("conversation-1") == 0
    database.close()


def test_a_purge_takes_what_hangs_on_the_turns_that_go_and_leaves_the_rest(database_url: str) -> None:
    database = a_database(database_url)
    three_turns_and_another(database)
    for turn_id in ("turn-1", "turn-2", "turn-3"):
        with_all_that_can_hang_on_it(database, turn_id)
    assert TurnStore(database).purge(NOON + timedelta(minutes=2)) == 2
    assert counts(database_url) == {"turn": 2, "feedback": 2, "handoff": 2, "contact": 2}
    assert [turn.id for turn in TurnStore(database).conversation("conversation-1")] == ["turn-2", "turn-3"]
    database.close()


def test_what_was_forgotten_stands_nowhere_in_the_files_of_the_database(tmp_path: Path) -> None:
    database = a_database(f"sqlite:///{tmp_path}/bot.sqlite3")
    store = TurnStore(database)
    for number in range(50):
        store.record(a_turn(number, question=f"A question about hedgehogs {number}"))
    assert store.forget("conversation-1") == 50
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert [name for name, content in files.items() if b"hedgehogs" in content] == []
    database.close()


def test_after_an_error_nothing_of_a_transaction_is_kept(database_url: str) -> None:
    database = a_database(database_url)
    TurnStore(database).record(a_turn())
    try:
        with database.transaction() as connection:
            connection.execute(text("DELETE FROM turn"))
            raise LookupError
    except LookupError:
        pass
    assert counts(database_url)["turn"] == 1
    with database.transaction() as connection:
        connection.execute(text("DELETE FROM turn"))
    assert counts(database_url)["turn"] == 0
    # The connection goes back as it came: the next statement stands alone again.
    TurnStore(database).record(a_turn())
    assert counts(database_url)["turn"] == 1
    database.close()
