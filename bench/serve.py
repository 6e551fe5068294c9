"""The real service beside two peers on the same passages and questions, in one run: ``python -m bench.serve``.

All have as many workers, with one thread of native code each; ours and the plain app run under gunicorn with the same
kind of workers, txtai's API under uvicorn. Rounds of the three take turns, so that a change of the machine's speed
meets all of them; the medians of the rounds are printed. Questions are of the corpus's own words and hardly ever come
twice.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psutil

from bench.load import Load, measure
from bot import wiring
from bot.indexing.index import open_current
from bot.indexing.lexical import STOP_WORDS, words_of
from bot.indexing.model import find_model
from bot.settings import read_environment

TOP = Path(__file__).parent.parent
CONNECTIONS = (1, 8, 32)
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

    def worker_mib(self) -> float:
        """Memory a worker in MiB: proportional set size, in which pages shared by workers count once."""
        children = psutil.Process(self.process.pid).children(recursive=True) or [psutil.Process(self.process.pid)]
        sizes = [child.memory_full_info().pss for child in children]
        return median(size for size in sizes if size > max(sizes) / 4) / 2**20


def main() -> None:
    """Print the table."""
    options = _options()
    settings = read_environment()
    with TemporaryDirectory() as scratch, ExitStack() as running:
        folder = Path(scratch)
        chosen = replace(settings, index=folder / "index")
        wiring.ingest(chosen, options.corpus or [settings.corpus], lambda step, done, total: None)
        index, _ = open_current(wiring.store_of(chosen))
        (folder / "passages.jsonl").write_text(
            "".join(json.dumps({"text": passage.text}) + "\n" for passage in index.passages), encoding="utf-8"
        )
        questions = _questions(passage.text for passage in index.passages)
        starters = (_ours, _plain) if options.no_txtai else (_ours, _plain, _txtai)
        services = [running.enter_context(start(folder, options.workers)) for start in starters]
        print(_table(services, questions, options))
        print(f"\n{len(index.passages)} passages, {options.workers} workers each; {_machine()}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, action="append", help="what to serve; the setting BOT_CORPUS by default")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--seconds", type=float, default=4.0, help="of each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-txtai", action="store_true")
    return parser.parse_args()


def _questions(texts: Iterator[str]) -> Callable[[], str]:
    words = sorted({word for text in texts for word in words_of(text) if len(word) > 3 and word not in STOP_WORDS})
    draw = random.Random(7)
    return lambda: draw.choice(TEMPLATES).format(" ".join(draw.sample(words, draw.choice((1, 2, 3)))))


def _table(services: list[Service], question: Callable[[], str], options: argparse.Namespace) -> str:
    memory = {service.name: 0.0 for service in services}
    found: dict[tuple[str, int], list[Load]] = {}
    for service in services:
        measure(service.port, lambda _, s=service: s.request(question()), connections=8, seconds=1)  # type: ignore[misc]
    for _ in range(options.rounds):
        for connections in CONNECTIONS:
            for service in services:
                load = measure(
                    service.port,
                    lambda _, s=service: s.request(question()),  # type: ignore[misc]
                    connections=connections,
                    seconds=options.seconds,
                )
                found.setdefault((service.name, connections), []).append(load)
                memory[service.name] = max(memory[service.name], service.worker_mib())
    lines = [
        "| service | connections | median ms | p99 ms | requests/s | failed | ours is faster by |",
        "|---|---|---|---|---|---|---|",
    ]
    for connections in CONNECTIONS:
        ours = median(load.requests_a_second for load in found[services[0].name, connections])
        for service in services:
            loads = found[service.name, connections]
            rate = median(load.requests_a_second for load in loads)
            lines.append(
                f"| {service.name} | {connections} | {median(x.median_ms for x in loads):.1f} | "
                f"{median(x.p99_ms for x in loads):.1f} | {rate:.0f} | "
                f"{sum(x.failed for x in loads)} | {ours / rate:.1f} |"
            )
    lines += ["", "| service | ready after s | memory a worker MiB | of ours |", "|---|---|---|---|"]
    for service in services:
        share = memory[service.name] / memory[services[0].name]
        lines.append(f"| {service.name} | {service.ready_s:.1f} | {memory[service.name]:.0f} | {share:.1f} |")
    return "\n".join(lines)


@contextmanager
def _ours(folder: Path, workers: int) -> Iterator[Service]:
    settings = {
        "BOT_INDEX": str(folder / "index"),
        "DATABASE_URL": f"sqlite:///{folder / 'turns.sqlite3'}",
        "WEB_CONCURRENCY": str(workers),
        # The peers have no limits either, and all the load comes from one address.
        "BOT_CLIENT_PER_MINUTE": "0",
        "BOT_SITE_PER_MINUTE": "0",
    }
    command = ["-m", "gunicorn", "-c", "gunicorn.conf.py", "bot.wsgi:app", "--log-level", "warning"]
    with _started("ours", command, settings, "/readyz", _post("/api/v1/chat", "message")) as service:
        yield service


@contextmanager
def _plain(folder: Path, workers: int) -> Iterator[Service]:
    settings = {
        "PEER_PASSAGES": str(folder / "passages.jsonl"),
        "PEER_MODEL": find_model(read_environment().model).location,
        "OMP_NUM_THREADS": "1",
    }
    command = ["-m", "gunicorn", "-k", "gthread", "--threads", "4", "-w", str(workers), "bench.peers.plain:app"]
    command += ["--timeout", "120", "--keep-alive", "65", "--bind", "127.0.0.1:{port}"]
    with _started("plain Flask app", command, settings, "/ready", _post("/chat", "message")) as service:
        yield service


@contextmanager
def _txtai(folder: Path, workers: int) -> Iterator[Service]:
    from txtai import Embeddings

    model = find_model(read_environment().model).location
    texts = [json.loads(line)["text"] for line in (folder / "passages.jsonl").read_text("utf-8").splitlines()]
    embeddings = Embeddings(path=model, content=True, gpu=False)
    embeddings.index(texts)
    embeddings.save(str(folder / "txtai"))
    (folder / "txtai.yml").write_text(f"path: {folder / 'txtai'}\nembeddings:\n", encoding="utf-8")
    settings = {"CONFIG": str(folder / "txtai.yml"), "OMP_NUM_THREADS": "1"}
    command = [
        "-m",
        "uvicorn",
        "txtai.api:app",
        "--workers",
        str(workers),
        "--log-level",
        "warning",
        "--port",
        "{port}",
    ]

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


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    memory = psutil.virtual_memory().total / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
