"""From plain text to paragraphs and lists."""

from __future__ import annotations

import pytest

from bot.records import Citation
from bot.web.blocks import Block, Piece, Place, blocks_of


def test_blank_lines_part_paragraphs_and_marks_make_lists() -> None:
    text = "One\nstill one.\n\nTwo:\n- a\n  - b\nafter\n \n1. first\n2. second\n"
    assert [(block.kind, words(block)) for block in blocks_of(text)] == [
        ("paragraph", ["One still one."]),
        ("paragraph", ["Two:"]),
        ("bullets", ["a", "b"]),
        ("paragraph", ["after"]),
        ("numbers", ["1. first", "2. second"]),
    ]


@pytest.mark.parametrize("text", ["", " \n\n ", "\n"])
def test_nothing_has_no_blocks(text: str) -> None:
    assert blocks_of(text) == ()


def test_a_place_cuts_its_line_and_names_what_begins_there() -> None:
    (block,) = blocks_of("One two\nthree.", at=100, places=[Place(104, "x"), Place(108, "y")])
    assert block == Block("paragraph", ((Piece("One "), Piece("two", "x"), Piece(" "), Piece("three.", "y")),))


def test_a_place_at_the_beginning_leaves_nothing_before_it_and_one_elsewhere_is_passed_over() -> None:
    (block,) = blocks_of("- One", at=10, places=[Place(3, "before"), Place(12, "here"), Place(15, "after")])
    assert block == Block("bullets", ((Piece("One", "here"),),))


def test_a_footnote_ends_the_piece_of_its_words_and_several_stay_together() -> None:
    cited = [Citation(9, 4), Citation(14, 1), Citation(14, 2), Citation(18, 3), Citation(19, 5)]
    (block,) = blocks_of("One. Two.\n", at=10, citations=cited)
    assert block.lines == ((Piece("One.", None, (1, 2)), Piece(" Two", None, (3,)), Piece(".", None, (5,))),)


def words(block: Block) -> list[str]:
    """The text of each line of a block."""
    return ["".join(piece.text for piece in line) for line in block.lines]


def test_items_of_a_markdown_list_come_back_as_a_list() -> None:
    (opening, items) = blocks_of("Do this:\n\nStay with the person.\nNote the time.\nDo not hold the person down.")
    assert (opening.kind, items.kind) == ("paragraph", "bullets")
    assert items.lines[0][0].text == "Stay with the person."
    assert len(items.lines) == 3


def test_a_paragraph_of_wrapped_lines_is_no_list() -> None:
    (block,) = blocks_of("A gene is a stretch of DNA\nthat cells read. It has a name.")
    assert block.kind == "paragraph"
