"""A seeded console has a queue as after a day's work, asked through the chat as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.settings import Settings
from bot.storage.connections import Database
from bot.triage.replying.replies import Replies
from bot.triage.tickets.gists import Gists
from bot.triage.tickets.queue import Filter, Queue
from bot.triage.tickets.reading import Tickets
from tests.triage.queues import first_word


@pytest.mark.model
@pytest.mark.slow
def test_a_seeded_queue_has_each_kind_of_ticket_and_no_name_of_a_family(shipped: Settings, tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite3"
    environment = {"DATABASE_URL": f"sqlite:///{file}", "BOT_INDEX": str(shipped.index)}
    done = CliRunner().invoke(main, ["seed", "--turns", "30", "--tickets", "5"], env=environment)
    assert done.exit_code == 0, done.output
    database = Database(environment["DATABASE_URL"])
    rows = [row for row in Queue(database, Gists(), first_word).page(Filter(status="any")).rows if "seed" not in row.id]
    assert {row.status for row in rows} >= {"open", "pending", "snoozed", "resolved"}
    assert [row.status for row in rows if row.priority == 0] == ["open", "open"]
    assert any(row.assignee for row in rows)
    assert any(row.labels for row in rows)
    assert any(Replies(database).of_ticket(row.id) for row in rows)
    whole = [found for row in rows if (found := Tickets(database).read(row.id))]
    kinds = {event.kind for one in whole for event in one.events}
    assert {"note", "merge", "reply"} <= kinds
    kept = file.read_bytes() + file.with_name("bot.sqlite3-wal").read_bytes()
    assert [name for name in (b"Marta", b"Ekdahl", b"Olle", b"Lena", b"Jonas", b"0171 555") if name in kept] == []
