"""Working in the console in a real browser: with keys, beside colleagues, and with a text that must not be lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .desks import PASSWORD, Console, a_console
from .serving import serving
from .test_staff_queue import asked, ticket_path

pytestmark = [pytest.mark.browser]


@pytest.fixture
def here(tmp_path: Path) -> Console:
    return a_console(f"sqlite:///{tmp_path}/bot.sqlite3")


@pytest.fixture
def sign_in(here: Console, browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Opens the queue for a new account; what scripts complain of fails the test."""
    faults: list[str] = []
    with ExitStack() as stack:
        origin = stack.enter_context(serving(here.app))

        def opened(name: str) -> Page:
            here.add(name)
            context = browser.new_context(base_url=origin, viewport={"width": 1280, "height": 600})
            stack.callback(context.close)
            page = context.new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.goto("/staff/sign-in")
            page.get_by_label("Name").fill(name)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/staff/")
            return page

        yield opened
    assert faults == []


def test_no_key_puts_away_a_cry_for_help_that_nobody_read(here: Console, sign_in: Callable[[str], Page]) -> None:
    asked(here, "I cannot breathe", "zebra?")
    page = sign_in("amir")
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.get_by_role("heading", name="This ticket needs to be read first")).to_be_visible()
    page.get_by_role("link", name="Leave as it is").click()
    expect(page.locator("#queue tbody tr[data-id]")).to_have_count(2)


def test_a_key_takes_back_what_a_key_did(here: Console, sign_in: Callable[[str], Page]) -> None:
    asked(here, "zebra?")
    page = sign_in("amir")
    rows = page.locator("#queue tbody tr[data-id]")
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(rows).to_have_count(0)
    page.keyboard.press("u")
    expect(rows).to_have_count(1)
    expect(page.get_by_text("Taken back for 1 ticket.")).to_be_visible()


def test_what_a_colleague_took_since_it_was_selected_is_not_taken_from_them(
    here: Console, sign_in: Callable[[str], Page]
) -> None:
    asked(here, "zebra?")
    page = sign_in("amir")
    page.locator("#queue tbody input").check()
    expect(page.locator("#selected")).to_have_text("1 selected:")
    bea = here.client("bea")
    bea.post(ticket_path(bea), do="take", version=1)
    expect(page.locator("#queue tr.changed")).to_have_count(1)
    page.get_by_role("button", name="Take", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("bea was faster")
    (row,) = here.desk.queue.some([ticket_path(bea).rsplit("/", 1)[-1]])
    assert row.assignee == "bea"


def test_a_reply_is_there_again_though_nothing_was_pressed(here: Console, sign_in: Callable[[str], Page]) -> None:
    asked(here, "zebra?")
    page = sign_in("amir")
    path = ticket_path(here.client("bea"))
    page.goto(path)
    page.get_by_label("To the family").fill("Long thought of.")
    expect(page.locator("#saved")).to_contain_text("kept just now")
    page.goto("/staff/gaps")
    page.goto(path)
    expect(page.get_by_label("To the family")).to_have_value("Long thought of.")
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_label("To the family")).to_have_value("Long thought of.")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_label("To the family")).to_have_value("")


def test_the_row_that_has_the_focus_is_never_under_the_bar(here: Console, sign_in: Callable[[str], Page]) -> None:
    asked(here, *(f"word{number} or not?" for number in range(20)))
    page = sign_in("amir")
    page.locator("#queue tbody input").first.check()
    for _ in range(20):
        page.keyboard.press("j")
        hidden = page.evaluate(
            """() => {
              const row = document.activeElement.getBoundingClientRect();
              const bar = document.querySelector('.bulk').getBoundingClientRect();
              return row.bottom > bar.top && row.top < bar.bottom;
            }"""
        )
        assert not hidden


