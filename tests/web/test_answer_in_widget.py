"""The answer as it is drawn: the quotation first, one line of source, and all that is done seldom behind one button."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .chatting import OpenChat, ask, violations

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("size", [(320, 568), (390, 844), (1280, 800)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_quotation_is_most_of_the_answer_and_axe_finds_nothing(
    open_chat: OpenChat, size: tuple[int, int], scheme: str
) -> None:
    page = open_chat(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, bypass_csp=True)
    ask(page, "uncertain")
    quote, card = page.locator("blockquote").bounding_box(), page.locator(".snippet").bounding_box()
    assert quote is not None
    assert card is not None
    # Before, a tenth of what was drawn; now nearly half of it, with a long title on the narrowest screen.
    assert quote["height"] > card["height"] * 0.45
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert violations(page) == []


def test_the_whole_answer_and_the_box_are_on_a_phones_screen(open_chat: OpenChat) -> None:
    page = open_chat(viewport=PHONE)
    ask(page, "What is a digital twin?")
    seen = page.locator(".question, .snippet, .tools, .composer")
    for place in range(seen.count()):
        expect(seen.nth(place)).to_be_in_viewport(ratio=1)
    bottom = page.locator(".tools").bounding_box()
    top = page.locator(".composer").bounding_box()
    assert bottom is not None
    assert top is not None
    assert bottom["y"] + bottom["height"] <= top["y"]


@pytest.mark.parametrize("with_script", [True, False])
def test_what_answers_a_claim_stands_behind_whose_words_they_are(open_chat: OpenChat, with_script: bool) -> None:
    page = open_chat("/ask", java_script_enabled=with_script, viewport=PHONE)
    page.locator(".composer textarea").fill("Is it true that an uncertain result is a diagnosis?")
    page.get_by_role("button", name="Ask", exact=True).click()
    said = page.locator(".answer > .message")
    expect(said).to_have_text("Our source says:")
    expect(page.locator(".answer > .message + .snippet blockquote")).to_contain_text("is not a diagnosis")
    if with_script:
        heard = "Our source says: An uncertain result is not a diagnosis"
        expect(page.get_by_role("group", name=heard)).to_be_focused()


def test_two_quotations_of_one_source_name_it_once_and_each_leads_to_its_place(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "What is a digital twin?")
    expect(page.locator(".snippet")).to_have_count(2)
    expect(page.locator(".source .title:visible")).to_have_count(1)
    places = page.get_by_role("link", name="Read in the full text").evaluate_all("all => all.map((one) => one.href)")
    assert len(set(places)) == 2
    # A heading that every explainer begins with says nothing to a family.
    expect(page.get_by_text("Plain-English explanation")).to_have_count(0)


def test_copying_linking_and_listening_wait_behind_one_button_and_take_the_whole_answer(open_chat: OpenChat) -> None:
    page = open_chat()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "What is a digital twin?")
    expect(page.get_by_role("button", name="Copy with source")).to_be_hidden()
    page.get_by_role("button", name="Copy, link, or listen").click()
    expect(page.get_by_role("button", name="Copy with source")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert all(text in copied for text in page.locator("blockquote").all_inner_texts())
    with page.context.expect_page() as proof:
        page.get_by_role("link", name="Link to this passage").click()
    expect(proof.value.locator("blockquote")).to_have_count(2)


def test_what_to_read_and_ask_next_belongs_to_the_last_answer_alone(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "What is a digital twin?")
    expect(page.locator(".related, .next")).to_have_count(2)
    ask(page, "uncertain")
    expect(page.locator(".turn").first.locator(".related:visible, .next:visible")).to_have_count(0)


def test_one_number_is_large_on_a_line_of_its_own_and_others_stand_back(open_chat: OpenChat) -> None:
    page = open_chat(viewport={"width": 320, "height": 568})
    ask(page, "where am i")
    first = page.locator(".urgent .call").first
    size = "one => parseFloat(getComputedStyle(one).fontSize)"
    assert first.locator(".number").evaluate(size) >= 36
    words, number = first.locator(".do").bounding_box(), first.locator(".number").bounding_box()
    assert words is not None
    assert number is not None
    assert number["y"] >= words["y"] + words["height"] - 2
    expect(first.get_by_role("link", name="Call 911", exact=True)).to_be_focused()
    assert page.locator(".urgent .call").last.locator(".button").evaluate(size) < 20
    expect(page.get_by_role("link", name="Emergency?", exact=True)).to_be_hidden()
