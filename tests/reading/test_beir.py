from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import CorpusErrors
from bot.reading.corpus import read_corpus
from bot.reading.textfile import MAX_TEXT_CHARS
from tests.reading.corpus_files import read_one, write, write_beir

if TYPE_CHECKING:
    from pathlib import Path


def test_a_line_is_an_article(tmp_path: Path) -> None:
    write_beir(
        tmp_path,
        {"_id": "sky 1", "title": " The\nsky ", "text": "It  is\nabove.", "url": "\nhttps://example.org/a b", "n": 1},
    )

    source = read_one(tmp_path)

    assert (source.id, source.kind, source.title, source.text) == ("sky 1", "article", "The sky", "It is above.")
    assert source.url == "https://example.org/a%20b"
    assert source.path.endswith("corpus.jsonl:1")


def test_synonyms_are_kept(tmp_path: Path) -> None:
    write_beir(tmp_path, {"_id": "a", "title": "Sky", "text": "Up.", "synonyms": ["heaven", " the  blue "]})

    assert read_one(tmp_path).synonyms == ("heaven", "the blue")


def test_paragraphs_and_list_items_stay_apart(tmp_path: Path) -> None:
    write_beir(tmp_path, {"_id": "a", "title": "", "text": "One\nline.\n\n- first\n- second\n  goes on\n \nLast."})

    assert read_one(tmp_path).text == "One line.\n\n- first\n- second goes on\n\nLast."


def test_a_title_without_a_text_is_the_text(tmp_path: Path) -> None:
    write_beir(tmp_path, {"_id": "a", "title": "Is the sky blue?", "text": ""})

    assert read_one(tmp_path).text == "Is the sky blue?"


def test_queries_and_judgements_beside_it_are_not_read(tmp_path: Path) -> None:
    write(tmp_path, "queries.jsonl", "not JSON")
    write(tmp_path, "qrels/dev.tsv", "not read")
    write_beir(tmp_path, {"_id": "a", "text": "Up."}, "", {"_id": "b", "text": "Down."})

    assert [source.id for source in read_corpus([tmp_path])] == ["a", "b"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ({"text": "Up."}, "_id is missing"),
        ({"_id": "", "text": "Up."}, "_id is missing"),
        ({"_id": 7, "text": "Up."}, "_id is not text"),
        ({"_id": "a", "text": ["Up."]}, "text is not text"),
        ({"_id": "first", "text": "Up."}, "is also on line 1"),
        ({"_id": "a", "title": " ", "text": "\n"}, "both title and text are empty"),
        ({"_id": "a", "text": "Up.", "url": "javascript:alert(1)"}, "url is not a link"),
        ({"_id": "a", "text": "Up.", "synonyms": "heaven"}, "synonyms is not a list"),
        ({"_id": "a", "text": "Up.\x00"}, "NUL"),
        ('{"_id": "a", "text": "\\ud800"}', "half a character"),
        ({"_id": "a", "text": "a" * (MAX_TEXT_CHARS + 1)}, "more than 200,000"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_still_looked_at(tmp_path: Path, line: Any, said: str) -> None:
    path = write_beir(tmp_path, {"_id": "first", "text": "Up."}, line, "last is bad, too")

    with pytest.raises(CorpusErrors) as caught:
        read_corpus([path])

    assert [(error.path, error.line) for error in caught.value.errors] == [(str(path), 2), (str(path), 3)]
    assert said in str(caught.value.errors[0])


def test_a_line_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "corpus.jsonl", b'{"_id": "a", "text": "Up."}\n{"_id": "b", "text": "\xff"}\n')

    with pytest.raises(CorpusErrors, match="jsonl:2: byte 22"):
        read_corpus([path])


def test_the_longest_allowed_text_is_read(tmp_path: Path) -> None:
    assert len(read_one(write_beir(tmp_path, {"_id": "a", "text": "a" * MAX_TEXT_CHARS})).text) == MAX_TEXT_CHARS


def test_any_jsonl_may_be_named_itself(tmp_path: Path) -> None:
    assert read_one(write(tmp_path, "documents.jsonl", '{"_id": "a", "text": "Up."}')).id == "a"
