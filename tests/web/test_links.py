"""Links: what may be followed, and links to the very words."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from bot.reading.links import reader_path
from bot.web.links import in_context, safe_href

from .sources import source


@pytest.mark.parametrize(
    "address", ["https://example.org/a?b=c#d", "http://example.org", "mailto:a@b.org", "tel:911", "/topics", "#t-1"]
)
def test_ordinary_links_may_be_followed(address: str) -> None:
    assert safe_href(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None, "", "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)",
        "data:text/html,x", "vbscript:x", "//evil.example", "/\\evil.example", "https://a b", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_links_that_could_run_script_or_leave_in_disguise_may_not(address: str | None) -> None:
    assert safe_href(address) is None


def test_a_short_quote_is_named_whole() -> None:
    assert in_context("/a#b", "It is well-known, yes.") == "/a#b:~:text=It%20is%20well%2Dknown%2C%20yes."


def test_a_long_quote_is_named_by_both_ends() -> None:
    words = [f"w{number}" for number in range(13)]
    link = in_context("/explainers/a", " ".join(words))
    assert unquote(link) == "/explainers/a#:~:text=w0 w1 w2 w3 w4,w8 w9 w10 w11 w12"


def test_a_quote_over_several_lines_is_named_by_its_first_and_without_its_list_mark() -> None:
    assert in_context("/a#b", "- one two\n- three") == "/a#b:~:text=one%20two"


def test_pages_elsewhere_and_links_that_name_words_already_stay() -> None:
    for url in ("https://example.org/a#b", "/a#b:~:text=c"):
        assert in_context(url, "words") == url
    assert in_context("/a", "  ") == "/a"


def test_the_reader_page_follows_the_kind_and_escapes_the_id() -> None:
    assert reader_path(source("a b/c", "T", "x")) == "/explainers/a%20b%2Fc"
    assert reader_path(source("a", "T", "x", kind="interview")) == "/interviews/a"
    assert reader_path(source("a", "T", "x", kind="article")) == "/explainers/a"
