"""Lists of everything there is to read, for people and for search engines."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.records import Term
from bot.web.glossary import glossary_of

from .factories import client
from .fake_answerer import FakeAnswerer
from .sources import source

LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><title>A gene</title></svg>'


def test_the_glossary_has_every_term_once_under_its_letter_with_the_page_that_explains_it() -> None:
    page = client().get("/glossary").text
    assert 'id="letter-b"' in page
    assert page.count("<dt>Biomarker</dt>") == 1
    assert 'href="/explainers/digital-twins-in-medicine"' in page


def test_terms_are_in_order_whatever_their_case_and_signs_come_first() -> None:
    terms = tuple(Term(name, "A word.") for name in ("gene", "504 plan", "Assent", "AAV vector"))
    letters = glossary_of([source("a", "A", "Text.", key_terms=terms), source("b", "B", "Text.", key_terms=terms[:1])])
    assert [(letter, [entry.term.term for entry in entries]) for letter, entries in letters] == [
        ("#", ["504 plan"]),
        ("A", ["AAV vector", "Assent"]),
        ("G", ["gene"]),
    ]
    assert letters[2][1][0].source.id == "a"


def test_the_sitemap_lists_our_own_pages_with_their_address() -> None:
    tree = ElementTree.fromstring(client(base_url="https://bot.example.org").get("/sitemap.xml").data)
    found = [entry.text for entry in tree.iter(LOCATION)]
    assert "https://bot.example.org/explainers/digital-twins-in-medicine" in found
    assert all(str(address).startswith("https://bot.example.org/") for address in found)
    assert len(found) == len(set(found))


def test_search_engines_are_kept_from_the_api_and_told_of_the_sitemap() -> None:
    text = client().get("/robots.txt").text
    assert "Disallow: /api/" in text
    assert "Sitemap: http://localhost/sitemap.xml" in text


def test_an_explainer_says_what_it_is_in_the_words_of_search_engines() -> None:
    page = client(base_url="https://bot.example.org", publisher="The Foundation").get(
        "/explainers/digital-twins-in-medicine"
    )
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL)
    assert block is not None
    found = json.loads(block[1])
    assert found["@type"] == "MedicalWebPage"
    assert found["url"] == "https://bot.example.org/explainers/digital-twins-in-medicine"
    assert found["publisher"]["name"] == "The Foundation"
    # Nobody has reviewed it, so nobody is named and no review is dated.
    assert "reviewedBy" not in found
    assert "lastReviewed" not in found
    title = re.search(r'property="og:title" content="([^"]*)"', page.text)
    assert title is not None
    assert unescape(title[1]) == "What is a digital twin in medicine?"


def test_a_title_cannot_break_out_of_the_data_block() -> None:
    class Hostile(FakeAnswerer):
        def source(self, source_id: str):  # type: ignore[no-untyped-def]
            return source("x", "</script><script>alert(1)</script>", "Text.")

    assert "<script>alert" not in client(Hostile()).get("/explainers/x").text


def test_a_picture_of_the_corpus_is_shown_with_the_text_in_its_place(tmp_path: Path) -> None:
    class Pictured(FakeAnswerer):
        def source(self, source_id: str):  # type: ignore[no-untyped-def]
            return source("x", "X", "Text.", infographic="/infographics/gene.svg", infographic_alt="A gene makes one.")

    (tmp_path / "gene.svg").write_text(SVG, encoding="utf-8")
    here = client(Pictured(), infographics=tmp_path)
    assert 'alt="A gene makes one."' in here.get("/explainers/x").text
    with here.get("/infographics/gene.svg") as picture:
        assert picture.status_code == 200
        assert picture.content_type.startswith("image/svg+xml")


@pytest.mark.parametrize("name", ["other.svg", "..%2Fsecret.svg", "gene.html", "GENE.svg"])
def test_nothing_but_pictures_is_served_from_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "gene.html").write_text("<p>no</p>", encoding="utf-8")
    assert client(infographics=tmp_path).get(f"/infographics/{name}").status_code == 404
