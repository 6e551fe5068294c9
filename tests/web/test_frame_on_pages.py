"""The chat on pages of many kinds: what its frame may do, its colours, and the page under its panel."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .hosting import Hosted
from .visiting import QUESTION, OpenHost, ask, inside, opened

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
HEARING = "window.SpeechRecognition = class { start() { this.onerror(); this.onend(); } };"
COVERED = (
    "document.querySelector('.turn:last-child .words').getBoundingClientRect().bottom"
    " > document.querySelector('.composer').getBoundingClientRect().top"
)
NO_STORAGE = (
    "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
)


def ground_of(page: Page) -> str:
    return str(page.locator(".launcher").evaluate("button => getComputedStyle(button).backgroundColor"))


def test_copying_works_in_the_frame_and_is_seen_to(open_host: OpenHost, host: Hosted) -> None:
    page = open_host()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=host.service)
    chat = opened(page)
    ask(chat, "uncertain")
    chat.get_by_role("button", name="Copy, link, or listen").click()
    chat.get_by_role("button", name="Copy with source").click()
    expect(chat.get_by_role("button", name="Copied")).to_be_visible()
    frame = page.locator("explainer-chat iframe")
    assert "clipboard-write" in (frame.get_attribute("allow") or "")


def test_where_the_clipboard_is_refused_the_older_way_copies(open_host: OpenHost) -> None:
    page = open_host()
    chat = opened(page)
    ask(chat, "uncertain")
    page.frames[1].evaluate(
        "const refusing = { writeText: () => Promise.reject(new Error('no')) };"
        "Object.defineProperty(navigator, 'clipboard', { value: refusing });"
        "document.addEventListener('copy', () => { window.taken = document.activeElement.value; })"
    )
    chat.get_by_role("button", name="Copy, link, or listen").click()
    chat.get_by_role("button", name="Copy with source").click()
    expect(chat.get_by_role("button", name="Copied")).to_be_visible()
    assert "An uncertain result is not a diagnosis" in page.frames[1].evaluate("taken")


def test_where_a_frame_may_not_listen_nobody_is_offered_to_speak(open_host: OpenHost) -> None:
    for query, count in (("", 0), ("voice", 1)):
        page = open_host(query and f"{query}=yes")
        page.context.add_init_script(HEARING)
        chat = opened(page)
        ask(chat, "uncertain")
        expect(chat.get_by_role("button", name="Speak your question")).to_have_count(count)
    chat.get_by_role("button", name="Speak your question").click()
    chat.get_by_role("button", name="Use the microphone").click()
    expect(chat.locator(".composer .place")).to_have_text("We heard nothing. You can type instead.")


def test_where_nothing_may_be_stored_the_chat_answers_all_the_same(open_host: OpenHost) -> None:
    page = open_host()
    page.context.add_init_script(NO_STORAGE)
    chat = opened(page)
    ask(chat, QUESTION)
    ask(chat, "uncertain")
    expect(chat.locator(".turn")).to_have_count(2)


def test_a_line_in_the_head_that_is_not_async_and_a_page_under_isolation_show_the_chat(open_host: OpenHost) -> None:
    for query in ("line=head", "isolated"):
        chat = opened(open_host(query))
        ask(chat, "uncertain")
        expect(chat.locator(".snippet")).to_have_count(1)


def test_turbo_takes_the_body_and_the_chat_comes_back_once(open_host: OpenHost) -> None:
    page = open_host("line=head")
    page.evaluate(
        "document.body = document.createElement('body'); document.dispatchEvent(new Event('turbo:load'));"
        "document.dispatchEvent(new Event('turbo:load'))"
    )
    expect(page.locator("explainer-chat")).to_have_count(1)
    ask(opened(page), "uncertain")


def test_going_back_to_a_page_finds_the_chat_working(open_host: OpenHost) -> None:
    page = open_host()
    page.goto("about:blank")
    page.go_back()
    ask(opened(page), "uncertain")


@pytest.mark.parametrize(("prefers", "ground", "theme", "scheme"), [
    ("dark", "%23ffffff", "", "light"), ("light", "%23101010", "", "dark"), ("dark", "%23ffffff", "dark", "dark"),
    ("light", "%23101010", "light", "light"),
])  # fmt: skip
def test_the_chat_is_as_light_or_dark_as_the_page_unless_the_line_says_so(
    open_host: OpenHost, prefers: str, ground: str, theme: str, scheme: str
) -> None:
    page = open_host(f"ground={ground}" + (f"&theme={theme}" if theme else ""), color_scheme=prefers)
    paper = opened(page).locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert paper == {"light": "rgb(255, 253, 250)", "dark": "rgb(36, 33, 30)"}[scheme]


def test_the_button_has_the_accent_of_the_line_and_else_of_the_site_once_it_is_known(open_host: OpenHost) -> None:
    assert ground_of(open_host("accent=%23123456")) == "rgb(18, 52, 86)"
    page = open_host()
    opened(page)
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    assert ground_of(page) == "rgb(122, 31, 92)"


@pytest.mark.parametrize(("query", "side"), [("", "right"), ("position=left", "left")])
def test_the_button_and_its_panel_stand_in_the_corner_that_the_line_names(
    open_host: OpenHost, query: str, side: str
) -> None:
    page = open_host(query, viewport={"width": 1280, "height": 900})
    button = page.locator(".launcher").bounding_box()
    opened(page)
    panel = page.get_by_role("dialog").bounding_box()
    for box in (button, panel):
        assert box is not None
        assert (box["x"] < 100) is (side == "left")
        assert (box["x"] + box["width"] > 1180) is (side == "right")


def test_the_head_of_the_chat_names_the_partner_beside_its_logo(open_host: OpenHost) -> None:
    for query in ("mode=inline", "mode=inline&isolated"):
        head = inside(open_host(query)).locator(".partner")
        expect(head).to_have_text("Partner Hospital")
        logo = head.locator("img")
        expect(logo).to_have_js_property("naturalWidth", 120)
        expect(logo).to_have_css("height", "32px")
        expect(logo).to_have_attribute("alt", "")


def test_on_a_phone_the_page_under_the_panel_cannot_be_reached_and_beside_it_can(open_host: OpenHost) -> None:
    for size, reachable in ((PHONE, False), ({"width": 1280, "height": 900}, True)):
        page = open_host(viewport=size)
        opened(page)
        expect(page.locator(".launcher")).to_be_hidden()
        page.evaluate("document.querySelector('a').focus()")
        assert page.evaluate("document.activeElement.localName === 'a'") is reachable
        page.keyboard.press("Escape")
        page.get_by_role("dialog").get_by_role("button", name="Close").press("Enter") if reachable else None
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(page.locator(".launcher")).to_be_focused()


def test_the_panel_stands_above_everything_of_the_page_and_above_the_keyboard_of_a_phone(open_host: OpenHost) -> None:
    page = open_host(viewport=PHONE)
    page.evaluate(
        "const cover = document.createElement('div'); document.body.append(cover);"
        "Object.assign(cover.style, { position: 'fixed', inset: 0, zIndex: 2147483647 });"
    )
    page.locator(".launcher").dispatch_event("click")
    chat = inside(page)
    ask(chat, "uncertain")
    chat.get_by_role("button", name="Tell me more").click()
    page.evaluate(
        "Object.defineProperty(visualViewport, 'height', { value: 400 });"
        "visualViewport.dispatchEvent(new Event('resize'))"
    )
    box = page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert box["height"] == 400


def test_a_panel_that_is_opened_again_shows_what_was_answered_last(open_host: OpenHost) -> None:
    page = open_host(viewport=PHONE)
    chat = opened(page)
    for question in (QUESTION, "outlook", "uncertain"):
        ask(chat, question)
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Ask a question").click()
    expect(chat.locator(".turn").last.locator(".answer")).to_be_focused()
    expect(chat.locator(".turn").last.locator(".words")).to_be_in_viewport()


def test_a_panel_that_was_closed_on_the_way_to_an_answer_shows_it_when_it_is_opened_again(open_host: OpenHost) -> None:
    page = open_host(viewport=PHONE)
    chat = opened(page)
    for question in (QUESTION, "outlook", "uncertain"):
        ask(chat, question)
    # As a slow scroll that is stopped leaves it: the last turn has only begun to come up from behind the box.
    page.frames[1].evaluate(
        "document.documentElement.style.scrollBehavior = 'auto';"
        "const { top } = document.querySelector('.turn:last-child').getBoundingClientRect();"
        "scrollBy(0, top - document.querySelector('.composer').getBoundingClientRect().top + 8)"
    )
    assert page.frames[1].evaluate(COVERED)
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Ask a question").click()
    expect(chat.locator(".turn").last.locator(".answer")).to_be_focused()
    expect(chat.locator(".turn").last.locator(".words")).to_be_in_viewport(ratio=1)
    assert not page.frames[1].evaluate(COVERED)


def test_what_a_partners_page_quotes_is_said_to_be_ours(open_host: OpenHost) -> None:
    chat = opened(open_host())
    ask(chat, "uncertain")
    expect(chat.locator(".answer .who")).to_have_text("Answer from Test Answers")
    expect(chat.locator(".turns").get_by_text(re.compile("Partner Hospital"))).to_have_count(0)
