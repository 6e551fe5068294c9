"""The OpenAPI document: valid, complete, and true of real responses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from openapi_spec_validator import validate
from werkzeug.test import TestResponse

from bot.web.app import create_app
from bot.web.openapi import openapi_document

from .conformity import nonconformity
from .factories import chat, client
from .fake_answerer import FakeAnswerer
from .memories import forget, hand_off, open_passage, read, remembering, vote
from .partners import Partnership, credentials

DOCUMENT: dict[str, Any] = openapi_document("Test Answers")
# Pages for people; everything else must be in the document.
PAGES = {
    "/": {"GET"},
    "/ask": {"GET", "POST"},
    "/embed": {"GET", "POST"},
    "/explainers/<slug>": {"GET"},
    "/interviews/<slug>": {"GET"},
    "/topics": {"GET"},
    "/glossary": {"GET"},
    "/sitemap.xml": {"GET"},
    "/robots.txt": {"GET"},
    "/infographics/<name>": {"GET"},
    "/problems": {"GET"},
    "/widget.js": {"GET"},
    "/widget/<version>.js": {"GET"},
    "/partners/check": {"GET", "POST"},
    "/search": {"GET"},
    "/partners/preview": {"GET"},
    "/partners/host": {"GET"},
    "/answers": {"GET"},
    "/appointment": {"POST"},
    "/comeback": {"GET", "POST"},
    "/themes/<site_id>.css": {"GET"},
    "/logos/<digest>.png": {"GET"},
    "/static/<version>/<path:name>": {"GET"},
}


def test_the_document_is_valid_openapi() -> None:
    validate(DOCUMENT)


def test_the_document_is_served() -> None:
    assert client().get("/api/v1/openapi.json").json == DOCUMENT


def test_every_route_is_in_the_document_or_a_page() -> None:
    described = {path: {method.upper() for method in item} for path, item in DOCUMENT["paths"].items()}
    rules = create_app(FakeAnswerer()).url_map.iter_rules()
    routes: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        path = rule.rule.replace("<", "{").replace(">", "}") if rule.rule.startswith("/api/") else rule.rule
        routes[path] |= set(rule.methods or ()) - {"HEAD", "OPTIONS"}
    assert routes == described | PAGES


def test_every_response_about_memories_conforms_to_the_document(tmp_path: Path) -> None:
    wrong = [nonconformity(DOCUMENT, *found) for found in responses_about_memories(tmp_path)]
    assert [found for found in wrong if found] == []


def responses_about_memories(folder: Path) -> Iterator[tuple[str, str, TestResponse]]:
    """Votes, hand-offs and conversations of every outcome, with the operation that they belong to."""
    own = "/api/v1/conversations/{conversation_id}"
    here, keyless, forgetful = remembering(folder), remembering(folder, key=False), client()
    answer = chat(here).json
    unsure = chat(here, "perhaps", conversation_id=answer["conversation_id"]).json
    unknown = {**answer, "turn_id": "x" * 22, "conversation_id": "x" * 22}
    for who in (here, forgetful):
        for verdict in ("up", "up", "down", "sideways"):
            yield "post", "/api/v1/feedback", vote(who, answer, verdict)
        yield "post", "/api/v1/feedback", vote(who, answer, feedback_token="other")
        yield "post", "/api/v1/feedback", open_passage(who, unsure, 0)
        yield "post", "/api/v1/feedback", open_passage(who, answer, 0)
        for fields in ({}, {"contact": "ada@example.org"}, {"contact": "ada"}, {"note": "x" * 2001}):
            yield "post", "/api/v1/handoff", hand_off(who, answer, **fields)
        yield "post", "/api/v1/feedback", vote(who, unknown)
        yield "post", "/api/v1/handoff", hand_off(who, unknown)
    code = hand_off(here, chat(here).json).json["come_back_code"]
    for given in (code, "XXXX", 7):
        yield "post", "/api/v1/comeback", here.post("/api/v1/comeback", json={"code": given})
    yield "post", "/api/v1/handoff", hand_off(keyless, answer, contact="ada@example.org")
    for path in ("/api/v1/feedback", "/api/v1/handoff"):
        for data, kind in ((b"{", "application/json"), (b"{}", "text/plain"), (b"x" * 40000, "application/json")):
            yield "post", path, here.post(path, data=data, content_type=kind)
    chat(here, conversation_id=answer["conversation_id"])
    for who, of in ((here, answer), (here, unknown), (forgetful, answer)):
        yield "get", own, read(who, of)
        yield "delete", own, forget(who, of)


def test_every_response_to_partners_conforms_to_the_document(tmp_path: Path) -> None:
    wrong = [nonconformity(DOCUMENT, *found) for found in responses_to_partners(tmp_path)]
    assert [found for found in wrong if found] == []


def responses_to_partners(folder: Path) -> Iterator[tuple[str, str, TestResponse]]:
    """What partners' frames and servers get, good and bad, with the operation that it belongs to."""
    shop = Partnership(folder, contact_url="https://ours.example/help")
    partner, other = shop.partner(site_per_minute=20), shop.partner(name="Other")
    token = shop.token(partner)
    good, bad = credentials(token=token), [{}, credentials(key="key_x"), credentials(key=other.key)]
    for given in (good, *bad):
        yield "get", "/api/v1/token", shop.here.get("/api/v1/token", headers=given)
    for state in ("open", "off", "closed"):
        shop.store.set_enabled(partner.id, state != "off", by="tests")
        shop.store.set_closed(state == "closed", by="tests")
        for given in (good, *bad):
            named = {"site": partner.id}
            yield "get", "/api/v1/suggestions", shop.here.get("/api/v1/suggestions", query_string=named, headers=given)
            yield (
                "get",
                "/api/v1/search",
                shop.here.get("/api/v1/search", query_string={"q": "a", **named}, headers=given),
            )
            for asked in ({"message": "twin"}, {"messages": [{"role": "user", "text": "twin"}]}):
                yield "post", "/api/v1/chat", shop.here.post("/api/v1/chat", json={**asked, **named}, headers=given)
            for path, body in (("feedback", {"turn_id": "x" * 22, "feedback_token": "x", "verdict": "up"}),
                               ("handoff", {"turn_id": "x" * 22})):  # fmt: skip
                yield (
                    "post",
                    f"/api/v1/{path}",
                    shop.here.post(f"/api/v1/{path}", json={**body, **named}, headers=given),
                )
    shop.store.set_closed(False, by="tests")
    statuses = [shop.ask(key=partner.key) for _ in range(21)]
    assert statuses[-1].status_code == 429
    yield "post", "/api/v1/chat", statuses[-1]
    yield "get", "/api/v1/token", shop.here.get("/api/v1/token", headers=good)
    yield "post", "/api/v1/chat", shop.here.post("/api/v1/chat", json={"messages": []}, headers=good)


