"""A site with a collection never gets a sentence, a question or a link from outside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.answer import Answerer
from bot.answering.retrieve import retrieve
from bot.answering.weights import LIMITS
from bot.dialogue.live import LiveDialogue
from bot.indexing.collection import narrowed
from bot.indexing.index import load_build
from bot.indexing.store import BuildStore
from bot.records import RelatedCard, Source
from tests.factories import TOPICS, make_build, source

QUESTIONS = [
    *TOPICS,
    *(f"what is a {topic}?" for topic in TOPICS),
    "gene and heart",
    "tell me about the cell in a gene",
]


def a_corpus() -> list[Source]:
    """Two sources for each topic, one tagged "kept", which relate to each other; and one about all topics."""
    sources = []
    for topic in TOPICS:
        for kept in (True, False):
            name, about = (f"{topic}-in", topic) if kept else (f"{topic}-out", f"{topic} trial")
            card = RelatedCard("article", f"Card of {topic}", source_id=f"{topic}-out", url="https://else.example")
            sources.append(
                source(
                    name,
                    f"The {about} is the {about}. A {about} has a {about}.",
                    tags=("kept",) if kept else ("left",),
                    questions=(f"What is the {about} of {name}?",),
                    related_ids=(f"{topic}-out", f"{topic}-in"),
                    related_cards=(card,),
                )
            )
    return [*sources, source("all", " ".join(f"The {topic}." for topic in TOPICS), tags=("left",))]


@pytest.fixture
def live(tmp_path: Path) -> LiveDialogue:
    make_build(tmp_path, a_corpus())
    return LiveDialogue(BuildStore(tmp_path))


@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_of_an_answer_is_from_outside(live: LiveDialogue, question: str) -> None:
    answer = live.reply(question, country="other", tags=("kept",)).answer
    assert all(snippet.source.id.endswith("-in") for snippet in answer.snippets)
    assert not [text for text in answer.suggestions if "-out" in text]
    assert not [item for item in answer.related if "Out" in item.title or "Card" in item.title]
    hits = live.search(question, 100, tags=("kept",))
    assert hits
    assert all(hit.passage.source_id.endswith("-in") for hit in hits)


def test_the_whole_corpus_is_answered_from_without_tags(live: LiveDialogue) -> None:
    assert any("-out" in hit.passage.source_id for hit in live.search("gene", 100))
    assert any("-out" in text for text in live.suggestions())
    assert [item.title for item in live.reply("gene", country="other").answer.related]


def test_first_questions_are_of_the_collection(live: LiveDialogue) -> None:
    assert live.suggestions(tags=("kept",)) == [f"What is the {topic} of {topic}-in?" for topic in TOPICS[:6]]
    assert live.suggestions(tags=("none has this",)) == []


def test_a_collection_of_nothing_answers_nothing_and_breaks_nothing(live: LiveDialogue) -> None:
    answer = live.reply("gene", country="other", tags=("none has this",)).answer
    assert answer.status.startswith("unanswered")
    assert answer.suggestions == ()
    assert live.search("gene", 5, tags=("none has this",)) == []


def test_what_was_said_before_leads_nowhere_outside(live: LiveDialogue) -> None:
    from bot.dialogue.history import turn_of

    before = live.reply("gene", country="other").answer
    history = [turn_of("gene", None, before)]
    for question in ("tell me more", "why?", "and the heart?"):
        answer = live.reply(question, history, country="other", tags=("kept",)).answer
        assert all(snippet.source.id.endswith("-in") for snippet in answer.snippets)


def test_a_small_collection_in_a_large_corpus_is_not_starved(tmp_path: Path) -> None:
    """With a few proposals of each retriever, all of them would be from outside if it were filtered afterwards."""
    crowd = [
        source(f"crowd-{number}", "The gene is a gene. A gene has a gene.", tags=("left",)) for number in range(60)
    ]
    wanted = source("wanted", "Of the gene it is said that it is a line of a recipe.", tags=("kept",))
    index = load_build(make_build(tmp_path, [*crowd, wanted]).path)
    few = replace(LIMITS, dense=5, lexical=5, labels=5, candidates=5, whole_corpus=0)
    outside = retrieve(index, "gene", limits=few)
    assert "wanted" not in {index.passages[int(row)].source_id for row in outside.rows}
    inside = retrieve(narrowed(index, ["kept"]), "gene", limits=few)
    assert {index.passages[int(row)].source_id for row in inside.rows} == {"wanted"}


@pytest.mark.parametrize("whole_corpus", [0, LIMITS.whole_corpus])
def test_a_collection_finds_what_a_corpus_of_it_alone_finds(tmp_path: Path, whole_corpus: int) -> None:
    kept = [one for one in a_corpus() if "kept" in one.tags]
    alone = load_build(make_build(tmp_path / "alone", kept).path)
    part = narrowed(load_build(make_build(tmp_path / "all", a_corpus()).path), ["kept"])
    limits = replace(LIMITS, whole_corpus=whole_corpus)
    for question in QUESTIONS:
        found = [part.passages[int(row)].id for row in retrieve(part, question, limits=limits).rows]
        expected = [alone.passages[int(row)].id for row in retrieve(alone, question, limits=limits).rows]
        assert set(found) == set(expected)
        assert found[0].split("-")[0] == expected[0].split("-")[0]


def test_all_passages_of_a_collection_are_listed_and_no_others(tmp_path: Path) -> None:
    answerer = Answerer(narrowed(load_build(make_build(tmp_path, a_corpus()).path), ["kept"]))
    assert {passage.source_id for passage in answerer.passages()} == {f"{topic}-in" for topic in TOPICS}
    assert [one.id for one in answerer.sources()] == [f"{topic}-in" for topic in TOPICS]
    assert answerer.source("gene-out") is None
