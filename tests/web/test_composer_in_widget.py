"""The box that a question is typed in, and what is said when no answer comes."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from .chatting import OpenChat, ask, listens

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
LONG = "our long story " * 140


def problem(page: Page) -> str:
    return page.locator(".composer .problem").inner_text()


def test_what_is_too_long_stays_in_the_box_and_is_said_there(open_chat: OpenChat) -> None:
    page = open_chat(viewport=PHONE)
    listens(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/v1/chat" in request.url else None)
    box = page.get_by_label("Your question")
    box.fill(LONG)
    expect(page.locator(".count")).to_have_text("2,099 of 2,000 characters")
    page.keyboard.press("Enter")
    expect(page.locator(".composer .problem")).to_contain_text("more than 2,000 characters")
    expect(page.locator(".composer .problem")).to_be_in_viewport(ratio=1)
    expect(box).to_have_value(LONG)
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".turn")).to_have_count(0)
    assert asked == []
    box.fill("uncertain")
    expect(page.locator(".composer .problem")).to_be_empty()
    expect(page.locator(".count")).to_be_empty()
    page.keyboard.press("Enter")
    expect(page.locator(".snippet")).to_have_count(1)


@pytest.mark.parametrize(("length", "said"), [(1699, ""), (1700, "1,700 of 2,000 characters")])
def test_characters_are_counted_from_seventeen_hundred(open_chat: OpenChat, length: int, said: str) -> None:
    page = open_chat()
    listens(page)
    page.get_by_label("Your question").fill("x" * length)
    expect(page.locator(".count")).to_have_text(said)


@pytest.mark.parametrize("code", ["too_long", "bad_question"])
def test_what_the_server_cannot_take_is_given_back_to_be_mended(open_chat: OpenChat, code: str) -> None:
    page = open_chat(viewport=PHONE)
    ask(page, "uncertain")

    def refuse(route: Route) -> None:
        route.fulfill(status=422, content_type="application/problem+json", body=json.dumps({"code": code}))

    page.route("**/api/v1/chat", refuse)
    page.get_by_label("Your question").fill("my own words")
    page.keyboard.press("Enter")
    expect(page.locator(".composer .problem")).not_to_be_empty()
    expect(page.get_by_label("Your question")).to_have_value("my own words")
    expect(page.locator(".turn")).to_have_count(1)


@pytest.mark.parametrize("size", [(320, 568), (390, 844), (1280, 800)])
@pytest.mark.parametrize("way", ["down", "offline"])
def test_why_there_is_no_answer_and_trying_again_are_first_in_view(
    open_chat: OpenChat, way: str, size: tuple[int, int]
) -> None:
    page = open_chat(viewport={"width": size[0], "height": size[1]})
    ask(page, "What is a digital twin?")
    if way == "offline":
        page.context.set_offline(True)
    else:
        page.route("**/api/v1/chat", lambda route: route.abort())
    ask(page, "uncertain")
    expect(page.locator(".reason")).to_be_in_viewport(ratio=1)
    retry = page.get_by_role("button", name="Try again")
    expect(retry).to_be_in_viewport(ratio=1)
    # The cards stand after the reason, not in the same frame.
    assert page.locator(".reason .care").count() == 0
    spoken = page.locator(".failure").get_attribute("aria-label") or ""
    assert re.search("right now|offline", spoken)
    expect(page.locator(".failure")).to_be_focused()


@pytest.mark.parametrize("size", [(320, 568), (390, 844), (1280, 800)])
def test_a_first_visitor_sees_the_box_at_every_width(open_chat: OpenChat, size: tuple[int, int]) -> None:
    for path in ("/", "/embed"):
        page = open_chat(path, viewport={"width": size[0], "height": size[1]})
        expect(page.get_by_label("Your question")).to_be_in_viewport(ratio=1)
        expect(page.get_by_role("button", name="Ask", exact=True)).to_be_in_viewport(ratio=1)


def test_no_field_is_so_small_that_a_phone_zooms_in_on_it(open_chat: OpenChat) -> None:
    page = open_chat(viewport={"width": 320, "height": 568})
    ask(page, "zebra")
    page.get_by_role("button", name="Ask a person").click()
    sizes = page.locator("textarea, input:not([type=hidden], [type=checkbox])").evaluate_all(
        "all => all.map(field => parseFloat(getComputedStyle(field).fontSize))"
    )
    assert len(sizes) == 3
    assert min(sizes) >= 16


def test_a_mistake_in_a_form_leads_to_its_field(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "zebra")
    page.get_by_role("button", name="Ask a person").click()
    contact = page.get_by_label("Your e-mail or phone number")
    contact.fill("my house")
    page.get_by_role("button", name="Send to a person").click()
    expect(contact).to_have_attribute("aria-invalid", "true")
    expect(contact).to_be_focused()
    expect(contact).to_have_accessible_description(re.compile("doesn't look like"))


def test_from_an_answer_one_step_leads_back_to_the_box(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "uncertain")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your question")).to_be_focused()


def test_headings_say_what_was_asked_and_the_answer_is_what_a_reader_hears(open_chat: OpenChat) -> None:
    page = open_chat()
    for question in ("uncertain", "zebra", "outlook"):
        ask(page, question)
    expect(page.get_by_role("heading", level=3)).to_have_text(
        ["You asked uncertain", "You asked zebra", "You asked outlook"]
    )
    ask(page, "uncertain again")
    name = page.locator(".answer").last.get_attribute("aria-label") or ""
    assert "An uncertain result is not a diagnosis." in name
    page.keyboard.press("Tab")
    expect(page.locator(".answer").last).to_have_attribute("aria-label", "Answer from Test Answers")


def test_what_is_about_death_is_not_read_aloud_unasked(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "outlook")
    name = page.locator(".answer").get_attribute("aria-label") or ""
    assert "This part talks about" in name
    assert "die young" not in name
