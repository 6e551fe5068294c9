"""Over HTTP: a question that stands above a section, word for word, has that section's answer, never its contrary's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from bench.fuzz.service import application
from bot.settings import Settings

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def client(shipped: Settings) -> Iterator[FlaskClient]:
    with application(shipped.index) as app:
        yield app.test_client()


def first_place(client: FlaskClient, message: str) -> tuple[str, str]:
    """The source and the section of what is quoted first."""
    answer = client.post("/api/v1/chat", json={"message": message}).get_json()
    assert answer["status"] == "answered"
    found = answer["snippets"][0]["source"]
    return found["id"], found["section"]


@pytest.mark.parametrize(
    ("message", "source", "section"),
    [
        ("What can mice tell us?", "animal-models", "What can mice tell us?"),
        ("what can mice not tell us", "animal-models", "What can mice not tell us?"),
        ("What can’t mice tell us?", "animal-models", "What can mice not tell us?"),
        ("Do we need guardianship?", "transition-to-adult-care", "Do we need guardianship?"),
        ("do we need guardianship", "transition-to-adult-care", "Do we need guardianship?"),
        ("What does not cause autism?", "autism-and-genetics", "What does not cause autism?"),
        ("Why do small numbers mislead?", "how-to-read-a-study", "Why do small numbers mislead?"),
        ("What can we do during a meltdown?", "behavior-and-anxiety", "What can we do during a meltdown?"),
        ("How do we get respite care?", "caring-for-caregivers", "How do we get respite care?"),
        ("How long does each phase take?", "clinical-trial-phases", "How long does each phase take?"),
        ("When should we call after surgery?", "anesthesia-and-surgery", "When should we call after surgery?"),
    ],
)  # fmt: skip
def test_a_question_of_the_page_is_answered_by_its_own_section(
    client: FlaskClient, message: str, source: str, section: str
) -> None:
    assert first_place(client, message) == (source, section)


def test_what_says_too_little_is_not_taken_for_the_one_section_that_has_it_above(client: FlaskClient) -> None:
    for message in ("What about us?", "What is the point?"):
        assert client.post("/api/v1/chat", json={"message": message}).get_json()["status"] != "answered"
