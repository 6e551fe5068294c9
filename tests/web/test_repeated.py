"""A question that comes again gets the same answer, as a turn of its own, until something that it hangs on changes."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from flask.testing import FlaskClient

from bot import wiring
from bot.answering.answer import Answerer
from bot.dialogue.repeated import RepeatedAnswers
from bot.indexing.index import open_current
from bot.indexing.store import BuildStore
from bot.settings import Settings
from bot.storage.connections import Database
from bot.storage.memory import TurnStore
from bot.triage.curating.curating import Curating
from bot.triage.curating.draft import Chosen, Draft
from bot.triage.people.account import Staff
from tests.factories import corpus, make_build

QUESTION = "what is a gene"
TOKEN = "t" * 32
# What is new answers within a second; the rest is for a machine that is busy with other tests.
PATIENCE_S = 30.0
ADA, BEA = (Staff(name, name, "editor", False, False, False, datetime.now(UTC)) for name in ("ada", "bea"))  # type: ignore[arg-type]


@dataclass
class Here:
    """A service on a small Build, and what its staff and editors do."""

    client: FlaskClient
    folder: Path
    database: Database

    def ask(self, message: str = QUESTION, **more: object) -> dict[str, Any]:
        answer = self.client.post("/api/v1/chat", json={"message": message, **more})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json
        return found

    def repeated(self) -> float:
        """How many answers were not found again, as /metrics tells it."""
        text = self.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
        (count,) = re.findall(r"^explainer_answers_repeated_total (\S+)$", text, re.MULTILINE)
        return float(count)

    def is_recalled(self, message: str = QUESTION, **more: object) -> bool:
        before = self.repeated()
        self.ask(message, **more)
        return self.repeated() > before

    def approve(self, draft: Draft, *, edited: str | None = None, seen: int = 0) -> str:
        """Have a draft, or an edit of one, approved by somebody else."""
        curating, answerer = Curating(self.database), self.answerer()
        curated_id = edited or curating.begin(draft, by=ADA)
        if edited:
            curating.edit(edited, seen, draft, by=ADA)
        vectors = np.stack([answerer.wording_vectors(wording) for wording in draft.wordings])
        model = open_current(BuildStore(self.folder))[0].encoder.card.sha256
        assert curating.approve(curated_id, seen + 1, vectors, model, by=BEA) == seen + 1
        return curated_id

    def answerer(self) -> Answerer:
        return Answerer(open_current(BuildStore(self.folder))[0])


def said(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without the names of its turn."""
    return {key: value for key, value in answer.items() if key not in {"conversation_id", "turn_id", "feedback_token"}}


def soon(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Here]:
    make_build(tmp_path / "indexes")
    url = f"sqlite:///{tmp_path}/bot.sqlite3"
    app = wiring.build_app(Settings(index=tmp_path / "indexes", database_url=url, metrics_token=TOKEN))
    database = Database(url)
    yield Here(app.test_client(), tmp_path / "indexes", database)
    database.close()


def test_it_gets_the_same_answer_as_a_turn_of_its_own_and_staff_see_why(here: Here) -> None:
    first, again = here.ask(), here.ask()
    assert here.repeated() == 1
    assert said(again) == said(first)
    assert first["snippets"]
    assert len({one[name] for one in (first, again) for name in ("turn_id", "conversation_id", "feedback_token")}) == 6
    turns = TurnStore(here.database)
    for one in (first, again):
        (kept,) = turns.conversation(one["conversation_id"])
        assert kept.question == QUESTION
        why = msgspec.json.decode(turns.trace(one["turn_id"]) or "")
        assert why["safety"] is not None
        assert [look["text"] for look in why["looked"]] == [QUESTION]
        assert why["looked"][0]["candidates"][0]["outcome"] == "taken"
    vote = {"turn_id": again["turn_id"], "feedback_token": again["feedback_token"], "verdict": "up"}
    assert here.client.post("/api/v1/feedback", json=vote).status_code < 300


