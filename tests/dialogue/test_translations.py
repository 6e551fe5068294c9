"""Our own sentences in another language; quotations, numbers and links as they were."""

from __future__ import annotations

import re

import pytest

from bot.answering.words import name_unknown
from bot.dialogue.smalltalk import said
from bot.dialogue.translations import action_in, answer_in, english_sentences, sentence_in, sentences_of
from bot.records import Action, Answer, Notice, Snippet, SnippetSource
from bot.safety.contacts import actions_for, countries

ORIGIN = SnippetSource("a", "explainer", "A", None, "/explainers/a", None, None, None, (0, 5), "0" * 64)


def test_spanish_knows_every_sentence_with_the_same_values() -> None:
    english, spanish = english_sentences(), sentences_of("es")
    assert set(spanish) == set(english)
    places = {key: set(re.findall(r"\{\w+\}", text)) for key, text in english.items()}
    assert {key: set(re.findall(r"\{\w+\}", text)) for key, text in spanish.items()} == places


@pytest.mark.parametrize("country", countries())
@pytest.mark.parametrize("kind", ["emergency", "crisis"])
def test_whom_to_call_is_said_in_spanish_with_the_same_numbers(kind: str, country: str) -> None:
    every = ["swallowed", "poison", "abuse", "afraid-of-somebody", "harm-child", "self-harm"]
    for action in actions_for(kind, country, every):  # type: ignore[arg-type]
        spanish = action_in("es", action)
        assert spanish.href == action.href
        assert spanish.label != action.label
        assert spanish.why is not None
        assert spanish.why != action.why
        assert re.sub(r"\D", "", spanish.label) == re.sub(r"\D", "", action.label)


@pytest.mark.parametrize("key", [key for key, text in english_sentences().items() if "{" not in text])
def test_every_plain_sentence_is_found_again(key: str) -> None:
    assert sentence_in("es", english_sentences()[key]) == sentences_of("es")[key]


def test_values_stay_as_they_are() -> None:
    understood = said("understood", topic="Gene therapy: safe. Really?")
    assert sentence_in("es", understood) == "He entendido que esto trata de Gene therapy: safe. Really?."
    assert "“zebra”" in sentence_in("es", name_unknown(["zebra"]))
    assert sentence_in("es", name_unknown(["zebra"])).startswith("Todavía no tenemos nada sobre")


def test_only_our_own_words_change() -> None:
    call = Notice("emergency", said("whom_to_call"), (Action("Call 911", "tel:911"),))
    quoted = Snippet("words", (), ORIGIN)
    answer = Answer("referred_emergency", "b", 1.0, said("emergency"), (quoted,), notices=(call,))
    spanish = answer_in("es", answer)
    assert spanish.message == sentences_of("es")["emergency"]
    assert spanish.notices == (Notice("emergency", "A quién llamar", (Action("Llame al 911", "tel:911"),)),)
    assert spanish.snippets == answer.snippets


@pytest.mark.parametrize("language", ["en", "xx"])
def test_english_and_a_language_without_a_file_change_nothing(language: str) -> None:
    answer = Answer("smalltalk_thanks", "b", 1.0, english_sentences()["smalltalk_thanks"])
    assert answer_in(language, answer) is answer


def test_a_sentence_that_is_not_known_stays() -> None:
    assert sentence_in("es", "Something new.") == "Something new."
