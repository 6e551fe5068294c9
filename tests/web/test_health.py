"""Probes and numbers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.web.metrics import Metrics

from .factories import chat, client
from .fake_answerer import BUILD, FakeAnswerer

ROOT = Path(__file__).parents[2]
WORKER = """
from tests.web.factories import chat, client
here = client(metrics_folder={folder!r})
for question in ("twin", "zebra"):
    chat(here, question)
print(here.get("/metrics").text)
"""


def test_alive_and_ready_are_two_things() -> None:
    here, down = client(), client(FakeAnswerer(down=True))
    assert here.get("/readyz").json == {"status": "ready", "build": BUILD}
    assert (down.get("/healthz").status_code, down.get("/readyz").status_code) == (200, 503)
    assert down.get("/readyz").json["code"] == "index_unavailable"


def test_requests_are_counted_by_endpoint_and_code_and_answers_by_status() -> None:
    here = client()
    for question in ("twin", "twin", "zebra", ""):
        chat(here, question)
    here.get("/nothing/anywhere")
    numbers = here.get("/metrics").text
    assert 'explainer_requests_total{code="200",endpoint="public.chat"} 3.0' in numbers
    assert 'explainer_requests_total{code="422",endpoint="public.chat"} 1.0' in numbers
    assert 'explainer_requests_total{code="404",endpoint="unmatched"} 1.0' in numbers
    assert 'explainer_answers_total{status="answered"} 2.0' in numbers
    assert 'explainer_answers_total{status="unanswered_no_match"} 1.0' in numbers
    assert 'explainer_request_seconds_count{endpoint="public.chat"} 4.0' in numbers
    assert f'build="{BUILD}"' in numbers


def test_no_question_is_in_the_numbers() -> None:
    here = client()
    chat(here, "zebra stripes")
    here.get("/api/v1/search?q=zebra+stripes")
    assert "zebra" not in here.get("/metrics").text


def test_workers_numbers_are_summed_when_they_share_a_folder(tmp_path: Path) -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", WORKER.format(folder=str(tmp_path))]
    runs = [subprocess.run(command, env=environment, capture_output=True, text=True, check=True) for _ in range(2)]
    assert 'explainer_answers_total{status="answered"} 1.0' in runs[0].stdout
    assert 'explainer_answers_total{status="answered"} 2.0' in runs[1].stdout
    assert f'build="{BUILD}"' in runs[1].stdout


def test_a_folder_that_came_too_late_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PROMETHEUS_MULTIPROC_DIR"):
        Metrics(version="1", build_id=lambda: BUILD, folder=str(tmp_path))
