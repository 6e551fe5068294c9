"""The table of errors: what callers are told, and what is never said."""

from __future__ import annotations

import logging

import pytest
from werkzeug.test import TestResponse

from bot.errors import IndexMismatch, QuestionRejected
from bot.web.errors import PROBLEMS

from .factories import chat, client
from .fake_answerer import FakeAnswerer

SECRET = "my daughter Ada has seizures"


def post(data: bytes, content_type: str = "application/json") -> TestResponse:
    return client().post("/api/v1/chat", data=data, content_type=content_type)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"question", "not_json"),
        (b'{"message": "a"', "not_json"),
        (b'{"message": "a"} {}', "not_json"),
        (b'{"message": NaN}', "not_json"),
        (b'{"message": "\\ud800"}', "not_json"),
        (b'{"message": "\\ude00\\ud83d"}', "not_json"),
        (b'{"message": "\xff"}', "not_json"),
        (b'{"message": "\xed\xa0\x80"}', "not_json"),
        (b'{"message": "a", "x": ' + b"[" * 9000 + b"]" * 9000 + b"}", "not_json"),
        (b"[" * 9000, "wrong_shape"),
        (b"null", "wrong_shape"),
        (b'["message"]', "wrong_shape"),
        (b"{}", "wrong_shape"),
        (b'{"message": null}', "wrong_shape"),
        (b'{"message": 5}', "wrong_shape"),
        (b'{"message": ["a"]}', "wrong_shape"),
        (b'{"message": "a", "conversation_id": 5}', "wrong_shape"),
        (b'{"message": "a", "site": {}}', "wrong_shape"),
        (b'{"message": "a", "message": ""}', "empty"),
    ],
)
def test_a_body_that_cannot_be_taken_is_a_problem_with_its_code(body: bytes, code: str) -> None:
    response = post(body)
    assert response.json["code"] == code
    assert response.status_code == PROBLEMS[code].status
    assert response.content_type == "application/problem+json"


def test_a_problem_has_the_members_of_rfc_9457_and_the_cure() -> None:
    problem = post(b"").json
    assert list(problem) == ["type", "title", "status", "detail", "code"]
    assert problem["type"] == "/problems#not_json"
    assert problem["detail"].endswith(PROBLEMS["not_json"].cure)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "", "image/png"])
def test_a_body_that_is_not_declared_as_json_is_refused(content_type: str) -> None:
    assert post(b'{"message": "a"}', content_type).json["code"] == "wrong_content_type"


def test_json_may_be_declared_with_a_charset() -> None:
    assert post(b'{"message": "a"}', "application/json; charset=utf-8").status_code == 200


def test_a_body_of_32768_bytes_is_read_and_a_larger_one_is_not() -> None:
    frame = len(b'{"message": "a", "x": ""}')
    fits = b'{"message": "a", "x": "' + b"x" * (32768 - frame) + b'"}'
    assert post(fits).status_code == 200
    assert post(fits.replace(b"x", b"xx", 1)).status_code == 413


def test_unknown_addresses_and_methods_are_problems_under_the_api() -> None:
    here = client()
    assert here.get("/api/v1/nothing").json["code"] == "not_found"
    wrong_method = here.get("/api/v1/chat")
    assert wrong_method.json["code"] == "method_not_allowed"
    assert "POST" in wrong_method.headers["Allow"]


def test_unknown_addresses_elsewhere_are_pages() -> None:
    response = client().get("/nothing")
    assert (response.status_code, response.mimetype) == (404, "text/html")


def test_without_a_build_the_service_says_so() -> None:
    here = client(FakeAnswerer(down=True))
    assert (chat(here).status_code, chat(here).json["code"]) == (503, "index_unavailable")
    assert here.get("/api/v1/search?q=a").status_code == 503
    assert here.get("/api/v1/verify?snippet=a@" + "0" * 64 + ":0-1").status_code == 503
    assert here.post("/ask", data={"message": "a"}).status_code == 503


def test_a_damaged_build_is_no_build() -> None:
    here = client(FakeAnswerer(breaks=IndexMismatch("b1", "count", 2, 3)))
    assert chat(here).status_code == 503


def test_the_answerers_refusal_keeps_its_code() -> None:
    here = client(FakeAnswerer(breaks=QuestionRejected("too_long", "found", "remedy")))
    assert chat(here).json["code"] == "too_long"
    here = client(FakeAnswerer(breaks=QuestionRejected("new_reason", "found", "remedy")))
    assert chat(here).json["code"] == "rejected"


def test_a_fault_of_ours_leaks_neither_details_nor_the_question(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    here = client(FakeAnswerer(breaks=ValueError(f"cannot handle {SECRET}")))
    response = chat(here, SECRET)
    assert (response.status_code, response.json["code"]) == (500, "internal")
    assert "Ada" not in response.text
    assert "ValueError" not in response.text
    assert "Ada" not in caplog.text
    assert "ValueError" in caplog.text
    assert response.json["turn_id"] in caplog.text


def test_a_fault_of_ours_on_a_page_is_a_page(caplog: pytest.LogCaptureFixture) -> None:
    response = client(FakeAnswerer(breaks=ValueError(SECRET))).post("/ask", data={"message": SECRET})
    assert (response.status_code, response.mimetype) == (500, "text/html")
    assert "Ada" not in response.text + caplog.text


def test_no_problem_repeats_what_was_sent() -> None:
    here = client()
    for response in (
        chat(here, SECRET * 200),
        chat(here, [SECRET]),
        chat(here, "a", conversation_id=SECRET),
        chat(here, "a", site=SECRET),
        here.get("/api/v1/search", query_string={"q": "a", "k": SECRET}),
        here.get("/api/v1/verify", query_string={"snippet": SECRET}),
    ):
        assert response.status_code in {404, 422}
        assert "Ada" not in response.text


def test_every_code_is_explained_on_the_page_that_problems_point_to() -> None:
    page = client().get("/problems").text
    assert all(f'id="{code}"' in page for code in PROBLEMS)
