"""The chat on a partner's page of another origin, served by a real gunicorn, in a real browser."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.web.installing import CONSOLE

from .hosting import Hosted
from .visiting import QUESTION, OpenHost, ask, console_of, inside, opened, said_in_time, told

pytestmark = pytest.mark.browser


def test_nothing_is_framed_before_the_first_click_and_a_click_opens_the_chat(open_host: OpenHost) -> None:
    page = open_host()
    assert page.locator("iframe").count() == 0
    chat = opened(page)
    ask(chat)
    expect(chat.locator(".snippet")).to_have_count(2)


def test_the_greeting_is_heard_by_a_chat_whose_words_come_later_than_its_page(open_host: OpenHost) -> None:
    page = open_host()
    words = re.compile("/bundle/chat[.]en")
    page.route(words, lambda route: (page.wait_for_timeout(1_500), route.continue_()))
    opened(page)
    assert ["ready", {}] in told(page)


@pytest.mark.parametrize("mode", ["inline", "full"])
def test_the_other_modes_show_the_chat_at_once(open_host: OpenHost, mode: str) -> None:
    page = open_host(f"mode={mode}")
    ask(inside(page))
    expect(inside(page).locator(".snippet")).to_have_count(2)


def test_by_keyboard_alone_the_chat_is_opened_used_and_left_and_the_focus_returns(open_host: OpenHost) -> None:
    page = open_host()
    # The page has a link before the button.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    chat = inside(page)
    expect(chat.get_by_role("heading", name="Ask a question")).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        if chat.locator("textarea:focus").count():
            break
    page.keyboard.type("uncertain")
    page.keyboard.press("Enter")
    expect(chat.locator(".answer")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.classList.contains('launcher')")


def test_the_page_is_told_statuses_and_never_a_word(open_host: OpenHost) -> None:
    page = open_host()
    chat = opened(page)
    for question in (QUESTION, "zebra", "cannot breathe"):
        ask(chat, question)
    chat.locator(".answer").first.get_by_role("button", name="Yes").click()
    expect(chat.get_by_text("Thank you.")).to_be_visible()
    names = [name for name, _ in told(page)]
    assert names == ["opened", "ready", "answer-shown", "no-answer", "urgent-shown", "feedback-sent"]
    assert told(page)[2][1] == {"turn": "1", "status": "answered"}
    everything = json.dumps([told(page), page.evaluate("heard")]).lower()
    assert not [word for word in ("twin", "zebra", "breathe", "token", "conversation") if word in everything]


def test_commands_before_and_after_the_loader_are_obeyed(open_host: OpenHost) -> None:
    page = open_host("early")
    expect(inside(page).locator(".kind").first).to_have_text("Interview")
    page.evaluate("ExplainerChat('close')")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.evaluate("ExplainerChat('on', 'opened', () => { window.wasOpened = true; }); ExplainerChat('open')")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("wasOpened")


def test_the_line_twice_makes_one_chat_and_a_chat_that_is_taken_out_and_put_back_works(
    open_host: OpenHost, host: Hosted
) -> None:
    page = open_host("times=2", at=host.near)
    expect(page.locator("explainer-chat")).to_have_count(1)
    ask(opened(page))
    page.evaluate("window.chat = document.querySelector('explainer-chat'); chat.remove(); document.body.append(chat)")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.evaluate("told.length = 0")
    # The tab remembers: the family sees its conversation again, and is where it was.
    page.get_by_role("button", name="Ask a question").click()
    expect(inside(page).locator(".snippet")).to_have_count(2)
    expect(inside(page).locator(".answer")).to_be_focused()


def test_on_a_page_of_a_disk_or_of_an_app_the_panel_leads_to_our_own_page_and_the_console_says_why(
    browser: Browser, host: Hosted, tmp_path: Path
) -> None:
    saved = tmp_path / "page.html"
    line = f'<script async src="{host.service}/widget.js" data-site="{host.site}"></script>'
    saved.write_text(f'<!doctype html><html lang="en"><h1>Saved</h1>{line}', encoding="utf-8")
    with browser.new_context() as context:
        page = context.new_page()
        lines = console_of(page)
        page.goto(saved.as_uri())
        page.get_by_role("button", name="Ask a question").click()
        link = page.get_by_role("dialog").get_by_role("link", name="Ask a question")
        expect(link).to_be_focused()
        said_in_time(page, lines, CONSOLE["scheme"])
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        page.get_by_role("button", name="Ask a question").click()
        with context.expect_page() as opened_beside:
            link.click()
        expect(opened_beside.value.get_by_label("Your question")).to_be_visible()


def test_two_chats_on_one_page_do_not_disturb_each_other(open_host: OpenHost, host: Hosted) -> None:
    page = open_host("mode=inline")
    page.evaluate(
        "site => { const second = document.createElement('explainer-chat'); second.setAttribute('site', site);"
        "second.id = 'second'; document.body.append(second); }", host.site
    )  # fmt: skip
    second = page.frame_locator("#second iframe")
    ask(second)
    expect(second.locator(".snippet")).to_have_count(2)
    first = page.frame_locator("explainer-chat >> nth=0 >> iframe")
    expect(first.locator(".turn")).to_have_count(0)
    ask(first, "uncertain")
    expect(second.locator(".turn")).to_have_count(1)


def test_in_the_shadow_of_another_element_the_chat_works_and_obeys(open_host: OpenHost, host: Hosted) -> None:
    page = open_host("mode=inline")
    page.evaluate(
        "site => { document.querySelector('explainer-chat').remove(); const card = document.createElement('div');"
        "const chat = document.createElement('explainer-chat'); chat.setAttribute('site', site);"
        "chat.setAttribute('mode', 'launcher'); card.attachShadow({ mode: 'closed' }).append(chat);"
        "document.body.append(card); ExplainerChat('ask', 'uncertain'); }", host.site
    )  # fmt: skip
    chat = page.frames[-1] if len(page.frames) > 1 else page.wait_for_event("frameattached")
    expect(chat.locator(".kind").first).to_have_text("Interview")
    assert "answer-shown" in [name for name, _ in told(page)]


def test_the_page_of_a_stranger_gets_nothing_but_a_link(open_host: OpenHost, host: Hosted) -> None:
    page = open_host(at=host.stranger)
    page.clock.install()
    said = console_of(page)
    page.get_by_role("button", name="Ask a question").click()
    expect(inside(page).get_by_role("heading", name="The chat can't be shown here")).to_be_visible()
    expect(inside(page).get_by_role("link", name="Call 911").first).to_be_visible()
    expect(inside(page).locator("textarea, explainer-chat")).to_have_count(0)
    said_in_time(page, said, CONSOLE["origin"])
    assert ["error", {"kind": "frame"}] in told(page)


def test_a_line_with_a_wrong_id_or_without_one_is_said_on_the_console(open_host: OpenHost) -> None:
    page = open_host("line=wrong")
    said = console_of(page)
    page.get_by_role("button", name="Ask a question").click()
    expect(inside(page).get_by_text("names a site that we don't know")).to_be_visible()
    said_in_time(page, said, CONSOLE["unknown_site"])
    bare = open_host("line=unnamed")
    said = console_of(bare)
    said_in_time(bare, said, CONSOLE["unnamed"])
    expect(bare.locator("explainer-chat")).to_have_count(0)


def test_a_policy_that_refuses_the_frame_is_said_and_a_link_is_offered(open_host: OpenHost) -> None:
    page = open_host("policy=none")
    page.clock.install()
    said = console_of(page)
    page.get_by_role("button", name="Ask a question").click()
    page.clock.run_for(11_000)
    expect(page.get_by_role("link", name="Ask a question")).to_be_visible()
    said_in_time(page, said, CONSOLE["policy_frame"])


def test_a_hostile_page_learns_nothing(open_host: OpenHost, host: Hosted) -> None:
    page = open_host()
    chat = opened(page)
    page.evaluate(
        """() => {
          const frame = document.querySelector('explainer-chat').shadowRoot.querySelector('iframe').contentWindow;
          for (const type of ['hello', 'read', 'close', 'event', '__proto__'])
            for (const version of [0, 1, '1'])
              frame.postMessage({ namespace: 'explainer-chat', version, type, name: 'answer-shown', text: {} }, '*');
          window.postMessage({ namespace: 'explainer-chat', version: 1, type: 'close' }, '*');
        }"""
    )
    ask(chat, "uncertain")
    # A forged message from the page itself did not close the chat, and the frame cannot be read.
    expect(page.get_by_role("dialog")).to_be_visible()
    frame = "document.querySelector('explainer-chat').shadowRoot.querySelector('iframe')"
    assert page.evaluate(f"{frame}.contentDocument") is None
    assert {name for name, _ in told(page)} <= {"opened", "ready", "answer-shown"}
    everything = json.dumps([told(page), page.evaluate("heard")]).lower()
    assert "uncertain" not in everything
    # Another origin's script can neither ask nor read what was answered.
    asking = "address => fetch(address, { method: 'POST', body: '{}' }).then(() => 'read', () => 'refused')"
    assert page.evaluate(asking, f"{host.service}/api/v1/chat") == "refused"


def test_a_window_that_is_not_the_host_cannot_steer_the_chat(open_host: OpenHost, host: Hosted) -> None:
    page = open_host()
    chat = opened(page)
    page.evaluate("document.body.append(document.createElement('iframe'))")
    other = page.frames[-1]
    other.evaluate(
        "() => parent.document.querySelector('explainer-chat').shadowRoot.querySelector('iframe').contentWindow"
        ".postMessage({ namespace: 'explainer-chat', version: 1, type: 'ask', text: 'zebra' }, '*')"
    )
    page.wait_for_timeout(300)
    expect(chat.locator(".turn")).to_have_count(0)


def test_in_spanish_the_screen_is_spanish_and_the_quotation_stays_english(open_host: OpenHost) -> None:
    page = open_host("lang=es-MX")
    page.get_by_role("button", name="Haga una pregunta").click()
    chat = inside(page)
    expect(chat.get_by_text("Las fuentes están en inglés")).to_be_visible()
    # What the partner wrote in the first language of its site is not put among words of another.
    expect(chat.get_by_text("Welcome to our hospital.")).to_have_count(0)
    ask(chat)
    expect(chat.locator("html")).to_have_attribute("lang", "es")
    expect(chat.get_by_text("Texto actualizado el 1 de octubre de 2026").last).to_be_visible()
    expect(chat.locator("blockquote p").first).to_have_attribute("lang", "en")
    ask(chat, "zebra")
    expect(chat.get_by_role("button", name="Preguntar a una persona").last).to_be_visible()


def test_offline_is_said_and_the_question_is_asked_when_the_network_is_back(open_host: OpenHost) -> None:
    page = open_host()
    chat = opened(page)
    page.context.set_offline(True)
    ask(chat)
    expect(chat.locator(".failure")).to_contain_text("offline")
    expect(chat.locator(".failure .care").first.get_by_role("link", name="Call 911")).to_be_visible()
    page.context.set_offline(False)
    expect(chat.locator(".snippet")).to_have_count(2)
    expect(chat.locator(".turn")).to_have_count(1)


def test_the_chat_is_printed_for_the_appointment_and_then_forgotten(open_host: OpenHost, host: Hosted) -> None:
    page = open_host(at=host.near)
    chat = opened(page)
    ask(chat)
    with page.context.expect_page() as waited:
        chat.get_by_role("button", name="Print for my appointment").click()
    sheet = waited.value
    expect(sheet.get_by_role("heading", name=QUESTION)).to_be_visible()
    expect(sheet.locator("blockquote")).to_have_count(2)
    assert sheet.url.endswith("/appointment?lang=en")
    sheet.close()
    chat.get_by_role("button", name="Forget this chat").click()
    chat.get_by_role("button", name="Yes, delete them").click()
    expect(chat.get_by_text("Done. Everything in this chat is deleted.")).to_be_visible()
    expect(chat.locator(".turn")).to_have_count(0)
    stored = page.frames[1].evaluate("sessionStorage.length")
    assert stored == 0
