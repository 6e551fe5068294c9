"""The application as a whole: headers, cookies, and nothing shared between two of them."""

from __future__ import annotations

import pytest

from bot.web.app import create_app

from .factories import chat, client
from .fake_answerer import FakeAnswerer

PATHS = [
    "/", "/ask", "/embed", "/topics", "/problems", "/explainers/digital-twins-in-medicine", "/explainers/plain",
    "/interviews/a-parent-and-a-counselor", "/nothing", "/widget.js", "/api/v1/suggestions", "/api/v1/nothing",
    "/healthz",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_every_response_has_the_security_headers_and_no_cookie(path: str) -> None:
    headers = client().get(path, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers


def test_only_the_chat_for_frames_may_be_framed_and_only_where_it_is_allowed() -> None:
    here = client(frame_ancestors=["https://partner.example"])
    policy = here.get("/embed").headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self' https://partner.example")
    assert client().get("/embed").headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")
    assert here.get("/").headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")


def test_static_files_may_be_kept_for_good_at_their_own_version_only() -> None:
    here = client()
    version = here.get("/").text.split("/static/")[1].split("/")[0]
    assert "immutable" in here.get(f"/static/{version}/widget/chat.css", buffered=True).headers["Cache-Control"]
    assert here.get("/static/other/widget/chat.css", buffered=True).headers["Cache-Control"] == "no-cache"


def test_static_files_stay_in_their_folder() -> None:
    for path in ("/static/x/../app.py", "/static/x/..%2fapp.py", "/static/x/%2e%2e/app.py", "/static/x//etc/passwd"):
        assert client().get(path).status_code in {308, 404}


def test_the_loader_can_be_loaded_from_any_origin_and_is_kept_for_an_hour() -> None:
    headers = client().get("/widget.js", buffered=True).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Cache-Control"] == "public, max-age=3600"


def test_two_applications_share_nothing() -> None:
    first, second = FakeAnswerer(), FakeAnswerer()
    here, there = client(first, service_name="One"), client(second, service_name="Two")
    chat(here)
    assert (first.asked, second.asked) == (1, 0)
    assert "One" in here.get("/").text
    assert "Two" in there.get("/").text
    assert 'explainer_answers_total{status="answered"}' not in there.get("/metrics").text


def test_making_an_application_asks_nothing_of_the_answerer() -> None:
    create_app(FakeAnswerer(down=True))
