"""What to run for more is worked out from what was measured, and the page shows what the figures say."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bench.capacity.measure import Size
from bench.capacity.plan import PAGE, PICTURE, Figures, picture, read_figures, with_tables


def figures() -> Figures:
    """Two Builds of which the second has ten times the passages."""
    few = Size(1_000, 5_000, 1.0, 100, 90, answer_ms=6, worker_mb=50, mapped_mb=60)
    many = Size(10_000, 50_000, 10.0, 200, 900, answer_ms=12, worker_mb=59, mapped_mb=600)
    return Figures("2026-11-29", "a machine", passage_s=0.05, sentence_s=0.002, sizes=(few, many))


def test_a_size_that_was_measured_is_shown_as_it_was() -> None:
    assert (figures().disk_gb(1_000), figures().worker_mb(10_000)) == (0.09, 59)
    assert figures().is_measured(10_000)


def test_a_size_that_was_not_is_what_each_passage_more_has_cost_times_so_many() -> None:
    assert figures().disk_gb(100_000) == pytest.approx(9)
    assert figures().worker_mb(1_000_000) == pytest.approx(59 + 990_000 * 9 / 9_000)
    # 60 ms a passage with its five sentences, and 1 ms for the rest.
    assert figures().build_hours(100_000) == pytest.approx(100_000 * 0.061 / 3600)
    assert not figures().is_measured(100_000)


def test_nodes_are_as_many_as_the_questions_keep_busy_and_one_more() -> None:
    page = with_tables("<!-- capacity: rates -->\n<!-- end -->", figures())
    # 1,000 a second of 6 and 12 ms on cores busy to 60 %, four a node.
    assert "| 1,000 | 10 cores: 4 nodes | 20 cores: 6 nodes |" in page
    assert "| 10 | 1 cores: 2 nodes | 1 cores: 2 nodes |" in page


def test_the_picture_says_in_words_what_it_shows_and_can_be_read_in_the_dark() -> None:
    drawn = ElementTree.fromstring(picture(figures()))
    said = {element.tag.rpartition("}")[2]: element.text or "" for element in drawn}
    assert "Memory a worker, MB: 50 at 1,000, 59 at 10k" in said["desc"]
    assert "prefers-color-scheme: dark" in said["style"]


def test_the_page_and_the_picture_show_what_was_measured() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert with_tables(text, read_figures()) == text, "Write it again: python -m bench.capacity --draw"
    assert PICTURE.read_text(encoding="utf-8") == picture(read_figures())
