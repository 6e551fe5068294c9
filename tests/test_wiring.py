"""A server that runs picks new Builds up, drops no request meanwhile, and keeps what it has when a Build is damaged."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

import pytest

from bot.dialogue.live import LiveDialogue, open_index
from bot.errors import IndexUnavailable
from bot.indexing.index import Index, Rejected, load_build, sharing_encoder
from bot.indexing.store import BuildStore
from tests.factories import FakeEncoder, make_build, source

WAIT_S = 300.0


def wait_for(build: str, live: LiveDialogue) -> bool:
    """Ask, as requests would, until a Build answers."""
    deadline = time.monotonic() + WAIT_S
    while live.build_id != build and time.monotonic() < deadline:
        live.reply("gene", country="other")
        time.sleep(0.02)
    return live.build_id == build


def test_a_new_build_answers_without_a_request_lost(tmp_path: Path) -> None:
    old = make_build(tmp_path).build
    live = LiveDialogue(BuildStore(tmp_path))
    seen: list[str] = []
    failed: list[Exception] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                seen.append(live.reply("gene", country="other").answer.build)
            except Exception as error:  # noqa: BLE001 - whatever it is, a family would have met it
                failed.append(error)

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    new = make_build(tmp_path, [source("a", "The gene. The heart."), source("b", "School and diet.")]).build
    arrived = wait_for(new, live)
    stop.set()
    for asker in askers:
        asker.join()
    assert arrived
    assert failed == []
    assert {old, new} >= set(seen)
    assert live.reply("gene", country="other").answer.build == new


def test_a_damaged_new_build_is_said_and_the_old_one_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    old = make_build(tmp_path).build
    live = LiveDialogue(BuildStore(tmp_path))
    new = make_build(tmp_path, [source("a", "The gene.")])
    file = new.path / "passages.jsonl"
    file.write_bytes(file.read_bytes().replace(b"gene", b"genf"))
    with caplog.at_level(logging.ERROR, logger="bot"):
        deadline = time.monotonic() + WAIT_S
        while "passages.jsonl" not in caplog.text and time.monotonic() < deadline:
            assert live.reply("gene", country="other").answer.build == old
            time.sleep(0.02)
    assert "passages.jsonl" in caplog.text
    assert live.reply("gene", country="other").answer.build == old


def test_a_new_build_that_could_not_be_opened_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_build(tmp_path)
    live_module = "bot.dialogue.live"
    monkeypatch.setattr(f"{live_module}._LOOK_EVERY_S", 0.0)
    monkeypatch.setattr(f"{live_module}._TRY_AGAIN_AFTER_S", 0.05)
    live = LiveDialogue(BuildStore(tmp_path))
    new = make_build(tmp_path, [source("a", "The gene.")]).build
    failures = iter([IndexUnavailable("indexes", "its disk did not answer")])

    def open_after_a_failure(store: BuildStore) -> tuple[Index, list[Rejected]]:
        for failure in failures:
            raise failure
        return open_index(store)

    monkeypatch.setattr(f"{live_module}.open_index", open_after_a_failure)
    assert wait_for(new, live)


def test_a_build_with_the_same_encoder_uses_the_one_that_is_open(tmp_path: Path) -> None:
    first = load_build(make_build(tmp_path).path)
    again = load_build(make_build(tmp_path, [source("a", "The gene.")]).path)
    other = load_build(make_build(tmp_path, encoder=FakeEncoder("another")).path)
    assert sharing_encoder(again, first).encoder is first.encoder
    assert sharing_encoder(other, first).encoder is other.encoder
