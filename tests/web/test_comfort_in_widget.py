"""What makes reading and writing easier: meanings, larger text, listening, and a draft that is not lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from bot.records import Answer, Term

from .chatting import OpenChat, ask, violations
from .fake_answerer import FakeAnswerer
from .serving import OpenPage
from .sources import digital_twins

pytestmark = pytest.mark.browser

# Says each sentence to the page instead of aloud, and goes on when it is told to.
VOICE = """
  window.said = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(window, 'speechSynthesis', { value: {
    queue: [], cancel() { this.queue = []; },
    speak(one) { this.queue.push(one); if (this.queue.length === 1) one.onstart?.(); },
    next() { const one = this.queue.shift(); said.push(one.text); one.onend?.(); this.queue[0]?.onstart?.(); } } });
"""
MARKED = "[...(CSS.highlights.get('being-read') ?? [])].map((range) => range.toString()).join('')"


class Explaining(FakeAnswerer):
    """An answer with a term that its quotation uses, and one that it uses in no form that is written."""

    def about_twins(self) -> Answer:
        terms = (Term("Flesh", "What a body is made of."), Term("Biomarker", "Something that can be measured."))
        return replace(super().about_twins(), terms=terms)


def test_a_hard_word_says_what_it_means_below_its_quotation_which_stays_as_it_was(open_page: OpenPage) -> None:
    page = open_page("/embed", Explaining(), viewport={"width": 320, "height": 640}, bypass_csp=True)
    ask(page, "twin")
    before = page.locator("blockquote").first.inner_text()
    word = page.get_by_role("button", name="flesh")
    expect(word).to_have_attribute("aria-expanded", "false")
    word.press("Enter")
    expect(page.locator(".meaning")).to_have_text("Flesh What a body is made of.")
    assert violations(page) == []
    assert page.locator("blockquote").first.inner_text() == before
    assert before in digital_twins().text
    word.click()
    expect(page.locator(".meaning")).to_have_count(0)
    # What is written in no quotation stays in the list.
    expect(page.locator(".terms summary")).to_have_text(["Biomarker"])


def test_text_grows_up_to_twice_its_size_and_stays_so_after_a_reload(open_chat: OpenChat) -> None:
    page = open_chat(viewport={"width": 320, "height": 640})
    ask(page, "uncertain")
    size = "parseFloat(getComputedStyle(document.querySelector('blockquote p')).fontSize)"
    before = page.evaluate(size)
    # A press too many changes nothing.
    for _ in range(6):
        page.get_by_role("button", name="Larger text").press("Enter")
    assert page.evaluate(size) == pytest.approx(2 * before, rel=0.01)
    expect(page.get_by_role("button", name="Larger text")).to_have_attribute("aria-disabled", "true")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.reload()
    expect(page.locator("blockquote")).to_be_visible()
    assert page.evaluate(size) == pytest.approx(2 * before, rel=0.01)
    for _ in range(4):
        page.get_by_role("button", name="Smaller text").press("Enter")
    assert page.evaluate(size) == before
    assert page.evaluate("document.documentElement.style.fontSize") == ""


def test_reading_aloud_marks_each_sentence_while_it_is_read_and_nothing_after_it(open_chat: OpenChat) -> None:
    page = open_chat()
    page.add_init_script(VOICE)
    page.reload()
    ask(page, "uncertain")
    page.get_by_role("button", name="Copy, link, or listen").click()
    page.get_by_role("button", name="Read aloud").click()
    assert page.evaluate(MARKED) == "An uncertain result is not a diagnosis."
    expect(page.locator("blockquote")).to_have_class("being-read")
    page.evaluate("speechSynthesis.next()")
    assert page.evaluate(MARKED).startswith("We write it down")
    page.evaluate("speechSynthesis.next()")
    assert page.evaluate(MARKED) == ""
    expect(page.locator(".being-read")).to_have_count(0)
    assert " ".join(page.evaluate("said")) == page.locator("blockquote").inner_text()
    expect(page.get_by_role("button", name="Read aloud")).to_be_visible()


def test_stopping_marks_nothing_any_more(open_chat: OpenChat) -> None:
    page = open_chat()
    page.add_init_script(VOICE)
    page.reload()
    ask(page, "uncertain")
    page.get_by_role("button", name="Copy, link, or listen").click()
    page.get_by_role("button", name="Read aloud").click()
    page.get_by_role("button", name="Stop reading").click()
    assert page.evaluate(MARKED) == ""
    expect(page.locator(".being-read")).to_have_count(0)


def test_a_question_that_was_begun_is_there_after_a_reload_and_gone_once_it_was_asked_or_forgotten(
    open_chat: OpenChat,
) -> None:
    page = open_chat()
    stored = "sessionStorage.length"
    assert page.evaluate(stored) == 0
    page.get_by_label("Your question").fill("My daughter was told")
    page.reload()
    expect(page.get_by_label("Your question")).to_have_value("My daughter was told")
    ask(page, "uncertain")
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.get_by_label("Your question")).to_have_value("")
    page.get_by_label("Your question").fill("And then")
    page.get_by_role("button", name="Forget this chat").click()
    page.get_by_role("button", name="Yes, delete them").click()
    expect(page.locator(".turn")).to_have_count(0)
    assert page.evaluate(stored) == 0
