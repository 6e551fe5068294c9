"""Machines that share a bucket change to a new Build under load, and go on when the bucket is away or holds a bad one.

Real gunicorn workers with a folder of Builds each, and an S3 server behind a line that can be cut.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.indexing.bucket import Bucket
from bot.indexing.followed import read_followed
from bot.indexing.following import Follower
from bot.indexing.store import BuildStore
from tests.factories import make_build, source
from tests.live_server import Server, running
from tests.real_s3 import RealS3, point_to_a_half, real_s3
from tests.structure.test_serving_alone import EXPLAINER
from tests.structure.tree import TOP

pytestmark = pytest.mark.slow

WORKERS = 2
TOKEN = "m" * 32
# Far longer than a busy machine needs for what takes seconds; what hangs takes for ever.
PATIENCE_S = 300.0


@pytest.fixture
def s3() -> Iterator[RealS3]:
    with real_s3() as server:
        yield server


def make(folder: Path, word: str) -> Path:
    return make_build(folder / "made", [source("one", f"A {word} is a thing. It is read.")]).path


@contextmanager
def machine(folder: Path, name: str, address: str, **settings: str) -> Iterator[Server]:
    """One of those that serve: its own folder of Builds, its own database."""
    (folder / name).mkdir(parents=True, exist_ok=True)
    given = {"BOT_BUILDS": address, "BOT_METRICS_TOKEN": TOKEN, "BOT_CLIENT_PER_MINUTE": "0", **settings}
    database = f"sqlite:///{folder}/{name}/bot.sqlite3"
    indexes = folder / name / "indexes"
    with running(folder / name / "log", index=indexes, database_url=database, workers=WORKERS, **given) as server:
        server.patience_s = PATIENCE_S
        yield server


def health(server: Server) -> dict[str, Any]:
    status, body = server.call("/readyz")
    assert status == 200, body
    found: dict[str, Any] = json.loads(body)
    return found


def metric(server: Server, name: str) -> float:
    status, text = server.call("/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    (found,) = re.findall(rf"^{name} (\S+)$", text, re.MULTILINE)
    return float(found)


def soon(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def on_all_workers(server: Server, build: str) -> bool:
    """As many answers in a row as would hardly miss a worker."""
    return all(health(server)["build"] == build for _ in range(8 * WORKERS))


class Families:
    """Ask a machine without a pause, until they are told to stop."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._stop = threading.Event()
        self.found: Counter[tuple[int, str]] = Counter()
        self._threads = [threading.Thread(target=self._ask) for _ in range(2)]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        while not self._stop.is_set():
            try:
                status, body = self._server.call("/api/v1/chat", {"message": "what is a gene?"})
                self.found[status, json.loads(body).get("build", "none")] += 1
            except OSError as error:
                self.found[0, type(error).__name__] += 1


def test_two_machines_change_to_a_new_build_under_load_without_a_failed_request(tmp_path: Path, s3: RealS3) -> None:
    first = make(tmp_path, "gene")
    Bucket(s3.address).push(first, keep=3)
    with ExitStack() as stack:
        # Neither has a Build of its own: each fetches its first.
        machines = [stack.enter_context(machine(tmp_path, name, s3.address)) for name in ("north", "south")]
        assert [health(server)["build"] for server in machines] == [first.name] * 2
        families = [Families(server) for server in machines]
        second = make(tmp_path, "cell")
        Bucket(s3.address).push(second, keep=3)
        assert all(soon(lambda server=server: on_all_workers(server, second.name)) for server in machines)
        for one in families:
            one.end()
    asked = sum((one.found for one in families), Counter())
    assert {status for status, _ in asked} == {200}, asked
    assert {build for _, build in asked} == {first.name, second.name}


def test_idle_workers_change_as_well(tmp_path: Path, s3: RealS3) -> None:
    first = make(tmp_path, "gene")
    Bucket(s3.address).push(first, keep=3)
    with machine(tmp_path, "north", s3.address) as server:
        second = make(tmp_path, "cell")
        Bucket(s3.address).push(second, keep=3)
        # A probe does not make a worker look for a new Build, as a question does.
        assert soon(lambda: on_all_workers(server, second.name))


def test_a_half_written_build_is_named_and_the_one_before_answers_until_the_next(tmp_path: Path, s3: RealS3) -> None:
    first = make(tmp_path, "gene")
    Bucket(s3.address).push(first, keep=3)
    with machine(tmp_path, "north", s3.address) as server:
        bad = make(tmp_path, "cell")
        point_to_a_half(s3, bad)
        assert soon(lambda: "refused_build" in health(server))
        told = health(server)
        assert (told["build"], told["refused_build"]["build"]) == (first.name, bad.name)
        assert "passages.jsonl" in told["refused_build"]["reason"]
        assert metric(server, "explainer_build_refused") == 1
        assert bad.name in (tmp_path / "north" / "log").read_text(encoding="utf-8")
        assert on_all_workers(server, first.name)
        third = make(tmp_path, "heart")
        Bucket(s3.address).push(third, keep=3)
        assert soon(lambda: on_all_workers(server, third.name))
        assert "refused_build" not in health(server)
        assert metric(server, "explainer_build_refused") == 0


