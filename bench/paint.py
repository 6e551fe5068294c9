"""How soon a family sees the chat after its click, on a slow telephone: ``python -m bench.paint``.

The real service under gunicorn with the current Build, a partner's page on another port of the same host, so that the
frame runs in the page's own process and is slowed down with it, and Chromium at 390 x 800 with its processor slowed
four times. Each time a fresh browser profile, so that nothing comes from a cache. Printed is the time from the click
to the first paint with words in it inside the frame (first contentful paint), both on the machine's clock.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench.running import TOP, running_in, settings_in

SLOWER = 4
CLICKED = """document.addEventListener('click', () => { window.at = performance.timeOrigin + performance.now(); },
  { capture: true, once: true })"""
PAINTED = """() => new Promise(done => {
  const tell = entry => done(performance.timeOrigin + entry.startTime);
  new PerformanceObserver(list => list.getEntriesByName('first-contentful-paint').forEach(tell))
    .observe({ type: 'paint', buffered: true });
})"""


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--slower", type=int, default=SLOWER, help="how much the browser's processor is slowed down")
    options = parser.parse_args()
    with TemporaryDirectory() as folder, _host_page() as (origin, body), running_in(Path(folder)) as service:
        site = _site(Path(folder), origin)
        body.append(
            f'<!doctype html><title>Partner</title><script async src="{service}/widget.js" data-site="{site}"></script>'
        )
        with sync_playwright() as playwright:
            flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
            taken = sorted(_first_paint(browser, origin, options.slower) for _ in range(options.rounds + 1))[:-1]
            browser.close()
    print(f"first paint after the click, {options.slower} times slower, {options.rounds} times: median "
          f"{median(taken):.0f} ms, from {taken[0]:.0f} to {taken[-1]:.0f} ms")  # fmt: skip


def _first_paint(browser: Browser, origin: str, slower: int) -> float:
    with browser.new_context(viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        page.goto(origin, wait_until="networkidle")
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.evaluate(CLICKED)
        page.get_by_role("button", name="Ask a question").click()
        return _painted(page) - float(page.evaluate("at"))


def _painted(page: Page) -> float:
    expect(page.frame_locator("explainer-chat iframe").locator(".composer")).to_be_visible()
    return float(page.frames[1].evaluate(PAINTED))


@contextmanager
def _host_page() -> Iterator[tuple[str, list[str]]]:
    """A partner's page; what it holds is put into the list once it is known."""
    body: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write("".join(body).encode())

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", body
    finally:
        server.shutdown()


def _site(folder: Path, origin: str) -> str:
    command = [sys.executable, "-m", "bot", "site", "add", "--name", "Partner", "--origin", origin, "--json"]
    printed = subprocess.run(
        command, cwd=TOP, env=settings_in(folder), capture_output=True, text=True, check=True
    ).stdout
    return next(part for part in printed.replace('"', " ").split() if part.startswith("site_"))


if __name__ == "__main__":
    main()
