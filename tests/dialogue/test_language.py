"""Messages in other languages are told, questions in English with foreign-looking names are not taken for one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.dialogue.language import in_language, other_language

QUESTIONS = Path(__file__).parents[2] / "bench" / "questions" / "families" / "queries.jsonl"


def nothing_is_known(_: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("什么是基因治疗", "zh"),
        ("遺伝子治療とは何ですか", "ja"),
        ("जीन थेरेपी क्या है", "hi"),
        ("ما هو العلاج الجيني", "ar"),
        ("جین تھراپی کیا ہے", "ur"),
        ("জিন থেরাপি কী", "bn"),
        ("что такое генная терапия", "ru"),
        ("¿Qué es la terapia génica?", "es"),
        ("qu'est-ce que la thérapie génique", "fr"),
        ("o que é a terapia gênica", "pt"),
        ("wie lange dauert eine studie", "de"),
        ("anak saya tidak mau tidur", "id"),
        ("hola", "es"),
        ("유전자 치료란 무엇인가요", "other"),
    ],
)
def test_a_message_in_another_language_is_told(message: str, language: str) -> None:
    assert other_language(message, nothing_is_known) == language
    assert in_language(language)


def test_no_question_of_a_family_is_taken_for_another_language() -> None:
    asked = [json.loads(line)["text"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    assert [text for text in asked if other_language(text, nothing_is_known) is not None] == []


@pytest.mark.parametrize(
    "message", ["SHANK3", "epidermolysis bullosa", "22q13 del", "antisense oligonucleotide therapy"]
)
def test_names_that_the_corpus_knows_are_not_foreign(message: str) -> None:
    assert other_language(message, lambda word: True) is None
