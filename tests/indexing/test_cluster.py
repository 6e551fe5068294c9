"""Ingest on a cluster: the same Build as alone, whoever is lost on the way; who would make another is refused by name.

Real schedulers and workers, each a process.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.errors import ClusterUnavailable
from bot.indexing.build import BuildReport, build_index
from bot.indexing.cluster import Cluster
from bot.indexing.encoder import Encoder, TextVectors
from bot.indexing.store import BuildStore
from bot.records import Source
from tests.factories import TOPICS, FakeEncoder, passages, source
from tests.real_cluster import RealCluster, real_cluster
from tests.structure.test_serving_alone import EXPLAINER

pytestmark = pytest.mark.slow


class SlowEncoder(FakeEncoder):
    """Takes its time, so that there is a middle in which a worker can be lost; leaves a line for each batch."""

    def __init__(self, notes: Path) -> None:
        super().__init__()
        self._notes = notes

    def encode_texts(self, texts: Sequence[str]) -> list[TextVectors]:
        time.sleep(0.1)
        with self._notes.open("a", encoding="utf-8") as file:
            file.write("".join(f"{text}\n" for text in texts))
        return super().encode_texts(texts)


class OtherDigits(FakeEncoder):
    """The same by its card, and not the same: in the last digits."""

    def encode_texts(self, texts: Sequence[str]) -> list[TextVectors]:
        return [replace(one, vector=np.nextafter(one.vector, np.float32(0))) for one in super().encode_texts(texts)]


def sources() -> list[Source]:
    """Enough for twenty batches."""
    sentences = [f"The {TOPICS[n % 7]} has {'a ' * (n % 5)}thing that is called {n}." for n in range(320)]
    return [source("one", " ".join(sentences[:100])), source("two", " ".join(sentences[100:]), questions=("gene?",))]


def build(folder: Path, cluster: Cluster | None = None) -> BuildReport:
    store = BuildStore(folder)
    parts = [passage for each in sources() for passage in passages(each, sentences_each=1)]
    with store.writing():
        return build_index(sources(), parts, encoder=FakeEncoder(), store=store, passage_max_words=200, hands=cluster)


def ingest_of_one_text(folder: Path) -> list[str]:
    """The command, with a scheduler's address at which nobody is."""
    (folder / "explainers").mkdir()
    (folder / "explainers" / "sleeping-hedgehogs.md").write_text(EXPLAINER, encoding="utf-8")
    return ["ingest", "--corpus", str(folder), "--index", str(folder), "--cluster", "tcp://127.0.0.1:9"]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealCluster]:
    with real_cluster(tmp_path_factory.mktemp("cluster"), 2) as made:
        yield made


def over(cluster: RealCluster, open_encoder: Callable[[], Encoder]) -> Cluster:
    return Cluster(cluster.address, open_encoder, FakeEncoder())


def test_a_worker_is_lost_in_the_middle_and_the_build_is_the_one_that_is_made_alone(
    cluster: RealCluster, tmp_path: Path
) -> None:
    alone = build(tmp_path / "alone")
    notes = tmp_path / "notes"
    notes.touch()

    def lose_one() -> None:
        while len(notes.read_text(encoding="utf-8").splitlines()) < 60:
            time.sleep(0.01)
        cluster.workers[0].kill()

    losing = threading.Thread(target=lose_one)
    losing.start()
    with over(cluster, partial(SlowEncoder, notes)) as hands:
        together = build(tmp_path / "together", hands)
    losing.join()
    assert cluster.workers[0].wait() != 0
    assert together.digest == alone.digest
    asked = notes.read_text(encoding="utf-8").splitlines()
    # A batch of the worker that was lost, the probes of two workers, and nothing more was done for nothing.
    assert 320 < len(asked) <= 320 + 3 * 16
    assert together.embedded == 320


@pytest.mark.parametrize(
    ("open_encoder", "said"),
    [
        (partial(FakeEncoder, "another"), "has another encoder, another with SHA-256"),
        (OtherDigits, "its vectors differ in their last digits"),
    ],
)
def test_a_worker_that_would_make_other_rows_is_refused_by_name(
    cluster: RealCluster, tmp_path: Path, open_encoder: Callable[[], Encoder], said: str
) -> None:
    with over(cluster, open_encoder) as hands, pytest.raises(ClusterUnavailable) as refused:
        build(tmp_path, hands)
    assert "worker worker-" in str(refused.value)
    assert said in str(refused.value)
    assert BuildStore(tmp_path).pointed() is None


def test_a_scheduler_that_cannot_be_reached_is_said_in_time_and_nothing_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.wiring.builds.open_encoder", lambda model: FakeEncoder())
    monkeypatch.setattr("bot.indexing.cluster.CONNECT_S", 0.5)
    done = CliRunner().invoke(main, ingest_of_one_text(tmp_path))
    assert done.exit_code == 1
    assert "The cluster at tcp://127.0.0.1:9: no scheduler answers there" in done.output
    assert BuildStore(tmp_path).pointed() is None


def test_what_is_missing_for_a_cluster_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.wiring.builds.open_encoder", lambda model: FakeEncoder())
    monkeypatch.delitem(sys.modules, "bot.indexing.cluster", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = CliRunner().invoke(main, ingest_of_one_text(tmp_path))
    assert done.exit_code == 1
    assert "pip install -r requirements-cluster.txt" in done.output
