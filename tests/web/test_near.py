"""Passages that may hold the answer: over HTTP, on the pages without script, on paper, and before staff."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.answering.words import NOT_SURE
from bot.storage.remembering import Memory
from bot.storage.tables import Turn

from .desks import Console, a_console
from .factories import chat, client
from .memories import a_memory, forget, hand_off, open_passage, read, remembering, stored, vote
from .test_staff_conversations import turn_path
from .test_takeaway import the_sheet

FIRST, SECOND = "Trials for rare conditions are small.", "Every one to two years is common."


def test_an_answer_always_has_near_passages_which_are_none_unless_it_is_unsure() -> None:
    here = client()
    unsure = chat(here, "perhaps").json
    assert (unsure["status"], unsure["message"], unsure["snippets"]) == ("unanswered_near", NOT_SURE, [])
    assert unsure["near"][0]["text"] == FIRST
    assert len(unsure["near"]) == 3
    assert set(unsure["near"][0]) == {"text", "highlights", "source", "id", "sensitive"}
    assert [chat(here, question).json["near"] for question in ("twin", "zebra", "breathe")] == [[], [], []]


def test_below_an_answer_that_is_not_surely_right_stand_passages_for_whom_it_does_not_answer() -> None:
    answer = chat(client(), "likely").json
    assert (answer["status"], answer["message"]) == ("answered", None)
    assert answer["snippets"]
    assert answer["near"][0]["text"] == FIRST
    page = client().post("/embed", data={"message": "likely"}).text
    assert (
        page.index(answer["snippets"][0]["text"][:20])
        < page.index("If that doesn&#39;t answer you")
        < page.index(FIRST)
    )


def test_a_near_passage_can_be_proven_as_any_snippet() -> None:
    here = client()
    for passage in chat(here, "perhaps").json["near"]:
        proof = here.get("/api/v1/verify", query_string={"snippet": passage["id"]}).json
        assert (proof["verified"], proof["text"]) == (True, passage["text"])


def test_in_spanish_the_message_is_spanish_and_the_passages_are_as_they_were() -> None:
    unsure = chat(client(), "perhaps", lang="es").json
    assert unsure["message"].startswith("No tengo la certeza")
    assert unsure["near"][0]["text"] == FIRST


def test_which_passage_was_opened_is_kept_as_often_as_it_is_sent_and_takes_no_vote_away(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    answer = chat(here, "perhaps").json
    for place in (2, 0, 2):
        response = open_passage(here, answer, place)
        assert (response.status_code, response.json) == (200, {"turn_id": answer["turn_id"], "opened": place})
    assert vote(here, answer, "down").status_code == 200
    both = vote(here, answer, "down", opened=1).json
    assert both == {"turn_id": answer["turn_id"], "verdict": "down", "opened": 1}
    (turn,) = read(here, answer).json["turns"]
    assert turn["opened"] == [0, 1, 2]
    assert turn["feedback"]["verdict"] == "down"
    assert [passage["text"] for passage in turn["answer"]["near"]] == [one["text"] for one in answer["near"]]


def test_a_passage_that_is_not_there_or_not_ones_own_is_refused(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    unsure, sure = chat(here, "perhaps").json, chat(here).json
    refused = [
        (open_passage(here, sure, 0), 422, "no_such_passage"),
        (open_passage(here, unsure, 0, feedback_token=sure["feedback_token"]), 403, "wrong_token"),
        (open_passage(here, unsure, 0, turn_id="x" * 22), 404, "unknown_turn"),
        *((open_passage(here, unsure, place), 422, "wrong_shape") for place in (3, -1, "0", None, 1.5, [0])),
    ]
    assert [(found.status_code, found.json["code"]) for found, _, _ in refused] == [tuple(rest) for _, *rest in refused]
    assert read(here, unsure).json["turns"][0]["opened"] == []


def test_what_was_opened_goes_with_its_conversation(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    answer = chat(here, "perhaps").json
    open_passage(here, answer, 1)
    assert answer["turn_id"].encode() in stored(tmp_path)
    forget(here, answer)
    assert answer["turn_id"].encode() not in stored(tmp_path)


def test_answers_kept_before_there_were_near_passages_are_read_everywhere(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bot.sqlite3"
    memory = a_memory(url)
    here = client(memory=memory)
    key = "k" * 22
    answer = chat(here, turn_key=key).json
    _make_old(memory)
    again = chat(here, turn_key=key, conversation_id=answer["conversation_id"]).json
    assert (again["turn_id"], again["near"]) == (answer["turn_id"], [])
    assert "near" not in read(here, answer).json["turns"][0]["answer"]
    assert chat(here, "zebra", conversation_id=answer["conversation_id"]).status_code == 200
    assert "is a model of a body" in the_sheet(here, answer)
    code = hand_off(here, answer).json["come_back_code"]
    assert "not from flesh" in here.post("/comeback", data={"code": code}).text


def _make_old(memory: Memory) -> None:
    """Takes the field out of every answer that is kept, as an earlier version kept it."""
    with memory._database.transaction() as connection:
        for turn_id, kept in connection.execute(select(Turn.id, Turn.answer)).all():
            old = {name: value for name, value in json.loads(kept).items() if name != "near"}
            connection.execute(update(Turn).where(Turn.id == turn_id).values(answer=json.dumps(old)))


def test_without_script_each_passage_is_a_row_that_opens(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    page = here.post("/ask", data={"message": "perhaps"}).text
    assert page.index("m not sure this answers you") < page.index('<ul class="near"') < page.index(FIRST)
    assert page.count("<details><summary>") == 3
    assert ":~:text=" in page


def test_the_family_finds_its_passages_again_with_its_code_and_what_it_opened_is_open(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    answer = chat(here, "perhaps").json
    open_passage(here, answer, 1)
    code = hand_off(here, answer).json["come_back_code"]
    page = here.post("/comeback", data={"code": code}).text
    assert page.count("<details open><summary><span") == 1
    assert page.index(FIRST) < page.index("<details open><summary><span") < page.index(SECOND)


def test_on_paper_the_passages_stand_under_the_words_that_they_are_not_sure(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    sheet = the_sheet(here, chat(here, "perhaps").json)
    assert sheet.index("m not sure this answers you") < sheet.index(FIRST)
    assert sheet.count("unsure") >= 3


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return a_console(f"sqlite:///{tmp_path}/bot.sqlite3")


def test_staff_see_the_passages_and_which_was_opened_and_the_ticket_goes(console: Console) -> None:
    family = console.app.test_client()
    answer = chat(family, "perhaps").json
    amir = console.client("amir")
    path = turn_path(amir)
    page = amir.get(path).text
    assert page.count("not opened") == 3
    assert hand_off(family, answer).status_code == 201
    open_passage(family, answer, 1)
    page = amir.get(path).text
    assert page.count("not opened") == 2
    assert page.index("You can ask for it") < page.index("opened by the family")
    lone = chat(family, "zoo, perhaps?").json
    assert "zoo, perhaps?" in amir.get("/staff/").text
    open_passage(family, lone, 0)
    assert "zoo, perhaps?" not in amir.get("/staff/").text


TRACE = {
    "build": "b", "safety": None, "leaning": None, "ms": 4.0,
    "looked": [{"text": "perhaps", "kind": "other", "about": None, "corrections": [], "found": 2, "ms": 1.0,
      "candidates": [
        {"passage": "genes#0", "source": "genes", "title": "Genes", "section": None, "score": 0.5, "confidence": 0.21,
         "floor": 0.46, "tier": "near", "signals": {"window": 0.71}, "missing": [], "outcome": "below_floor"},
        {"passage": "genes#1", "source": "genes", "title": "Genes", "section": "Old", "score": 0.5, "confidence": 0.6,
         "floor": 0.46, "regime": "open", "signals": {"dense": 0.3}, "missing": [], "outcome": "taken"},
    ]}],
}  # fmt: skip


def test_staff_see_the_tier_of_each_candidate_also_of_those_that_were_weighed_before_there_were_tiers(
    console: Console,
) -> None:
    chat(console.app.test_client(), "zebra?")
    with console.database.transaction() as connection:
        connection.execute(update(Turn).values(trace=zlib.compress(json.dumps(TRACE).encode())))
    amir = console.client("amir")
    page = amir.get(turn_path(amir)).text
    assert 'class="tier-near">near</td>' in page
    assert "may hold the answer" in page
    assert 'class="tier-sure">sure</td>' in page
    assert "0.71" in page
