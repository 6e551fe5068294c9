"""Builds that travel by way of a folder: whole or not at all. The same over S3 is in ``tests/test_travelling.py``."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.errors import BucketUnavailable, IndexMismatch, IndexUnavailable
from bot.indexing.bucket import BUILDS, POINTER, Bucket, Pointer
from bot.indexing.followed import Followed, read_followed
from bot.indexing.following import Follower
from bot.indexing.index import load_build
from bot.indexing.manifest import MANIFEST_FILE
from bot.indexing.store import BuildStore
from tests.factories import make_build, source


class Places:
    """A machine that makes Builds, a shared folder, and a machine that serves them."""

    def __init__(self, top: Path) -> None:
        self.shared = top / "shared"
        self.made = BuildStore(top / "made")
        self.bucket = Bucket(f"file://{self.shared}")
        self.served = BuildStore(top / "served")
        self.now = 0.0
        self.follower = Follower(Bucket(f"file://{self.shared}"), self.served, clock=lambda: self.now)

    def make(self, word: str = "gene") -> Path:
        return make_build(self.made.directory, [source("one", f"A {word} is a thing.")]).path

    def push(self, word: str = "gene", *, keep: int = 3) -> Path:
        build = self.make(word)
        self.bucket.push(build, keep=keep)
        return build

    def follow(self) -> Followed:
        self.follower.follow()
        return read_followed(self.served)

    def serves(self) -> str | None:
        pointed = self.served.pointed()
        return pointed and load_build(pointed).build_id

    def there(self, build: Path) -> Path:
        return self.shared / BUILDS / build.name


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    found = Places(tmp_path)
    yield found
    found.follower.release()


def test_a_build_that_is_pushed_is_served_elsewhere_byte_for_byte(places: Places) -> None:
    build = places.push()
    assert places.follow().fetched == 1
    assert places.serves() == build.name
    files = {path.relative_to(build): path.read_bytes() for path in build.rglob("*") if path.is_file()}
    fetched = places.served.directory / build.name
    assert files == {path.relative_to(fetched): path.read_bytes() for path in fetched.rglob("*") if path.is_file()}


def test_what_is_not_new_is_not_fetched_again(places: Places) -> None:
    places.push()
    first = places.follow()
    mark = places.served.mark()
    assert places.follow() == first
    assert places.served.mark() == mark


def test_files_that_a_machine_has_already_are_not_fetched_again(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    places.push("gene")
    places.follow()
    places.push("cell")
    fetched: list[str] = []
    download = Bucket._download
    monkeypatch.setattr(Bucket, "_download", lambda *words: (fetched.append(words[2]), download(*words))[1])
    places.follow()
    assert "passages.jsonl" in fetched
    assert [path for path in fetched if path.startswith("encoder/")] == []


def test_the_last_builds_are_kept_there_and_no_more(places: Places) -> None:
    builds = [places.push(word, keep=2) for word in ("gene", "cell", "heart")]
    assert places.bucket.names() == [build.name for build in builds[1:]]
    assert list(places.there(builds[0]).rglob("*.jsonl")) == []


def test_a_machine_that_serves_keeps_the_last_builds(places: Places) -> None:
    for word in ("gene", "cell", "heart", "sleep"):
        last = places.push(word)
        places.follow()
    assert (len(places.served.builds()), places.serves()) == (3, last.name)


def test_going_back_needs_no_fetching(places: Places) -> None:
    first, second = places.push("gene"), places.push("cell")
    places.follow()
    places.bucket.push(first, keep=3)
    assert (places.follow().fetched, places.serves()) == (2, first.name)
    places.bucket.push(second, keep=3)
    assert (places.follow().fetched, places.serves()) == (2, second.name)


def test_a_build_that_is_there_without_a_pointer_to_it_is_not_looked_at(places: Places) -> None:
    first = places.push("gene")
    places.follow()
    half = places.make("cell")
    shutil.copytree(half, places.there(half))
    (places.there(half) / MANIFEST_FILE).unlink()
    assert places.follow().refused is None
    assert places.serves() == first.name


def changed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x01
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


DAMAGES: dict[str, Callable[[Path], None]] = {"changed": changed, "cut": cut, "missing": Path.unlink}
# Files that are new in the second Build; what a machine has already it does not take from there.
FILES = ["passages.jsonl", "vocabulary.jsonl", "manifest.json", "manifest.sha256"]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("path", FILES)
def test_a_build_with_a_damaged_file_is_named_and_the_one_before_goes_on(
    places: Places, path: str, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    first = places.push("gene")
    places.follow()
    second = places.push("cell")
    (damaged,) = [found for found in places.there(second).rglob(Path(path).name) if found.match(path)]
    DAMAGES[damage](damaged)
    with caplog.at_level(logging.ERROR, "bot"):
        known = places.follow()
    assert known.refused is not None
    assert known.refused.build == second.name
    assert places.serves() == first.name
    assert [path.name for path in places.served.builds()] == [first.name]
    assert second.name in caplog.text


def test_a_refused_build_is_said_once_and_taken_when_it_is_mended(
    places: Places, caplog: pytest.LogCaptureFixture
) -> None:
    build = places.push("gene")
    broken = places.there(build) / "passages.jsonl"
    whole = broken.read_bytes()
    broken.write_bytes(b"")
    for _ in range(3):
        places.follow()
        places.now += 600
    assert caplog.text.count("is not taken") == 1
    broken.write_bytes(whole)
    known = places.follow()
    assert (known.refused, known.refusals, places.serves()) == (None, 3, build.name)


def test_a_refused_build_is_not_fetched_again_at_every_look(places: Places) -> None:
    build = places.push("gene")
    (places.there(build) / "passages.jsonl").write_bytes(b"")
    assert [places.follow().refusals for _ in range(3)] == [1, 1, 1]


POINTERS = {
    "nothing": b"",
    "no JSON": b"\xff\xfe",
    "no such Build": json.dumps({"build": "20200101", "manifest_sha256": "0" * 64}).encode(),
    "another folder": json.dumps({"build": "../../etc", "manifest_sha256": "0" * 64}).encode(),
}


@pytest.mark.parametrize("pointer", POINTERS)
def test_a_pointer_to_nothing_is_told_and_the_build_before_goes_on(places: Places, pointer: str) -> None:
    first = places.push("gene")
    places.follow()
    good = (places.shared / POINTER).read_bytes()
    (places.shared / POINTER).write_bytes(POINTERS[pointer])
    known = places.follow()
    assert known.refused is not None
    assert known.refused.build == ("20200101" if pointer == "no such Build" else POINTER)
    assert places.serves() == first.name
    (places.shared / POINTER).write_bytes(good)
    assert places.follow().refused is None


def test_a_manifest_cannot_name_a_file_outside_of_its_build(places: Places) -> None:
    build = places.push("gene")
    manifest = places.there(build) / MANIFEST_FILE
    forged = json.loads(manifest.read_bytes())
    forged["files"][0]["path"] = "../../outside"
    manifest.write_text(json.dumps(forged), encoding="utf-8")
    import hashlib

    digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
    with pytest.raises(IndexMismatch, match="inside of the Build"):
        places.bucket.fetch(Pointer(build.name, digest), places.served.directory)


def test_a_place_that_is_away_is_told_once_and_changes_nothing(
    places: Places, caplog: pytest.LogCaptureFixture
) -> None:
    first = places.push("gene")
    places.follow()
    second = places.push("cell")
    places.shared.rename(places.shared.with_name("away"))
    gone = [places.follow() for _ in range(3)][-1]
    assert gone.away is not None
    assert (gone.failures, places.serves()) == (3, first.name)
    assert caplog.text.count("cannot be used") == 1
    places.shared.with_name("away").rename(places.shared)
    back = places.follow()
    assert (back.away, back.away_since, places.serves()) == (None, None, second.name)


def test_a_build_that_could_not_be_pushed_stays_where_it_was_made(places: Places) -> None:
    follower = Follower(Bucket(f"file://{places.shared}"), places.made)
    first = places.push("gene")
    follower.follow()
    unpushed = places.make("cell")
    for _ in range(2):
        follower.follow()
        assert places.made.pointed() == unpushed != first
        # Also after a restart.
        follower.release()
        follower = Follower(Bucket(f"file://{places.shared}"), places.made)


def test_a_damaged_build_is_not_pushed(places: Places) -> None:
    first = places.push("gene")
    second = places.make("cell")
    changed(second / "passages.jsonl")
    with pytest.raises(IndexMismatch):
        places.bucket.push(second, keep=3)
    assert places.bucket.pointer() == Pointer(
        first.name, json.loads((places.shared / POINTER).read_bytes())["manifest_sha256"]
    )
    assert not places.there(second).exists()


def test_a_build_that_was_damaged_here_is_fetched_anew(places: Places) -> None:
    build = places.push("gene")
    places.follow()
    changed(places.served.directory / build.name / "passages.jsonl")
    places.follower.pull()
    assert places.serves() == build.name


def test_of_two_processes_on_a_machine_one_follows(places: Places) -> None:
    other = Follower(Bucket(f"file://{places.shared}"), places.served)
    first = places.push("gene")
    places.follow()
    second = places.push("cell")
    other.follow()
    assert places.serves() == first.name
    places.follower.release()
    other.follow()
    other.release()
    assert places.serves() == second.name


def test_while_another_process_writes_nothing_is_lost(places: Places) -> None:
    build = places.push("gene")
    with places.served.writing():
        places.follow()
        assert places.serves() is None
    places.follow()
    assert places.serves() == build.name


def test_pulling_says_why_it_cannot(places: Places) -> None:
    with pytest.raises(BucketUnavailable):
        places.follower.pull()
    places.shared.mkdir()
    with pytest.raises(IndexUnavailable, match="nothing was pushed"):
        places.follower.pull()
    assert places.serves() is None
