"""What families ask, from the files beside the sources: what is read of a line, and how a bad one is named."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

import pytest

from bot.errors import CorpusErrors
from bot.reading.corpus import read_corpus
from bot.reading.questionbank import MAX_QUOTES
from tests.reading.corpus_files import EXPLAINER, read_one, write, write_explainer

if TYPE_CHECKING:
    from pathlib import Path

    from bot.errors import CorpusError

NOTEBOOK = "A weather diary is a notebook."
DAILY = "You write in it every day."
FORGET = "Small changes are easy to forget."
GOOD = {"text": "what's a weather diary", "section": None, "quotes": [NOTEBOOK, DAILY], "voice": "plain"}


def line(**other: object) -> str:
    """A good line, with other fields."""
    return json.dumps(GOOD | other, ensure_ascii=False)


def write_bank(folder: Path, *lines: str | bytes, name: str = "weather-diary") -> Path:
    """The questions of the explainer in the folder."""
    raw = b"\n".join(each if isinstance(each, bytes) else each.encode() for each in lines)
    return write(folder, f"questions/{name}.jsonl", raw + b"\n")


def complaints(folder: Path) -> tuple[CorpusError, ...]:
    with pytest.raises(CorpusErrors) as caught:
        read_corpus([folder])
    return caught.value.errors


def digest(folder: Path) -> str:
    return read_one(folder).digest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A corpus of one explainer, whose id is weather-diary."""
    write_explainer(tmp_path)
    return tmp_path


def test_the_questions_of_a_source_are_read_in_order_with_the_places_of_their_quotes(folder: Path) -> None:
    other = line(text="  why bother?\n", section="Why it matters", quotes=[FORGET], voice=None)
    write_bank(folder, line(quotes=[DAILY, NOTEBOOK]), "", other)

    source = read_one(folder)

    assert [(question.text, question.voice) for question in source.bank] == [
        ("what's a weather diary", "plain"),
        ("why bother?", None),
    ]
    quoted = [[source.text[begin:end] for begin, end in question.spans] for question in source.bank]
    assert quoted == [[DAILY, NOTEBOOK], [FORGET]]


def test_a_question_that_the_source_does_not_answer_has_no_quotes(folder: Path) -> None:
    write_bank(folder, line(text="Who sells one?", quotes=[]))

    (question,) = read_one(folder).bank

    assert (question.text, question.spans) == ("Who sells one?", ())


def test_a_voice_need_not_be_given(folder: Path) -> None:
    write_bank(folder, json.dumps({"text": "Why?", "section": "Why it matters", "quotes": [FORGET]}))

    assert read_one(folder).bank[0].voice is None


def test_a_source_without_a_file_has_no_questions(folder: Path) -> None:
    assert read_one(folder).bank == ()


def test_questions_go_to_the_source_that_their_file_is_named_after(folder: Path) -> None:
    write_explainer(folder, "rain-diary")
    write_bank(folder, line())

    assert {source.id: len(source.bank) for source in read_corpus([folder])} == {"weather-diary": 1, "rain-diary": 0}


def test_the_way_a_file_was_saved_does_not_matter(folder: Path) -> None:
    """A byte-order mark, line ends of Windows, and accents as marks of their own."""
    write_explainer(folder, text=EXPLAINER.replace("easy to forget", "d\u00e9j\u00e0 vu"))
    quote = "Small changes are d\u00e9j\u00e0 vu."
    apart = unicodedata.normalize("NFD", quote)
    escaped = json.dumps(GOOD | {"text": "again?", "quotes": [apart]})
    write_bank(folder, b"\xef\xbb\xbf" + line(quotes=[apart]).encode() + b"\r", escaped)

    source = read_one(folder)

    assert [source.text[begin:end] for question in source.bank for begin, end in question.spans] == [quote, quote]


