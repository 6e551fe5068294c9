"""Records as lines, read one at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.indexing.jsonl import Lines, write_lines
from bot.records import Source, Term
from tests.factories import corpus, source


def test_records_come_back_as_they_were(tmp_path: Path) -> None:
    told = source(
        "a",
        'Ä "quoted" line\nand \u2028 more 🧬',
        key_terms=(Term("gene", "A recipe.", ("genes",)),),
        related_ids=("b",),
    )
    assert write_lines(tmp_path / "s.jsonl", [*corpus(), told]) == 6
    lines = Lines(tmp_path / "s.jsonl", Source)
    assert list(lines) == [*corpus(), told]
    assert (lines[5], lines[0], len(lines)) == (told, corpus()[0], 6)


def test_more_records_than_are_read_in_one_piece_come_back_in_order(tmp_path: Path) -> None:
    write_lines(tmp_path / "n.jsonl", range(2500))
    assert list(Lines(tmp_path / "n.jsonl", int)) == list(range(2500))


def test_no_records_are_no_lines(tmp_path: Path) -> None:
    assert write_lines(tmp_path / "s.jsonl", []) == 0
    lines = Lines(tmp_path / "s.jsonl", Source)
    assert (list(lines), len(lines)) == ([], 0)


def test_only_the_last_read_are_kept(tmp_path: Path) -> None:
    write_lines(tmp_path / "s.jsonl", corpus())
    lines = Lines(tmp_path / "s.jsonl", Source, kept=1)
    first = lines[0]
    assert lines[0] is first
    assert lines[1] is not first
    assert lines[0] is not first


@pytest.mark.parametrize("number", [-1, 5])
def test_a_number_beyond_the_ends_is_an_error(tmp_path: Path, number: int) -> None:
    write_lines(tmp_path / "s.jsonl", corpus())
    with pytest.raises(IndexError):
        Lines(tmp_path / "s.jsonl", Source)[number]
