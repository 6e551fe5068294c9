"""A partner's site is asked with a token of its frame or a key of its server; ours needs neither."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from bot.sites.tokens import LIFE_S, RENEWABLE_S
from tests.sites.test_tokens import later

from .fake_answerer import FakeAnswerer
from .memories import forget, hand_off, read, vote
from .partners import Partnership, credentials, token_in


def code(response: TestResponse) -> tuple[int, str]:
    assert response.mimetype == "application/problem+json"
    return response.status_code, response.json["code"]


@pytest.fixture
def shop(tmp_path: Path) -> Partnership:
    return Partnership(tmp_path)


def test_our_own_site_is_asked_without_anything(shop: Partnership) -> None:
    assert shop.ask().status_code == 200
    assert shop.ask(site="default").status_code == 200
    assert shop.ask(site="default", token="stale").status_code == 200
    assert "token=" not in shop.here.get("/embed").text
    assert shop.here.get("/api/v1/suggestions").status_code == 200


def test_a_partners_site_is_not_asked_without_a_token_or_a_key(shop: Partnership) -> None:
    partner = shop.partner()
    refused = shop.ask(site=partner.id)
    assert code(refused) == (401, "unauthorized")
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert code(shop.here.get(f"/api/v1/suggestions?site={partner.id}")) == (401, "unauthorized")
    assert code(shop.here.get(f"/api/v1/search?q=twin&site={partner.id}")) == (401, "unauthorized")


@pytest.mark.parametrize("named", [True, False])
def test_the_token_of_its_frame_or_its_key_lets_a_partner_ask_named_or_not(shop: Partnership, named: bool) -> None:
    partner = shop.partner()
    token = shop.token(partner)
    fields = {"site": partner.id} if named else {}
    assert shop.ask(token=token, **fields).status_code == 200
    assert shop.ask(key=partner.key, **fields).status_code == 200
    for given in (credentials(token=token), credentials(key=partner.key)):
        found = shop.here.get("/api/v1/suggestions", query_string=fields, headers=given)
        assert found.json["site"] == partner.id
        assert "private" in found.headers["Cache-Control"]


def test_what_is_not_good_is_said_and_never_repeated(shop: Partnership) -> None:
    partner, other = shop.partner(), shop.partner(name="Other")
    assert code(shop.ask(key="key_guessed")) == (401, "bad_key")
    assert code(shop.ask(token="guessed")) == (401, "bad_chat_token")
    assert code(shop.ask(site=other.id, token=shop.token(partner))) == (403, "other_site")
    assert code(shop.ask(site=other.id, key=partner.key)) == (403, "other_site")
    assert code(shop.ask(site="site_none", key=partner.key)) == (404, "unknown_site")
    assert "guessed" not in shop.ask(key="key_guessed").text + shop.ask(token="guessed").text


def test_authorization_for_somebody_before_us_is_passed_over(shop: Partnership) -> None:
    for given in ("Basic dXNlcjpwYXNz", "Bearer eyJhbGciOi.another.kind"):
        assert (
            shop.here.post("/api/v1/chat", json={"message": "a"}, headers={"Authorization": given}).status_code == 200
        )


def test_a_token_of_an_hour_ago_is_exchanged_and_one_of_yesterday_is_not(
    shop: Partnership, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = shop.partner()
    token = shop.token(partner)
    later(monkeypatch, LIFE_S + 5)
    assert code(shop.ask(token=token)) == (401, "chat_token_expired")
    renewed = shop.here.get("/api/v1/token", headers=credentials(token=token))
    assert renewed.json["expires_in_s"] == LIFE_S
    assert renewed.headers["Cache-Control"] == "no-store"
    assert shop.ask(token=renewed.json["token"]).status_code == 200
    later(monkeypatch, RENEWABLE_S + 5)
    assert code(shop.here.get("/api/v1/token", headers=credentials(token=token))) == (401, "chat_token_expired")
    assert code(shop.here.get("/api/v1/token")) == (401, "unauthorized")


def test_a_rotated_key_holds_on_and_one_that_was_ended_at_once_does_not(shop: Partnership) -> None:
    partner = shop.partner()
    new = shop.store.rotate(partner.id, by="tests")
    assert shop.ask(key=partner.key).status_code == 200
    assert shop.ask(key=new).status_code == 200
    shop.store.rotate(partner.id, at_once=True, by="tests")
    assert code(shop.ask(key=new)) == (401, "bad_key")


def test_keys_and_tokens_are_in_no_log(shop: Partnership, caplog: pytest.LogCaptureFixture) -> None:
    partner = shop.partner()
    with caplog.at_level(logging.DEBUG):
        token = shop.token(partner)
        shop.ask("my secret question", token=token)
        shop.ask(key=partner.key)
        shop.ask(token=f"{token}x")
    assert not any(word in caplog.text for word in (partner.key, token, "secret question"))


def test_the_country_and_the_collection_are_those_of_the_site(tmp_path: Path) -> None:
    answerer = FakeAnswerer()
    shop = Partnership(tmp_path, answerer=answerer, country="US")
    partner = shop.partner(country="GB", tags=("genetics",))
    shop.ask()
    shop.ask(token=shop.token(partner))
    assert answerer.heard == [("US", (), 0), ("GB", ("genetics",), 0)]
    assert len(shop.here.get("/api/v1/suggestions", headers=credentials(key=partner.key)).json["suggestions"]) == 1
    assert shop.here.get("/api/v1/search?q=a", headers=credentials(key=partner.key)).json["hits"] == []


def test_a_conversation_does_not_go_on_on_another_site(tmp_path: Path) -> None:
    answerer = FakeAnswerer()
    shop = Partnership(tmp_path, answerer=answerer)
    one, other = shop.partner(), shop.partner(name="Other")
    first = shop.ask("zebra", key=one.key).json
    same = shop.ask("twin", key=one.key, conversation_id=first["conversation_id"]).json
    assert same["conversation_id"] == first["conversation_id"]
    for answer in (
        shop.ask("twin", key=other.key, conversation_id=first["conversation_id"]).json,
        shop.ask("twin", conversation_id=first["conversation_id"]).json,
        shop.ask("twin", conversation_id=first["conversation_id"], in_context=False).json,
    ):
        assert answer["conversation_id"] != first["conversation_id"]
    assert [turns for _, _, turns in answerer.heard] == [0, 1, 0, 0, 0]
    assert len(read(shop.here, first).json["turns"]) == 2


def test_votes_and_wishes_belong_to_the_site_of_their_answer(shop: Partnership) -> None:
    partner, other = shop.partner(), shop.partner(name="Other")
    answer = shop.ask(key=partner.key).json
    ours = shop.ask().json
    assert code(vote(shop.here, answer)) == (404, "unknown_turn")
    assert code(hand_off(shop.here, answer)) == (404, "unknown_turn")
    assert code(vote(shop.here, answer, site=partner.id)) == (401, "unauthorized")
    given = {"json": {"turn_id": answer["turn_id"], "feedback_token": answer["feedback_token"], "verdict": "up"}}
    wish = {"json": {"turn_id": answer["turn_id"]}}
    for path, body in (("/api/v1/feedback", given), ("/api/v1/handoff", wish)):
        assert code(shop.here.post(path, headers=credentials(key=other.key), **body)) == (404, "unknown_turn")
        assert shop.here.post(path, headers=credentials(key=partner.key), **body).status_code < 300
    assert vote(shop.here, ours).status_code == 200
    assert hand_off(shop.here, ours).status_code == 201


def test_a_family_reads_and_removes_its_own_conversation_even_when_the_site_is_off(shop: Partnership) -> None:
    partner = shop.partner()
    answer = shop.ask(key=partner.key).json
    shop.store.set_enabled(partner.id, False, by="tests")
    assert len(read(shop.here, answer).json["turns"]) == 1
    assert forget(shop.here, answer).json["removed"] == 1


def test_a_form_of_a_partners_frame_carries_its_token_and_the_answer_does_too(shop: Partnership) -> None:
    partner = shop.partner()
    page = shop.frame(partner)
    fields = {"message": "What is a digital twin?", "token": token_in(page)}
    assert f'action="/embed?site={partner.id}"' in page.text
    assert page.text.count('name="token"') >= 2
    answered = shop.here.post(f"/embed?site={partner.id}", data=fields)
    assert "A digital twin in medicine" in answered.text
    assert answered.text.count('name="token"') >= 2


def test_a_form_without_the_token_is_not_answered_and_its_question_is_kept(shop: Partnership) -> None:
    partner, other = shop.partner(), shop.partner(name="Other")
    for token, status in (("", 401), ("x", 401), (shop.token(other), 403)):
        page = shop.here.post(f"/embed?site={partner.id}", data={"message": "my twin question", "token": token})
        assert page.status_code == status
        assert "my twin question" in page.text
        assert "A digital twin in medicine" not in page.text
        assert token_in(page)


def test_a_form_that_was_open_for_hours_is_still_taken(shop: Partnership, monkeypatch: pytest.MonkeyPatch) -> None:
    partner = shop.partner()
    token = shop.token(partner)
    later(monkeypatch, RENEWABLE_S - 60)
    page = shop.here.post(f"/embed?site={partner.id}", data={"message": "twin", "token": token})
    assert "A digital twin in medicine" in page.text
