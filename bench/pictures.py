"""Pictures of the console for docs/console.md: ``python -m bench.pictures``, with a Build in place.

The real service under gunicorn over a seeded database of its own. Each picture is 1,200 pixels wide, in few colours
so it is small, and lies in docs/images. ``--all FOLDER`` shoots every page there instead, light and dark, 1,280 and
390 wide, to be looked at; ``--data FOLDER`` keeps the database, so that the next time nothing has to be seeded. Pillow
comes with requirements-bench.txt.
"""

from __future__ import annotations

import argparse
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from bench.running import TOP, running_in, settings_in

IMAGES = TOP / "docs" / "images"
PASSWORD = "seven calm herons"
WIDTH, HEIGHT, COLOURS = 1200, 760, 48
# A ticket is shown down to the box to write in.
HIGH = {"ticket": 1340}
SCREENS = [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)]
NAME = "ada"


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, help="shoot every page into this folder")
    parser.add_argument("--data", type=Path, help="keep the database in this folder")
    options = parser.parse_args()
    with kept_in(options.data) as folder:
        if not (folder / "turns.sqlite3").exists():
            run(folder, "seed", "--turns", "3000", "--tickets", "120")
        with running_in(folder) as address, sync_playwright() as playwright:
            flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
            if options.all:
                _shoot_all(browser, address, folder, options.all)
            else:
                _shoot_for_docs(browser, address, folder)
            browser.close()


def run(folder: Path, *words: str) -> str:
    """Return what a command of the service prints."""
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(command, cwd=TOP, env=settings_in(folder), capture_output=True, text=True, check=True).stdout


def signed_in(
    browser: Browser, address: str, folder: Path, scheme: str, width: int, height: int = 900, *, name: str = NAME
) -> Page:
    """Return a page of an admin who has signed in; the account is made, or gets another password."""
    is_known = f'"{name}"' in run(folder, "staff", "list", "--json")
    made = ("staff", "reset", name) if is_known else ("staff", "add", name, "--role", "admin")
    printed = run(folder, *made, "--json")
    first = re.search(r'"password": "([^"]+)"', printed)
    assert first is not None, printed
    size = {"width": width, "height": height}
    page = browser.new_context(base_url=address, color_scheme=scheme, viewport=size).new_page()  # type: ignore[arg-type]
    # What would change is looked up for hundreds of questions.
    page.set_default_timeout(180_000)
    page.goto("/staff/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(first[1])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Current password").fill(first[1])
    page.get_by_label("New password 12").fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    page.get_by_role("button", name="Change password").click()
    page.wait_for_load_state()
    return page


def places(page: Page) -> dict[str, str]:
    """Return the addresses of pages to show, found as somebody who clicks through the console finds them."""
    found = {"queue": "/staff/", "searched": "/staff/?q=feeding+tube", "overview": "/staff/overview?weeks=12"}
    page.goto("/staff/?priority=urgent")
    found["urgent"] = _first(page, "/staff/tickets/")
    page.goto("/staff/?status=any&label=travel")
    found["ticket"] = _first(page, "/staff/tickets/")
    page.goto(found["ticket"])
    found["suggestions"] = f"{found['ticket'].partition('?')[0]}/suggestions"
    page.goto("/staff/?q=Marlowe-Tandy")
    page.goto(_first(page, "/staff/tickets/"))
    found["why"] = _first(page, "/staff/turns/")
    page.goto("/staff/gaps")
    found |= {"gaps": "/staff/gaps", "gap": _first(page, "/staff/gaps/"), "new-answer": "/staff/curated/new"}
    names = ("curated", "canned", "sites", "sites/new", "safety", "webhooks", "people", "settings", "audit", "account")
    return found | {name.replace("/", "-"): f"/staff/{name}" for name in (*names, "account/second-factor")}


def _first(page: Page, beginning: str) -> str:
    links = page.locator(f'main a[href^="{beginning}"]').evaluate_all("all => all.map(a => a.getAttribute('href'))")
    return next(str(link) for link in links if not link.endswith((".svg", ".csv")))


def _shoot_for_docs(browser: Browser, address: str, folder: Path) -> None:
    page = signed_in(browser, address, folder, "light", WIDTH, HEIGHT)
    found = places(page)
    for name, path in {"queue": "queue", "ticket": "ticket", "why": "why", "gap": "gap", "console": "overview"}.items():
        page.set_viewport_size({"width": WIDTH, "height": HIGH.get(name, HEIGHT)})
        page.goto(found[path])
        page.wait_for_load_state("networkidle")
        small(page.screenshot(scale="css"), IMAGES / f"{name}.png")


def _shoot_all(browser: Browser, address: str, folder: Path, into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    page = signed_in(browser, address, folder, "light", 1280)
    found = places(page)
    for scheme, width in SCREENS:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        for name, path in found.items():
            page.goto(path)
            # A picture that is loaded when it comes into view is not in one of the whole page.
            page.evaluate("document.querySelectorAll('img').forEach(one => { one.loading = 'eager'; })")
            page.wait_for_load_state("networkidle")
            page.screenshot(path=into / f"{name}-{scheme}-{width}.png", full_page=True)


def small(png: bytes, file: Path) -> None:
    """Write a picture in a few colours."""
    image = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    image.save(file, optimize=True)
    print(f"{file.relative_to(TOP)}: {file.stat().st_size / 1000:.0f} kB")


@contextmanager
def kept_in(given: Path | None) -> Iterator[Path]:
    """Yield a folder that is there, or one that goes with the block."""
    if given is None:
        with TemporaryDirectory() as folder:
            yield Path(folder)
        return
    given.mkdir(parents=True, exist_ok=True)
    yield given


if __name__ == "__main__":
    main()
