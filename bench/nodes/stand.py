"""Nodes with folders of their own, and what they share: a PostgreSQL, a Redis, a bucket.

In: a folder and a Build. Out: nodes on ports that they keep, and what can be done to them. It must not know what is
measured.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from bench.siege.service import Service, free_port, serving
from bench.soak.calling import Caller
from bench.soak.ledger import Ledger
from bench.soak.people import as_another_client
from bench.soak.stand import METRICS_TOKEN, run_bot
from bot.indexing.bucket import Bucket, Pointer
from bot.indexing.layout import PASSAGES
from bot.indexing.manifest import MANIFEST_FILE, SEAL_FILE, describe_files, read_manifest, write_manifest
from tests.real_postgres import RealPostgres, real_postgres
from tests.real_redis import RealRedis, real_redis
from tests.real_s3 import RealS3, point_to_a_half, real_s3

KEEP = 3
# Questions a minute of one address, over all nodes.
LIMIT = 30
PATIENCE_S = 120.0


@dataclass
class Node:
    """One service with a folder of its own; it keeps its port and its folder while it is down."""

    name: str
    folder: Path
    workers: int
    database_url: str
    settings: dict[str, str]
    port: int = field(default_factory=free_port)
    _running: ExitStack = field(default_factory=ExitStack)
    _service: Service | None = None

    def start(self) -> None:
        """Start it and wait until it is ready."""
        self.folder.mkdir(exist_ok=True)
        self._service = self._running.enter_context(
            serving(
                self.folder,
                self.folder / "indexes",
                workers=self.workers,
                database_url=self.database_url,
                port=self.port,
                **self.settings,
            )
        )

    def kill(self) -> None:
        """End all of its processes at once, as when its machine fails."""
        assert self._service is not None, "it was not started"
        with suppress(ProcessLookupError):
            os.killpg(self._service.pid, signal.SIGKILL)
        self.stop()

    def stop(self) -> None:
        """Stop it, if it runs."""
        self._running.close()
        self._running, self._service = ExitStack(), None

    def told(self) -> dict[str, Any]:
        """Return what it says of itself; nothing when it does not answer."""
        status, body = self._get("/readyz")
        return json.loads(body) if status == 200 else {}

    def refused_reason(self) -> str:
        """Return why it does not serve the Build that it should; nothing when it does."""
        return str(self.told().get("refused_build", {}).get("reason", ""))

    def not_stored(self) -> float:
        """Return how many answers it could not store since its start."""
        _, body = self._get("/metrics", Authorization=f"Bearer {METRICS_TOKEN}")
        lines = [line for line in body.decode().splitlines() if line.startswith("explainer_turns_not_stored_total ")]
        return float(lines[0].split()[1]) if lines else 0.0

    def is_storing(self) -> bool:
        """Return whether what is asked now can be read again."""
        caller = Caller(self.port, Ledger(), "probe", as_another_client())
        reply = caller.call("POST", "/api/v1/chat", {"message": "hello"})
        if reply.status != 200:
            return False
        return caller.call("GET", f"/api/v1/conversations/{reply.json()['conversation_id']}").status == 200

    def _get(self, path: str, **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Connection": "close", **headers})
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()


@dataclass
class Stand:
    """The nodes and what they share. ``published`` says when the bucket pointed to which Build."""

    folder: Path
    build: Path
    nodes: list[Node]
    postgres: RealPostgres
    redis: RealRedis
    s3: RealS3
    published: list[tuple[str, float]] = field(default_factory=list)
    bad: set[str] = field(default_factory=set)

    def publish(self) -> None:
        """Put the Build there under a new name, and wait until every worker of every node answers from it."""
        build, bucket = self._renamed(), Bucket(self.s3.address)
        with ThreadPoolExecutor(1) as pool:
            pushing = pool.submit(bucket.push, build, keep=KEEP)
            # Whoever pushes removes old ones after it has pointed to the new one: that is not waited for.
            wait(lambda: pushing.done() or _names(bucket.pointer(), build), "nothing was pushed", 0.01)
            at = monotonic()
            pushing.result()
        self.published.append((build.name, at))
        self.everywhere(lambda node: node.told().get("build") == build.name, "a new Build was not on all nodes")

    def publish_bad(self) -> None:
        """Leave a Build there of which half a file is missing, and wait until every node has refused it by name."""
        # With passages of its own: a file that a node has already is not fetched, so that a half of it does no harm.
        build = self._renamed(more=b"\n")
        self.bad.add(build.name)
        point_to_a_half(self.s3, build)
        self.everywhere(lambda node: PASSAGES in node.refused_reason(), "a bad Build was not refused")

    def everywhere(self, holds: Callable[[Node], bool], otherwise: str) -> None:
        """Wait until it holds so often in a row on each node that hardly a worker is missed."""
        for node in self.nodes:
            wait(lambda node=node: all(holds(node) for _ in range(4 * node.workers)), f"{otherwise} ({node.name})")  # type: ignore[misc]

    def _renamed(self, *, more: bytes = b"") -> Path:
        """The Build again, as a new ingest of the same corpus would leave it."""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}Z-{self.build.name.rpartition('-')[2]}"
        folder = self.folder / "made" / name
        shutil.copytree(self.build, folder, copy_function=os.link)
        manifest = read_manifest(folder)
        passages = (folder / PASSAGES).read_bytes()
        for file in (MANIFEST_FILE, SEAL_FILE, PASSAGES):
            # A link to the first one's would be written through.
            (folder / file).unlink()
        (folder / PASSAGES).write_bytes(passages + more)
        write_manifest(folder, replace(manifest, build=name, files=describe_files(folder)))
        return folder


@contextmanager
def a_stand(folder: Path, build: Path, *, nodes: int, workers: int) -> Iterator[Stand]:
    """Yield nodes that are ready, each with a Build that it has fetched.

    :param folder: for all that is written.
    :param build: what is published again and again.
    :param nodes: how many.
    :param workers: of each node.
    :yields: the nodes and what they share.
    """
    with ExitStack() as shared:
        postgres, redis, s3 = (shared.enter_context(each()) for each in (real_postgres, real_redis, real_s3))
        settings = {
            **s3.environment, "BOT_BUILDS": s3.address, "BOT_RATE_STORAGE": redis.url,
            "BOT_CLIENT_PER_MINUTE": str(LIMIT), "BOT_SITE_PER_MINUTE": "0", "BOT_METRICS_TOKEN": METRICS_TOKEN,
        }  # fmt: skip
        made = [Node(f"node-{n}", folder / f"node-{n}", workers, postgres.url, settings) for n in range(1, nodes + 1)]
        stand = Stand(folder, build, made, postgres, redis, s3)
        run_bot("migrate", DATABASE_URL=postgres.url)
        first = stand._renamed()
        Bucket(s3.address).push(first, keep=KEEP)
        stand.published.append((first.name, monotonic()))
        try:
            with ThreadPoolExecutor(nodes) as pool:
                list(pool.map(Node.start, made))
            yield stand
        finally:
            for node in made:
                node.stop()


def _names(pointer: Pointer | None, build: Path) -> bool:
    return pointer is not None and pointer.build == build.name


def wait(holds: Callable[[], bool], otherwise: str, every_s: float = 0.05) -> None:
    """Wait until something holds; raises TimeoutError with what did not."""
    until = monotonic() + PATIENCE_S
    while not holds():
        if monotonic() > until:
            raise TimeoutError(f"{otherwise} after {PATIENCE_S:.0f} s")
        sleep(every_s)
