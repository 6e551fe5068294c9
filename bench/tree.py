"""What a listener meets in the chat: ``python -m bench.tree``.

The real service with the current Build, in Chromium, for a family in the United States. A conversation with an answer,
passages that may hold one, an emergency and a wish for a person is had. Of each turn the accessibility tree is printed
as Playwright reads it, with what the focus is on and what was announced on the way.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect, sync_playwright

from bench.running import running_in

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ASKED = ("What is gene therapy?", "why did nobody tell us for 4 years", "she can't breathe and is turning blue")
# What a screen reader would speak by itself: what is put into a live region, and alerts that appear.
HEARD = """() => {
  window.heard = [];
  new MutationObserver(changes => {
    for (const { target, addedNodes } of changes) {
      const region = (target.closest ? target : target.parentElement)?.closest('[role=status]');
      if (region?.textContent.trim()) heard.push(`status: ${region.textContent.trim()}`);
      for (const node of addedNodes) {
        const alert = node.nodeType === 1 && (node.matches('[role=alert]') ? node : node.querySelector('[role=alert]'));
        if (alert) heard.push(`alert: ${alert.innerText.trim().replace(/\\s+/g, ' ').slice(0, 120)}`);
      }
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
FOCUS = """() => {
  const { localName, innerText, ariaLabel, ariaLabelledByElements } = document.activeElement;
  const label = ariaLabel ?? ariaLabelledByElements?.map((one) => one.textContent).join(' ') ?? innerText ?? '';
  return `${localName}: ${label.trim().replace(/\\s+/g, ' ').slice(0, 200)}`;
}"""


def main() -> None:
    """Print the tree of each turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ask", action="append", help="a question; again for another, instead of ours")
    options = parser.parse_args()
    os.environ.setdefault("BOT_COUNTRY", "US")
    with TemporaryDirectory() as folder, running_in(Path(folder)) as service, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
        page.goto(f"{service}/ask", wait_until="networkidle")
        page.evaluate(HEARD)
        _print("Before the first question", page, page.locator("explainer-chat").aria_snapshot())
        for question in options.ask or ASKED:
            _ask(page, question)
            _print(question, page, page.locator(".turn").last.aria_snapshot())
        if not options.ask:
            _hand_off(page)
        browser.close()


def _ask(page: Page, question: str) -> None:
    count = page.locator(".turn .answer").count()
    page.locator(".composer textarea").fill(question)
    page.locator(".composer textarea").press("Enter")
    expect(page.locator(".turn .answer")).to_have_count(count + 1)
    page.wait_for_timeout(300)


def _hand_off(page: Page) -> None:
    """The form under the first answer, then its receipt."""
    turn = page.locator(".turn").first
    turn.get_by_role("button", name="Ask a person").click()
    _print("Ask a person: the form", page, turn.locator(".place").aria_snapshot())
    turn.locator("form textarea").fill("Please call me.")
    turn.locator("form .button").click()
    expect(turn.locator(".place .receipt, .place .problem").first).not_to_be_empty()
    page.wait_for_timeout(300)
    _print("Ask a person: sent", page, turn.locator(".place").aria_snapshot())


def _print(title: str, page: Page, tree: str) -> None:
    said = page.evaluate("window.heard.splice(0)")
    lines = [f"\n== {title}", f"focus: {page.evaluate(FOCUS)}", *(f"heard {line}" for line in said), tree]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
