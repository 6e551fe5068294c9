"""Over HTTP: a year that somebody asks about, and that no quote names, is not answered by what holds in others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bench.fuzz.service import application
from tests.factories import corpus, make_build, source


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    index: Path = tmp_path_factory.mktemp("years")
    trials = source("gene-trial", "In 2019 a gene trial began. A gene trial takes years.", title="Gene trial")
    make_build(index, [*corpus(), trials])
    with application(index) as app:
        yield app.test_client()


def status(client: FlaskClient, message: str) -> str:
    reply = client.post("/api/v1/chat", json={"message": message})
    found: str = reply.get_json()["status"]
    return found


@pytest.mark.parametrize(
    "message",
    [
        "What was the gene trial in 2030?",
        "How was a gene trial in 1950?",
        "What will a gene trial be by 2040?",
        "What is a gene trial since the year 2031?",
        "Which gene trial was during 2027?",
    ],
)
def test_a_year_that_no_quote_names_is_not_answered(client: FlaskClient, message: str) -> None:
    assert status(client, message).startswith("unanswered")


@pytest.mark.parametrize(
    "message",
    [
        "What was the gene trial in 2019?",
        "What is a gene trial?",
        "What is a gene trial of 2000 children?",
        "I was born in 2015. What is a gene trial?",
    ],
)
def test_a_year_that_is_named_or_only_told_takes_no_answer_away(client: FlaskClient, message: str) -> None:
    assert status(client, message) == "answered"
