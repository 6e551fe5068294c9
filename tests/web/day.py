"""What is done and seen in the course of a day in the console, each as a step of a story."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .consoles import sign_in


def nobody_puts_a_cry_for_help_away_unread(agent: Page) -> None:
    row = agent.locator("#queue tbody tr.p0").first
    row.get_by_role("checkbox").check()
    agent.get_by_role("button", name="Resolve", exact=True).click()
    expect(agent.get_by_role("heading", name="This ticket needs to be read first")).to_be_visible()
    agent.get_by_role("link", name="Leave as it is").click()
    # Everything else is taken back.
    agent.locator("#queue tbody tr", has_text="parrots").get_by_role("checkbox").check()
    agent.get_by_role("button", name="Not for us").click()
    expect(agent.locator("#queue tbody tr", has_text="parrots")).to_have_count(0)
    agent.get_by_role("button", name="Undo").click()
    expect(agent.locator("#queue tbody tr", has_text="parrots")).to_have_count(1)


def nothing_that_tells_who_somebody_is_goes_out_unseen(agent: Page) -> None:
    agent.goto("/staff/?q=hippo")
    agent.locator("#queue tbody a", has_text="hippo").first.click()
    box = agent.get_by_label("To the families")
    box.fill("Dear Ada Miller, we ring you on 0171 555 0134. Double the dose tonight.")
    agent.get_by_role("button", name="Send, keep open").click()
    doubts = agent.get_by_role("alert")
    for words in ("To 3 families.", "another family would read this", "Ada Miller", "0171 555 0134", "Double the dose"):
        expect(doubts).to_contain_text(words)
    box.fill("We have no page on hippos yet.")
    agent.get_by_role("button", name="Send all the same to 3 families").click()
    expect(agent.get_by_role("alert")).to_contain_text("To 3 families.")
    agent.get_by_role("button", name="Send to 3 families").click()
    expect(agent.locator("#messages")).to_contain_text("Sent to 3 families")
    agent.get_by_text("Family by family").click()
    expect(agent.locator(".reached li")).to_have_count(3)
    expect(agent.locator(".reached li").first).to_contain_text("not seen yet")
    agent.get_by_role("button", name="Withdraw").click()
    expect(agent.locator("#messages")).to_contain_text("Withdrawn from 3 families")


def what_is_typed_outlives_the_session(agent: Page, admin: Page) -> None:
    agent.locator("#queue tbody a", has_text="parrots").click()
    agent.wait_for_url("**/tickets/*")
    agent.get_by_label("To the family").fill("Parrots? We ask a vet, and write")
    expect(agent.locator("#saved")).to_contain_text("kept just now")
    admin.goto("/staff/people")
    admin.get_by_label("Sign out amir-of-the-day everywhere", exact=True).click()
    admin.get_by_role("button", name="Yes: Sign out amir-of-the-day everywhere").click()
    expect(admin.get_by_text("1 signed in as amir-of-the-day")).to_have_count(0)
    agent.get_by_role("button", name="Send, keep open").click()
    expect(agent.get_by_label("What you typed, to copy")).to_have_value("Parrots? We ask a vet, and write")
    agent.get_by_role("link", name="Sign in").click()
    sign_in(agent, "amir-of-the-day")
    expect(agent.get_by_label("To the family")).to_have_value("Parrots? We ask a vet, and write")


def what_asks_something_else_is_split_off_and_merged_again(agent: Page) -> None:
    agent.locator("#activity input[name=turn]").last.check()
    agent.get_by_role("button", name="Split off the selected").click()
    expect(agent.locator("#messages")).to_contain_text("a ticket of their own now")
    expect(agent.locator(".facts")).to_contain_text("1 family")
    agent.get_by_text("Merge into another ticket").click()
    wanted = agent.locator("#into option", has_text="hippo").first.get_attribute("value")
    agent.get_by_label("The nearest").select_option(wanted)
    agent.get_by_role("button", name="Merge", exact=True).click()
    expect(agent.locator("#messages")).to_contain_text("Merged.")
    expect(agent.locator(".facts")).to_contain_text("3 families")


def a_gap_is_closed_by_a_passage_that_somebody_else_approves(agent: Page, editor: Page) -> None:
    agent.get_by_role("link", name="Close the gap").click()
    agent.get_by_role("button", name="This answers it").first.click()
    expect(agent.locator("#effects")).to_be_visible()
    expect(agent.get_by_role("button", name="Approve version 1")).to_have_count(0)
    editor.goto("/staff/curated")
    editor.get_by_role("button", name="Review").first.click()
    editor.get_by_role("button", name="Approve version 1").click()
    expect(editor.locator("#messages")).to_contain_text("Approved")


def press(page: Page, *keys: str) -> None:
    """Keys by their names, and words letter by letter, once the page listens to them."""
    page.wait_for_load_state()
    for key in keys:
        if len(key) == 1 or key in {"Tab", "Enter", "Escape", "Control+Enter"}:
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)
