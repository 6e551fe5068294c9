"""The real service and its peers as processes on the same passages, to be asked and measured.

All have as many workers, with one thread of native code each; ours and the plain apps run under gunicorn, txtai's API
under uvicorn.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import psutil

from bot.indexing.index import Index
from bot.indexing.lexical import STOP_WORDS, words_of
from bot.indexing.model import find_model
from bot.settings import read_environment

TOP = Path(__file__).parent.parent
TEMPLATES = (
    "what is {}",
    "how does {} work",
    "why does {} matter for my child",
    "what are the risks of {}",
    "is {} safe",
    "can we leave {} later",
    "who decides about {}",
    "tell me about {}",
)


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: how to ask it, how long it took to be ready, and its process."""

    name: str
    port: int
    request: Callable[[str], bytes]
    ready_s: float
    process: subprocess.Popen[bytes]

    def workers(self) -> list[psutil.Process]:
        """The processes that answer."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        sizes = {child: child.memory_info().rss for child in children}
        return [child for child, size in sizes.items() if size > max(sizes.values()) / 4] or [
            psutil.Process(self.process.pid)
        ]

    def worker_mib(self) -> float:
        """Memory a worker in MiB: proportional set size, in which pages shared by workers count once."""
        return median(worker.memory_full_info().pss for worker in self.workers()) / 2**20

    def processor_s(self) -> float:
        """The processor time that all workers have taken so far."""
        return sum(sum(worker.cpu_times()[:2]) for worker in self.workers())


def questions_of(index: Index) -> Callable[[], str]:
    """Draw questions of a corpus's own words, which hardly ever come twice."""
    texts = (passage.text for passage in index.passages)
    words = sorted({word for text in texts for word in words_of(text) if len(word) > 3 and word not in STOP_WORDS})
    draw = random.Random(7)
    return lambda: draw.choice(TEMPLATES).format(" ".join(draw.sample(words, draw.choice((1, 2, 3)))))


def write_passages(index: Index, folder: Path) -> None:
    """Write what the peers search, and its vectors, so that they need not be made by each worker at its start."""
    np.save(folder / "vectors.npy", index.table.vectors)
    lines = (json.dumps({"text": passage.text}) + "\n" for passage in index.passages)
    (folder / "passages.jsonl").write_text("".join(lines), encoding="utf-8")


@contextmanager
def ours(folder: Path, workers: int, *, index: Path, server: str = "gunicorn") -> Iterator[Service]:
    """Run the real service as the Procfile does, with a database of its own; or under granian, to compare."""
    settings = {
        "BOT_INDEX": str(index),
        "DATABASE_URL": f"sqlite:///{folder / f'{server}.sqlite3'}",
        "WEB_CONCURRENCY": str(workers),
        # The peers have no limits either, and all the load comes from one address.
        "BOT_CLIENT_PER_MINUTE": "0",
        "BOT_SITE_PER_MINUTE": "0",
    }
    command = ["-m", "gunicorn", "-c", "gunicorn.conf.py", "bot.wsgi:app", "--log-level", "warning"]
    if server == "granian":
        settings |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        command = ["-m", "granian", "--interface", "wsgi", "--workers", str(workers), "--blocking-threads", "4"]
        command += ["--host", "127.0.0.1", "--port", "{port}", "bot.wsgi:app"]
    name = "ours" if server == "gunicorn" else f"ours under {server}"
    with _started(name, command, settings, "/readyz", _post("/api/v1/chat", "message")) as service:
        yield service


@contextmanager
def plain(folder: Path, workers: int) -> Iterator[Service]:
    """Run what anybody would write first: it finds the nearest passage, and no more."""
    with _flask(folder, workers, "plain Flask app", "plain") as service:
        yield service


@contextmanager
def same_work(folder: Path, workers: int) -> Iterator[Service]:
    """Run the same app with our work in it: what it found is read again by a cross-encoder, and the turn is kept."""
    with _flask(folder, workers, "the same work", "same_work") as service:
        yield service


@contextmanager
def _flask(folder: Path, workers: int, name: str, module: str) -> Iterator[Service]:
    settings = {
        "PEER_PASSAGES": str(folder / "passages.jsonl"),
        "PEER_VECTORS": str(folder / "vectors.npy"),
        "PEER_MODEL": find_model(read_environment().model).location,
        "PEER_DATABASE": str(folder / f"{module}.sqlite3"),
        "OMP_NUM_THREADS": "1",
    }
    command = ["-m", "gunicorn", "-k", "gthread", "--threads", "4", "-w", str(workers), f"bench.peers.{module}:app"]
    command += ["--timeout", "120", "--keep-alive", "65", "--bind", "127.0.0.1:{port}"]
    with _started(name, command, settings, "/ready", _post("/chat", "message")) as service:
        yield service


@contextmanager
def txtai(folder: Path, workers: int) -> Iterator[Service]:
    """Run txtai's API, which finds the nearest passages."""
    from txtai import Embeddings

    model = find_model(read_environment().model).location
    texts = [json.loads(line)["text"] for line in (folder / "passages.jsonl").read_text("utf-8").splitlines()]
    embeddings = Embeddings(path=model, content=True, gpu=False)
    embeddings.index(texts)
    embeddings.save(str(folder / "txtai"))
    (folder / "txtai.yml").write_text(f"path: {folder / 'txtai'}\nembeddings:\n", encoding="utf-8")
    settings = {"CONFIG": str(folder / "txtai.yml"), "OMP_NUM_THREADS": "1"}
    command = ["-m", "uvicorn", "txtai.api:app", "--workers", str(workers), "--log-level", "warning"]
    command += ["--port", "{port}"]

    def request(question: str) -> bytes:
        query = "&".join((f"query={urllib.request.quote(question)}", "limit=3"))
        return f"GET /search?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()

    with _started("txtai API", command, settings, "/search?query=warm&limit=1", request) as service:
        yield service


@contextmanager
def _started(
    name: str, command: list[str], settings: dict[str, str], ready: str, request: Callable[[str], bytes]
) -> Iterator[Service]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, **settings, "PORT": str(port), "HF_HUB_OFFLINE": "1"}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *(part.format(port=port) for part in command)],
        cwd=TOP,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(f"http://127.0.0.1:{port}{ready}", process)
        yield Service(name, port, request, time.perf_counter() - began, process)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(3600):
        try:
            with urllib.request.urlopen(url, timeout=60):
                return
        except (urllib.error.URLError, ConnectionError):
            if process.poll() is not None:
                raise SystemExit(f"{url} did not start") from None
            time.sleep(0.05)
    raise SystemExit(f"{url} was not ready in time")


def _post(path: str, field: str) -> Callable[[str], bytes]:
    def request(question: str) -> bytes:
        body = json.dumps({field: question}).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        )
        return head.encode() + b"\r\n\r\n" + body

    return request
