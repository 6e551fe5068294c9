"""The page for the appointment, and the link to a passage."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from .factories import chat, client
from .fake_answerer import BUILD, FakeAnswerer
from .memories import remembering
from .sources import all_sources


def test_the_sheet_has_questions_quotations_sources_and_lines_to_write_on(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    conversation = chat(here, "What is a digital twin?").json["conversation_id"]
    chat(here, "zebra", conversation_id=conversation)
    page = here.post("/appointment", data={"conversation_id": conversation})
    assert page.headers["Cache-Control"] == "no-store"
    order = ["What is a digital twin?</h2>", "is a model of a body", "Explainer", "zebra</h2>", "The answer:"]
    positions = [page.text.index(words) for words in [*order, "My notes"]]
    assert positions == sorted(positions)
    assert page.text.count('class="line"') > 5
    # What had no answer is a question to bring along, not a refusal to print.
    assert "Nothing here is about" not in page.text


def the_sheet(to: FlaskClient, answer: dict[str, Any]) -> str:
    return to.post("/appointment", data={"conversation_id": answer["conversation_id"]}).text


def test_there_is_no_sheet_of_a_conversation_that_is_not_kept(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    assert here.post("/appointment", data={"conversation_id": "x" * 22}).status_code == 404
    assert here.post("/appointment").status_code == 404
    assert here.get("/appointment").status_code == 405
    assert client().post("/appointment", data={"conversation_id": "x" * 22}).status_code == 404


def test_a_link_shows_the_same_words_and_no_number_of_a_build() -> None:
    here = client()
    snippet = chat(here, "uncertain").json["snippets"][0]
    page = here.get("/answers", query_string={"snippet": snippet["id"], "build": BUILD}).text
    assert "An uncertain result is not a diagnosis." in page
    assert "Build" not in page


def test_a_source_that_was_changed_or_withdrawn_is_said_to_be_and_not_quoted() -> None:
    snippet = chat(client(), "uncertain").json["snippets"][0]["id"]
    changed = [replace(one, text=one.text + " More.") for one in all_sources()]
    page = client(FakeAnswerer(changed)).get("/answers", query_string={"snippet": snippet}).text
    assert "The source has changed since this link was made" in page
    assert "is not a diagnosis" not in page
    assert 'href="/interviews/a-parent-and-a-counselor"' in page
    others = [one for one in all_sources() if one.id == "genes"]
    page = client(FakeAnswerer(others)).get("/answers", query_string={"snippet": snippet}).text
    assert "The source was taken down" in page


def test_an_address_that_names_no_passage_is_refused() -> None:
    assert client().get("/answers").status_code == 422
    assert client().get("/answers?snippet=nonsense").status_code == 422
    assert client(FakeAnswerer(down=True)).get(f"/answers?snippet=a@{'0' * 64}:0-1").status_code == 503


def test_the_page_is_in_the_language_that_is_asked_for() -> None:
    snippet = chat(client(), "uncertain").json["snippets"][0]["id"]
    page = client().get("/answers", query_string={"snippet": snippet, "lang": "es-MX"}).text
    assert '<html lang="es">' in page
    assert "Un pasaje, palabra por palabra" in page