def test_the_tickets_are_a_few_tabs_away(here: Console, sign_in: Callable[[str], Page]) -> None:
    asked(here, "zebra?")
    page = sign_in("amir")
    for key in ("Tab", "Enter", "Tab"):
        page.keyboard.press(key)
    expect(page.get_by_role("link", name="Skip to the tickets")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('td.asked a')"):
            break
    expect(page.locator("td.asked a")).to_be_focused()


def test_the_first_ticket_is_in_the_first_half_of_a_telephone(here: Console, sign_in: Callable[[str], Page]) -> None:
    asked(here, "zebra?")
    page = sign_in("amir")
    page.set_viewport_size({"width": 390, "height": 844})
    box = page.locator("#queue tbody tr").first.bounding_box()
    assert box is not None
    assert box["y"] < 844 / 2


def test_take_read_answer_resolve_and_the_next_by_five_keys(here: Console, sign_in: Callable[[str], Page]) -> None:
    asked(here, "zebra?", "walrus?")
    page = sign_in("amir")
    for key in "jo":
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="zebra?")).to_be_visible()
    expect(page.locator(".said-by-bot")).to_contain_text("Nothing found")
    page.wait_for_load_state()  # keys are heard once the page's script has run
    page.keyboard.press("t")
    expect(page.get_by_text("Assigned to you.")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("r")
    page.keyboard.type("Ask us on the telephone.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="walrus?")).to_be_visible()
    expect(page.get_by_text("Sent to 1 family")).to_be_visible()


def test_reply_and_note_are_told_apart_and_what_is_typed_in_each_stays(
    here: Console, sign_in: Callable[[str], Page]
) -> None:
    asked(here, "zebra?")
    page = sign_in("amir")
    page.goto(ticket_path(here.client("bea")))
    composer = "getComputedStyle(document.querySelector('.composer')).backgroundColor"
    of_reply = page.evaluate(composer)
    page.keyboard.press("r")
    page.keyboard.type("To them.")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#reply-text")).to_be_hidden()
    page.keyboard.type("To us.")
    assert page.evaluate(composer) != of_reply
    page.keyboard.press("Control+Enter")
    expect(page.locator(".entry-note blockquote")).to_have_text("To us.")
    expect(page.get_by_label("To the family")).to_have_value("To them.")


def test_a_canned_reply_is_found_by_a_slash_and_words(here: Console, sign_in: Callable[[str], Page]) -> None:
    asked(here, "zebra?")
    editor = here.client("bea", "editor")
    editor.post("/staff/canned/starters")
    page = sign_in("amir")
    page.goto(ticket_path(editor))
    page.keyboard.press("r")
    page.keyboard.type("/care")
    expect(page.locator("#canned-list li:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_label("To the family")).to_have_value(re.compile("a question for your care team"))
    expect(page.locator("#saved")).to_contain_text("kept just now")


def test_a_passage_is_put_into_the_reply(here: Console, sign_in: Callable[[str], Page]) -> None:
    asked(here, "zebra?")
    page = sign_in("amir")
    page.goto(ticket_path(here.client("bea")))
    page.locator("#suggestions").get_by_role("button", name="Insert").first.click()
    expect(page.get_by_label("To the family")).to_have_value(re.compile("“"))
    expect(page.get_by_label("To the family")).to_be_focused()


def test_a_colleague_who_writes_here_is_named(here: Console, sign_in: Callable[[str], Page]) -> None:
    asked(here, "zebra?")
    bea = here.client("bea")
    path = ticket_path(bea)
    bea.post(f"{path}/here", typing="yes")
    page = sign_in("amir")
    page.goto(path)
    expect(page.locator("#around")).to_contain_text("bea is writing here")


def test_single_keys_can_be_switched_off(here: Console, sign_in: Callable[[str], Page]) -> None:
    asked(here, "zebra?")
    page = sign_in("amir")
    path = ticket_path(here.client("bea"))
    page.goto(path)
    page.keyboard.press("?")
    page.get_by_label("Single keys do something").uncheck()
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()
    page.reload()
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()


def test_a_ticket_is_taken_labelled_and_set_without_a_reload(here: Console, sign_in: Callable[[str], Page]) -> None:
    asked(here, "zebra?")
    page = sign_in("amir")
    page.goto(ticket_path(here.client("bea")))
    page.evaluate("window.same = true")
    page.get_by_label("To the family").fill("Half a rep")
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_text("Assigned to you.")).to_be_visible()
    page.get_by_label("Priority").select_option("high")
    page.get_by_role("button", name="Set priority").click()
    expect(page.locator(".facts")).to_contain_text("high")
    expect(page.get_by_label("Priority")).to_be_focused()
    page.get_by_label("Label", exact=True).fill("sport")
    page.get_by_role("button", name="Add label").click()
    expect(page.locator("#activity")).to_contain_text("added the label sport")
    page.get_by_role("button", name="Remove the label sport").click()
    expect(page.locator("#activity")).to_contain_text("removed the label sport")
    assert page.evaluate("window.same"), "the page was never left"
    page.get_by_label("To the family").fill("Half a reply, and more")
    expect(page.locator("#saved")).to_contain_text("kept just now")
    page.get_by_role("button", name="Send and resolve").click()
    expect(page.get_by_text("Sent to 1 family")).to_be_visible()


def test_who_was_faster_is_told_also_where_the_page_stays(here: Console, sign_in: Callable[[str], Page]) -> None:
    asked(here, "zebra?")
    page = sign_in("amir")
    bea = here.client("bea")
    path = ticket_path(bea)
    page.goto(path)
    bea.post(path, do="take", version=1)
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_role("alert")).to_contain_text("bea was faster")
