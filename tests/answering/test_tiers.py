"""What is quoted as the answer, what is only offered, and what is neither, on the shipped corpus by the real model."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nextafter

import msgspec
import pytest

from bot import wiring
from bot.answering.answer import Answerer
from bot.answering.judge import CandidateScorer, ScoredCandidate
from bot.answering.reader import ReaderModel, packaged_reader
from bot.answering.snippet import lists_questions
from bot.answering.spelling import Speller
from bot.answering.weights import ANSWERING
from bot.dialogue import Dialogue
from bot.dialogue.history import EarlierTurn, turn_of
from bot.indexing.index import Index, open_current
from bot.settings import Settings

pytestmark = pytest.mark.model

QUESTION = "can a digital twin be wrong about my child"


@pytest.fixture(scope="module")
def index(shipped: Settings) -> Index:
    return open_current(wiring.store_of(shipped))[0]


def reader(**thresholds: float) -> ReaderModel:
    """The reader that ships, with other thresholds."""
    return msgspec.structs.replace(packaged_reader(), **thresholds)


def all_judged(index: Index, question: str, model: ReaderModel) -> tuple[ScoredCandidate, ...]:
    """Every passage of the corpus, judged for a question."""
    judge = CandidateScorer(index, model, Speller(index.vocabulary, index.common_words))
    return judge.look_up(question, limits=replace(ANSWERING, judged=len(index.passages))).judged


def test_the_answer_is_quoted_from_its_threshold_on_and_below_it_only_offered(index: Index) -> None:
    confidence = Answerer(index).retrieve(QUESTION).confidence
    sure = Answerer(index, reader(sure=confidence)).answer(QUESTION)
    assert (sure.status, sure.near) == ("answered", ())
    assert sure.snippets
    unsure = Answerer(index, reader(sure=nextafter(confidence, inf), near=confidence)).answer(QUESTION)
    assert (unsure.status, unsure.snippets) == ("unanswered_near", ())
    assert unsure.near[0].text == sure.snippets[0].text
    assert unsure.message


def test_below_an_answer_that_is_not_surely_right_other_sources_are_offered(index: Index) -> None:
    asked = [
        Answerer(index).answer(text) for text in ("will my child need it again", "is it safe", "can we try it at home")
    ]
    for answer in asked:
        quoted = {snippet.source.id for snippet in answer.snippets}
        assert not quoted & {snippet.source.id for snippet in answer.near}
        assert bool(answer.near) <= (answer.confidence < ANSWERING.surely)
    assert any(answer.snippets and answer.near for answer in asked), [answer.confidence for answer in asked]


def test_what_is_offered_is_so_from_its_threshold_on_and_below_it_nothing_is(index: Index) -> None:
    confidence = Answerer(index).retrieve(QUESTION).confidence
    offered = Answerer(index, reader(sure=1.1, near=confidence)).answer(QUESTION)
    assert offered.status == "unanswered_near"
    nothing = Answerer(index, reader(sure=1.1, near=nextafter(confidence, inf))).answer(QUESTION)
    assert (nothing.status, nothing.snippets, nothing.near) == ("unanswered_no_match", (), ())
    assert nothing.suggestions


def test_a_clear_question_is_answered_and_chatter_is_not_even_offered_anything(index: Index) -> None:
    answerer = Answerer(index)
    assert answerer.answer(QUESTION).status == "answered"
    chatter = answerer.answer("what's the weather in Paris")
    assert (chatter.snippets, chatter.near) == ((), ())


def test_what_is_offered_is_a_few_slices_of_different_texts_the_likeliest_first(index: Index) -> None:
    answerer = Answerer(index, reader(sure=1.1, near=0.0))
    answer = answerer.answer("does it help to write down what the seizures look like")
    assert 1 < len(answer.near) <= ANSWERING.near
    assert len({passage.text for passage in answer.near}) == len(answer.near)
    assert len({passage.source.id for passage in answer.near}) == len(answer.near)
    for passage in answer.near:
        source = answerer.source(passage.source.id)
        assert source is not None
        assert source.text[slice(*passage.source.span)] == passage.text


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("what does SCN2A do in the brain", "scn2a"),
        ("is SHANK3 part of newborn screening", "shank3"),
        ("is nusinersen a gene therapy", "nusinersen"),
        ("can a registry help children with Angelman syndrome", "angelman"),
    ],
)
def test_a_passage_without_the_gene_drug_or_disease_that_was_named_is_never_the_answer(
    index: Index, question: str, name: str
) -> None:
    anything = reader(sure=0.0, near=0.0)
    lacking = [entry for entry in all_judged(index, question, anything) if entry.evidence.unmentioned]
    assert lacking
    assert {entry.tier for entry in lacking} <= {"near", "none"}
    assert "near" in {entry.tier for entry in lacking}
    for snippet in Answerer(index, anything).answer(question).snippets:
        (passage,) = [one for one in index.passages if one.source_id == snippet.source.id and _holds(one.span, snippet)]
        said = " ".join([passage.text, passage.source_title, *passage.headings, *passage.synonyms])
        assert name in said.lower() or name in " ".join(_names(index, snippet.source.id)).lower()


def _holds(span: tuple[int, int], snippet) -> bool:  # type: ignore[no-untyped-def]
    return bool(span[0] <= snippet.source.span[0] < span[1])


def _names(index: Index, source_id: str) -> list[str]:
    source = index.sources[source_id]
    return [*source.synonyms, *(name for term in source.key_terms for name in (term.term, *term.synonyms))]


@pytest.mark.parametrize(
    ("question", "wants"),
    [("what should I ask before my child joins a trial", True), ("who pays for the travel in a trial", False)],
)
def test_a_list_of_questions_is_an_answer_only_to_who_asks_for_one(index: Index, question: str, wants: bool) -> None:
    lists = [
        entry for entry in all_judged(index, question, reader(sure=0.0, near=0.0)) if lists_questions(entry.passage)
    ]
    assert lists
    assert {entry.tier for entry in lists} == ({"sure"} if wants else {"none"})


def test_two_questions_in_a_story_get_two_answers(index: Index) -> None:
    story = (
        "Hello, our daughter is four and the letter from the clinic came last week. We live far from the hospital and "
        "we are very tired. What is mosaicism? My sister says we should look for a study. What is a placebo?"
    )
    answer = Dialogue(Answerer(index)).reply(story).answer
    assert answer.status == "answered"
    assert {snippet.source.id for snippet in answer.snippets} == {"mosaicism", "randomization-and-placebo"}
    assert "two_questions" in [notice.kind for notice in answer.notices]


def test_no_sentence_is_quoted_twice_in_a_conversation(index: Index) -> None:
    dialogue, history = Dialogue(Answerer(index)), list[EarlierTurn]()
    quoted: list[tuple[str, tuple[int, int]]] = []
    asked = ("what is gene therapy", "what is gene therapy?", "how does gene therapy work", "explain gene therapy")
    for message in (*asked, "tell me more", "what is gene therapy"):
        reply = dialogue.reply(message, history)
        history.append(turn_of(message, reply.reading, reply.answer))
        for snippet in reply.answer.snippets:
            begin, end = snippet.source.span
            before = [span for source, span in quoted if source == snippet.source.id]
            assert all(end <= first or begin >= last for first, last in before)
        quoted += [(snippet.source.id, snippet.source.span) for snippet in reply.answer.snippets]
    assert len(quoted) >= 3


def test_every_signal_that_the_reader_weighs_is_one_that_is_told(index: Index) -> None:
    model = packaged_reader()
    (best, *_) = Answerer(index).retrieve("how many children with SHANK3 have seizures").looked.judged
    assert set(model.answer.names) <= set(best.signals)
    assert set(model.sentence.slopes) <= set(best.weighed.rows()[0])
    assert 0 < model.near <= model.sure < 1
    assert model.run


def test_numbers_alone_are_no_question_about_a_passage_that_has_them(index: Index) -> None:
    assert Answerer(index).answer("what is 2+2").status == "unanswered_no_match"
