"""How often staff click or press a key for the day's work: ``python -m bench.clicks``, with a Build in place.

The real service under gunicorn over a seeded database, and Chromium. Counted are the browser's own events: a press of
the mouse, or of a key (a key held with Ctrl is one). What is typed is put in whole, so that it does not count.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from bench.pictures import kept_in, run, signed_in
from bench.running import running_in

_COUNTING = """(() => {
  const modifiers = ['Control', 'Shift', 'Alt', 'Meta'];
  addEventListener('pointerdown', event => { if (event.isTrusted) counted('clicks'); }, true);
  addEventListener('keydown', event => {
    if (event.isTrusted && !modifiers.includes(event.key)) counted('keys');
  }, true);
})()"""
_REPLY = "We have no page on this yet; our nurse rings you tomorrow."
ROWS = "#queue tbody tr[data-id] td.asked a"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="keep the database in this folder")
    with kept_in(parser.parse_args().data) as folder:
        if not (folder / "turns.sqlite3").exists():
            run(folder, "seed", "--turns", "3000", "--tickets", "120")
        with running_in(folder) as address, sync_playwright() as playwright:
            flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
            agent = signed_in(browser, address, folder, "light", 1280)
            editor = signed_in(browser, address, folder, "light", 1280, name="edith")
            counter: Counter[str] = Counter()
            expect.set_options(timeout=180_000)
            for page in (agent, editor):
                page.context.expose_function("counted", lambda what: counter.update([what]))
                page.context.add_init_script(_COUNTING)
            print("| work | clicks | keys |\n|---|---:|---:|")
            _count("take, read, answer, resolve, next; with the mouse", counter, lambda: _by_mouse(agent))
            _count("the same with keys", counter, lambda: _by_keys(agent))
            _count("from a gap to an approved answer", counter, lambda: _close_gap(agent, editor))
            browser.close()


def _count(what: str, counter: Counter[str], work: object) -> None:
    counter.clear()
    assert callable(work)
    work()
    print(f"| {what} | {counter['clicks']} | {counter['keys']} |", flush=True)


def _begin(page: Page) -> str:
    page.goto("/staff/?assignee=none&reason=unanswered&sort=families&way=back")
    return str(page.locator(ROWS).nth(1).get_attribute("href"))


def _by_mouse(page: Page) -> None:
    following = _begin(page)
    page.locator(ROWS).first.click()
    page.get_by_role("button", name="Take it").click()
    expect(page.locator("#messages")).to_contain_text("Assigned to you.")
    page.locator("#reply-text").click()
    _answer(page)
    page.get_by_role("button", name="Send and resolve").click()
    _sent(page, following)


def _by_keys(page: Page) -> None:
    following = _begin(page)
    for key in ("j", "o"):
        page.keyboard.press(key)
    page.wait_for_url("**/tickets/**")
    page.keyboard.press("t")
    expect(page.locator("#messages")).to_contain_text("Assigned to you.")
    page.keyboard.press("r")
    _answer(page)
    page.keyboard.press("Control+Enter")
    _sent(page, following)


def _answer(page: Page) -> None:
    expect(page.locator("#reply-text")).to_be_focused()
    page.keyboard.insert_text(_REPLY)


def _sent(page: Page, following: str) -> None:
    """Of several families a reply is confirmed once more, which counts; then the next one is open."""
    expect(page.locator("#messages, #doubts").filter(has_text="famil").first).to_be_visible()
    if page.locator("#doubts").count():
        page.locator("#doubts [data-send]").click()
    page.wait_for_url(f"**{following.partition('?')[0]}**")


def _close_gap(agent: Page, editor: Page) -> None:
    agent.goto("/staff/")
    agent.get_by_role("link", name="Gaps").click()
    agent.locator("tbody th a").first.click()
    agent.get_by_role("button", name="This answers it").first.click()
    expect(agent.locator("#effects")).to_be_visible()
    editor.goto("/staff/")
    editor.get_by_role("link", name="Curated answers").click()
    editor.get_by_role("button", name="Review").first.click()
    editor.get_by_role("button", name="Approve version 1").click()
    expect(editor.locator("#messages")).to_contain_text("Approved")


if __name__ == "__main__":
    main()
