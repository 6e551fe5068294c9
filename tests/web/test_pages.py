"""Pages for people, as they come from the server."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest

from bot.reading.reviewing import review_digest
from bot.records import Source

from .factories import client
from .fake_answerer import SUGGESTIONS, FakeAnswerer
from .sources import all_sources, genes


class Outline(HTMLParser):
    """The ids, the headings and the links of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if tag == "a" else []
        self.headings += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []


def test_the_first_page_says_who_this_is_and_what_it_is_not() -> None:
    page = client(publisher="The Foundation", contact_url="mailto:help@example.org").get("/").text
    assert "published by The Foundation" in page
    assert "It makes nothing up." in page
    assert "It isn&#39;t medical advice." in page
    assert 'href="mailto:help@example.org"' in page
    assert all(question in page for question in SUGGESTIONS)


def test_a_contact_that_could_run_script_is_not_linked() -> None:
    assert "javascript:" not in client(contact_url="javascript:alert(1)").get("/").text


@pytest.mark.parametrize("path", ["/ask", "/embed"])
def test_a_posted_question_is_answered_on_the_page(path: str) -> None:
    response = client().post(path, data={"message": "What is a digital twin?"})
    assert response.status_code == 200
    assert "<mark>a model of a body</mark>" in response.text
    link = "/explainers/digital-twins-in-medicine#plain-english-explanation:~:text="
    assert link in response.text
    assert f'action="{path}"' in response.text
    assert response.headers["Cache-Control"] == "no-store"


def test_a_posted_conversation_goes_on() -> None:
    here = client()
    first = here.post("/ask", data={"message": "twin"}).text
    name = re.search(r'name="conversation_id" value="([\w-]{22})"', first)
    assert name is not None
    assert name[1] in here.post("/ask", data={"message": "twin", "conversation_id": name[1]}).text


@pytest.mark.parametrize(("message", "words"), [("", "Type a question first."), ("x" * 2001, "more than 2,000")])
def test_a_posted_question_that_cannot_be_taken_is_kept_and_explained(message: str, words: str) -> None:
    response = client().post("/ask", data={"message": message})
    assert response.status_code == 422
    assert words in response.text
    assert message in response.text


def test_a_question_with_markup_is_shown_as_text() -> None:
    page = client().post("/ask", data={"message": "<img src=x onerror=alert(1)> twin"}).text
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_an_explainer_shows_everything_in_its_order() -> None:
    page = client().get("/explainers/digital-twins-in-medicine").text
    order = [
        "<h1>What is a digital twin in medicine?</h1>",
        "A model of a body in a computer",
        "Video coming soon",
        "Plain-English explanation</h2>",
        "Why it matters</h2>",
        "How it works</h2>",
        "<li>scans and blood tests</li>",
        "Key terms</h2>",
        "Related interviews and articles</h2>",
        "Guest: A genetic counselor",
        "Why it matters: Models err.",
        "References</h2>",
        'id="ref-1"',
        "(seen 30 September 2026)",
        "Text updated 1 October 2026, not yet reviewed by a clinician.",
    ]
    body = page[page.index("<main") :]
    positions = [body.index(words) for words in order]
    assert positions == sorted(positions)
    assert {"plain-english-explanation", "why-it-matters", "how-it-works"} <= set(Outline(page).ids)


def test_a_footnote_is_a_small_link_to_its_reference_that_parts_no_run_of_words() -> None:
    page = client().get("/explainers/digital-twins-in-medicine").text
    (mark,) = re.findall(r"<sup>.*?</sup>", page)
    assert 'href="#ref-1"' in mark
    assert 'aria-label="Reference 1"' in mark
    assert re.sub(r"<[^>]*>", "", mark) == ""
    assert page.index(mark) < page.index('id="ref-1"')


def test_a_reviewed_explainer_names_who_read_it_and_links_its_page_and_video() -> None:
    page = client().get("/explainers/genes").text
    assert "Reviewed by Dr. Example on 12 September 2026." in page
    assert '<link rel="canonical" href="https://example.org/genes">' in page
    assert 'href="https://example.org/genes.mp4"' in page


def test_a_text_that_changed_since_its_review_says_so() -> None:
    was = replace(genes(), reviewed_sha256=review_digest(genes()))
    now = replace(was, text=f"{was.text} And more.")
    assert "12 September 2026." in review_of(was)
    assert "Reviewed by Dr. Example on 12 September 2026, changed since it was reviewed." in review_of(now)


def review_of(source: Source) -> str:
    """What the page of a source says of its review."""
    page = client(FakeAnswerer([source])).get("/explainers/genes").text
    return re.findall(r'<aside class="review".*?</aside>', page, re.DOTALL)[0]


def test_an_interview_shows_speakers_and_times_and_says_when_it_is_a_script() -> None:
    page = client().get("/interviews/a-parent-and-a-counselor").text
    assert "A written scene, not a recording" in page
    assert {"t=0", "t=14", "t=42", "t=3725", "turn-1", "turn-4"} <= set(Outline(page).ids)
    assert ">0:14</a>" in page
    assert ">1:02:05</a>" in page


def test_an_interview_without_times_numbers_its_turns() -> None:
    page = client().get("/interviews/counting").text
    assert {"turn-1", "turn-2"} <= set(Outline(page).ids)
    assert "Guest: Dr. Guest, Physician" in page
    assert "Illustrative" not in page


def test_an_article_without_a_page_of_its_own_is_shown_as_text() -> None:
    page = client().get("/explainers/plain").text
    assert "<script>alert" not in page
    assert "Sleep &lt;script&gt;alert(1)&lt;/script&gt; matters." in page


def test_an_article_of_somebody_else_is_not_published_again() -> None:
    response = client().get("/explainers/elsewhere")
    assert (response.status_code, response.headers["Location"]) == (302, "https://example.org/elsewhere")


def test_a_source_under_the_wrong_kind_is_sent_to_the_right_one() -> None:
    response = client().get("/explainers/counting")
    assert (response.status_code, response.headers["Location"]) == (301, "/interviews/counting")


def test_an_unknown_source_gets_a_kind_page_with_topics() -> None:
    response = client().get("/explainers/nothing")
    assert response.status_code == 404
    assert "What is a digital twin in medicine?" in response.text
    assert 'href="/topics"' in response.text


def test_an_unknown_site_has_no_chat() -> None:
    assert client().get("/embed?site=site_other").status_code == 404
    assert client().get("/embed?site=default").status_code == 200


def test_all_topics_are_listed_and_what_is_no_explainer_says_what_it_is() -> None:
    page = client().get("/topics").text
    assert all(source.title in unescape(page) for source in all_sources())
    assert re.search(r"Why we count</a> <span class=.kind kind-interview.>Interview</span>", page)


@pytest.mark.parametrize(
    "path", ["/", "/ask", "/embed", "/topics", "/explainers/digital-twins-in-medicine", "/interviews/counting"]
)
def test_links_within_us_lead_somewhere_and_headings_skip_no_level(path: str) -> None:
    here = client()
    outline = Outline(here.get(path).text)
    own = {link.split("#")[0] for link in outline.links if link.startswith("/")}
    assert all(here.get(link).status_code == 200 for link in own)
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.headings[0] == 1
    steps = zip(outline.headings, outline.headings[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)


def test_the_pages_stand_while_there_is_no_build() -> None:
    assert client(FakeAnswerer(down=True)).get("/").status_code == 200
