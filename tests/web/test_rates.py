"""Questions are counted by client and by site; nobody's address is kept."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.web.windows import SteadyStorage
from tests.patience import soon
from tests.real_redis import real_redis

from .factories import client
from .partners import Partnership


def ask(to: FlaskClient, address: str = "198.51.100.1", **headers: str) -> TestResponse:
    body = {"message": "What is a digital twin?"}
    return to.post("/api/v1/chat", json=body, environ_base={"REMOTE_ADDR": address}, headers=headers)


def statuses(to: FlaskClient, times: int, address: str = "198.51.100.1", **headers: str) -> list[int]:
    return [ask(to, address, **headers).status_code for _ in range(times)]


def test_a_client_that_asks_too_much_is_told_kindly_and_when_to_come_back() -> None:
    here = client(client_per_minute=3)
    assert statuses(here, 3) == [200] * 3
    refused = ask(here)
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert refused.json["code"] == "too_many"
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert refused.headers["RateLimit-Remaining"] == "0"
    assert ask(here, "198.51.100.2").status_code == 200


def test_a_clock_that_is_put_back_shuts_nobody_out_for_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    here, now = client(client_per_minute=3, site_per_minute=4), time.time
    with monkeypatch.context() as ahead:
        ahead.setattr(time, "time", lambda: now() + 3600)
        assert statuses(here, 4) == [200, 200, 200, 429]
    assert statuses(here, 4) == [200, 200, 200, 429]
    assert int(ask(here).headers["Retry-After"]) <= 61


def test_many_at_once_are_all_counted_when_what_is_old_is_cleaned_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def put(storage: SteadyStorage, timer: threading.Timer) -> None:
        """As a thread that others overtake before it starts what it has made."""
        vars(storage)["timer"] = timer
        time.sleep(0.05)

    here = client(client_per_minute=100)
    soon(lambda: not any(isinstance(thread, threading.Timer) for thread in threading.enumerate()))
    overtaken = property(lambda storage: vars(storage)["timer"], put)
    monkeypatch.setattr(SteadyStorage, "timer", overtaken, raising=False)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: ask(here.application.test_client()).status_code, range(8)))
    assert found == [200] * 8


def test_headers_count_down_what_is_left() -> None:
    here = client(client_per_minute=3, site_per_minute=100)
    found = [ask(here).headers for _ in range(2)]
    assert [headers["RateLimit-Remaining"] for headers in found] == ["2", "1"]
    assert found[0]["RateLimit-Limit"] == "3"
    assert found[0]["RateLimit-Policy"] == "3;w=60"
    assert 1 <= int(found[0]["RateLimit-Reset"]) <= 61
    assert "Retry-After" not in found[0]


def test_a_site_as_a_whole_has_a_limit_too() -> None:
    here = client(site_per_minute=3)
    assert [ask(here, f"198.51.100.{number}").status_code for number in range(4)] == [200, 200, 200, 429]


def test_without_a_limit_nothing_is_counted() -> None:
    assert "RateLimit-Limit" not in ask(client()).headers


def test_the_limit_of_one_site_leaves_others_alone(tmp_path: Path) -> None:
    shop = Partnership(tmp_path, client_per_minute=100)
    small, large = shop.partner(site_per_minute=1), shop.partner(name="Large")
    assert [shop.ask(key=small.key).status_code for _ in range(2)] == [200, 429]
    assert shop.ask(key=large.key).status_code == 200
    assert shop.ask().status_code == 200


def test_a_partners_server_asks_for_many_families_from_one_address(tmp_path: Path) -> None:
    shop = Partnership(tmp_path)
    partner = shop.partner(client_per_minute=1, site_per_minute=4)
    assert [shop.ask(key=partner.key).status_code for _ in range(5)] == [200] * 4 + [429]
    assert shop.ask(token=shop.token(partner)).status_code == 429


def test_a_changed_limit_holds_from_the_next_question(tmp_path: Path) -> None:
    shop = Partnership(tmp_path)
    partner = shop.partner(site_per_minute=1)
    assert [shop.ask(key=partner.key).status_code for _ in range(2)] == [200, 429]
    shop.store.save(replace(partner.site, site_per_minute=100), by="tests")
    assert shop.ask(key=partner.key).status_code == 200


def test_a_form_that_comes_too_often_keeps_its_question() -> None:
    here = client(client_per_minute=1)
    pages = [here.post("/ask", data={"message": "my twin question"}) for _ in range(2)]
    assert [page.status_code for page in pages] == [200, 429]
    assert pages[1].mimetype == "text/html"
    assert "my twin question</textarea>" in pages[1].text
    assert "wait a minute" in pages[1].text


def test_reading_and_removing_a_conversation_is_never_refused(tmp_path: Path) -> None:
    shop = Partnership(tmp_path, client_per_minute=1)
    answer = shop.ask().json
    assert shop.ask().status_code == 429
    address = f"/api/v1/conversations/{answer['conversation_id']}"
    assert shop.here.get(address).status_code == 200
    assert shop.here.delete(address).status_code == 200


def test_addresses_of_one_ipv6_network_are_one_client() -> None:
    here = client(client_per_minute=2)
    assert statuses(here, 1, "2001:db8:1:2::1") + statuses(here, 2, "2001:db8:1:2:ffff::2") == [200, 200, 429]
    assert statuses(here, 1, "2001:db8:1:3::1") == [200]


def test_ipv4_addresses_written_as_ipv6_are_clients_of_their_own() -> None:
    here = client(client_per_minute=1)
    assert [ask(here, f"::ffff:198.51.100.{number}").status_code for number in (1, 2, 1)] == [200, 200, 429]
    assert ask(here, "198.51.100.2").status_code == 429


def test_who_is_asked_for_is_believed_of_as_many_proxies_as_there_are() -> None:
    def hop(address: str) -> dict[str, str]:
        return {"X-Forwarded-For": address}

    trusting = client(client_per_minute=1, trusted_proxies=1)
    assert statuses(trusting, 1, **hop("203.0.113.1")) + statuses(trusting, 1, **hop("203.0.113.2")) == [200, 200]
    # What a client itself wrote stands before what the proxy added.
    assert statuses(trusting, 1, **hop("10.0.0.9, 203.0.113.1")) == [429]
    assert "evil" not in trusting.get("/robots.txt", headers={"X-Forwarded-Host": "evil.example"}).text
    direct = client(client_per_minute=1)
    assert statuses(direct, 1, **hop("203.0.113.1")) + statuses(direct, 1, **hop("203.0.113.2")) == [200, 429]


def test_no_address_is_logged_or_counted_under_its_own_name(caplog: pytest.LogCaptureFixture) -> None:
    here = client(client_per_minute=1)
    with caplog.at_level(logging.DEBUG):
        statuses(here, 3, "198.51.100.77")
    assert "198.51.100.77" not in caplog.text
    (limiter,) = here.application.extensions["limiter"]
    counted = list(limiter.storage.storage)
    assert counted
    assert not [name for name in counted if "198.51" in name]


def test_the_name_of_a_client_is_another_on_another_site_and_in_another_process(tmp_path: Path) -> None:
    def names(here: FlaskClient) -> set[str]:
        (limiter,) = here.application.extensions["limiter"]
        return {name for name in limiter.storage.storage if "client" in name}

    first, second = client(client_per_minute=9), client(client_per_minute=9)
    ask(first)
    ask(second)
    assert names(first).isdisjoint(names(second))


def test_whoever_is_answered_while_the_shared_storage_goes_gets_the_answer() -> None:
    with real_redis() as redis:
        here = client(client_per_minute=2, rate_storage=redis.url)

        def go(response: Response) -> Response:
            # What an answer says of limits is asked of the storage after it was counted.
            redis.stop()
            return response

        here.application.after_request(go)
        first = ask(here)
        assert (first.status_code, "RateLimit-Remaining" in first.headers) == (200, False)
        assert statuses(here, 3) == [200, 200, 429]


def test_all_who_were_being_counted_when_the_shared_storage_went_are_answered() -> None:
    with real_redis() as redis:
        here = client(client_per_minute=100, rate_storage=redis.url).application
        assert ask(here.test_client()).status_code == 200
        redis.pause()
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: ask(here.test_client()), range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8


def test_while_the_shared_storage_is_down_each_worker_counts_alone() -> None:
    here = client(client_per_minute=2, rate_storage="redis://127.0.0.1:1/0")
    assert statuses(here, 3) == [200, 200, 429]
