"""What a family wrote is nowhere any more once it removed its conversation, or once it is too old to be kept.

Everything is filled through the doors that families and staff use, and then every column of every table is read.
"""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import make_url, text, update

from bot import wiring
from bot.cli import main
from bot.settings import Settings
from bot.storage.connections import Database
from bot.storage.database import make_engine
from bot.storage.tables import Base
from bot.triage.curating.curating import CuratedRow, Curating
from bot.triage.curating.draft import Draft

from .desks import Browser, Console, a_console
from .factories import chat
from .test_staff_curated import approve, drafted
from .test_staff_queue import field, ticket_path

# Words that nothing but the family would write, in any form.
TELLING = ("quokkamoon", "thimbleday")
QUESTION = "zebra quokkamoon cannot swallow since thimbleday, is that known?"
OWN = "Can somebody swallow worse for a while?"


@pytest.fixture
def here(database_url: str) -> Iterator[Console]:
    made = a_console(database_url)
    yield made
    made.database.close()


def where_words_are(database_url: str) -> list[str]:
    """Every place that has a telling word: columns by table, and the bytes of the file where it is one."""
    engine, found = make_engine(database_url), []
    with engine.connect() as connection:
        names = [row[0] for row in connection.execute(text(_TABLES[engine.dialect.name]))]
        for name in names:
            for row in connection.execute(text(f'SELECT * FROM "{name}"')).mappings():
                found += [f"{name}.{column}" for column, value in row.items() if is_telling(value)]
    engine.dispose()
    path = make_url(database_url).database if engine.dialect.name == "sqlite" else None
    files = Path(path).parent.glob(f"{Path(path).name}*") if path else []
    return sorted({*found, *(file.name for file in files if is_telling(file.read_bytes()))})


_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


def is_telling(value: Any) -> bool:
    said = value if isinstance(value, bytes) else str(value).encode()
    if isinstance(value, bytes) and value[:1] == b"x":
        said = zlib.decompress(value)
    return any(word.encode() in said.lower() for word in TELLING)


def written_everywhere(here: Console) -> str:
    """A conversation whose words are wherever a family or staff can bring them; its id."""
    here.add("boss", "admin")
    (by,) = here.desk.accounts.all()
    for with_words in (True, False):
        here.desk.webhooks.add(
            "https://hooks.example.org/x", ["ticket.opened", "ticket.resolved", "answer.approved"],
            with_words=with_words, by=by,
        )  # fmt: skip
    family = here.app.test_client()
    answer = chat(family, QUESTION).json
    told = {"turn_id": answer["turn_id"], "feedback_token": answer["feedback_token"]}
    family.post("/api/v1/feedback", json={**told, "verdict": "down", "comment": "Not since thimbleday."})
    family.post("/api/v1/handoff", json={"turn_id": answer["turn_id"], "note": "quokkamoon!", "contact": "a@b.org"})
    chat(family, "and after thimbleday?", conversation_id=answer["conversation_id"])
    worked_on(here)
    return str(answer["conversation_id"])


def worked_on(here: Console) -> None:
    amir, bea = here.client("amir"), here.client("bea", "editor")
    path = ticket_path(amir)
    amir.post(f"{path}/notes", note="Their quokkamoon worries me.")
    version = field(amir.get(path).text, "version")
    amir.post(f"{path}/replies", text="About quokkamoon: call us.", signed="Sam", to="all", do="send", version=version)
    amir.post("/staff/views", name="mine", query="status=open&words=quokkamoon&like=thimbleday+again")
    link = re.search(r'href="(/staff/curated/new\?ticket=[^"]+)"', amir.get(path).text)
    assert link is not None
    form = html.unescape(amir.get(link[1]).text)
    assert QUESTION in form
    # One begun as the form offers it, one with words of staff's own, one approved and then given the family's wording.
    drafted(amir, wordings=QUESTION, text="About quokkamoon: call us.")
    drafted(amir, wordings=f"{QUESTION}\r\n{OWN}", text="Ask the care team.")
    approved = drafted(amir, wordings=OWN, text="It may pass.")
    approve(bea, approved)
    amir.post(f"{approved}/wordings", number=1, wording="quokkamoon cannot swallow since thimbleday, is that")
    assert here.desk.curating.all()[0].latest.number == 2


def kept(here: Console) -> list[CuratedRow]:
    return sorted(here.desk.curating.all(), key=lambda row: row.state)


def test_a_removed_conversation_leaves_no_word_in_any_column_of_any_table(here: Console, database_url: str) -> None:
    conversation_id = written_everywhere(here)
    there = where_words_are(database_url)
    assert {"turn.question", "feedback.comment", "handoff.note", "reply.text", "delivery.body"} <= set(there)
    assert {"ticket_event.text", "curated_version.wordings", "curated_version.text"} <= set(there)
    removed = here.app.test_client().delete(f"/api/v1/conversations/{conversation_id}")
    assert removed.json["removed"] == 2
    assert where_words_are(database_url) == []


