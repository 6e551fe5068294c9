"""Answers from the shipped corpus, by the real model: quoted word for word, or not given."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence

import pytest

from bot import wiring
from bot.answering.answer import Answerer
from bot.indexing.lexical import words_of
from bot.settings import Settings

pytestmark = pytest.mark.model

FORMS = (
    "what is {}",
    "why does {} matter",
    "how does {} work",
    "is {} safe",
    "{}",
    "{} or {}?",
    "my child and {}",
    "😀 {}!",
)


@pytest.fixture(scope="module")
def answerer(shipped: Settings) -> Answerer:
    """An answerer on a Build of the shipped corpus."""
    found, rejected = wiring.open_answerer(wiring.store_of(shipped))
    assert rejected == []
    return found


def questions(answerer: Answerer) -> Iterator[str]:
    """Questions that the corpus answers: of each source's title, of words that stand together, and of any words."""
    draw = random.Random(20261123)
    sources = answerer.sources()
    texts = [words_of(source.text) for source in sources]
    words = sorted({word for text in texts for word in text})
    for source in sources:
        yield from (draw.choice(FORMS).format(source.title, draw.choice(words)) for _ in range(2))
    for _ in range(100):
        yield draw.choice(FORMS).format(neighbours(draw.choice(texts), draw), neighbours(draw.choice(texts), draw))
        yield draw.choice(FORMS).format(*(" ".join(draw.sample(words, draw.choice((1, 2, 3)))) for _ in range(2)))


def neighbours(words: Sequence[str], draw: random.Random) -> str:
    start = draw.randrange(len(words))
    return " ".join(words[start : start + draw.choice((1, 2, 3))])


def test_every_snippet_of_hundreds_of_answers_is_a_verbatim_slice_of_its_source(answerer: Answerer) -> None:
    answered, quoted = 0, set[str]()
    for question in questions(answerer):
        answer = answerer.answer(question)
        assert (answer.status == "answered") == bool(answer.snippets)
        assert 0 <= answer.confidence <= 1
        assert len({snippet.source.id for snippet in answer.snippets}) <= 3
        assert len({snippet.text for snippet in answer.snippets}) == len(answer.snippets)
        answered += bool(answer.snippets)
        quoted.update(snippet.source.id for snippet in answer.snippets)
        for snippet in answer.snippets:
            source = answerer.source(snippet.source.id)
            assert source is not None
            assert source.text[slice(*snippet.source.span)] == snippet.text
            assert hashlib.sha256(source.text.encode()).hexdigest() == snippet.source.sha256
            ends = [0, *(position for span in snippet.highlights for position in span), len(snippet.text)]
            assert ends == sorted(ends)
    assert answered > 200
    assert len(quoted) > 60


@pytest.mark.parametrize(
    ("question", "source", "section"),
    [
        ("what is a digital twin", "digital-twins-in-medicine", None),
        ("why do natural history studies matter", "natural-history-studies", "Why it matters"),
        ("how does newborn screening work", "newborn-screening", "How it works"),
        ("how does a patient registry work", "patient-registries", None),
        ("what does de-identified mean", "data-sharing-and-privacy", None),
        ("what is exome sequencing", "genetic-testing", None),
        (
            "what should i do when my child has a seizure",
            "seizures-and-epilepsy",
            "What should I do during a seizure?",
        ),
    ],
)
def test_a_question_finds_its_explainer_and_the_section_that_fits(
    answerer: Answerer, question: str, source: str, section: str | None
) -> None:
    answer = answerer.answer(question)
    assert answer.status == "answered"
    first = answer.snippets[0].source
    assert first.id == source
    assert section is None or first.section == section
    assert first.url.startswith(f"/explainers/{source}")


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (
            "how does expanded access work",
            "Expanded access, also called compassionate use, is a way for a very ill person",
        ),
        ("whats a digital twin", "A digital twin in medicine is a computer model of one real patient, or of one part"),
        (
            "What does de-identified mean?",
            "Before sharing, a study often makes de-identified data, which are data without",
        ),
        (
            "Is gene therapy a cure?",
            "Gene therapy is rarely a full cure, and some people gain little or nothing from it.",
        ),
    ],
)
def test_a_question_of_the_bank_gets_the_sentence_that_was_marked_for_it(
    answerer: Answerer, question: str, sentence: str
) -> None:
    assert answerer.answer(question).snippets[0].text.startswith(sentence)


def test_all_that_was_marked_for_a_question_of_the_bank_is_quoted_and_nothing_that_is_only_alike(
    answerer: Answerer,
) -> None:
    snippets = answerer.answer("fit 5 min spoon in mouth or no").snippets
    quoted = " ".join(snippet.text for snippet in snippets)
    assert "don't put anything in the mouth" in quoted
    assert "lasts more than 5 minutes" in quoted
    assert {snippet.source.id for snippet in snippets} == {"seizure-first-aid-and-rescue-medicine"}
    assert all(answerer.source(one.source.id).text[slice(*one.source.span)] == one.text for one in snippets)


@pytest.mark.parametrize(
    "question", ["what is inotersen", "how is Alexander disease treated", "does BRCA2 cause cancer"]
)
def test_what_the_corpus_does_not_mention_is_not_answered_as_if_it_did(answerer: Answerer, question: str) -> None:
    answer = answerer.answer(question)
    assert answer.status.startswith("unanswered_")
    assert answer.snippets == ()
    assert answer.message
    # Passages that may hold the answer stand in the place of questions to go on with.
    assert bool(answer.near) is (answer.status == "unanswered_near")
    assert bool(answer.suggestions) is not bool(answer.near)


@pytest.mark.parametrize(
    "question", ["what's the weather in Paris", "play some jazz", "book a table for two", "'; DROP TABLE turns; --"]
)
def test_chatter_is_not_answered(answerer: Answerer, question: str) -> None:
    assert answerer.answer(question).status.startswith("unanswered_")


def test_a_mistyped_word_finds_its_source_and_the_correction_is_shown(answerer: Answerer) -> None:
    answer = answerer.answer("what is a patient regystry")
    assert answer.snippets[0].source.id == "patient-registries"
    assert any(notice.kind == "spelling" and "registry" in notice.text for notice in answer.notices)
