"""What `ask` prints of an answer that is not sure."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from bot import wiring
from bot.cli import main
from bot.conversing.replied import Replied
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


def test_as_json_they_are_near() -> None:
    answer = json.loads(CliRunner().invoke(main, ["ask", "why sleep?", "--json"]).output)
    assert [passage["text"] for passage in answer["near"]] == ["Sleep is rest."]
