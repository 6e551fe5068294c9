"""From gap to answer in one place, and one sentence for why an answer is what it is."""

from __future__ import annotations

import json
import re
import time
import zlib
from collections.abc import Iterator

import pytest
from sqlalchemy import update

from bot.answering.trace import AnswerTrace
from bot.storage.tables import Turn
from bot.triage.tickets.filtering import Filter
from bot.web.staff.explaining import in_one_sentence
from tests.patience import PATIENCE_S

from .desks import Browser, Console, a_console
from .test_near import TRACE
from .test_staff_queue import asked, field


@pytest.fixture
def here(database_url: str) -> Iterator[Console]:
    console = a_console(database_url)
    yield console
    console.database.close()


def gap_of(here: Console) -> str:
    return here.desk.queue.page(Filter()).rows[0].id


def add_wordings(browser: Browser, gap: str, source: str) -> str:
    """Press the button beside the first passage of a source, as the page is shown; the page that comes."""
    page = browser.get(f"/staff/gaps/{gap}").text
    passage = f"{source}#0"
    wordings = re.findall(r'name="wording" value="([^"]+)" checked', page)
    sentences = re.findall(rf'name="sentence:{passage}" value="(\d+)" checked', page)
    sent = browser.post(f"/staff/gaps/{gap}/bank", page=f"/staff/gaps/{gap}", find=field(page, "find"),
                        passage=passage, wording=wordings, **{f"sentence:{passage}": sentences})  # fmt: skip
    assert sent.status_code == 200, re.findall(r'role="alert">([^<]+)', sent.text)
    return sent.text


def test_wordings_for_a_passage_are_live_once_another_approved_them_and_lead_back_to_the_ticket(here: Console) -> None:
    asked(here, "zebra stripes?", "zebra foals?")
    gap, bea, cara = gap_of(here), here.client("bea", "editor"), here.client("cara", "editor")
    page = add_wordings(bea, gap, "genes")
    assert "somebody else has to approve it" in page
    assert "What would change" in page
    (curated_id,) = set(re.findall(r"/staff/curated/(answer-[0-9a-f]+)/effects", page))
    assert "Review<" in cara.get("/staff/curated").text
    looked = field(cara.post(f"/staff/curated/{curated_id}/effects", ticket=gap).text, "looked")
    done = cara.post(f"/staff/curated/{curated_id}/approve", number=1, looked=looked, ticket=gap)
    assert done.headers["Location"] == f"/staff/tickets/{gap}"
    # Whoever looked a moment ago sees it at the next look, half a second later.
    until = time.monotonic() + PATIENCE_S
    while "Approved answers" not in cara.get(f"/staff/tickets/{gap}/suggestions").text:
        assert time.monotonic() < until
        time.sleep(0.1)
    row = here.desk.curating.one(curated_id)
    assert row is not None
    assert (row.approved, row.latest.draft.wordings) == (1, ("zebra stripes?", "zebra foals?"))


def test_they_are_exported_as_lines_of_the_question_bank(here: Console) -> None:
    asked(here, "zebra stripes?")
    bea = here.client("bea", "editor")
    page = add_wordings(bea, gap_of(here), "genes")
    (curated_id,) = set(re.findall(r"/staff/curated/(answer-[0-9a-f]+)/effects", page))
    lines = bea.get(f"/staff/curated/{curated_id}.jsonl")
    assert "genes.jsonl" in lines.headers["Content-Disposition"]
    (line,) = map(json.loads, lines.text.splitlines())
    source = FakeSource.text_of(here, "genes")
    assert line["text"] == "zebra stripes?"
    assert all(quote in source for quote in line["quotes"])


class FakeSource:
    @staticmethod
    def text_of(here: Console, source_id: str) -> str:
        service = next(one for one in here.app.extensions.values() if hasattr(one, "answerer"))
        return service.answerer.source(source_id).text


def test_nothing_ticked_is_refused_and_says_what_to_do(here: Console) -> None:
    asked(here, "zebra?")
    bea, gap = here.client("bea", "editor"), gap_of(here)
    refused = bea.post(f"/staff/gaps/{gap}/bank", find="zebra?", passage="genes#0", wording="zebra?")
    assert refused.status_code == 422
    assert "Tick one to three sentences" in refused.text


def test_why_begins_with_one_sentence_and_the_numbers_stand_behind_details(here: Console) -> None:
    asked(here, "zebra?")
    with here.database.transaction() as connection:
        connection.execute(update(Turn).values(trace=zlib.compress(json.dumps(TRACE).encode())))
    amir = here.client("amir")
    whole = here.desk.tickets.read(gap_of(here))
    assert whole is not None
    page = amir.get(f"/staff/turns/{whole.askings[0].turn_id}").text
    why = page[page.index("Why did it say this?") :]
    assert why.index("“Genes” answers it") < why.index("Considered and left out") < why.index(">Details")
    assert re.search(r"\d\.\d\d", why[: why.index(">Details")]) is None


def test_a_message_that_was_not_looked_up_says_so() -> None:
    assert in_one_sentence("smalltalk_thanks", AnswerTrace("b", None, None, (), 1.0)) == (
        "It was answered before anything was looked up."
    )
