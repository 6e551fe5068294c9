"""Answers for everyone: written, approved by somebody else, served, edited, retired; nothing is overwritten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.reading.corpus import read_corpus
from bot.storage.audit import AuditLog
from bot.storage.connections import Database
from bot.triage.curating.curating import Curating
from bot.triage.curating.draft import Chosen, Draft, source_of, tidied, what_is_wrong
from bot.triage.curating.exporting import as_markdown
from bot.triage.curating.live import LiveCurated

from .queues import Desk

TODAY = date(2026, 11, 23)
DRAFT = Draft(("Can he swim with a tube?", "swimming with a g-tube"), "Ask the care team. Many do.", "Sam", TODAY)
VECTORS = np.ones((2, 2, 4), dtype=np.float32) / 2
MODEL = "m" * 64


def no_vectors(text: str) -> np.ndarray:
    raise AssertionError("vectors that were kept are not made again")


@pytest.fixture
def curating(desk: Desk) -> Curating:
    return Curating(desk.database)


def served(database: Database) -> list[str]:
    """The texts that a worker that just started would serve."""
    live = LiveCurated(database)
    return [entry.source.text for entry in live.entries(no_vectors, MODEL) if entry.source]


def test_an_answer_is_served_once_somebody_else_approved_it(desk: Desk, curating: Curating) -> None:
    amir, bea = desk.person(), desk.person("bea")
    curated_id = curating.begin(DRAFT, by=amir)
    assert "swim" not in curated_id
    assert served(desk.database) == []
    assert curating.approve(curated_id, 1, VECTORS, MODEL, by=amir) == "own_words"
    assert served(desk.database) == []
    assert curating.approve(curated_id, 1, VECTORS, MODEL, by=bea) == 1
    assert served(desk.database) == ["Ask the care team. Many do."]
    entries = AuditLog(desk.database).entries(limit=2)
    assert [(one.account_name, one.action, one.object) for one in entries] == [
        ("bea", "curated.approve", curated_id),
        ("amir", "curated.draft", curated_id),
    ]


def test_where_one_pair_of_eyes_is_enough_an_editor_approves_their_own(desk: Desk) -> None:
    amir, curating = desk.person(), Curating(desk.database, four_eyes=False)
    assert curating.approve(curating.begin(DRAFT, by=amir), 1, VECTORS, MODEL, by=amir) == 1


def test_an_edit_is_served_only_when_it_is_approved_and_every_version_stays(desk: Desk, curating: Curating) -> None:
    amir, bea = desk.person(), desk.person("bea")
    curated_id = curating.begin(DRAFT, by=amir)
    curating.approve(curated_id, 1, VECTORS, MODEL, by=bea)
    later = Draft(DRAFT.wordings, "Ask first.", "Sam", TODAY)
    assert curating.edit(curated_id, 1, later, by=amir) == 2
    assert served(desk.database) == ["Ask the care team. Many do."]
    row = curating.one(curated_id)
    assert row is not None
    assert (row.state, row.approved) == ("edited", 1)
    assert curating.approve(curated_id, 1, VECTORS, MODEL, by=bea) == "conflict"
    assert curating.approve(curated_id, 2, VECTORS, MODEL, by=bea) == 2
    assert served(desk.database) == ["Ask first."]
    assert [version.draft.text for version in curating.versions(curated_id)] == ["Ask first.", DRAFT.text]


def test_of_fifty_edits_at_once_one_is_kept_and_the_others_are_told(desk: Desk, curating: Curating) -> None:
    amir = desk.person()
    curated_id = curating.begin(DRAFT, by=amir)
    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(lambda _: curating.edit(curated_id, 1, DRAFT, by=amir), range(50)))
    assert (outcomes.count(2), outcomes.count("conflict")) == (1, 49)


def test_what_is_retired_is_not_served_and_stays(desk: Desk, curating: Curating) -> None:
    amir, bea = desk.person(), desk.person("bea")
    curated_id = curating.begin(DRAFT, by=amir)
    curating.approve(curated_id, 1, VECTORS, MODEL, by=bea)
    assert curating.retire(curated_id, by=bea) is True
    assert curating.retire(curated_id, by=bea) is False
    assert served(desk.database) == []
    row = curating.one(curated_id)
    assert row is not None
    assert row.state == "retired"


def test_a_worker_sees_an_approval_within_a_second_and_reads_nothing_while_nothing_changes(
    desk: Desk, curating: Curating
) -> None:
    seconds = [0.0]
    live = LiveCurated(desk.database, clock=lambda: seconds[0])
    before = live.entries(no_vectors, MODEL)
    curated_id = curating.begin(DRAFT, by=desk.person())
    curating.approve(curated_id, 1, VECTORS, MODEL, by=desk.person("bea"))
    assert live.entries(no_vectors, MODEL) is before
    seconds[0] += 0.6
    after = live.entries(no_vectors, MODEL)
    assert [entry.id for entry in after] == [curated_id]
    seconds[0] += 0.6
    assert live.entries(no_vectors, MODEL) is after


def test_vectors_of_another_model_are_made_again(desk: Desk, curating: Curating) -> None:
    curated_id = curating.begin(DRAFT, by=desk.person())
    curating.approve(curated_id, 1, VECTORS, MODEL, by=desk.person("bea"))
    (entry,) = LiveCurated(desk.database).entries(lambda text: np.zeros((2, 8), dtype=np.float32), "another")
    assert entry.vectors.shape == (2, 2, 8)


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        (Draft((), "Yes.", "Sam", TODAY), "There are 0 wordings"),
        (Draft(tuple("abcdefghijklmnopqrstu"), "Yes.", "Sam", TODAY), "There are 21 wordings"),
        (Draft(("x" * 301,), "Yes.", "Sam", TODAY), "more than 300 characters"),
        (Draft(("Why?",), "", "Sam", TODAY), "0 sentences"),
        (Draft(("Why?",), "One. Two. Three. Four.", "Sam", TODAY), "4 sentences; write 1 to 3"),
        (Draft(("Why?",), "x" * 701, "Sam", TODAY), "701 characters"),
        (Draft(("Why?",), "Yes.", "", TODAY), "Say who wrote"),
        (Draft(("Why?",), "Yes.", "Sam", None), "on which day"),
        (Draft(("Why?",), "Yes.", "Sam", date(2026, 11, 24)), "today or earlier"),
    ],
)
def test_a_draft_outside_the_limits_is_refused_with_what_to_do(draft: Draft, found: str) -> None:
    assert any(found in fault for fault in what_is_wrong(draft, TODAY))


def test_a_draft_is_kept_in_one_form() -> None:
    typed = Draft((" Can  he swim? ", "", "Can he swim?"), "Yes,\n he  can.", "  Sam   S ", TODAY, ("A ", "a", ""))
    kept = tidied(typed)
    assert (kept.wordings, kept.text, kept.author, kept.tags) == (("Can he swim?",), "Yes, he can.", "Sam S", ("a",))
    assert what_is_wrong(kept, TODAY) == []


def test_an_exported_answer_is_read_by_ingest_as_the_same_words(tmp_path: Path) -> None:
    folder = tmp_path / "corpus" / "explainers"
    folder.mkdir(parents=True)
    draft = Draft(
        ('Is it "safe": yes or no?', "- a dash"), "Ask: he knows. #1 is care.", "Sam: editor", TODAY, ("a b",)
    )
    (folder / "can-he-swim.md").write_text(as_markdown("can-he-swim", draft), encoding="utf-8")
    (read,) = read_corpus([folder.parent])
    assert read.text.strip().endswith(draft.text)
    assert (read.id, read.kind, read.title) == ("can-he-swim", "article", draft.wordings[0])
    assert (read.questions, read.tags, read.reviewed_by) == (draft.wordings, ("a b",), "Sam: editor")


def test_staffs_own_words_are_a_source_and_a_chosen_passage_has_its_own() -> None:
    source = source_of("can-he-swim", DRAFT)
    assert source is not None
    assert (source.title, source.text, source.reviewed_on) == (DRAFT.wordings[0], DRAFT.text, "2026-11-23")
    assert source_of("x", Draft(("Why?",), "Yes.", chosen=Chosen("gene", "0" * 64, (0, 4)))) is None


def test_while_the_database_is_away_the_last_answers_hold_and_it_is_not_asked_all_the_time(
    desk: Desk, curating: Curating, caplog: pytest.LogCaptureFixture
) -> None:
    seconds = [0.0]
    curated_id = curating.begin(DRAFT, by=desk.person())
    curating.approve(curated_id, 1, VECTORS, MODEL, by=desk.person("bea"))
    away = Database("postgresql://nobody@127.0.0.1:1/nothing")
    live = LiveCurated(desk.database, clock=lambda: seconds[0])
    held = live.entries(no_vectors, MODEL)
    live._database = away
    for _ in range(10):
        seconds[0] += 0.6
        assert live.entries(no_vectors, MODEL) is held
    assert caplog.text.count("the last ones hold") == 1
