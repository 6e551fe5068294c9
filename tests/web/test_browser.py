"""The chat and the reader pages in a real browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from bot.records import Answer, Snippet
from bot.web.app import create_app

from .chatting import listens
from .fake_answerer import BUILD, FakeAnswerer, snippet_source
from .serving import OpenPage, serving
from .sources import all_sources, source

pytestmark = pytest.mark.browser

QUESTION = "What is a digital twin?"
# What a person meets in an element: its name, its class, and its own words.
OUTLINE = """element => {
  const texts = node => [...node.childNodes].filter(child => child.nodeType === 3);
  // What can be done with an answer by script alone has no place on a page without it.
  const shown = child => child.type !== 'hidden' && !child.classList.contains('tools');
  const own = node => texts(node).map(text => text.textContent.trim()).join(' ').trim();
  const walk = node => [node.localName, node.className.trim(), node.getAttribute('href'), own(node),
                        ...[...node.children].filter(shown).map(walk)];
  return walk(element);
}"""


def ask(page: Page, question: str = QUESTION) -> None:
    """Types a question and sends it with the Enter key."""
    listens(page)
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def test_a_question_is_asked_and_answered_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page("/")
    listens(page)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.localName") == "textarea":
            break
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".snippet")).to_have_count(2)
    expect(page.locator(".answer")).to_be_focused()
    expect(page.locator("mark").first).to_have_text("a model of a body")
    expect(page.locator(".kind").first).to_have_text("Explainer")
    expect(page.get_by_text("Text updated 1 October 2026, not yet reviewed by a clinician").last).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Ask another question")).to_be_focused()
    page.keyboard.press("Tab")
    expect(
        page.get_by_role("link", name="Read in the full text of What is a digital twin in medicine?").first
    ).to_be_focused()


def test_a_highlight_after_an_emoji_is_where_the_server_put_it(open_page: OpenPage) -> None:
    page = open_page("/")
    ask(page)
    expect(page.locator("mark").nth(1)).to_have_text("checked against what really happened")


def test_the_link_leads_to_the_section_and_points_at_the_words(open_page: OpenPage) -> None:
    page = open_page("/")
    ask(page)
    with page.expect_popup() as popup:
        page.get_by_role("link", name=re.compile("^Read in the full text")).nth(1).click()
    reader = popup.value
    reader.wait_for_load_state()
    expect(reader.locator("section:has(:target) h2, section:target h2")).to_have_text("How it works")
    # The page scrolls to its words once laid out, which is after it is loaded.
    reader.wait_for_function("scrollY > 0")


def test_a_suggestion_is_asked_by_pressing_it(open_page: OpenPage) -> None:
    page = open_page("/")
    page.get_by_role("button", name=QUESTION).click()
    expect(page.locator(".question .words")).to_have_text(QUESTION)
    expect(page.locator(".snippet")).to_have_count(2)
    page.get_by_role("button", name="Why does it matter?").click()
    expect(page.locator(".turn")).to_have_count(2)


def test_an_interview_is_told_apart_with_its_speaker_and_time(open_page: OpenPage) -> None:
    page = open_page("/")
    ask(page, "uncertain")
    expect(page.locator(".kind")).to_have_text("Interview")
    expect(page.locator(".where")).to_contain_text("A genetic counselor at 0:14")


def test_what_is_not_known_is_said_and_the_nearest_topics_are_offered(open_page: OpenPage) -> None:
    page = open_page("/")
    ask(page, "zebra")
    expect(page.locator(".answer .message")).to_have_text("Nothing here is about that.")
    expect(page.get_by_role("button", name="What is a gene?")).to_be_visible()


def test_a_question_is_kept_when_there_is_no_answer_and_asked_again_on_request(open_page: OpenPage) -> None:
    answerer = FakeAnswerer(down=True)
    page = open_page("/", answerer)
    ask(page)
    expect(page.get_by_text("We can't answer right now.")).to_be_visible()
    answerer.down = False
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".snippet")).to_have_count(2)
    expect(page.locator(".turn")).to_have_count(1)


def test_being_offline_is_said(open_page: OpenPage) -> None:
    page = open_page("/")
    page.context.set_offline(True)
    ask(page)
    expect(page.get_by_text("You seem to be offline.")).to_be_visible()


def test_taking_too_long_is_said(open_page: OpenPage) -> None:
    page = open_page("/")
    page.locator("explainer-chat").evaluate(
        "chat => { chat.fetch = () => Promise.reject(new DOMException('', 'AbortError')); }"
    )
    ask(page)
    expect(page.get_by_text("The answer is taking too long.")).to_be_visible()


def test_an_empty_question_is_not_sent(open_page: OpenPage) -> None:
    answerer = FakeAnswerer()
    page = open_page("/", answerer)
    ask(page, "  ")
    expect(page.locator(".problem")).to_have_text("Type a question first.")
    ask(page)
    expect(page.locator(".snippet")).to_have_count(2)
    expect(page.locator(".problem")).to_be_empty()
    assert answerer.asked == 1


def test_the_conversation_goes_on_under_one_id(open_page: OpenPage) -> None:
    page = open_page("/")
    sent: list[Any] = []
    page.on("request", lambda request: sent.append(request.post_data_json) if request.method == "POST" else None)
    for count in (1, 2):
        ask(page)
        expect(page.locator(".turn")).to_have_count(count)
        expect(page.locator(".waiting")).to_have_count(0)
    assert "conversation_id" not in sent[0]
    assert len(sent[1]["conversation_id"]) == 22


def test_without_script_the_form_gives_the_same_answer(open_page: OpenPage) -> None:
    scripted, plain = open_page("/"), open_page("/", java_script_enabled=False)
    for question in (QUESTION, "uncertain", "zebra", "cannot breathe", "perhaps"):
        for page in (scripted, plain):
            page.goto("/")
            ask(page, question) if page is scripted else send_form(page, question)
        assert outline(scripted) == outline(plain)


def send_form(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_url("**/ask")


def outline(page: Page) -> Any:
    expect(page.locator(".answer")).to_have_count(1)
    return page.locator(".turn").evaluate(OUTLINE)


def test_the_chat_stores_nothing_before_the_first_question_and_asks_nobody_else(open_page: OpenPage) -> None:
    page = open_page("/")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto("/")
    ask(page)
    expect(page.locator(".snippet")).to_have_count(2)
    assert hosts == {page.url.split("/")[2]}
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length") == 0
    assert "twin" not in str(page.evaluate("JSON.stringify(sessionStorage)"))
    assert "twin" not in page.url


def test_text_that_looks_like_markup_or_a_script_link_stays_text(open_page: OpenPage) -> None:
    class Hostile(FakeAnswerer):
        def answer(self, question: str) -> Answer:
            text = "<img src=x onerror=alert(1)> <b>bold</b> " + "long" * 500
            origin = snippet_source(source("evil", "<i>Evil</i>", text, url="javascript:alert(1)"), 0, len(text))
            return Answer("answered", BUILD, 0.9, snippets=(Snippet(text, ((0, 28),), origin),), message="</p><script>")

    page = open_page("/", Hostile())
    ask(page, "<svg onload=alert(1)>")
    expect(page.locator("mark")).to_have_text("<img src=x onerror=alert(1)>")
    expect(page.locator(".turn img, .turn svg, .turn b, .turn i, .turn script")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_one_line_on_another_origin_shows_the_chat_in_a_frame(open_page: OpenPage) -> None:
    partner = Flask("partner")
    with serving(partner) as partner_origin:
        chat = create_app(FakeAnswerer(), service_name="Test Answers", frame_ancestors=[partner_origin])
        with serving(chat) as origin:
            line = f'<script async src="{origin}/widget.js" data-site="default"></script>'
            partner.add_url_rule("/", view_func=lambda: f"<!doctype html><title>Partner</title>{line}")
            page = open_page("/")
            page.goto(partner_origin)
            page.get_by_role("button", name="Ask a question").click()
            chat_frame = page.frame_locator("explainer-chat iframe")
            expect(chat_frame.get_by_role("heading", name="Ask a question", include_hidden=True)).to_be_focused()
            box = chat_frame.get_by_label("Your question")
            box.fill(QUESTION)
            box.press("Enter")
            expect(chat_frame.locator(".snippet")).to_have_count(2)


def test_no_page_is_wider_than_the_screen(open_page: OpenPage) -> None:
    page = open_page("/")
    explainers = ("/explainers/digital-twins-in-medicine", "/explainers/plain")
    for path in ("/", "/embed", "/topics", *explainers, "/interviews/a-parent-and-a-counselor"):
        page.goto(path)
        for width in (320, 360, 1280):
            page.set_viewport_size({"width": width, "height": 700})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page: OpenPage, scheme: str) -> None:
    page = open_page("/", color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    assert violations(page) == []
    for question in (QUESTION, "uncertain", "zebra", "cannot breathe", "perhaps"):
        ask(page, question)
        expect(page.locator(".waiting")).to_have_count(0)
    assert violations(page) == []
    page.context.set_offline(True)
    ask(page)
    expect(page.locator(".failure")).to_be_visible()
    assert violations(page) == []
    page.context.set_offline(False)
    names = [f"/explainers/{one.id}" for one in all_sources() if one.kind == "explainer"]
    for path in (
        *names,
        "/interviews/a-parent-and-a-counselor#t=14",
        "/topics",
        "/ask",
        "/embed",
        "/problems",
        "/nothing",
    ):
        page.goto(path)
        assert violations(page) == [], path


def violations(page: Page) -> list[str]:
    """What axe objects to, a line each."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found]


def test_everything_that_can_be_pressed_is_large_enough(open_page: OpenPage) -> None:
    page = open_page("/", viewport={"width": 360, "height": 740})
    ask(page)
    expect(page.locator(".snippet")).to_have_count(2)
    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, textarea')]
             .filter(e => !e.closest('.skip')).map(e => [e.textContent, e.getBoundingClientRect()])
             .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([text]) => text)"""
    )
    assert small == []
