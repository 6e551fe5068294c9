"""Going back to the release before, by the commands of the page."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.factories import corpus, make_build
from tests.live_server import Server
from tests.operations.pages import block_with, blocks_of, run
from tests.operations.served import PATIENCE_S, empty_database, serving
from tests.real_postgres import RealPostgres
from tests.structure.tree import TOP

pytestmark = pytest.mark.slow


def test_before_a_release_the_schema_of_both_can_be_compared(
    postgres: RealPostgres, index: Path, tmp_path: Path
) -> None:
    url = empty_database(postgres, "schemas")
    with serving(tmp_path / "served", index, url):
        block = block_with("rollback", "alembic_version").replace("ls bot/", f"ls {TOP}/bot/")
        present, *files = run(block, tmp_path, {"DATABASE_URL": url}).split()
    newest = max(name for name in files if name[:4].isdigit())
    assert newest.startswith(f"{present}_")


def test_the_build_before_answers_again_and_the_chat_is_closed_meanwhile(
    postgres: RealPostgres, tmp_path: Path
) -> None:
    url, index = empty_database(postgres, "going_back"), tmp_path / "indexes"
    first = make_build(index, corpus()[:1]).build
    assert make_build(index).build != first
    settings = {"DATABASE_URL": url, "BOT_INDEX": str(index)}
    with serving(tmp_path / "served", index, url) as server:
        run(block_with("rollback", "bot close"), tmp_path, settings)
        assert comes_to(503, server)
        run(block_with("rollback", "--rollback"), tmp_path, settings)
        run("python -m bot open", tmp_path, settings)
        assert comes_to(200, server)
        run(block_with("rollback", "bot open"), tmp_path, {**settings, "HOST": server.address})
        assert soon(lambda: first in server.call("/readyz")[1])


def comes_to(status: int, server: Server) -> bool:
    """Whether a question is soon answered so: workers look every second whether the chat was closed."""
    return soon(lambda: server.call("/api/v1/chat", {"message": "gene"})[0] == status)


def soon(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE_S
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(0.2)
    return held


def test_every_block_of_the_page_is_run_here() -> None:
    assert len(blocks_of("rollback")) == 4
