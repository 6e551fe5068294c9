"""The files that are learnt from: every line has its shape, and nothing is said to be two things."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.answering.grams import plain
from bot.errors import CorpusError
from bot.indexing.heads import packaged_card
from bot.reading.corpus import read_corpus
from bot.training import lines
from bot.training.lines import FOLDER, KINDS, read_families, read_messages

CORPUS = Path(__file__).parents[2] / "corpus" / "explainers"
HANDS = sorted(path.stem for path in (FOLDER / "families").glob("*.jsonl"))


@pytest.mark.parametrize("hand", HANDS)
def test_what_families_ask_can_be_read(hand: str) -> None:
    found = read_families([hand])
    assert found
    # A hand may name an explainer that is not written yet; where it is not there, the line is passed over.
    assert all(re.fullmatch(r"[a-z0-9-]+", source) for line in found for source in line.sources)
    assert [line.text for line in found if not line.text.strip() or (line.quotes and not line.sources)] == []


def test_what_the_hands_quote_stands_in_the_corpus_word_for_word() -> None:
    texts = [source.text for source in read_corpus([CORPUS.parent], questions=False)]
    quoted = {quote for line in read_families(HANDS) for quote in (*line.quotes, *line.also)}
    assert len(quoted) > 2000
    # A quote that its text has lost teaches nothing, and nobody is told: `python -m bot train carry-over` finds them.
    assert sorted(quote for quote in quoted if not any(quote in text for text in texts)) == []


def test_every_explainer_is_asked_about() -> None:
    asked = {source for line in read_families(HANDS) for source in line.sources}
    assert {path.stem for path in CORPUS.glob("*.md")} - asked == set()


def test_messages_can_be_read_each_with_a_kind_and_a_reason() -> None:
    found = read_messages()
    assert {line.label for line in found} <= set(KINDS)
    assert [line.text for line in found if not line.text.strip() or not line.reason.strip()] == []
    assert len(read_messages(without=["s1"])) < len(found)


def test_no_message_is_two_things() -> None:
    labels: dict[str, set[str]] = {}
    for line in read_messages():
        labels.setdefault(plain(line.text), set()).add(line.label)
    assert [text for text, found in labels.items() if len(found) > 1] == []


def test_the_head_that_ships_tells_these_kinds_apart() -> None:
    card = packaged_card("routing")
    assert card is not None
    assert card.kinds == KINDS


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"text": "a"}', "another shape"),
        ('{"text": "a", "label": "nothing", "reason": "r"}', "'nothing'"),
        ("{", "shape"),
    ],
)
def test_a_line_that_cannot_be_learnt_from_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, said: str
) -> None:
    (tmp_path / "messages").mkdir()
    (tmp_path / "messages" / "one.jsonl").write_text(line, encoding="utf-8")
    monkeypatch.setattr(lines, "FOLDER", tmp_path)
    with pytest.raises(CorpusError, match=said):
        read_messages()
