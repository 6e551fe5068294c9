"""Approved answers beside the shipped Build: given to who asks the same, and to nobody else."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from bot import wiring
from bot.answering.answer import Answerer
from bot.answering.curated import CuratedAnswer, CuratedShelf
from bot.answering.whatif import CLOSE, compare
from bot.dialogue import Dialogue
from bot.dialogue.live import open_index
from bot.records import Source
from bot.settings import Settings

pytestmark = pytest.mark.model

TEXT = "Many children with a feeding tube swim. Ask the care team when the site has healed."
WORDINGS = ("Can a child with a feeding tube go swimming?", "is swimming ok with a g-tube")


@pytest.fixture(scope="module")
def index(shipped: Settings):  # type: ignore[no-untyped-def]
    return open_index(wiring.store_of(shipped))[0]


def approved(
    answerer: Answerer, wordings: tuple[str, ...] = WORDINGS, text: str = TEXT, **fields: object
) -> CuratedAnswer:
    digest = hashlib.sha256(text.encode()).hexdigest()
    source = Source("swimming-with-a-tube", "article", wordings[0], text, "", digest, reviewed_on="2026-11-23")
    vectors = np.stack([answerer.wording_vectors(wording) for wording in wordings])
    values = {"id": source.id, "source": source, "source_id": source.id, "sha256": digest, "span": (0, len(text))}
    return CuratedAnswer(**{**values, "wordings": wordings, "vectors": vectors, **fields})  # type: ignore[arg-type]


def an_answerer(index, *entries: CuratedAnswer, **settings: object) -> Answerer:  # type: ignore[no-untyped-def]
    return Answerer(index, curated=CuratedShelf(entries), **settings)


def test_who_asks_the_same_in_other_words_gets_it_word_for_word_with_its_source(index) -> None:  # type: ignore[no-untyped-def]
    answerer = an_answerer(index, approved(Answerer(index)))
    for question in ("may my son swim with his feeding tube", "swimming pool with a g-tube, is that allowed?"):
        answer = answerer.answer(question)
        assert answer.status == "answered"
        (snippet,) = answer.snippets
        source = answerer.source(snippet.source.id)
        assert source is not None
        assert source in answerer.sources()
        assert snippet.text == source.text[slice(*snippet.source.span)] == TEXT
        assert snippet.source.url == "/explainers/swimming-with-a-tube"


@pytest.mark.parametrize(
    "question",
    ["What is a feeding tube?", "Can my child with Dravet syndrome go swimming?", "What is a digital twin?", "zebra"],
)
def test_who_asks_something_else_gets_what_they_got_before(index, question: str) -> None:  # type: ignore[no-untyped-def]
    plain = Answerer(index)
    assert an_answerer(index, approved(plain)).answer(question) == plain.answer(question)


def test_an_answer_about_one_disease_is_not_given_about_another_or_about_all(index) -> None:  # type: ignore[no-untyped-def]
    plain = Answerer(index)
    wordings = ("Do children with Kleefstra syndrome have a special growth chart?",)
    answerer = an_answerer(index, approved(plain, wordings, "There is none yet."))
    given = answerer.answer("is there a growth chart for children with Kleefstra syndrome")
    assert given.snippets[0].text == "There is none yet."
    for question in (
        "Do children with Dravet syndrome have a special growth chart?",
        "Do children with Rett syndrome have a special growth chart?",
        "Do children have a special growth chart?",
    ):
        assert all(snippet.text != "There is none yet." for snippet in answerer.answer(question).snippets), question


def test_a_name_that_only_one_of_two_wordings_has_is_not_asked_for(index) -> None:  # type: ignore[no-untyped-def]
    wordings = ("Does the ketogenic diet help my son to sleep at night?", "does keto help with sleep")
    answerer = an_answerer(index, approved(Answerer(index), wordings))
    match = answerer.retrieve("does the keto diet help my son to sleep at night").nearest
    assert match is not None
    assert match.is_sure
    assert match.wording == wordings[1]


def test_in_search_it_is_the_first_hit_where_it_would_be_given_and_else_none(index) -> None:  # type: ignore[no-untyped-def]
    answerer = an_answerer(index, approved(Answerer(index)))
    first, *others = answerer.search("may my son swim with his feeding tube", 5)
    assert (first.passage.text, first.passage.url) == (TEXT, "/explainers/swimming-with-a-tube")
    assert list(first.signals) == ["approved"]
    assert len(others) == 4
    assert all(first.score >= hit.score for hit in others)
    assert answerer.search("What is a feeding tube?", 5) == Answerer(index).search("What is a feeding tube?", 5)


def test_a_chosen_passage_is_given_only_while_its_source_says_the_same(index) -> None:  # type: ignore[no-untyped-def]
    plain = Answerer(index)
    source = index.sources["seizures-and-epilepsy"]
    sha256 = hashlib.sha256(source.text.encode()).hexdigest()
    chosen = {"source": None, "source_id": source.id, "span": (0, 60), "sha256": sha256}
    snippet = an_answerer(index, approved(plain, **chosen)).answer(WORDINGS[0]).snippets[0]
    assert (snippet.text, snippet.source.id) == (source.text[:60], source.id)
    changed = approved(plain, **{**chosen, "sha256": "0" * 64})
    assert an_answerer(index, changed).answer(WORDINGS[0]) == plain.answer(WORDINGS[0])


def test_a_collection_has_only_answers_with_one_of_its_tags(index) -> None:  # type: ignore[no-untyped-def]
    entry = approved(Answerer(index), tags=("heart",))
    assert an_answerer(index, entry, tags=["Heart"]).answer(WORDINGS[0]).snippets[0].text == TEXT
    assert an_answerer(index, entry, tags=["lungs"]).answer(WORDINGS[0]) == Answerer(index).answer(WORDINGS[0])


def test_danger_comes_before_any_approved_answer_and_more_is_never_the_same_again(index) -> None:  # type: ignore[no-untyped-def]
    plain = Answerer(index)
    danger = approved(plain, ("My child has stopped breathing",), "Breathe calmly.")
    dialogue = Dialogue(an_answerer(index, danger, approved(plain)))
    assert dialogue.reply("My child has stopped breathing").answer.status == "referred_emergency"


def test_what_would_change_are_the_questions_near_a_wording(index) -> None:  # type: ignore[no-untyped-def]
    plain = Answerer(index)
    then = an_answerer(index, approved(plain))
    questions = ["What is a digital twin?", "", "can he swim with a feeding tube", "zebra"]
    (changed,) = compare(questions, plain, then).changed
    assert changed.number == 2
    assert changed.after.snippets[0].text == TEXT
    assert changed.before == plain.answer(questions[2])


def test_close_are_those_of_one_answer_that_do_not_get_it_the_nearest_first(index) -> None:  # type: ignore[no-untyped-def]
    plain, then = Answerer(index), an_answerer(index, approved(Answerer(index)))
    questions = [
        "swimming with my son",
        "can he swim with a feeding tube",
        "zebra",
        "is water bad for a feeding tube",
    ]
    comparison = compare(questions, plain, then, watched="swimming-with-a-tube")
    given = {changed.number for changed in comparison.changed}
    assert 1 in given
    assert [one.number for one in comparison.close] == [3, 0]
    assert {one.number for one in comparison.close}.isdisjoint(given | {2})
    near = [one.similarity for one in comparison.close]
    assert near == sorted(near, reverse=True)
    assert near[-1] >= CLOSE
    assert all(one.answer == then.answer(questions[one.number]) for one in comparison.close)
    assert compare(questions, plain, then, watched="another").close == []
