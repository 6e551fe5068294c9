"""The questions that authors wrote to be offered put no words of danger into a family's mouth."""

from __future__ import annotations

from bot.reading.corpus import read_corpus
from bot.safety.danger import SafetyClassifier, packaged_thresholds
from bot.safety.languages import urgent_by_words
from tests.structure.tree import TOP


def test_no_question_that_is_offered_is_taken_for_a_cry_for_help() -> None:
    watch = SafetyClassifier(packaged_thresholds(), (), urgent_by_words)
    offered = [question for source in read_corpus([TOP / "corpus"]) for question in source.questions]
    assert len(offered) > 400
    urgent = {"emergency", "crisis"}
    found = [(text, watch.look_for_patterns(text).danger) for text in offered]
    assert [text for text, danger in found if danger is not None and danger.kind in urgent] == []


def test_words_of_danger_among_offered_questions_would_be_seen() -> None:
    watch = SafetyClassifier(packaged_thresholds(), (), urgent_by_words)
    danger = watch.look_for_patterns("I cannot go on, where can I get help?").danger
    assert danger is not None
    assert danger.kind == "crisis"
