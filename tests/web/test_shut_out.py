"""Nobody is turned away without whom to call, and a cry for help is answered past every limit."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.storage.remembering import Memory
from tests.databases import with_tables
from tests.patience import soon
from tests.triage.queues import a_desk

from .factories import client
from .fake_answerer import FakeAnswerer
from .partners import Partnership

CRISIS, EMERGENCY = "I want to kill myself", "My daughter has stopped breathing, help"
TWIN = "What is a digital twin?"
FAMILY = "203.0.113.9"


def ask(to: FlaskClient, message: str, address: str = FAMILY, **fields: object) -> TestResponse:
    body = {"message": message, **fields}
    return to.post("/api/v1/chat", json=body, environ_base={"REMOTE_ADDR": address})


def flood(to: FlaskClient, addresses: list[str], times: int) -> Counter[int]:
    return Counter(ask(to, TWIN, address).status_code for address in addresses for _ in range(times))


def kinds(problem: dict[str, object]) -> list[str]:
    notices = problem["notices"]
    assert isinstance(notices, list)
    return [str(notice["kind"]) for notice in notices]


def test_many_small_networks_of_one_line_do_not_use_up_the_limit_of_a_site() -> None:
    here = client(client_per_minute=12, site_per_minute=120)
    taken = flood(here, [f"2001:db8:0:{number:x}::1" for number in range(11)], 12)
    assert taken == {200: 24, 429: 108}
    taken = flood(here, [f"2001:db8:0:{number:x}00::1" for number in range(1, 11)], 12)
    assert taken[200] == 24
    assert ask(here, TWIN).status_code == 200


def test_addresses_that_are_neighbours_by_chance_are_not_counted_together() -> None:
    here = client(client_per_minute=1)
    assert flood(here, ["198.51.100.1", "198.51.100.2", "::ffff:198.51.100.3", "::ffff:198.51.100.4"], 1) == {200: 4}


def test_while_others_use_up_the_limit_of_a_site_who_asks_now_and_then_is_answered() -> None:
    here = client(client_per_minute=12, site_per_minute=120)
    flooding = [f"2001:db8:{number:x}::1" for number in range(20)]
    assert flood(here, flooding[:5], 12) == {200: 60}
    assert flood(here, flooding[5:], 1) == {200: 15}
    assert flood(here, flooding, 1)[429] >= 5
    families = [f"203.0.113.{number}" for number in range(4)]
    assert flood(here, families, 6) == {200: 24}
    assert flood(here, families, 1) == {429: 4}


@pytest.mark.parametrize(("cry", "status"), [(CRISIS, "referred_crisis"), (EMERGENCY, "referred_emergency")])
def test_while_others_use_up_the_limit_of_a_site_a_cry_for_help_is_answered(cry: str, status: str) -> None:
    answerer = FakeAnswerer()
    here = client(answerer, client_per_minute=12, site_per_minute=120, country="US")
    flood(here, [f"2001:db8:{number:x}::1" for number in range(11)], 12)
    assert flood(here, [FAMILY], 7)[429] == 1
    asked = answerer.asked
    answer = ask(here, cry)
    assert (answer.status_code, answer.json["status"]) == (200, status)
    assert "Retry-After" not in answer.headers
    (notice,) = answer.json["notices"]
    assert "tel:" in notice["actions"][0]["href"]
    page = here.post("/ask", data={"message": cry}, environ_base={"REMOTE_ADDR": FAMILY})
    assert page.status_code == 200
    assert notice["actions"][0]["href"] in page.text
    # By its words alone: nothing was looked up.
    assert answerer.asked == asked


def test_cries_past_the_limit_are_kept_up_to_a_number_and_all_answered(tmp_path: Path) -> None:
    shop = Partnership(tmp_path, client_per_minute=1)
    assert shop.ask().status_code == 200
    answers = [shop.ask(CRISIS).json for _ in range(14)]
    assert {answer["status"] for answer in answers} == {"referred_crisis"}
    kept = [shop.here.get(f"/api/v1/conversations/{answer['conversation_id']}").status_code for answer in answers]
    assert Counter(kept) == {200: 10, 404: 4}


def test_a_cry_past_the_limit_goes_on_with_its_conversation_and_with_no_other_sites(tmp_path: Path) -> None:
    shop = Partnership(tmp_path, client_per_minute=1)
    partner = shop.partner()
    theirs = shop.ask(key=partner.key).json["conversation_id"]
    own = shop.ask().json["conversation_id"]
    assert shop.ask(CRISIS, conversation_id=own).json["conversation_id"] == own
    assert shop.ask(CRISIS, conversation_id=theirs).json["conversation_id"] != theirs


def test_votes_take_nothing_from_questions_and_refused_ones_nothing_from_votes(tmp_path: Path) -> None:
    shop = Partnership(tmp_path, client_per_minute=30, site_per_minute=30)
    answer = shop.ask().json
    wrong = {"turn_id": answer["turn_id"], "feedback_token": "x" * 22, "verdict": "up"}
    for number in range(40):
        shop.here.post("/api/v1/feedback", json=wrong, environ_base={"REMOTE_ADDR": f"198.51.100.{number}"})
    assert shop.ask().status_code == 200
    right = {**wrong, "feedback_token": answer["feedback_token"]}
    assert shop.here.post("/api/v1/feedback", json=right).status_code == 200
    statuses = [shop.here.post("/api/v1/feedback", json=wrong).status_code for _ in range(30)]
    assert (statuses[0], statuses[-1]) == (403, 429)


def test_forms_without_the_token_of_a_partners_page_take_nothing_from_its_families(tmp_path: Path) -> None:
    shop = Partnership(tmp_path)
    partner = shop.partner(site_per_minute=3)
    for _ in range(5):
        assert shop.here.post(f"/embed?site={partner.id}", data={"message": TWIN}).status_code == 401
    assert shop.ask(token=shop.token(partner)).status_code == 200


@pytest.mark.parametrize(
    ("answerer", "settings", "status"),
    [
        (FakeAnswerer(), {"client_per_minute": 1}, 429),
        (FakeAnswerer(breaks=RuntimeError("broken")), {}, 500),
        (FakeAnswerer(down=True), {}, 503),
    ],
)
def test_whoever_is_not_answered_is_told_whom_to_call_in_the_country_of_the_site(
    answerer: FakeAnswerer, settings: dict[str, int], status: int
) -> None:
    here = client(answerer, country="GB", contact_url="https://help.example/", **settings)
    here.application.config["PROPAGATE_EXCEPTIONS"] = False
    ask(here, TWIN)
    problem = ask(here, TWIN)
    assert problem.status_code == status
    assert kinds(problem.json) == ["emergency", "crisis"]
    assert "999" in problem.text
    assert "116123" in problem.text
    assert problem.json["contact_url"] == "https://help.example/"
    deep = here.post("/api/v1/chat", json={"messages": [{"text": TWIN}]}, environ_base={"REMOTE_ADDR": FAMILY})
    assert "999" in deep.json["error"]
    for path in ("/ask", "/embed"):
        page = here.post(path, data={"message": TWIN}, environ_base={"REMOTE_ADDR": FAMILY})
        assert page.status_code == status
        assert "tel:999" in page.text
        assert "tel:116123" in page.text
    # An empty frame would say nothing.
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]


def test_a_burst_of_cries_from_one_network_leaves_the_cry_of_another_a_ticket_of_its_own(database_url: str) -> None:
    desk = a_desk(with_tables(database_url))
    memory = Memory(desk.database, redact=str, told=desk.intake.told)
    here = client(memory=memory)
    for number in range(60):
        ask(here, "He cannot breathe!", f"2001:db8:0:{number:x}::1")
    ask(here, "She cannot breathe!")
    assert soon(lambda: sum(row.askings for row in desk.rows()) == 61)
    assert sorted(row.askings for row in desk.rows()) == [1, 1, 1, 58]
    assert {row.priority for row in desk.rows()} == {0}
    burst = next(row for row in desk.rows() if row.askings == 58)
    assert [event.text for event in desk.whole(burst).events if event.kind == "burst"] == [
        "holds many urgent messages that came from one network"
    ]
    desk.database.close()
