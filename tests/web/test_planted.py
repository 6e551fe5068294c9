"""A page of another origin cannot plant a conversation that it reads along."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from .memories import read
from .partners import Partnership, token_in
from .serving import serving

PLANTED = "P" * 21 + "A"
QUESTION = "What is a digital twin?"


@pytest.fixture
def shop(tmp_path: Path) -> Partnership:
    return Partnership(tmp_path)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site", "Origin": "http://evil.localhost"},
        {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "https://localhost.evil.example"},
        {"Origin": "http://localhost:81"}, {"Origin": "http://[nonsense"}, {"Origin": ""},
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/ask", "/embed"])
def test_a_conversation_that_another_origin_names_is_neither_gone_on_with_nor_echoed(
    shop: Partnership, path: str, headers: dict[str, str]
) -> None:
    before = shop.ask().json
    for conversation_id in (PLANTED, before["conversation_id"], "not one at all"):
        data = {"message": QUESTION, "conversation_id": conversation_id}
        page = shop.here.post(path, data=data, headers=headers)
        assert page.status_code == 200
        assert conversation_id not in page.text
    assert len(read(shop.here, before).json["turns"]) == 1
    assert shop.here.get(f"/api/v1/conversations/{PLANTED}").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}, {},
        {"Origin": "https://localhost"}, {"Origin": "https://Answers.example"},
    ],
)  # fmt: skip
def test_our_own_forms_go_on_with_their_conversation(tmp_path: Path, headers: dict[str, str]) -> None:
    shop = Partnership(tmp_path, base_url="https://answers.example")
    before = shop.ask().json
    data = {"message": QUESTION, "conversation_id": before["conversation_id"]}
    assert before["conversation_id"] in shop.here.post("/ask", data=data, headers=headers).text
    assert len(read(shop.here, before).json["turns"]) == 2


def hostile_page(target: str, token: str | None) -> Flask:
    """A page that posts a form to the chat as soon as it is looked at, with a conversation that it chose."""
    app = Flask("hostile")
    hidden = {"message": QUESTION, "conversation_id": PLANTED, **({} if token is None else {"token": token})}
    fields = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in hidden.items())
    form = f'<form method="post" action="{target}">{fields}</form><script>document.forms[0].submit()</script>'
    app.add_url_rule("/", view_func=lambda: f"<!doctype html><title>Free help</title><body>{form}")
    return app


@pytest.fixture
def service(shop: Partnership) -> Iterator[str]:
    with serving(shop.here.application) as origin:
        yield origin


@pytest.mark.browser
@pytest.mark.parametrize("near", [True, False])
@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("door", ["/ask", "/embed", "partner"])
def test_a_hostile_page_learns_nothing_of_what_a_family_writes_next(
    browser: Browser, shop: Partnership, service: str, door: str, script: bool, near: bool
) -> None:
    partner = shop.partner()
    path = f"/embed?site={partner.id}" if door == "partner" else door
    token = token_in(shop.frame(partner)) if door == "partner" else None
    with ExitStack() as stack:
        hostile = stack.enter_context(serving(hostile_page(service + path, token)))
        context = browser.new_context()
        stack.callback(context.close)
        page = context.new_page()
        if not script:
            page.route("**/bundle/*.js", lambda route: route.abort())
        page.goto(hostile if near else hostile.replace("127.0.0.1", "localhost"))
        page.wait_for_url(f"{service}/**")
        expect(page.locator(".turn")).to_have_count(1)
        assert PLANTED not in page.content()
        page.locator("textarea").fill("Our daughter has an uncertain result")
        page.locator(".composer button").click()
        expect(page.locator(".turn")).to_have_count(2 if script else 1)
        expect(page.locator(".turn").last).to_contain_text("uncertain")
        expect(page.locator(".turn").last.locator(".snippet")).to_have_count(1)
    assert kept(service, PLANTED) == []


def kept(service: str, conversation_id: str) -> list[dict[str, Any]]:
    """What whoever knows an id reads."""
    try:
        with urllib.request.urlopen(f"{service}/api/v1/conversations/{conversation_id}") as response:
            return list(json.load(response)["turns"])
    except urllib.error.HTTPError:
        return []
