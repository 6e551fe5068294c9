"""The overview and gaps on screen, and their numbers as files."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import get_ident
from xml.etree import ElementTree

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.records import SuggestedQuestion
from bot.storage.remembering import Memory
from bot.storage.turn import TurnRecord
from bot.triage.retention import purge
from bot.triage.seeding import seed
from bot.web.staff.exporting import harmless
from bot.web.staff.presentation import as_typed
from tests.triage.queues import first_word

from .desks import Console, a_console
from .factories import chat

_NUMBERS = count(1)
PAGES = (
    "/staff/", "/staff/?status=any", "/staff/overview", "/staff/gaps", "/staff/curated", "/staff/webhooks",
    "/staff/people", "/staff/audit",
)  # fmt: skip


@pytest.fixture
def here(tmp_path: Path) -> Console:
    return a_console(f"sqlite:///{tmp_path}/bot.sqlite3")


def asked(here: Console, *questions: str) -> None:
    for question in questions:
        assert chat(here.app.test_client(), question).status_code == 200


def test_every_chart_is_a_picture_without_script_and_the_same_numbers_are_in_a_table(here: Console) -> None:
    seed(here.database, [SuggestedQuestion("sleep or not?", "gene")], first_word, turns=200, tickets=20)
    amir = here.client("amir")
    page = amir.get("/staff/overview")
    pictures = re.findall(r'<img src="(/staff/overview/[^"]+)"', page.text)
    assert len(pictures) >= 4
    for path in pictures:
        picture = amir.get(path.replace("&amp;", "&"))
        assert picture.mimetype == "image/svg+xml"
        assert "script-src" not in picture.headers["Content-Security-Policy"]
        assert picture.headers["Content-Security-Policy"].startswith("default-src 'none'")
        root = ElementTree.fromstring(picture.data)
        assert root.tag.endswith("svg")
        assert b"<script" not in picture.data
        assert re.search(rb"(?:href|src)=.http|url\(.?http|@import", picture.data) is None
    assert re.search(r"<th scope=\"row\">[^<]+</th><td>\d+</td><td>\d+</td>", page.text)
    assert amir.get("/staff/overview/nothing.svg").status_code == 404


def test_the_weeks_are_given_as_csv_and_json(here: Console) -> None:
    asked(here, "zebra?", "What is a digital twin?")
    amir = here.client("amir")
    rows = list(csv.DictReader(io.StringIO(amir.get("/staff/overview.csv?weeks=4").text)))
    assert len(rows) == 4
    assert (rows[-1]["questions"], rows[-1]["answered"]) == ("2", "1")
    listed = amir.get("/staff/overview.json?weeks=4")
    assert listed.headers["Content-Disposition"] == 'attachment; filename="overview.json"'
    assert (listed.json[-1]["questions"], listed.json[-1]["answered_share"]) == (2, 0.5)


@pytest.mark.parametrize("text", [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠SUM(A1)", "﹦1", "﹢1", "﹣1",
        "﹫SUM(A1)", " =1", "\u3000=1", "\u00a0＝1", "\ufeff=1", "\u200b=1", "\v=1", "\u202e=1",
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless(-1) == -1
    assert harmless("a=b") == "a=b"


def test_a_gap_has_a_brief_and_begins_an_explainer_from_the_template(here: Console) -> None:
    asked(here, "zebra stripes for Ada?", "zebra stripes at night?")
    amir, bea = here.client("amir"), here.client("bea", "editor")
    found = re.search(r'href="(/staff/gaps/[^"]+)"', amir.get("/staff/gaps").text)
    assert found is not None
    page = amir.get(found[1]).text
    assert "zebra stripes for [name]?" in page
    assert "None of these has the words" in page
    begun = bea.post(f"{found[1]}/explainer", slug="zebra-stripes")
    assert begun.headers["Content-Disposition"] == 'attachment; filename="zebra-stripes.md"'
    assert '\nquestions:\n  - "zebra stripes for [name]?"\n  - "zebra stripes at night?"\n' in begun.text
    assert bea.post(f"{found[1]}/explainer", slug="../etc").status_code == 422
    assert amir.post(f"{found[1]}/explainer", slug="zebra").status_code == 403
    assert amir.get("/staff/gaps/nothing").status_code == 404


def test_no_page_makes_more_queries_when_there_are_more_rows(here: Console) -> None:
    boss, queries, this_thread = here.client("ada", "admin"), [0], get_ident()

    def count(*told: object) -> None:
        # Every engine is listened to, and threads of other tests may still look whether their database is back.
        queries[0] += get_ident() == this_thread

    def counted() -> dict[str, int]:
        here.desk.overviews._kept.clear()
        found = {}
        for path in PAGES:
            queries[0] = 0
            assert boss.get(path).status_code == 200
            found[path] = queries[0]
        return found

    questions = [SuggestedQuestion(f"{word} or not?", "gene") for word in ("sleep", "food", "school")]
    seed(here.database, questions, first_word, turns=30, tickets=3)
    asked(here, "zebra?")
    boss.get("/staff/")
    event.listen(Engine, "before_cursor_execute", count)
    try:
        few = counted()
        for number in range(12):
            asked(here, f"word{number}?")
            here.add(f"person.{number}")
        assert counted() == few
    finally:
        event.remove(Engine, "before_cursor_execute", count)


def test_a_few_numbers_are_told_and_not_drawn_and_are_compared_with_nothing_that_is_not_kept(here: Console) -> None:
    asked(here, "zebra?", "What is a digital twin?", "What is a digital twin really?")
    amir = here.client("amir")
    page = amir.get("/staff/overview").text
    assert '<img src="/staff/overview/questions.svg' not in page
    assert "2 answered, 1 not answered" in page
    assert "so far" in page
    assert "There is nothing to compare with" in page
    assert "the 12 weeks before" not in page
    assert "1 open" in page
    assert "0 pending" in page
    assert "rising" not in amir.get("/staff/gaps").text


def test_after_a_purge_nothing_rises_and_weeks_that_are_not_kept_are_not_shown(here: Console) -> None:
    now = datetime.now(UTC)
    for day in range(60):
        for _ in range(2):
            turn = keep_turn(here, "zebra?", now - timedelta(days=day))
            here.desk.intake.take(turn)
    amir = here.client("amir")
    assert "steady" in amir.get("/staff/gaps?weeks=4").text
    purge(here.database, now - timedelta(days=30))
    page = amir.get("/staff/gaps?weeks=12").text
    assert "rising" not in page
    weeks = re.search(r'class="weeks">([\d ]+)</td>', page)
    assert weeks is not None
    assert "0" not in weeks[1].split()
    here.desk.overviews._kept.clear()
    overview = amir.get("/staff/overview?weeks=12").text
    assert "There is nothing to compare with" in overview
    assert len(re.findall(r'<th scope="row">\d+ \w{3}', overview.split("Answered share")[0])) <= 6


def keep_turn(here: Console, question: str, asked_at: datetime) -> str:
    """A turn that was asked then."""
    number = next(_NUMBERS)
    values = {"id": f"old-{number}", "conversation_id": f"old-{number}", "asked_at": asked_at, "build": "b",
              "status": "unanswered_no_match", "confidence": 0.1, "question": question, "answer": "{}",
              "feedback_token_hash": None}  # fmt: skip
    Memory(here.database, redact=str).record(TurnRecord(**values))  # type: ignore[arg-type]
    return f"old-{number}"


def test_an_explainer_that_a_gap_begins_takes_no_name_that_a_source_has(here: Console) -> None:
    asked(here, "zebra?")
    bea = here.client("bea", "editor")
    path = re.search(r'href="(/staff/gaps/[^"]+)"', bea.get("/staff/gaps").text)
    assert path is not None
    taken = bea.post(f"{path[1]}/explainer", slug="digital-twins-in-medicine")
    assert taken.status_code == 422
    assert "There is a source digital-twins-in-medicine already" in taken.text
    begun = bea.post(f"{path[1]}/explainer", slug="about-zebras")
    assert begun.status_code == 200
    assert "reviewed_on" not in begun.text


def test_words_are_shown_as_they_were_typed_and_not_as_stems() -> None:
    assert as_typed(["germani", "fli", "zzz"], "Can we fly to Germany?") == ["Germany", "fly", "zzz"]
    assert as_typed(["marlow tandi syndrom"], "What is Marlowe-Tandy syndrome?") == ["Marlowe-Tandy syndrome"]
