"""Search over the pages, lists by need, and what is offered where a page is not: all without script."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from bot.records import Hit
from bot.web.suggesting import nearest_to

from .chatting import violations
from .factories import client
from .fake_answerer import FakeAnswerer, passage
from .serving import OpenPage
from .sources import all_sources, source

SIZES = [(320, 568), (390, 844), (1280, 800)]
LONG = " ".join(f"Sentence number {number} is here." for number in range(40))


class Finding(FakeAnswerer):
    """Finds a passage with headings, a long one, and one about death."""

    def search(self, question: str, k: int, *, tags: object = ()) -> list[Hit]:
        self._check()
        twins = replace(passage(self.sources()[0]), headings=("How it works",))
        long, grave = source("long", "A long text", LONG), source("grave", "Outlook", "Some children die young.")
        return [Hit(one, 0.9, {}) for one in (twins, passage(long), passage(grave))]


def test_words_in_the_address_find_passages_with_their_headings_and_links_to_their_place() -> None:
    page = client(Finding()).get("/search?q=twins").text
    assert 'value="twins"' in page
    assert re.search(r'<h2><a href="/explainers/digital-twins-in-medicine#:~:text=[^"]+" lang="en">', page)
    assert "How it works" in page
    assert '<meta name="robots" content="noindex">' in page


def test_a_long_passage_is_cut_after_a_whole_sentence_and_one_about_death_opens_by_a_tap() -> None:
    page = client(Finding()).get("/search?q=twins").text
    assert "Sentence number 39" in page or "is here. …" in page
    assert re.search(r"This part talks about death. Show it\?</summary><p lang=\"en\">Some children die young", page)


def test_without_words_there_is_the_form_alone_and_nothing_found_is_said() -> None:
    class Empty(FakeAnswerer):
        def search(self, question: str, k: int, *, tags: object = ()) -> list[Hit]:
            return []

    assert "<ol" not in client(Finding()).get("/search").text
    assert "We found no passage for that." in client(Empty()).get("/search?q=zebra").text


def test_who_writes_of_danger_reads_whom_to_call_first() -> None:
    page = client(Finding(), country="US").get("/search?q=my baby is not breathing").text
    assert page.index('href="tel:911"') < page.index("What are you looking for?")


def test_too_long_words_are_refused_with_the_reason_and_the_limit_counts() -> None:
    response = client(Finding()).get("/search?q=" + "x" * 2001)
    assert response.status_code == 422
    assert "more than 2,000" in response.text
    here = client(Finding(), client_per_minute=2)
    assert [here.get("/search?q=a").status_code for _ in range(3)] == [200, 200, 429]


def test_words_that_look_like_markup_stay_words() -> None:
    page = client(Finding()).get('/search?q="><script>alert(1)</script>').text
    assert "<script>alert" not in page


def test_topics_stand_by_need_and_are_filtered_by_need_and_by_words() -> None:
    sources = [
        source("a", "Finding a trial", "Text.", tags=("clinical trials",)),
        source("b", "Sleep", "Text.", tags=("daily life",), summary="Waking at night."),
    ]
    here = client(FakeAnswerer(sources))
    whole = here.get("/topics").text
    assert whole.index("Clinical trials</h2>") < whole.index("Finding a trial") < whole.index("Daily life</h2>")
    assert "Sleep" not in here.get("/topics?need=trials").text.partition("<main")[2].replace("Daily life", "")
    assert "Finding a trial" not in here.get("/topics?q=night").text
    nothing = here.get("/topics?q=zebra").text
    assert "No topic has these words" in nothing
    assert 'href="/search?q=zebra"' in nothing


def test_the_glossary_is_filtered_by_a_word_or_its_other_name() -> None:
    here = client()
    assert "<dt>Biomarker</dt>" in here.get("/glossary?q=biom").text
    assert "We have no such word yet." in here.get("/glossary?q=zebra").text


@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("/explainers/digital-twin-in-medecine", "digital-twins-in-medicine"),
        ("/explainers/gene", "genes"),
        ("/interviews/counselor-and-parent.html", "a-parent-and-a-counselor"),
        ("/wp-login.php", None),
        ("/explainers/", None),
    ],
)
def test_a_page_that_is_not_here_names_those_that_its_address_comes_nearest_to(path: str, first: str | None) -> None:
    found = nearest_to(path, all_sources(), 5)
    assert (found[0].id if found else None) == first


def test_the_page_that_says_so_links_them() -> None:
    response = client().get("/explainers/digital-twin-medicine")
    assert response.status_code == 404
    assert "You may be looking for one of these" in response.text
    assert 'href="/explainers/digital-twins-in-medicine"' in response.text


def test_a_question_begun_from_a_page_leans_on_it_and_only_on_one_that_is_there() -> None:
    answerer = FakeAnswerer()
    here = client(answerer)
    assert "You are asking about: Genes, DNA and proteins" in here.get("/ask?about=genes").text
    assert "asking about" not in here.get("/ask?about=<b>").text
    here.post("/ask?about=genes", data={"message": "twin"})
    here.post("/api/v1/chat", json={"message": "twin", "about": "genes"})
    here.post("/api/v1/chat", json={"message": "twin", "about": "nothing"})
    here.post("/api/v1/chat", json={"message": "twin"})
    assert [turns for _, _, turns in answerer.heard] == [1, 1, 0, 0]


def test_an_explainer_has_its_contents_one_line_for_the_video_and_a_way_to_ask() -> None:
    page = client().get("/explainers/digital-twins-in-medicine").text
    contents = re.search(r'<nav class="contents".*?</nav>', page, re.DOTALL)
    assert contents is not None
    assert re.findall(r'href="#([\w-]+)"', contents[0]) == [
        "plain-english-explanation",
        "why-it-matters",
        "how-it-works",
        "what-it-cannot-do",
    ]
    assert '<p class="video">Video coming soon</p>' in page
    assert 'href="/ask?about=digital-twins-in-medicine"' in page


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "path", ["/topics", "/glossary", "/search?q=twin", "/explainers/digital-twins-in-medicine", "/explainers/gene"]
)
def test_the_lists_fit_every_screen_in_light_and_dark_and_axe_finds_nothing(
    open_page: OpenPage, size: tuple[int, int], path: str
) -> None:
    for scheme in ("light", "dark"):
        page = open_page(
            path, Finding(), viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, bypass_csp=True
        )
        page.locator("summary").evaluate_all("all => all.forEach((one) => one.click())")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert violations(page) == []


@pytest.mark.browser
def test_a_letter_of_the_glossary_opens_by_its_link_and_asking_is_in_reach_on_a_long_text(open_page: OpenPage) -> None:
    page = open_page("/glossary", viewport={"width": 390, "height": 844})
    expect(page.locator("dt")).to_be_hidden()
    page.get_by_role("link", name="B", exact=True).click()
    expect(page.locator("dt")).to_be_visible()
    page.goto("/explainers/digital-twins-in-medicine")
    ask = page.get_by_role("link", name="Ask about this")
    expect(ask).to_be_in_viewport(ratio=1)
    ask.click()
    expect(page.get_by_text("You are asking about: What is a digital twin")).to_be_visible()
    page.get_by_label("Your question").fill("twin")
    with page.expect_request("**/api/v1/chat") as sent:
        page.get_by_role("button", name="Ask", exact=True).click()
    assert sent.value.post_data_json["about"] == "digital-twins-in-medicine"
