"""Is my site set up right? A partner pastes its line and reads what is wrong, with the line of the console."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.sites.site import Site
from bot.web.installing import CONSOLE, Pasted, findings_of
from bot.web.loaders import integrity_of, newest_version
from bot.web.words import all_words

from .chatting import violations
from .partners import Partnership
from .serving import serving

HOST = "https://bot.example.org"
PAGE = "https://www.hospital.example/help"
HOSPITAL = Site("site_hospital", "Hospital", origins=("https://*.hospital.example",))
NEWEST = newest_version()
LINE = f'<script async src="{HOST}/widget.js" data-site="site_hospital"></script>'
PINNED = (
    f'<script async src="{HOST}/widget/{NEWEST}.js" integrity="{integrity_of(NEWEST)}" crossorigin="anonymous" '
    'data-site="site_hospital"></script>'
)


def codes(source: str, address: str = PAGE, policy: str = "", site: Site = HOSPITAL) -> list[str]:
    sites = {site.id: site}
    return [one.code for one in findings_of(Pasted(source, address, policy), origin=HOST, find=sites.get)]


@pytest.mark.parametrize("line", [LINE, PINNED, f'<p>Hello</p>{LINE}<explainer-chat site="site_hospital">'])
def test_a_line_that_is_right_has_nothing_wrong(line: str) -> None:
    assert codes(line) == []
    policy = f"default-src 'self'; script-src 'self' {HOST}; frame-src https://*.example.org"
    assert codes(line, policy=policy) == []


def test_a_version_that_is_not_the_newest_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.installing.versions", lambda: ("0.9.0", NEWEST))
    assert codes(LINE.replace("/widget.js", "/widget/0.9.0.js")) == ["old_version"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("<p>Nothing</p>", "no_line"),
        (LINE.replace(HOST, "https://old.example.org"), "other_host"),
        (LINE.replace("/widget.js", "/widget/9.9.9.js"), "unknown_version"),
        (LINE.replace(" data-site", ' integrity="sha384-x" data-site'), "unpinned_integrity"),
        (PINNED.replace("sha384-", "sha384-x"), "wrong_integrity"),
        (PINNED.replace(' crossorigin="anonymous"', ""), "no_crossorigin"),
        (LINE.replace("async", 'type="module"'), "module"),
        (LINE * 2, "twice"),
        (LINE.replace(' data-site="site_hospital"', ""), "unnamed"),
        (LINE.replace("site_hospital", "site_other"), "unknown_site"),
    ],
)
def test_each_thing_that_can_be_wrong_with_a_line_is_named(line: str, code: str) -> None:
    assert codes(line) == [code]


def test_the_page_the_site_and_the_policies_are_looked_at_too() -> None:
    assert codes(LINE, "https://elsewhere.example") == ["origin"]
    assert codes(LINE, "somewhere") == ["bad_address"]
    for address in ("ionic://localhost/help", "capacitor://localhost", "file:" + "///C:/help.html"):
        assert codes(LINE, address) == ["scheme"]
    assert codes(LINE, "") == ["no_address"]
    assert codes(LINE, site=Site("site_hospital", "H", origins=("https://*.hospital.example",), enabled=False)) == [
        "disabled"
    ]
    assert codes(LINE, policy="script-src 'self'; frame-src 'none'") == ["policy_script", "policy_frame"]
    assert codes(LINE, policy="default-src 'self'") == ["policy_script", "policy_frame"]
    meta = '<meta http-equiv="Content-Security-Policy" content="frame-src \'self\'">'
    assert codes(meta + LINE) == ["policy_frame"]


def test_every_finding_has_its_words_and_its_cure_in_every_language() -> None:
    named = {
        "no_line", "other_host", "unknown_version", "old_version", "unpinned_integrity", "wrong_integrity",
        "no_crossorigin", "module", "twice", "unnamed", "unknown_site", "disabled", "no_address", "bad_address",
        "origin", "scheme", "policy_script", "policy_frame",
    }  # fmt: skip
    for words in all_words().values():
        assert {f"check_{code}{end}" for code in named for end in ("", "_cure")} <= set(words.sentences)


@pytest.mark.browser
@pytest.mark.parametrize("size", [(320, 568), (390, 844), (1280, 800)])
def test_a_partner_pastes_its_line_and_reads_what_to_mend(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    shop = Partnership(tmp_path)
    partner = shop.partner(origins=("https://www.hospital.example",))
    with serving(shop.here.application) as origin:
        for scheme in ("light", "dark"):
            width, height = size
            with browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, bypass_csp=True
            ) as context:  # type: ignore[arg-type]
                page = context.new_page()
                page.goto(f"{origin}/partners/preview?site={partner.id}")
                page.get_by_role("link", name="Is my site set up right?").click()
                line = f'<script async src="{origin}/widget.js" data-site="{partner.id}"></script>'
                page.get_by_label("The line, or the source").fill(line)
                page.get_by_label("The address of your page").fill("https://blog.hospital.example/news")
                page.get_by_role("button", name="Check it").click()
                expect(page.get_by_role("heading", name="This page may not show the chat yet")).to_be_visible()
                expect(page.locator(".findings")).to_contain_text(CONSOLE["origin"])
                expect(page.locator(".console dt")).to_contain_text([*CONSOLE.values()])
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                assert violations(page) == []
                page.get_by_label("The address of your page").fill("https://www.hospital.example/news")
                page.get_by_role("button", name="Check it").click()
                expect(page.get_by_role("heading", name="All is well")).to_be_visible()


def test_what_was_pasted_is_shown_as_text_and_nothing_is_fetched(tmp_path: Path) -> None:
    shop = Partnership(tmp_path)
    page = shop.here.post("/partners/check", data={"source": "</textarea><script>alert(1)</script>", "address": PAGE})
    assert "<script>alert" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
