"""Translate our own sentences in an English Answer; quotations stay as they are.

What people wrote and spoke is never translated. In notices of whom to call, the telephone numbers stay and the words
around them come from ``[contacts]`` in the language's file. What that file lacks stays in English: whom to call must
never be lost to a missing translation. Knows nothing of where the language came from.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from importlib import resources

from bot.answering import words
from bot.dialogue.smalltalk import all_said
from bot.messages import Message
from bot.records import Action, Answer, Notice

ENGLISH = "en"


def answer_in(language: str, answer: Answer) -> Answer:
    """Return an answer with our own sentences in a language.

    :param language: such as ``es``; one without a file leaves the answer as it is.
    """
    if language == ENGLISH or not _file_of(language).is_file():
        return answer
    message = sentence_in(language, answer.message) if answer.message is not None else None
    notices = tuple(_notice_in(language, one) for one in answer.notices)
    return replace(answer, message=message, notices=notices)


def action_in(language: str, action: Action) -> Action:
    """Return whom to call, described in a language.

    :returns: the same number; words that the language's file lacks stay as they are.
    """
    if language == ENGLISH or not _file_of(language).is_file():
        return action
    known = contacts_of(language)
    why = known.get(action.why, action.why) if action.why else None
    return replace(action, label=known.get(action.label, action.label), why=why)


def _notice_in(language: str, notice: Notice) -> Notice:
    actions = tuple(action_in(language, action) for action in notice.actions)
    return Notice(notice.kind, sentence_in(language, notice.text), actions)


def sentence_in(language: str, sentence: str) -> str:
    """Return one of our sentences in a language, or as it is if the language's file lacks it."""
    if language == ENGLISH or not isinstance(sentence, Message):
        return sentence
    there = sentences_of(language).get(sentence.key)
    return sentence if there is None else Message(sentence.key, there, **sentence.values)


def english_sentences() -> dict[str, Message]:
    """Return every sentence of ours that an answer can carry, by key.

    :returns: with ``{name}`` where a value goes.
    """
    return {message.key: message for message in (*all_said().values(), *words.ALL)}


def sentences_of(language: str) -> Mapping[str, str]:
    """Return the sentences of a language by the keys of ``english_sentences``."""
    return _read(language)["said"]


def contacts_of(language: str) -> Mapping[str, str]:
    """Return the words around telephone numbers, by their English."""
    return _read(language)["contacts"]


@lru_cache(maxsize=8)
def _read(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads(_file_of(language).read_text(encoding="utf-8"))


def _file_of(language: str) -> resources.abc.Traversable:
    return resources.files(__package__).joinpath(f"replies.{language}.toml")