def test_every_response_conforms_to_the_document() -> None:
    wrong = [nonconformity(DOCUMENT, method, path, response) for method, path, response in responses()]
    assert [found for found in wrong if found] == []


def responses() -> Iterator[tuple[str, str, TestResponse]]:
    """Responses of every kind, with the operation that they belong to."""
    here, down = client(), client(FakeAnswerer(down=True))
    faulty = client(FakeAnswerer(breaks=ValueError("fault")))
    messages = ("What is a digital twin?", "uncertain", "zebra", "cannot breathe", "", 5, "x" * 2001)
    yield from (("post", "/api/v1/chat", chat(here, message)) for message in messages)
    yield "post", "/api/v1/chat", chat(here, site="other")
    yield "post", "/api/v1/chat", chat(here, conversation_id="other")
    for data, content_type in ((b"{", "application/json"), (b"{}", "text/plain"), (b"x" * 40000, "application/json")):
        yield "post", "/api/v1/chat", here.post("/api/v1/chat", data=data, content_type=content_type)
    snippet = quote(chat(here).json["snippets"][0]["id"])
    for who in (here, down, faulty):
        yield "post", "/api/v1/chat", chat(who)
        yield "get", "/api/v1/search", who.get("/api/v1/search?q=twin")
        yield "get", "/api/v1/search", who.get("/api/v1/search?q=twin&k=0")
        yield "get", "/api/v1/suggestions", who.get("/api/v1/suggestions?site=default")
        yield "get", "/api/v1/suggestions", who.get("/api/v1/suggestions?site=other")
        yield "get", "/api/v1/verify", who.get(f"/api/v1/verify?snippet={snippet}")
        yield "get", "/api/v1/verify", who.get(f"/api/v1/verify?snippet=x{snippet}")
        yield "get", "/api/v1/verify", who.get("/api/v1/verify")
        for path in ("/api/v1/openapi.json", "/healthz", "/readyz", "/metrics"):
            yield "get", path, who.get(path)


def test_a_nul_in_the_address_has_an_answer_that_is_described() -> None:
    here = client()
    for path in ("/api/v1/suggestions?site=%00", "/api/v1/search?q=%00"):
        answer = here.get(path)
        assert answer.status_code == 422
        assert "422" in DOCUMENT["paths"][path.partition("?")[0]]["get"]["responses"]
