"""Whom to call, in the chat: at every width and size of text, by ear, and with nothing in its way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .chatting import OpenChat, ask
from .visiting import OpenHost, opened
from .visiting import ask as ask_inside

pytestmark = pytest.mark.browser

SPILLS = """() => [...document.querySelectorAll('.care .button')].filter((link) => {
  const range = document.createRange();
  range.selectNodeContents(link);
  const [text, box] = [range.getBoundingClientRect(), link.getBoundingClientRect()];
  const across = text.left < box.left - 1 || text.right > box.right + 1;
  return across || text.top < box.top - 1 || text.bottom > box.bottom + 1;
}).map((link) => link.textContent)"""


def larger_text(page: Page) -> None:
    page.evaluate("document.documentElement.style.fontSize = '200%'")


@pytest.mark.parametrize("size", [(320, 568), (390, 844), (1280, 800)])
@pytest.mark.parametrize("question", ["cannot breathe", "so alone", "where am i"])
def test_a_label_keeps_within_its_button_and_the_number_is_in_view(
    open_chat: OpenChat, size: tuple[int, int], question: str
) -> None:
    page = open_chat(viewport={"width": size[0], "height": size[1]})
    ask(page, question)
    assert page.evaluate(SPILLS) == []
    expect(page.locator(".care .button").first).to_be_in_viewport(ratio=1)
    assert page.evaluate("getComputedStyle(document.querySelector('.composer')).position") == "static"
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_with_text_at_twice_its_size_the_number_is_in_view_and_the_box_can_be_written_in(open_chat: OpenChat) -> None:
    page = open_chat(viewport={"width": 320, "height": 568})
    larger_text(page)
    ask(page, "cannot breathe")
    expect(page.locator(".care .button").first).to_be_in_viewport(ratio=1)
    assert page.evaluate(SPILLS) == []
    assert page.locator(".composer textarea").bounding_box()["width"] > 200  # type: ignore[index]


def test_each_number_says_what_it_is_and_only_a_page_opens_beside_this_one(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "where am i")
    calls = page.locator(".urgent .call")
    expect(calls).to_have_count(2)
    expect(calls.first.locator(".why")).to_have_text("The emergency number: ambulance, police, fire.")
    expect(calls.first.get_by_role("link")).to_have_attribute("target", "_top")
    helpline = calls.last.get_by_role("link", name="Find a helpline")
    expect(helpline).to_have_attribute("target", "_blank")
    expect(helpline).to_have_attribute("rel", "noopener")


def test_nothing_is_offered_beside_whom_to_call_and_forgetting_stays(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "uncertain")
    for question in ("cannot breathe", "so alone"):
        ask(page, question)
        turn = page.locator(".turn").last
        expect(turn.get_by_role("button", name="Ask a person")).to_have_count(0)
        expect(page.get_by_role("button", name="Print for my appointment")).to_be_hidden()
        expect(page.get_by_role("button", name="Forget this chat")).to_be_visible()
    ask(page, "uncertain")
    expect(page.get_by_role("button", name="Print for my appointment")).to_be_visible()


def test_whom_to_call_is_an_alert_and_the_number_has_the_focus(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "cannot breathe")
    expect(page.get_by_role("link", name="Call 911")).to_be_focused()
    expect(page.get_by_role("alert")).to_match_aria_snapshot(
        """
        - alert:
          - heading "Call for help now" [level=4]
          - link "Call 911"
          - paragraph: "The emergency number: ambulance, police, fire."
          - paragraph: This sounds urgent.
        """
    )


def test_in_spanish_whom_to_call_is_said_in_spanish(open_host: OpenHost) -> None:
    page = open_host("lang=es")
    page.get_by_role("button", name="Haga una pregunta").click()
    chat = page.frame_locator("explainer-chat iframe")
    ask_inside(chat, "cannot breathe")
    expect(chat.get_by_role("link", name="Llame al 911")).to_have_attribute("href", "tel:911")
    expect(chat.locator(".urgent .why").first).to_have_text("El número de emergencias: ambulancia, policía y bomberos.")


def test_a_page_of_a_partner_keeps_its_chat_when_a_helpline_is_opened(open_host: OpenHost) -> None:
    page = open_host()
    chat = opened(page)
    ask_inside(chat, "where am i")
    page.context.route("https://findahelpline.com/**", lambda route: route.fulfill(body="<title>Lines</title>"))
    with page.context.expect_page():
        chat.get_by_role("link", name="Find a helpline").click()
    expect(chat.locator(".urgent")).to_be_visible()
