"""PostgreSQL with pgvector against brute force, and a Build whose part in it is whole, half, or gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from bot.errors import EngineUnavailable, IndexMismatch
from bot.indexing import dense, publishing
from bot.indexing.collection import narrowed
from bot.indexing.dense import DenseIndex
from bot.indexing.engine import Engine, EngineIndex, part_of, search_of
from bot.indexing.index import load_build, open_current
from bot.indexing.manifest import read_manifest
from bot.indexing.publishing import EnginePart, forget, parts_there, publish, publish_part
from bot.indexing.store import BuildStore
from bot.records import Source
from tests.factories import TOPICS, corpus, make_build, source
from tests.indexing.test_dense import brute_force, unit_rows
from tests.real_engine import RealEngine, empty_engine, real_engine

NOTHING: list[tuple[str, ...]] = [()]


@pytest.fixture(scope="module")
def server() -> Iterator[RealEngine]:
    with real_engine() as made:
        yield made


@pytest.fixture
def engine(server: RealEngine) -> Iterator[Engine]:
    with empty_engine(server, f"engine_{uuid4().hex}") as (_, made):
        yield made


def test_the_engine_finds_what_faiss_finds(engine: Engine) -> None:
    vectors = unit_rows(500)
    publish_part(engine, EnginePart("rows", vectors, NOTHING * 500))
    here, there = DenseIndex(vectors), EngineIndex(vectors, engine, "rows")
    for question in unit_rows(20, seed=1):
        rows, cosines = there.search(question, 100)
        expected, their_cosines = here.search(question, 100)
        assert rows.tolist() == expected.tolist()
        assert cosines == pytest.approx(their_cosines, abs=1e-6)


def test_through_its_graph_it_finds_99_of_100_also_among_those_with_a_tag(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "EXACT_ROWS", 1000)
    vectors, seen = unit_rows(3000), np.arange(3000) % 2 == 0
    report = publish_part(engine, EnginePart("rows", vectors, [("even",) if even else ("odd",) for even in seen]))
    assert report.recall is not None
    assert report.recall >= 0.99
    for index, rows in (
        (EngineIndex(vectors, engine, "rows"), np.arange(3000)),
        (EngineIndex(vectors, engine, "rows").only(seen, {"even"}), np.flatnonzero(seen)),
    ):
        found = []
        for question in unit_rows(30, seed=1):
            nearest = rows[brute_force(vectors[rows], question, 100)]
            found.append(len(np.intersect1d(index.search(question, 100)[0], nearest)))
        assert np.mean(found) >= 99


def test_a_small_collection_is_searched_here_exactly_whether_the_engine_answers_or_not() -> None:
    class Gone(Engine):
        def nearest(self, *_: object) -> dense.Rows:
            raise EngineUnavailable("it is gone")

    vectors, seen = unit_rows(500), np.arange(500) < 40
    index = EngineIndex(vectors, Gone(database=None), "rows")  # type: ignore[arg-type]
    with pytest.raises(EngineUnavailable):
        index.search(vectors[0], 10)
    assert (
        index.only(seen, {"a"}).search(vectors[0], 10)[0].tolist() == brute_force(vectors[:40], vectors[0], 10).tolist()
    )


def test_what_was_copied_before_a_kill_is_never_asked_and_is_gone_on_from(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "ROWS_AT_ONCE", 100)
    part = EnginePart("rows", unit_rows(500), NOTHING * 500)

    def killed(copied: int, _: int) -> None:
        if copied == 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish_part(engine, part, killed)
    assert not engine.holds("rows")
    with pytest.raises(EngineUnavailable):
        EngineIndex(part.vectors, engine, "rows").search(part.vectors[0], 10)
    assert publish_part(engine, part).copied == 300
    assert EngineIndex(part.vectors, engine, "rows").search(part.vectors[7], 1)[0].tolist() == [7]
    assert publish_part(engine, part).copied == 0


def test_two_who_publish_the_same_do_not_copy_it_twice(engine: Engine) -> None:
    part = EnginePart("rows", unit_rows(200), NOTHING * 200)

    def meanwhile(*_: int) -> None:
        with pytest.raises(EngineUnavailable, match="another process"):
            publish_part(engine, part)

    assert publish_part(engine, part, meanwhile).copied == 200


def test_an_ingest_publishes_and_what_answers_asks_the_engine(engine: Engine, tmp_path: Path) -> None:
    make_build(tmp_path / "faiss", tagged())
    make_build(tmp_path / "engine", tagged(), engine=engine)
    here, _ = open_current(BuildStore(tmp_path / "faiss"))
    there, rejected = open_current(BuildStore(tmp_path / "engine", engine=engine))
    assert not rejected
    assert engine.holds(part_of(there.manifest))
    for one, other in ((here, there), (narrowed(here, ["kept"]), narrowed(there, ["kept"]))):
        for topic in TOPICS:
            question = one.encoder.encode_question(topic).vector
            rows, cosines = one.dense.search(question, 5)
            found, their_cosines = other.dense.search(question, 5)
            # All others are equally far.
            assert found[0] == rows[0]
            assert their_cosines == pytest.approx(cosines, abs=1e-6)


def tagged() -> list[Source]:
    return [source(topic, f"The {topic} is the {topic}.", tags=("Kept",) if topic < "d" else ()) for topic in TOPICS]


def test_a_build_that_the_engine_does_not_hold_is_not_served_and_the_one_before_it_is(
    engine: Engine, tmp_path: Path
) -> None:
    store = BuildStore(tmp_path, engine=engine)
    older = make_build(tmp_path, engine=engine)
    newer = make_build(tmp_path, corpus()[:3], engine=engine)
    with engine.asking() as connection:
        connection.exec_driver_sql(f"DROP FUNCTION {search_of(part_of(read_manifest(newer.path)))}")
    index, rejected = open_current(store)
    assert index.build_id == older.build
    assert [entry.build for entry in rejected] == [newer.build]
    assert "its part in the engine" in rejected[0].reason
    publish(engine, newer.path, read_manifest(newer.path))
    assert open_current(store)[0].build_id == newer.build


def test_an_engine_takes_no_build_from_an_ingest_that_it_refuses(tmp_path: Path) -> None:
    class Full(Engine):
        def __init__(self) -> None: ...

        def asking(self) -> None:  # type: ignore[override]
            raise EngineUnavailable("the disk is full")

    first = make_build(tmp_path)
    with pytest.raises(EngineUnavailable, match="the disk is full"):
        make_build(tmp_path, corpus()[:3], engine=Full())
    assert BuildStore(tmp_path).pointed() == first.path


def test_old_builds_leave_the_engine_with_their_folders(engine: Engine, tmp_path: Path) -> None:
    reports = [make_build(tmp_path, corpus()[: 3 + number], engine=engine, keep=2) for number in range(3)]
    kept = {part_of(read_manifest(build)) for build in BuildStore(tmp_path, keep=2).builds()}
    assert len(parts_there(engine)) == 3
    forget(engine, parts_there(engine) - kept)
    assert parts_there(engine) == kept
    assert all(engine.holds(part) for part in kept)
    assert load_build(reports[-1].path, engine).dense.search(np.eye(8, dtype=np.float32)[0], 1)[0].size == 1


def test_builds_with_the_same_vectors_and_sources_share_a_part(engine: Engine, tmp_path: Path) -> None:
    first, second = (make_build(tmp_path, engine=engine) for _ in range(2))
    parts = {part_of(read_manifest(report.path)) for report in (first, second)}
    assert len(parts) == 1


def test_an_engine_that_does_not_answer_is_no_reason_to_refuse_a_build(server: RealEngine, tmp_path: Path) -> None:
    with empty_engine(server, f"engine_{uuid4().hex}") as (_, engine):
        report = make_build(tmp_path, engine=engine)
    # Its database is gone now.
    index = load_build(report.path, engine)
    assert engine.away() is not None
    with pytest.raises(EngineUnavailable):
        index.dense.search(np.eye(8, dtype=np.float32)[0], 1)


def test_a_build_of_other_vectors_is_another_part(tmp_path: Path) -> None:
    one, other = make_build(tmp_path), make_build(tmp_path, corpus()[:3])
    assert part_of(read_manifest(one.path)) != part_of(read_manifest(other.path))
    with pytest.raises(IndexMismatch):
        load_build(other.path / "nowhere")