def test_staffs_own_words_stay_when_a_family_removes_its_own(here: Console) -> None:
    conversation_id = written_everywhere(here)
    here.app.test_client().delete(f"/api/v1/conversations/{conversation_id}")
    assert [(row.state, row.latest.draft.wordings, row.latest.draft.text) for row in kept(here)] == [
        ("draft", (OWN,), "Ask the care team."),
        ("edited", (OWN,), "It may pass."),
    ]


def test_what_another_family_asked_stays(here: Console, database_url: str) -> None:
    conversation_id = written_everywhere(here)
    amir = here.client("carl")
    drafted(amir, wordings="Do lions sleep all day long?", text="They do.")
    chat(here.app.test_client(), "Do lions sleep all day long?")
    here.app.test_client().delete(f"/api/v1/conversations/{conversation_id}")
    assert ("Do lions sleep all day long?",) in [row.latest.draft.wordings for row in kept(here)]
    assert where_words_are(database_url) == []


def test_the_command_that_purges_leaves_no_word_either(here: Console, database_url: str) -> None:
    written_everywhere(here)
    here.database.close()
    purged = CliRunner().invoke(main, ["purge", "--older-than", "0"], env={"DATABASE_URL": database_url})
    assert purged.exit_code == 0, purged.output
    assert where_words_are(database_url) == []


def test_purging_in_the_console_takes_words_of_old_turns_out_of_new_drafts(here: Console, database_url: str) -> None:
    written_everywhere(here)
    aged(here, "turn", "asked_at")
    boss = Browser(here.app.test_client())
    boss.sign_in("boss")
    boss.post("/staff/settings/purge", sure="yes")
    # A delivery that waits is removed with the turn whose words it has; what was sent is as old as it.
    assert where_words_are(database_url) == []
    assert [row.state for row in kept(here)] == ["draft", "edited"]


def test_a_draft_in_other_words_goes_when_it_is_as_old_as_a_turn_may_get_and_what_was_approved_stays(
    here: Console, database_url: str
) -> None:
    amir, bea = here.client("amir"), here.client("bea", "editor")
    drafted(amir, wordings="What is this quokkamoon thing?")
    approved = drafted(amir, wordings=OWN, text="It may pass.")
    approve(bea, approved)
    aged(here, "curated_version", "made_at", days=29)
    assert purged_after_thirty_days(database_url) == 2
    aged(here, "curated_version", "made_at", days=31)
    assert purged_after_thirty_days(database_url) == 1
    assert where_words_are(database_url) == []
    assert [row.state for row in kept(here)] == ["approved"]


def purged_after_thirty_days(database_url: str) -> int:
    """How many answers are left."""
    assert CliRunner().invoke(main, ["purge"], env={"DATABASE_URL": database_url}).exit_code == 0
    database = Database(database_url)
    left = len(Curating(database).all())
    database.close()
    return left


def aged(here: Console, table: str, column: str, days: int = 31) -> None:
    columns = Base.metadata.tables[table]
    with here.database.statement() as connection:
        connection.execute(update(columns).values({column: datetime.now(UTC) - timedelta(days=days)}))


def test_the_memory_that_serves_takes_words_out_of_drafts(database_url: str) -> None:
    here = a_console(database_url)
    conversation_id = written_everywhere(here)
    memory = wiring.open_memory(Settings(database_url=database_url), here.database)
    assert memory.forget(conversation_id) == 2
    assert where_words_are(database_url) == []
    here.database.close()


def test_a_filter_is_kept_without_the_words_looked_for_and_that_is_said(here: Console) -> None:
    amir = here.client("amir")
    amir.post("/staff/views", name="mine", query="status=open&words=quokkamoon&like=thimbleday&site=a%26b")
    page = amir.get("/staff/").text
    assert 'href="/staff/?status=open&amp;site=a%26b"' in page
    assert "Kept without the words looked for" in page
    amir.post("/staff/views", name="other", query="status=pending")
    assert "Kept without" not in amir.get("/staff/").text


def test_the_id_of_an_answer_says_nothing_of_its_wording(here: Console) -> None:
    here.add("amir")
    (by,) = here.desk.accounts.all()
    draft = Draft(("why quokkamoon",), "Nobody knows.", "Sam")
    ids = {here.desk.curating.begin(draft, by=by) for _ in range(20)}
    assert len(ids) == 20
    assert all(re.fullmatch(r"answer-[0-9a-f]{16}", one) for one in ids)
