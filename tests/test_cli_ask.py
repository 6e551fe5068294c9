"""What `ask` prints of an answer that is not sure."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from bot import wiring
from bot.cli import main
from bot.dialogue.replied import Replied
from bot.records import Answer, Snippet, SnippetSource

ORIGIN = SnippetSource("a", "explainer", "Sleep", "Why", "/explainers/a#why", None, None, None, (0, 5), "0" * 64)
UNSURE = Answer("unanswered_near", "b", 0.2, "I'm not sure.", near=(Snippet("Sleep is rest.", (), ORIGIN),))


@pytest.fixture(autouse=True)
def unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question is answered unsurely."""
    dialogue = SimpleNamespace(reply=lambda message, country: Replied(UNSURE))
    monkeypatch.setattr(wiring, "store_of", lambda settings: None)
    monkeypatch.setattr(wiring, "open_dialogue", lambda store: (dialogue, []))


def test_passages_that_may_hold_the_answer_are_marked_as_not_sure() -> None:
    lines = CliRunner().invoke(main, ["ask", "why sleep?"]).output.splitlines()
    assert lines[:4] == ["I'm not sure.", "?  “Sleep is rest.”", "   Explainer: Sleep · Why", "   /explainers/a#why"]


def test_a_source_is_credited_with_the_day_of_its_last_change_or_with_its_review(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changed = replace(ORIGIN, updated_on="2026-11-29")
    reviewed = replace(changed, reviewed_on="2026-11-30", reviewed_by="Dr. Ada Lowe")
    answer = replace(UNSURE, near=tuple(Snippet("Sleep is rest.", (), origin) for origin in (changed, reviewed)))
    dialogue = SimpleNamespace(reply=lambda message, country: Replied(answer))
    monkeypatch.setattr(wiring, "open_dialogue", lambda store: (dialogue, []))
    lines = CliRunner().invoke(main, ["ask", "why sleep?"]).output.splitlines()
    assert "   Text updated 29 November 2026, not yet reviewed by a clinician" in lines
    assert "   Reviewed by Dr. Ada Lowe on 30 November 2026" in lines


def test_what_answers_a_claim_stands_behind_whose_words_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = Answer("answered", "b", 0.9, "Our source says:", snippets=(Snippet("Sleep is rest.", (), ORIGIN),))
    dialogue = SimpleNamespace(reply=lambda message, country: Replied(answer))
    monkeypatch.setattr(wiring, "open_dialogue", lambda store: (dialogue, []))
    lines = CliRunner().invoke(main, ["ask", "is it true that sleep is rest?"]).output.splitlines()
    assert lines[:2] == ["Our source says:", "“Sleep is rest.”"]


def test_as_json_they_are_near() -> None:
    answer = json.loads(CliRunner().invoke(main, ["ask", "why sleep?", "--json"]).output)
    assert [passage["text"] for passage in answer["near"]] == ["Sleep is rest."]