def test_another_bank_is_another_source(folder: Path) -> None:
    """Or ingest would take a Build with the old questions for one of this corpus."""
    before = digest(folder)
    write_bank(folder, line())
    first = digest(folder)
    again = digest(folder)
    write_bank(folder, line(), line(text="Is it a notebook?"))

    assert first == again
    assert len({before, first, digest(folder)}) == 3


@pytest.mark.parametrize(
    ("bad", "found", "remedy"),
    [
        (line(section="What it costs"), "there is no section 'What it costs' in weather-diary", "Write a heading"),
        (line(quotes=["Nobody wrote this."]), "not in weather-diary: 'Nobody wrote this.'", "Copy the sentence"),
        (line(quotes=[NOTEBOOK, "you write in it EVERY day."]), "not in weather-diary", "Copy the sentence"),
        (line(quotes=[" "]), "not in weather-diary", "Copy the sentence"),
        ("what's a weather diary", "not a question (JSON is malformed", 'Write {"text"'),
        ("[]", "not a question (Expected `object`", 'Write {"text"'),
        ('{"text": "Why?", "section": null}', "missing required field `quotes`", 'Write {"text"'),
        (line(answers=[]), "unknown field `answers`", 'Write {"text"'),
        (line(quotes=NOTEBOOK), "Expected `array`", 'Write {"text"'),
        (line(text="why " * 501), "length <= 2000 - at `$.text`", 'Write {"text"'),
        (line(quotes=[NOTEBOOK] * (MAX_QUOTES + 1)), f"length <= {MAX_QUOTES} - at `$.quotes`", 'Write {"text"'),
        (line(text=""), "length >= 1 - at `$.text`", 'Write {"text"'),
        (line(text=" \u200b "), "the question is empty", "Write what is asked"),
        (line(text=" What's a  good one? "), "in the file already", "Remove one of the two."),
        (b'{"text": "\xff"}', "is not UTF-8", "Save the file again as UTF-8."),
    ],
)
def test_a_bad_line_is_named_with_what_to_do(folder: Path, bad: str | bytes, found: str, remedy: str) -> None:
    path = write_bank(folder, line(text="What's a good one?"), "", bad, line(text="And another?"))

    (error,) = complaints(folder)

    assert (error.path, error.line) == (str(path), 3)
    assert found in error.found
    assert error.remedy.startswith(remedy)


def test_every_bad_line_is_named_at_once(folder: Path) -> None:
    write_bank(folder, "one", line(), line(), line(text="Why?", section="No"), line(text="Why?", quotes=["No."]))

    assert [error.line for error in complaints(folder)] == [1, 3, 4, 5]


def test_questions_of_no_source_are_named(folder: Path) -> None:
    path = write_bank(folder, line(), name="wether-diary")

    (error,) = complaints(folder)

    assert str(error).startswith(f"{path}: there is no source 'wether-diary' to ask. Name the file after the id")


def test_questions_beside_a_source_that_cannot_be_read_say_that_it_is_to_be_mended(folder: Path) -> None:
    write(folder, "explainers/weather-diary.md", b"\xff")
    write_bank(folder, line())

    of_source, of_bank = complaints(folder)

    assert "not UTF-8" in of_source.found
    assert "mend that source" in of_bank.remedy


def test_the_questions_of_a_retired_source_are_read_and_left_out_with_it(folder: Path) -> None:
    retired = EXPLAINER.replace("kind:", "retired: 2026-10-02\nkind:")
    write_explainer(folder, "rain-diary", retired)
    path = write_bank(folder, line(), name="rain-diary")
    assert [source.id for source in read_corpus([folder])] == ["weather-diary"]

    path.write_text("spoilt", encoding="utf-8")

    assert [error.path for error in complaints(folder)] == [str(path)]


def test_lines_elsewhere_are_no_questions(folder: Path) -> None:
    """Only the folder ``questions`` makes them so: other lines are documents, as they always were."""
    write(folder, "asked/weather-diary.jsonl", line())

    assert any("asked/weather-diary.jsonl:1" in str(error) for error in complaints(folder))
