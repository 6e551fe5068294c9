"""Our own words on the screen ask for no more than six years of school, in English and in Spanish."""

from __future__ import annotations

import re

import pytest

from bot.editing.readability import grade_of
from bot.reading.sentences import sentence_spans
from bot.web.words import read_words

GRADE = 6
# A formula says nothing of a label of a few words.
LEAST_WORDS = 5
# For the people who run a partner's site or write a program, not for families; and a list of months.
FOR_OTHERS = ("preview_", "check_", "problems_", "months")
# Words like names: what a thing is called, which cannot be called otherwise.
NAMES = {"clinician": "nurse", "personal clínico": "un médico", "explainers": "texts", "interviews": "talks"}
_WORD = re.compile(r"[^\W\d_]+")
# Two strong vowels, or a weak one with an accent beside a strong one, are two syllables.
_HIATUS = re.compile(r"([aeoáéó])(?=[aeoáéóíú])|([íú])(?=[aeoáéó])", re.IGNORECASE)
_VOWELS = re.compile(r"[aeiouáéíóúü]+", re.IGNORECASE)


def syllables(word: str) -> int:
    """As Spanish is spelled: a run of vowels is one, but for a hiatus; u is silent in que, qui, gue and gui."""
    spoken = re.sub(r"(?<=q)u|(?<=g)u(?=[eiéí])", "", word, flags=re.IGNORECASE)
    return max(1, len(_VOWELS.findall(_HIATUS.sub(r"\g<0>-", spoken))))


def spanish_grade_of(text: str) -> float:
    """The years of school that a Spanish text asks for (Crawford 1985: of sentences and syllables in 100 words)."""
    words = _WORD.findall(text)
    sentences, spoken = len(sentence_spans(text)) or 1, sum(map(syllables, words))
    return (-0.205 * 100 * sentences + 0.049 * 100 * spoken) / len(words) - 3.407


def plain(text: str) -> str:
    """A sentence with a short name where a value goes, and in place of words like names."""
    shown = re.sub(r"\{\w+\}", "Ann", text).replace("…", "")
    for name, short in NAMES.items():
        shown = re.sub(name, short, shown, flags=re.IGNORECASE)
    return shown


def test_syllables_are_counted_as_they_are_spoken() -> None:
    counted = {"pregunta": 3, "guía": 2, "leer": 2, "que": 1, "respuesta": 3, "país": 2, "médico": 3, "texto": 2}
    assert {word: syllables(word) for word in counted} == counted


@pytest.mark.parametrize(("language", "grade"), [("en", grade_of), ("es", spanish_grade_of)])
def test_every_sentence_on_the_screen_is_easy_to_read(language: str, grade) -> None:  # type: ignore[no-untyped-def]
    said = {key: plain(text) for key, text in read_words(language).sentences.items() if not key.startswith(FOR_OTHERS)}
    measured = {key: grade(text) for key, text in said.items() if len(text.split()) >= LEAST_WORDS}
    assert len(measured) > 80
    assert {key: (round(found, 1), said[key]) for key, found in measured.items() if found > GRADE} == {}


def test_a_hard_sentence_is_found() -> None:
    assert (
        grade_of("Individualized therapeutic interventions necessitate comprehensive multidisciplinary evaluation.")
        > GRADE
    )
    hard = "Las intervenciones terapéuticas individualizadas necesitan evaluaciones multidisciplinarias exhaustivas."
    assert spanish_grade_of(hard) > GRADE
