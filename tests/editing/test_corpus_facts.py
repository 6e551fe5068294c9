"""docs/corpus-facts.md says what stands in the corpus: this holds it to that."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.reading.corpus import read_corpus
from bot.records import Source

TABLE = Path("docs/corpus-facts.md")
POINTS = 17
_ADDRESS = re.compile(r"\[(\d+)\]\((\S+?)\)")


def claims() -> list[list[str]]:
    """The rows of the tables of sentences: file, sentence, references, days."""
    text = TABLE.read_text(encoding="utf-8").split("## Where a reviewer")[0]
    lines = (line for line in text.splitlines() if line.startswith("| "))
    rows = ([cell.strip() for cell in line.strip("|").split(" | ")] for line in lines)
    return [row for row in rows if row[0] != "file"]


@pytest.fixture(scope="module")
def sources() -> dict[str, Source]:
    return {source.id: source for source in read_corpus([Path("corpus")])}


def test_every_point_has_its_sentences() -> None:
    headings = re.findall(r"^### (\d+)\. .+\n\n\| file .+\n\|.+\n\| ", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == [str(number) for number in range(1, POINTS + 1)]


def test_every_sentence_stands_in_its_file_word_for_word(sources: dict[str, Source]) -> None:
    words = {source.id: " ".join(source.text.split()) for source in sources.values()}
    assert [sentence for file, sentence, *_ in claims() if sentence not in words[file]] == []


def test_every_reference_is_in_its_files_list_with_the_same_day(sources: dict[str, Source]) -> None:
    for file, _, references, days in claims():
        pages = sources[file].references
        cited = [(pages[int(number) - 1].url, url) for number, url in _ADDRESS.findall(references)]
        assert all(there == here for there, here in cited), (file, references)
        seen = [pages[int(number) - 1].seen_on or "-" for number, _ in _ADDRESS.findall(references)]
        assert days == ("<br>".join(seen) or "-"), (file, references)
