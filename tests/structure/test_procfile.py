"""The Procfile runs on any platform that sets PORT and DATABASE_URL, and logs nothing about visitors."""

from __future__ import annotations

import io
import logging
import os
import runpy
import subprocess
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from bot.web.cores import available_cores
from bot.web.shared_numbers import SharedNumbers
from tests.patience import PATIENCE_S
from tests.structure.tree import TOP


def processes() -> dict[str, str]:
    lines = (TOP / "Procfile").read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines if line.strip())


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run gunicorn.conf.py with some environment; gives back what it sets."""

    def configure(**environment: str) -> dict[str, Any]:
        for name in ("PORT", "WEB_CONCURRENCY", "OMP_NUM_THREADS"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        found = runpy.run_path(str(TOP / "gunicorn.conf.py"))
        # What gunicorn itself thinks of each value; it refuses a bad one.
        config = Config()
        for name, value in found.items():
            if name in config.settings:
                config.set(name, value)
        return found

    # What the file itself sets must not reach servers that later tests start.
    with patch.dict(os.environ):
        yield configure


def test_the_release_migrates_and_the_web_finds_or_makes_its_build() -> None:
    assert processes() == {
        "release": "python -m bot migrate",
        "web": "python -m bot ingest --if-missing && exec gunicorn -c gunicorn.conf.py bot.wsgi:app",
    }


def test_the_port_and_the_number_of_workers_are_the_platforms(configured: Any) -> None:
    found = configured(PORT="5123", WEB_CONCURRENCY="3")
    assert (found["bind"], found["workers"]) == ("0.0.0.0:5123", 3)


def test_without_a_platform_there_is_a_worker_a_core_on_port_8000(configured: Any) -> None:
    found = configured()
    assert (found["bind"], found["workers"]) == ("0.0.0.0:8000", available_cores())


def test_a_worker_that_ends_leaves_its_part_of_the_numbers_to_the_next(configured: Any) -> None:
    numbers = SharedNumbers(parts=2)
    app = SimpleNamespace(extensions={"shared_numbers": numbers})
    server = SimpleNamespace(app=SimpleNamespace(wsgi=lambda: app))
    first, second, third = SimpleNamespace(), SimpleNamespace(), SimpleNamespace()
    found = configured()
    found["pre_fork"](server, first)
    found["pre_fork"](server, second)
    found["child_exit"](server, first)
    found["pre_fork"](server, third)
    assert (first.numbers, second.numbers, third.numbers) == (1, None, 1)


def test_heartbeats_go_where_something_can_be_written(configured: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = {"/dev/shm"}
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **where: refuse(where["dir"], refused))
    assert configured(TMPDIR="/var")["worker_tmp_dir"] == "/var"


def test_a_machine_where_nothing_can_be_written_is_told_what_to_do(
    configured: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **where: refuse(where["dir"], {where["dir"]}))
    with pytest.raises(SystemExit, match="make one writable"):
        configured()


def refuse(folder: str, refused: set[str]) -> io.BytesIO:
    if folder in refused:
        raise PermissionError(folder)
    return io.BytesIO()


def test_native_threads_are_held_to_one_a_worker(configured: Any) -> None:
    configured()
    assert os.environ["OMP_NUM_THREADS"] == "1"


def test_the_access_log_has_no_address_no_query_and_no_referrer(configured: Any) -> None:
    form = configured()["access_log_format"]
    # Of gunicorn's names: h is the address, r and q hold the query, f the referrer, {x-forwarded-for}i an address.
    assert not [name for name in ("%(h)s", "%(r)s", "%(q)s", "%(f)s", "%({") if name in form]


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("Invalid request from ip=203.0.113.7: GET /api/v1/search?q=my+son", ()),
        ("Error handling request %s %s", ("GET", "/api/v1/search?q=my+son")),
        ("Error handling request %s", ("/api/v1/search?q=my+son",)),
    ],
)
def test_the_error_log_keeps_visitors_out(
    configured: Any, caplog: pytest.LogCaptureFixture, message: str, arguments: tuple[str, ...]
) -> None:
    logger: Logger = configured()["logger_class"](Config())
    logger.error_log.addHandler(caplog.handler)
    logger.error_log.warning(message, *arguments)
    logger.error_log.removeHandler(caplog.handler)
    assert caplog.records[-1].levelno == logging.WARNING
    assert "my+son" not in caplog.text
    assert "203.0.113.7" not in caplog.text


def test_gunicorn_still_writes_the_messages_that_are_kept_out() -> None:
    """If gunicorn words them otherwise one day, the filter must follow."""
    import gunicorn.workers.base as base

    source = Path(base.__file__).read_text(encoding="utf-8")
    assert "Invalid request from ip=" in source
    assert "Error handling request" in source


@pytest.mark.parametrize("script", [".ci/run", ".ci/browser", ".ci/proxy", ".githooks/pre-commit"])
def test_scripts_are_executable_stop_at_the_first_error_and_parse(script: str) -> None:
    path = TOP / script
    assert os.access(path, os.X_OK)
    assert "set -euo pipefail" in path.read_text(encoding="utf-8")
    assert subprocess.run(["bash", "-n", path], timeout=PATIENCE_S).returncode == 0


def test_continuous_integration_runs_the_same_tests_as_everybody() -> None:
    assert (TOP / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1] == "make test"


def test_make_help_lists_every_target_a_person_needs() -> None:
    ran = subprocess.run(
        ["make", "-C", TOP, "--no-print-directory", "help"], capture_output=True, text=True, timeout=PATIENCE_S
    )
    listed = {line.split()[1] for line in ran.stdout.splitlines() if line.startswith("  make ")}
    assert {"help", "install", "run", "test", "check", "bench", "evaluate", "freeze"} <= listed
