"""Probes and numbers."""

from __future__ import annotations

from bot.indexing.followed import Followed, RefusedFetch
from bot.web.readiness import tell_of_builds

from .factories import chat, client
from .fake_answerer import BUILD, FakeAnswerer


def test_alive_and_ready_are_two_things() -> None:
    here, down = client(), client(FakeAnswerer(down=True))
    assert here.get("/readyz").json == {"status": "ready", "build": BUILD}
    assert (down.get("/healthz").status_code, down.get("/readyz").status_code) == (200, 503)
    assert down.get("/readyz").json["code"] == "index_unavailable"


def test_a_build_that_is_refused_and_a_bucket_that_is_away_are_told_while_answers_go_on() -> None:
    known = Followed(
        refused=RefusedFetch("b2", "a file is cut"), away="no route", away_since="2026-01-01T00:00:00+00:00", failures=2
    )
    bad, good = client(), client()
    tell_of_builds(bad.application, lambda: known)
    tell_of_builds(good.application, lambda: Followed(fetched=3))
    assert bad.get("/readyz").json == {
        "status": "ready",
        "build": BUILD,
        "refused_build": {"build": "b2", "reason": "a file is cut"},
        "bucket_away": "2026-01-01T00:00:00+00:00",
    }
    told = bad.get("/metrics").text
    assert "explainer_bucket_up 0.0" in told
    assert "explainer_build_refused 1.0" in told
    assert "explainer_bucket_failures_total 2.0" in told
    assert good.get("/readyz").json == {"status": "ready", "build": BUILD}
    assert "explainer_bucket_up 1.0" in good.get("/metrics").text
    assert "explainer_builds_fetched_total 3.0" in good.get("/metrics").text


def test_requests_are_counted_by_endpoint_and_code_and_answers_by_status() -> None:
    here = client()
    for question in ("twin", "twin", "zebra", ""):
        chat(here, question)
    here.get("/nothing/anywhere")
    numbers = here.get("/metrics").text
    assert 'explainer_requests_total{code="200",endpoint="public.chat"} 3.0' in numbers
    assert 'explainer_requests_total{code="422",endpoint="public.chat"} 1.0' in numbers
    assert 'explainer_requests_total{code="404",endpoint="unmatched"} 1.0' in numbers
    assert 'explainer_answers_total{status="answered"} 2.0' in numbers
    assert 'explainer_answers_total{status="unanswered_no_match"} 1.0' in numbers
    assert 'explainer_request_seconds_count{endpoint="public.chat"} 4.0' in numbers
    assert f'build="{BUILD}"' in numbers


def test_no_question_is_in_the_numbers() -> None:
    here = client()
    chat(here, "zebra stripes")
    here.get("/api/v1/search?q=zebra+stripes")
    assert "zebra" not in here.get("/metrics").text


def test_numbers_are_shown_to_who_has_the_token_and_to_nobody_without_one() -> None:
    token = "t" * 32
    open_to_some, closed = client(metrics_token=token), client(metrics_token="")
    statuses = [
        open_to_some.get("/metrics", headers={"Authorization": given}).status_code
        for given in (f"Bearer {token}", f"bearer {token}", f"Bearer {token}x", "Bearer é", f"Basic {token}", "")
    ]
    assert statuses == [200, 200, 401, 401, 401, 401]
    assert open_to_some.get("/metrics").headers["WWW-Authenticate"].lower() == "bearer"
    assert closed.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