def test_only_a_question_that_stands_alone_is_recalled(here: Here) -> None:
    here.ask()
    begun = here.ask("what is the heart")
    assert not here.is_recalled(conversation_id=begun["conversation_id"])
    assert not here.is_recalled("what is a cell")
    assert here.is_recalled()


def test_a_cry_for_help_is_never_recalled(here: Here) -> None:
    assert {here.ask("my son has stopped breathing")["status"] for _ in range(3)} == {"referred_emergency"}
    assert here.repeated() == 0


def test_words_of_a_family_are_in_nothing_that_is_held(here: Here) -> None:
    for message in ("could a gene be tame", "what is quixotitis", "what is a genne", "is it a gene for Zebulon"):
        here.ask(message)
    build = here.ask()["build"]
    # By its type alone: isinstance would ask what stands in for others, which warns.
    caches = [one for one in gc.get_objects() if type(one) is RepeatedAnswers]
    held = [entry for cache in caches for entry in cache._entries.items() if entry[1].answer.build == build]
    told = repr([(key, entry.answer, entry.trace) for key, entry in held]).casefold()
    assert held
    assert not {"tame", "quixotitis", "genne", "zebulon"} & set(re.findall(r"\w+", told))


def test_a_new_build_and_so_a_withdrawn_source_end_it(here: Here) -> None:
    before = here.ask()
    assert here.is_recalled()
    sources = [source for source in corpus() if source.id != "genes"]
    build = make_build(here.folder, sources).build
    assert soon(lambda: here.ask()["build"] == build)
    after = here.ask()
    assert all(snippet["source"]["id"] != "genes" for snippet in (*after["snippets"], *after["near"]))
    assert said(after) != said(before)


def test_an_answer_that_is_approved_edited_or_retired_ends_it(here: Here) -> None:
    assert here.ask()["snippets"][0]["source"]["id"] == "genes"
    assert here.is_recalled()
    draft = Draft((QUESTION,), "A gene is what we approved.", author="Sam")
    curated_id = here.approve(draft)
    assert soon(lambda: here.ask()["snippets"][0]["text"] == draft.text)
    assert soon(here.is_recalled)
    assert here.ask()["snippets"][0]["text"] == draft.text
    edited = Draft((QUESTION,), "A gene is what we have put better.", author="Sam")
    here.approve(edited, edited=curated_id, seen=1)
    assert soon(lambda: here.ask()["snippets"][0]["text"] == edited.text)
    Curating(here.database).retire(curated_id, by=BEA)
    assert soon(lambda: here.ask()["snippets"][0]["source"]["id"] == "genes")


def test_a_wording_that_is_approved_for_a_passage_ends_it(here: Here) -> None:
    wording = "what mends the day"
    before = here.ask(wording)
    source = here.answerer().source("hearts")
    assert source is not None
    span = (0, len("The heart is a pump."))
    chosen = Chosen("hearts", sha256(source.text.encode()).hexdigest(), span)
    here.approve(Draft((wording,), source.text[slice(*span)], chosen=chosen))
    assert soon(lambda: said(here.ask(wording)) != said(before))
    assert here.ask(wording)["snippets"][0]["text"] == "The heart is a pump."


def test_no_more_are_held_than_the_setting_says_and_none_with_0(tmp_path: Path) -> None:
    make_build(tmp_path / "indexes")
    for most, recalled in ((0, [False, False]), (1, [True, False]), (2, [True, True])):
        url = f"sqlite:///{tmp_path}/{most}.sqlite3"
        settings = Settings(index=tmp_path / "indexes", database_url=url, metrics_token=TOKEN, repeated_answers=most)
        here = Here(wiring.build_app(settings).test_client(), tmp_path / "indexes", Database(url))
        for message in ("what is the heart", QUESTION):
            here.ask(message)
        assert [here.is_recalled(message) for message in (QUESTION, "what is the heart")] == recalled
