"""Families get their answers, and whom to call, while the database hangs, is gone, or was never there; it comes back.

Real gunicorn workers and a real PostgreSQL.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.factories import make_build
from tests.live_server import Server, running
from tests.real_postgres import RealPostgres, real_postgres, silent_listener

pytestmark = pytest.mark.slow

WORKERS = 2
METRICS_TOKEN = "m" * 32
IN_DANGER = "I want to kill myself"
# Far longer than a busy machine needs for what takes three seconds; what hangs takes for ever.
PATIENCE_S = 200.0


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "indexes"
    make_build(folder)
    return folder


@pytest.fixture(scope="module")
def postgres() -> Iterator[RealPostgres]:
    with real_postgres(started=False) as made:
        yield made


@contextmanager
def serving(folder: Path, index: Path, url: str, **settings: str) -> Iterator[Server]:
    given = {"BOT_METRICS_TOKEN": METRICS_TOKEN, **settings}
    with running(folder / "log", index=index, database_url=url, workers=WORKERS, **given) as server:
        server.patience_s = PATIENCE_S
        yield server


def ask(server: Server, message: str = "gene") -> dict[str, Any]:
    status, body = server.call("/api/v1/chat", {"message": message})
    assert status == 200, body
    answer: dict[str, Any] = json.loads(body)
    return answer


def is_stored(server: Server, answer: dict[str, Any]) -> bool:
    return server.call(f"/api/v1/conversations/{answer['conversation_id']}")[0] == 200


def in_a_row(holds: Callable[[], bool]) -> bool:
    """Whether something holds on all workers soon: as often in a row as would hardly miss one."""
    deadline, row = time.monotonic() + PATIENCE_S, 0
    while row < 8 * WORKERS and time.monotonic() < deadline:
        row = row + 1 if holds() else 0
        time.sleep(0 if row else 0.1)
    return row >= 8 * WORKERS


def all_workers_remember(server: Server) -> bool:
    return in_a_row(lambda: is_stored(server, ask(server)))


def not_stored(server: Server) -> float:
    status, text = server.call("/metrics", Authorization=f"Bearer {METRICS_TOKEN}")
    assert status == 200
    (found,) = re.findall(r"^explainer_turns_not_stored_total (\S+)$", text, re.MULTILINE)
    return float(found)


def test_a_database_that_hangs_takes_neither_answers_nor_the_probe_along_and_is_used_again_when_it_goes_on(
    postgres: RealPostgres, index: Path, tmp_path: Path
) -> None:
    postgres.start()
    with serving(tmp_path, index, postgres.url) as server:
        assert all_workers_remember(server)
        assert not_stored(server) == 0
        postgres.pause()
        messages = ["gene", IN_DANGER] * 4 * WORKERS
        with ThreadPoolExecutor(len(messages)) as pool:
            probes = [pool.submit(server.call, "/healthz") for _ in range(WORKERS)]
            answers = list(pool.map(lambda message: ask(server, message), messages))
        assert {answer["status"] for answer in answers[1::2]} == {"referred_crisis"}
        assert all(answer["notices"][0]["actions"] for answer in answers[1::2])
        assert [probe.result()[0] for probe in probes] == [200] * WORKERS
        # Now that it is known, nobody waits: more answers than there would be time for.
        assert all(ask(server, IN_DANGER) for _ in range(100))
        assert not_stored(server) == len(messages) + 100
        postgres.resume()
        assert all_workers_remember(server)
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "The database does not answer" in log
    assert "The database answers again" in log
    assert IN_DANGER not in log
    postgres.stop()


def test_a_database_that_is_restarted_is_used_at_once(postgres: RealPostgres, index: Path, tmp_path: Path) -> None:
    postgres.start()
    with serving(tmp_path, index, postgres.url) as server:
        assert all_workers_remember(server)
        postgres.stop()
        assert ask(server, IN_DANGER)["status"] == "referred_crisis"
        assert not_stored(server) == 1
        postgres.start()
        assert all_workers_remember(server)
    postgres.stop()


def test_a_server_starts_without_a_database_and_has_all_of_it_when_it_comes(index: Path, tmp_path: Path) -> None:
    with (
        real_postgres(started=False) as postgres,
        serving(tmp_path, index, postgres.url) as server,
    ):
        assert ask(server)["snippets"]
        assert ask(server, IN_DANGER)["status"] == "referred_crisis"
        status, body = server.call("/api/v1/chat", {"message": "gene", "site": "site_partner"})
        assert (status, json.loads(body)["code"]) == (503, "sites_unavailable")
        assert json.loads(body)["notices"][1]["actions"]
        assert server.call("/embed?site=site_partner")[0] == 503
        assert server.call("/healthz")[0] == 200
        # Nothing was made in it before: its tables come, and the secret that the workers share.
        postgres.start()
        assert all_workers_remember(server)
        site = json.loads(server.run("site", "add", "--name", "Partner", "--json"))["id"]
        assert in_a_row(lambda: "token=" in server.call(f"/embed?site={site}")[1])
        token = server.call(f"/embed?site={site}")[1].split('token="')[1].split('"')[0]
        with_token = {"X-Chat-Token": token}
        assert in_a_row(lambda: server.call("/api/v1/chat", {"message": "gene"}, **with_token)[0] == 200)
        assert server.call("/staff/sign-in")[0] == 200
        # The workers went on to count together.
        (counted,) = {not_stored(server) for _ in range(4 * WORKERS)}
        assert counted >= 2
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "DATABASE_URL" in log
    assert "Traceback" not in log


@pytest.mark.parametrize(("closed", "status"), [("true", 503), ("false", 200)])
def test_a_server_starts_before_a_database_that_says_nothing_and_closed_it_says_whom_to_call(
    index: Path, tmp_path: Path, closed: str, status: int
) -> None:
    with (
        silent_listener() as url,
        serving(tmp_path, index, url, BOT_CLOSED=closed) as server,
    ):
        found, body = server.call("/api/v1/chat", {"message": IN_DANGER})
        assert found == status
        assert json.loads(body)["notices"][0]["actions"]
        assert server.call("/healthz")[0] == 200
