"""Questions that are offered, on the shipped corpus by the real model."""

from __future__ import annotations

import pytest

from bot import wiring
from bot.answering.answer import Answerer
from bot.dialogue import Dialogue
from bot.dialogue.history import turn_of
from bot.indexing.index import Index, open_current
from bot.indexing.lexical import words_of
from bot.settings import Settings

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def index(shipped: Settings) -> Index:
    return open_current(wiring.store_of(shipped))[0]


def test_every_question_that_may_be_offered_is_answered_by_its_own_source(index: Index) -> None:
    answerer = Answerer(index)
    offered = [question for questions in index.questions.values() for question in questions]
    assert len(offered) > 300
    for question in offered:
        assert answerer.answer(question.text).snippets[0].source.id == question.source_id


def test_sections_of_a_known_role_give_questions_that_nobody_had_to_write(index: Index) -> None:
    source = index.sources["newborn-screening"]
    wordings = {question.text: question.headings for question in index.questions[source.id]}
    assert "How does newborn screening work?" not in source.questions
    assert wordings["How does newborn screening work?"] == ("How it works",)


def test_first_questions_are_of_different_topics(index: Index) -> None:
    first = [next(iter(questions)) for questions in list(index.questions.values())[:6]]
    assert len({question.tags[0] for question in first}) >= 4
    assert Answerer(index).suggestions() == [question.text for question in first]


def test_what_was_asked_in_a_conversation_is_not_offered_again(index: Index) -> None:
    dialogue, history, asked = Dialogue(Answerer(index)), [], ["what is gene therapy?"]
    for _ in range(6):
        reply = dialogue.reply(asked[-1], history)
        offered = reply.answer.suggestions
        assert not {tuple(words_of(text)) for text in asked} & {tuple(words_of(text)) for text in offered}
        if not offered:
            break
        history.append(turn_of(asked[-1], reply.reading, reply.answer))
        asked.append(offered[0])
    assert len(asked) == 7


def test_what_was_offered_is_not_offered_again_whatever_is_said(index: Index) -> None:
    dialogue, history = Dialogue(Answerer(index)), []
    offered: list[str] = []
    for message in ("hi", "thanks", "what is gene therapy?", "tell me more", "do you like music?", "how are you"):
        reply = dialogue.reply(message, history)
        assert len(reply.answer.suggestions) == 3
        offered += reply.answer.suggestions
        history.append(turn_of(message, reply.reading, reply.answer))
    assert len(set(offered)) == len(offered)


def test_a_related_explainer_is_among_the_next_questions(index: Index) -> None:
    answer = Answerer(index).answer("what is gene therapy?")
    owners = {question.text: question.source_id for found in index.questions.values() for question in found}
    assert len(answer.suggestions) == 3
    assert len({owners[text] for text in answer.suggestions}) == 2