@pytest.mark.parametrize("fault", ["refused", "silent"])
def test_a_bucket_that_is_away_is_told_and_changes_nothing_for_families(tmp_path: Path, s3: RealS3, fault: str) -> None:
    first = make(tmp_path, "gene")
    Bucket(s3.address).push(first, keep=3)
    go, come = (s3.line.cut, s3.line.mend) if fault == "refused" else (s3.pause, s3.resume)
    with machine(tmp_path, "north", s3.address) as server:
        assert metric(server, "explainer_bucket_up") == 1
        go()
        families = Families(server)
        assert soon(lambda: metric(server, "explainer_bucket_up") == 0)
        assert "bucket_away" in health(server)
        come()
        second = make(tmp_path, "cell")
        Bucket(s3.address).push(second, keep=3)
        assert soon(lambda: on_all_workers(server, second.name))
        families.end()
        assert "bucket_away" not in health(server)
        assert metric(server, "explainer_bucket_failures_total") >= 1
    assert {status for status, _ in families.found} == {200}


def test_a_machine_without_a_build_says_clearly_why_it_cannot_get_one(tmp_path: Path, s3: RealS3) -> None:
    def end(name: str) -> str:
        with machine(tmp_path, name, s3.address) as server:
            assert server.process.wait(PATIENCE_S) != 0
        return (tmp_path / name / "log").read_text(encoding="utf-8")

    assert "nothing was pushed there yet" in end("early")
    s3.line.cut()
    assert f"The Builds at {s3.address} cannot be used" in end("alone")
    s3.line.mend()


def test_a_build_goes_through_s3_whole_and_the_pointer_goes_last(tmp_path: Path, s3: RealS3) -> None:
    build = make(tmp_path, "gene")
    bucket, store = Bucket(s3.address), BuildStore(tmp_path / "served")
    follower = Follower(bucket, store)
    follower.follow()
    assert store.pointed() is None
    bucket.push(build, keep=1)
    Follower(bucket, BuildStore(tmp_path / "other")).pull()
    follower.follow()
    follower.release()
    assert read_followed(store).refused is None
    for path in build.rglob("*"):
        if path.is_file():
            fetched = store.directory / build.name / path.relative_to(build)
            assert fetched.read_bytes() == path.read_bytes()
    bucket.push(make(tmp_path, "cell"), keep=1)
    assert build.name not in bucket.names()


def bot(folder: Path, *words: str, address: str) -> subprocess.CompletedProcess[str]:
    """``python -m bot`` on a machine of its own."""
    environment = {**os.environ, "BOT_BUILDS": address, "BOT_INDEX": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words], cwd=TOP, env=environment, capture_output=True, text=True
    )


def test_builds_are_pushed_listed_pulled_and_rolled_back_by_commands(tmp_path: Path) -> None:
    address = f"file://{tmp_path}/shared"
    first, second = make(tmp_path, "gene"), make(tmp_path, "cell")
    made, other = tmp_path / "made", tmp_path / "other"
    assert "nothing was pushed" not in bot(made, "builds", "push", address=address).stderr
    assert bot(other, "builds", "pull", address=address).stdout == f"Build {second.name} is current.\n"
    rolled = bot(made, "ingest", "--rollback", address=address)
    assert (rolled.returncode, first.name in rolled.stderr) == (0, True)
    assert bot(other, "builds", "pull", address=address).stdout == f"Build {first.name} is current.\n"
    rows = json.loads(bot(other, "builds", "list", "--json", address=address).stdout)
    assert [(row["build"], row["current"], row["pointed_to"]) for row in rows] == [
        (second.name, False, False),
        (first.name, True, True),
    ]
    third = bot(tmp_path / "third", "ingest", "--if-missing", address=address)
    assert (third.returncode, BuildStore(tmp_path / "third").pointed()) == (0, tmp_path / "third" / first.name)
    away = bot(other, "builds", "pull", address=f"file://{tmp_path}/nowhere")
    assert (away.returncode, "nowhere cannot be used" in away.stderr) == (1, True)
    assert bot(other, "builds", "pull", address="").returncode == 2


def test_what_cannot_be_pushed_is_current_where_it_was_made_and_the_command_fails(tmp_path: Path) -> None:
    first, _ = make(tmp_path, "gene"), make(tmp_path, "cell")
    (tmp_path / "file").touch()
    rolled = bot(tmp_path / "made", "ingest", "--rollback", address=f"file://{tmp_path}/file/shared")
    assert (rolled.returncode, BuildStore(tmp_path / "made").pointed()) == (1, first)
    assert "builds push" in rolled.stderr


@pytest.mark.model
def test_ingest_pushes_the_build_that_it_makes(encoded: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus" / "explainers"
    corpus.mkdir(parents=True)
    (corpus / "sleeping-hedgehogs.md").write_text(EXPLAINER, encoding="utf-8")
    address = f"file://{tmp_path}/shared"
    done = bot(encoded, "ingest", "--corpus", str(corpus.parent), "--json", address=address)
    assert done.returncode == 0, done.stderr
    pointer = Bucket(address).pointer()
    assert pointer is not None
    assert pointer.build == json.loads(done.stdout)["build"]
