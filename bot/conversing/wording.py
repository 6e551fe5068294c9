"""An Answer in English -> the same with our own sentences in another language; quotations stay as they are.

What people wrote and spoke is never translated. Whom to call is: the telephone numbers stay, and the words around them
are those of ``[contacts]`` in the file of the language. What that file does not know stays in English: whom to call may
never be lost to a missing translation. In: an Answer. Out: an Answer. It must not know where the language came from.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from importlib import resources

from bot.answering import words
from bot.conversing.smalltalk import all_said
from bot.records import Action, Answer, Notice

ENGLISH = "en"
_PLACE = re.compile(r"\\\{(\w+)\\\}")


def answer_in(language: str, answer: Answer) -> Answer:
    """Return an answer with our own sentences in a language.

    :param language: such as ``es``; one without a file leaves the answer as it is.
    :param answer: in English.
    :returns: the same quotations, links and numbers.
    """
    if language == ENGLISH or not _file_of(language).is_file():
        return answer
    message = sentence_in(language, answer.message) if answer.message is not None else None
    notices = tuple(_notice_in(language, one) for one in answer.notices)
    return replace(answer, message=message, notices=notices)


def action_in(language: str, action: Action) -> Action:
    """Return whom to call in a language.

    :param language: one that has a file, or English.
    :param action: in English.
    :returns: the same number; words that the language does not know stay as they are.
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
    """Return one of our sentences in a language.

    :param language: one that has a file, or English.
    :param sentence: as an answer has it, with its values in it.
    :returns: the sentence as it is where the language does not know it.
    """
    if language == ENGLISH:
        return sentence
    for pattern, meaning in _table(language):
        found = pattern.fullmatch(sentence)
        if found is not None:
            return meaning.format(**found.groupdict())
    return sentence


def english_sentences() -> dict[str, str]:
    """Return every sentence of ours that an answer can carry, by key.

    :returns: with ``{name}`` where a value goes.
    """
    ours = {name.lower(): value for name, value in vars(words).items() if name.isupper() and isinstance(value, str)}
    return {**all_said(), **ours}


def sentences_of(language: str) -> Mapping[str, str]:
    """Return the sentences of a language by the keys of ``english_sentences``.

    :param language: one that has a file.
    :returns: all that the file has.
    """
    return _read(language)["said"]


def contacts_of(language: str) -> Mapping[str, str]:
    """Return the words around telephone numbers, by what they are in English.

    :param language: one that has a file.
    :returns: labels of links, and what each is for.
    """
    return _read(language)["contacts"]


@lru_cache(maxsize=8)
def _read(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads(_file_of(language).read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def _table(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    there = sentences_of(language)
    known = [(english, there[key]) for key, english in english_sentences().items() if key in there]
    # A sentence without values is told apart first, so that one that is nearly all value does not take it.
    known.sort(key=lambda pair: pair[0].count("{"))
    return tuple((_pattern(english), meaning) for english, meaning in known)


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(r"(?P<\1>.+?)", re.escape(english)), re.DOTALL)


def _file_of(language: str) -> resources.abc.Traversable:
    return resources.files(__package__).joinpath(f"replies.{language}.toml")
