"""Frames of partners: who may show them, in which colours, and what is there when a site or everything is closed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.safety.contacts import actions_for
from bot.sites.logo import logo_of
from tests.sites.pictures import a_png

from .partners import ORIGIN, Partnership, credentials


@pytest.fixture
def shop(tmp_path: Path) -> Partnership:
    return Partnership(tmp_path, contact_url="https://ours.example/help")


def ancestors(policy: str) -> str:
    return policy.rsplit("frame-ancestors ", 1)[1]


def test_a_frame_may_be_shown_by_the_sites_own_origins_and_no_others(shop: Partnership) -> None:
    one = shop.partner(origins=(ORIGIN, "https://*.wild.example"))
    other = shop.partner(origins=("https://other.example",))
    assert ancestors(shop.frame(one).headers["Content-Security-Policy"]) == f"'self' {ORIGIN} https://*.wild.example"
    assert ancestors(shop.frame(other).headers["Content-Security-Policy"]) == "'self' https://other.example"


def test_a_logo_comes_from_our_own_address_for_good_and_one_that_was_taken_away_is_gone(shop: Partnership) -> None:
    partner = shop.partner()
    kept = shop.store.set_logo(partner.id, logo_of(a_png()), by="tests")
    (address,) = re.findall(r'<p class="partner"><img src="([^"]+)" alt=""', shop.frame(partner).text)
    picture = shop.here.get(address)
    assert (picture.data, picture.mimetype) == (a_png(), "image/png")
    assert "immutable" in picture.headers["Cache-Control"]
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert address == f"/logos/{kept.logo}.png"
    shop.store.set_logo(partner.id, None, by="tests")
    assert shop.here.get(address).status_code == 404
    assert "<img" not in shop.frame(partner).text


def test_a_site_without_origins_may_be_shown_by_nobody(shop: Partnership) -> None:
    assert ancestors(shop.frame(shop.partner(origins=())).headers["Content-Security-Policy"]) == "'none'"


def test_the_full_page_of_a_site_may_be_shown_in_no_frame(shop: Partnership) -> None:
    page = shop.here.get(f"/ask?site={shop.partner().id}")
    assert page.status_code == 200
    assert ancestors(page.headers["Content-Security-Policy"]) == "'none'"


def test_an_unknown_site_is_a_page_in_our_words_that_holds_no_chat(shop: Partnership) -> None:
    page = shop.here.get("/embed?site=site_none")
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "names a site that we don&#39;t know" in page.text
    assert ancestors(page.headers["Content-Security-Policy"]) == "*"
    assert "<form" not in page.text


def test_a_frame_has_the_name_of_its_site_and_no_other_sites(shop: Partnership) -> None:
    one, other = shop.partner(name="Hospital One"), shop.partner(name="Hospital Two")
    assert "Hospital One" in shop.frame(one).text
    assert "Hospital Two" not in shop.frame(one).text
    assert other.id not in shop.frame(one).text


def test_a_greeting_is_text_and_comes_before_what_the_chat_is(shop: Partnership) -> None:
    page = shop.frame(shop.partner(greeting="Welcome <b>here</b>")).text
    greeting = page.index("Welcome &lt;b&gt;here&lt;/b&gt;")
    assert greeting < page.index("can&#39;t give medical advice")
    assert "greeting" not in shop.here.get("/embed").text


def test_the_accent_of_a_site_is_a_style_sheet_of_ours(shop: Partnership) -> None:
    partner = shop.partner(accent_light="#7a1f5c", accent_dark="#eab08c")
    (address,) = re.findall(r'href="(/themes/[^"]+)"', shop.frame(partner).text)
    sheet = shop.here.get(address)
    assert sheet.mimetype == "text/css"
    assert "immutable" in sheet.headers["Cache-Control"]
    assert "(prefers-color-scheme: light) { :root { --accent: #7a1f5c;" in sheet.text
    assert "(prefers-color-scheme: dark) { :root { --accent: #eab08c;" in sheet.text
    assert "/themes/" not in shop.frame(shop.partner()).text
    assert shop.here.get("/themes/site_none.css").status_code == 404


@pytest.mark.parametrize("asked", ["", "?v=anything", "?v=", "?v={right}&v=x", "?v={right}&theme=dark", "?V={right}"])
def test_a_style_sheet_is_kept_for_good_under_its_own_address_alone(shop: Partnership, asked: str) -> None:
    partner = shop.partner(accent_light="#7a1f5c", accent_dark="#eab08c")
    (address,) = re.findall(r'href="(/themes/[^"]+)"', shop.frame(partner).text)
    path, _, query = address.partition("?v=")
    named = path + asked.replace("{right}", query)
    is_its_own = asked == "?v={right}&v=x"
    assert ("immutable" in shop.here.get(named).headers["Cache-Control"]) == is_its_own


def test_the_microphone_is_for_sites_that_offer_voice_only(shop: Partnership) -> None:
    quiet, spoken = shop.partner(), shop.partner(name="Spoken", voice=True)
    assert "microphone=()" in shop.frame(quiet).headers["Permissions-Policy"]
    assert "microphone=(self)" in shop.frame(spoken).headers["Permissions-Policy"]
    assert "camera=()" in shop.frame(spoken).headers["Permissions-Policy"]


def test_a_site_that_is_off_shows_whom_to_call_where_its_frame_was(shop: Partnership) -> None:
    partner = shop.partner(contact_url="https://partner.example/help", country="GB")
    shop.store.set_enabled(partner.id, False, by="tests")
    page = shop.frame(partner)
    assert page.status_code == 503
    assert page.headers["Cache-Control"] == "no-store"
    assert ancestors(page.headers["Content-Security-Policy"]) == f"'self' {ORIGIN}"
    assert 'href="https://partner.example/help"' in page.text
    for kind in ("emergency", "crisis"):
        for action in actions_for(kind, "GB"):  # type: ignore[arg-type]
            # A number stands on a line of its own.
            assert action.label in re.sub("<[^>]+>", "", page.text)
    assert shop.here.get("/embed").status_code == 200
    shop.store.set_enabled(partner.id, True, by="tests")
    assert shop.frame(partner).status_code == 200


def test_a_site_that_is_off_answers_nothing_and_says_whom_to_call(shop: Partnership) -> None:
    partner, other = shop.partner(contact_url="mailto:help@partner.example", country="GB"), shop.partner(name="Other")
    token = shop.token(partner)
    shop.store.set_enabled(partner.id, False, by="tests")
    problem = shop.ask(token=token)
    assert (problem.status_code, problem.mimetype) == (503, "application/problem+json")
    assert problem.json["type"] == "/problems#site_disabled"
    assert problem.json["contact_url"] == "mailto:help@partner.example"
    kinds = {notice["kind"]: notice["actions"] for notice in problem.json["notices"]}
    assert kinds["emergency"][0] == {
        "label": "Call 999",
        "href": "tel:999",
        "why": "The emergency number: ambulance, police, fire.",
    }
    assert kinds["crisis"]
    assert shop.ask(key=partner.key).status_code == 503
    assert shop.here.get("/api/v1/suggestions", headers=credentials(token=token)).status_code == 503
    assert shop.ask(key=other.key).status_code == 200
    assert shop.ask().status_code == 200


def test_closing_all_is_at_once_on_every_site_and_opening_too(shop: Partnership) -> None:
    partner = shop.partner()
    token = shop.token(partner)
    shop.store.set_closed(True, by="tests")
    for problem in (shop.ask(), shop.ask(token=token), shop.here.get("/api/v1/search?q=twin")):
        assert (problem.status_code, problem.json["code"]) == (503, "closed")
        assert {notice["kind"] for notice in problem.json["notices"]} == {"emergency", "crisis"}
    assert shop.ask().json["contact_url"] == "https://ours.example/help"
    for page in (shop.here.get("/embed"), shop.frame(partner), shop.here.get("/ask"),
                 shop.here.post("/ask", data={"message": "twin"})):  # fmt: skip
        assert page.status_code == 503
        assert "tel:" in page.text
        assert "A digital twin in medicine" not in page.text
    assert shop.here.get("/").status_code == 200
    assert shop.here.get("/explainers/digital-twins-in-medicine").status_code == 200
    shop.store.set_closed(False, by="tests")
    assert shop.ask().status_code == 200
    assert shop.frame(partner).status_code == 200


def test_the_setting_closes_without_a_database(tmp_path: Path) -> None:
    shop = Partnership(tmp_path, closed=True)
    assert shop.ask().json["code"] == "closed"
    shop.store.set_closed(False, by="tests")
    assert shop.ask().json["code"] == "closed"


def test_problems_of_other_kinds_name_no_contacts(shop: Partnership) -> None:
    assert {"contact_url", "notices"} & shop.ask(site="site_none").json.keys() == set()
