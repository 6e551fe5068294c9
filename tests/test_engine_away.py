"""While the engine that searches vectors is away, families are told so and offered a person, and whoever is in danger
gets whom to call; when it is back, questions are answered again. A real PostgreSQL.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from bot import wiring
from bot.answering.retrieve import retrieve
from bot.answering.weights import LIMITS
from bot.cli import main
from bot.errors import IndexMismatch, IndexUnavailable
from bot.indexing.bucket import Bucket
from bot.indexing.following import Follower
from bot.indexing.manifest import read_manifest
from bot.indexing.publishing import parts_there, publish
from bot.indexing.store import BuildStore
from bot.settings import Settings
from bot.storage.connections import Database
from bot.wiring.engines import engine_on, parts_of
from tests.factories import FakeEncoder, corpus, make_build
from tests.real_engine import RealEngine, real_engine

IN_DANGER = "I want to kill myself"


@pytest.fixture(scope="module")
def server() -> Iterator[RealEngine]:
    with real_engine() as made:
        yield made


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Candidates are proposed, as in a corpus that is too large to read all of it."""
    assert retrieve.__kwdefaults__ is not None
    monkeypatch.setitem(retrieve.__kwdefaults__, "limits", replace(LIMITS, whole_corpus=0))


@pytest.fixture
def here(server: RealEngine, large: None, tmp_path: Path) -> Iterator[FlaskClient]:
    make_build(tmp_path / "indexes", engine=engine_on(Database(server.url)))
    settings = replace(
        Settings(),
        index=tmp_path / "indexes",
        database_url=f"sqlite:///{tmp_path / 'bot.sqlite3'}",
        engine=server.url,
        repeated_answers=0,
        metrics_token="m" * 32,
    )
    app = wiring.build_app(settings)
    app.extensions["begin_work"]()
    return app.test_client()


def ask(here: FlaskClient, message: str) -> dict[str, object]:
    response = here.post("/api/v1/chat", json={"message": message})
    assert response.status_code == 200
    answer: dict[str, object] = response.json
    return answer


def test_families_are_told_and_offered_a_person_and_who_is_in_danger_gets_whom_to_call(
    here: FlaskClient, server: RealEngine
) -> None:
    assert ask(here, "what is a gene?")["status"] == "answered"
    assert "engine_away" not in here.get("/readyz").json
    server.stop()
    refused = ask(here, "what is a gene?")
    assert refused["status"] == "unanswered_unavailable"
    assert "Ask a person" in str(refused["message"])
    assert (refused["suggestions"], refused["snippets"]) == ([], [])
    danger = ask(here, IN_DANGER)
    assert danger["status"] == "referred_crisis"
    assert ask(here, "hello")["status"] == "smalltalk_greeting"
    ready = here.get("/readyz")
    assert (ready.status_code, bool(ready.json["engine_away"])) == (200, True)
    told = here.get("/metrics", headers={"Authorization": f"Bearer {'m' * 32}"}).text
    assert "explainer_engine_up 0.0" in told
    # Staff's search and the API's have no Answer to say it in.
    assert here.get("/api/v1/search?q=gene").status_code == 503
    server.start()
    assert ask(here, "what is a gene?")["status"] == "answered"
    assert "engine_away" not in here.get("/readyz").json


def test_an_engine_that_hangs_is_not_waited_for_again_and_again(here: FlaskClient, server: RealEngine) -> None:
    assert ask(here, "what is a gene?")["status"] == "answered"
    server.pause()
    try:
        first = ask(here, "what is a gene?")
        assert [ask(here, "what is a gene?")["status"] for _ in range(30)] == [first["status"]] * 30
    finally:
        server.resume()
    assert first["status"] == "unanswered_unavailable"


def test_a_server_starts_while_its_engine_is_away(here: FlaskClient, server: RealEngine, tmp_path: Path) -> None:
    server.stop()
    settings = replace(
        Settings(),
        index=tmp_path / "indexes",
        database_url=f"sqlite:///{tmp_path / 'other.sqlite3'}",
        engine=server.url,
    )
    there = wiring.build_app(settings).test_client()
    assert ask(there, IN_DANGER)["status"] == "referred_crisis"
    assert ask(there, "what is a gene?")["status"] == "unanswered_unavailable"
    server.start()
    assert ask(there, "what is a gene?")["status"] == "answered"


def test_a_build_that_was_made_before_there_was_an_engine_is_published_by_a_command(
    server: RealEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_build(tmp_path, corpus()[:4])
    settings = replace(Settings(), index=tmp_path, engine=server.url)
    with pytest.raises(IndexUnavailable, match="its part in the engine"):
        wiring.open_dialogue(wiring.store_of(settings))
    monkeypatch.setenv("BOT_ENGINE", server.url)
    publish = ["builds", "publish", "--index", str(tmp_path), "--prune"]
    first, again = (CliRunner().invoke(main, publish) for _ in range(2))
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "vectors are in the engine" in first.stdout
    assert "already" in again.stdout
    assert wiring.open_dialogue(wiring.store_of(settings))[1] == []
    monkeypatch.delenv("BOT_ENGINE")
    assert "BOT_ENGINE" in CliRunner().invoke(main, publish).stderr


def test_a_machine_takes_no_build_from_the_bucket_that_the_engine_does_not_hold(
    server: RealEngine, tmp_path: Path
) -> None:
    made = make_build(tmp_path / "made", corpus()[:2])
    bucket = Bucket(f"file://{tmp_path}/shared")
    bucket.push(made.path, keep=1)
    store = BuildStore(tmp_path / "here", engine=engine_on(Database(server.url)))
    with pytest.raises(IndexMismatch, match="its part in the engine"):
        Follower(bucket, store).pull()
    assert store.builds() == []
    publish(store.engine, made.path, read_manifest(made.path))  # type: ignore[arg-type]
    assert Follower(bucket, store).pull().build == made.build


def test_an_ingest_removes_from_the_engine_what_makes_room_and_nothing_of_others(
    server: RealEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.indexing.sentence_transformer.SentenceTransformerEncoder", lambda _: FakeEncoder())
    monkeypatch.setattr("bot.wiring.builds.find_model", lambda _: None)
    engine = engine_on(Database(server.url))
    assert engine is not None
    before = parts_there(engine)
    settings = replace(Settings(), index=tmp_path / "indexes", engine=server.url, keep_builds=2)
    corpus_file = tmp_path / "corpus.jsonl"
    for topic in ("gene", "heart", "sleep"):
        line = {"_id": topic, "title": topic, "text": f"The {topic} is a thing. A {topic} has two parts."}
        corpus_file.write_text(f"{json.dumps(line)}\n", encoding="utf-8")
        wiring.ingest(settings, [corpus_file], lambda step, done, total: None)
    kept = parts_of(wiring.store_of(settings))
    assert len(kept) == 2
    assert parts_there(engine) == before | kept
