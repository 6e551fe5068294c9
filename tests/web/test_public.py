"""The public API, through the test client."""

from __future__ import annotations

import json
import re
import unicodedata
from urllib.parse import quote

import pytest

from bot.records import Answer

from .factories import chat, client
from .fake_answerer import BUILD, SUGGESTIONS, FakeAnswerer
from .sources import all_sources, digital_twins

ANSWER_FIELDS = [
    "conversation_id", "turn_id", "feedback_token", "build", "status", "message", "confidence", "snippets", "near",
    "terms", "suggestions", "related", "notices",
]  # fmt: skip
SOURCE_FIELDS = [
    "id", "kind", "title", "section", "url", "speaker", "start_s", "reviewed_on", "span", "sha256",
    "outdated", "reviewed_by", "updated_on", "changed_since_review",
]  # fmt: skip


def test_an_answer_has_the_fields_of_the_contract_in_its_order() -> None:
    answer = chat(client()).json
    assert list(json.loads(chat(client()).data)) == ANSWER_FIELDS
    assert list(answer["snippets"][0]) == ["text", "highlights", "source", "id", "sensitive"]
    assert list(answer["snippets"][0]["source"]) == SOURCE_FIELDS
    assert list(answer["terms"][0]) == ["term", "definition"]
    assert list(answer["related"][0]) == ["kind", "title", "url"]
    assert list(answer["notices"][0]) == ["kind", "text", "actions"]


def test_a_source_that_nobody_reviewed_has_no_review_and_the_day_of_its_last_change() -> None:
    source = chat(client()).json["snippets"][0]["source"]
    assert (source["reviewed_on"], source["reviewed_by"], source["updated_on"]) == (None, None, "2026-10-01")


def test_every_snippet_on_the_wire_is_a_slice_of_its_source() -> None:
    texts = {source.id: source.text for source in all_sources()}
    for question in ("What is a digital twin?", "an uncertain result"):
        for snippet in chat(client(), question).json["snippets"]:
            start, end = snippet["source"]["span"]
            assert snippet["text"] == texts[snippet["source"]["id"]][start:end]


def test_highlights_count_code_points_even_after_an_emoji() -> None:
    snippet = chat(client()).json["snippets"][1]
    start, end = snippet["highlights"][0]
    assert "\N{DNA DOUBLE HELIX}" in snippet["text"][:start]
    assert snippet["text"][start:end] == "checked against what really happened"


def test_confidence_is_rounded_to_four_digits() -> None:
    assert chat(client()).json["confidence"] == 0.9346


def test_nothing_found_is_a_status_and_not_an_error() -> None:
    response = chat(client(), "zebra")
    assert response.status_code == 200
    assert response.json["status"] == "unanswered_no_match"
    assert response.json["suggestions"]


def test_names_and_tokens_are_fresh_for_each_answer_and_the_conversation_stays() -> None:
    here = client()
    first = chat(here).json
    second = chat(here, conversation_id=first["conversation_id"]).json
    assert second["conversation_id"] == first["conversation_id"]
    names = [first["turn_id"], second["turn_id"], first["feedback_token"], second["feedback_token"]]
    assert len({*names, first["conversation_id"]}) == 5
    assert all(re.fullmatch(r"[\w-]{22}", name) for name in names)


def test_a_question_of_2000_characters_is_taken_and_one_of_2001_is_not() -> None:
    here = client()
    assert chat(here, "x" * 2000).status_code == 200
    assert chat(here, "x" * 2001).json["code"] == "too_long"


def test_2000_emoji_fit_even_when_every_one_is_escaped() -> None:
    body = json.dumps({"message": "\N{HEDGEHOG}" * 2000})
    assert len(body) > 24_000
    response = client().post("/api/v1/chat", data=body, content_type="application/json")
    assert response.status_code == 200


def test_length_is_counted_after_normalising_and_stripping() -> None:
    decomposed = unicodedata.normalize("NFD", "é") * 2000
    assert chat(client(), f"   {decomposed}\n\n").status_code == 200


def test_the_answerer_gets_nfc_without_control_characters() -> None:
    class Listener(FakeAnswerer):
        heard: str

        def answer(self, question: str) -> Answer:
            self.heard = question
            return super().answer(question)

    listener = Listener()
    chat(client(listener), " cafe\N{COMBINING ACUTE ACCENT}\x00\x1b twin\r\n")
    assert listener.heard == "café   twin"


@pytest.mark.parametrize("message", ["", "   ", "\n\t", "\u200b\u200d", "\u00a0", "\x00"])
def test_a_question_without_a_visible_character_is_refused(message: str) -> None:
    response = chat(client(), message)
    assert (response.status_code, response.json["code"]) == (422, "empty")


@pytest.mark.parametrize(
    "message",
    [
        "<script>alert(1)</script>",
        "Robert'); DROP TABLE turns;--",
        "{{ 7 * 7 }} ${7*7}",
        "../../etc/passwd",
        "\N{FAMILY}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}",
        "ما هو التوأم الرقمي؟",
        "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
        "\u202etxet desrever",
    ],
)
def test_whatever_people_type_is_a_question(message: str) -> None:
    assert chat(client(), message).status_code == 200


def test_unknown_fields_are_ignored_and_nulls_are_absent() -> None:
    assert chat(client(), conversation_id=None, site=None, extra={"a": [1]}).status_code == 200


def test_only_the_default_site_is_known() -> None:
    here = client()
    assert chat(here, site="default").status_code == 200
    assert chat(here, site="site_other").json["code"] == "unknown_site"
    assert here.get("/api/v1/suggestions?site=site_other").status_code == 404


def test_a_conversation_id_that_is_not_ours_is_refused() -> None:
    for given in ("", "1", "x" * 23, "ä" * 22, "a b" + "c" * 19):
        assert chat(client(), conversation_id=given).json["code"] == "bad_conversation_id"


def test_search_gives_hits_best_first() -> None:
    found = client().get("/api/v1/search?q=digital+twin&k=2").json
    assert found["build"] == BUILD
    assert [hit["id"] for hit in found["hits"]] == ["digital-twins-in-medicine#0", "genes#0"]
    assert found["hits"][0]["score"] >= found["hits"][1]["score"]


@pytest.mark.parametrize(("k", "status"), [("1", 200), ("100", 200), ("0", 422), ("101", 422), ("-1", 422), ("x", 422)])
def test_k_is_a_whole_number_from_1_to_100(k: str, status: int) -> None:
    assert client().get(f"/api/v1/search?q=a&k={k}").status_code == status


def test_search_without_a_question_is_refused() -> None:
    assert client().get("/api/v1/search").json["code"] == "bad_parameter"
    assert client().get("/api/v1/search?q=").json["code"] == "empty"


def test_suggestions_are_the_answerers() -> None:
    assert client().get("/api/v1/suggestions").json == {"site": "default", "suggestions": SUGGESTIONS}


def test_a_snippet_of_an_answer_is_proven_again() -> None:
    here = client()
    for snippet in [*chat(here).json["snippets"], *chat(here, "uncertain").json["snippets"]]:
        proof = here.get(f"/api/v1/verify?snippet={quote(snippet['id'])}").json
        assert (proof["verified"], proof["current"], proof["reason"]) == (True, True, None)
        assert proof["text"] == snippet["text"]
        assert proof["source"] == snippet["source"]


def test_a_snippet_that_does_not_stand_is_not_proven_and_the_reason_is_said() -> None:
    snippet_id = chat(client()).json["snippets"][0]["id"]
    source_id, rest = snippet_id.split("@")
    past_the_end = f"{source_id}@{rest.split(':')[0]}:0-{len(digital_twins().text) + 1}"
    cases = {
        f"other@{rest}": "withdrawn",
        f"{source_id}@{'0' * 64}:0-5": "changed",
        past_the_end: "out_of_range",
        f"{source_id}@{rest.split(':')[0]}:5-5": "out_of_range",
    }
    for given, reason in cases.items():
        proof = client().get(f"/api/v1/verify?snippet={quote(given)}").json
        assert (proof["verified"], proof["reason"], proof["text"], proof["source"]) == (False, reason, None, None)


def test_what_is_no_snippet_id_is_refused() -> None:
    assert client().get("/api/v1/verify?snippet=1-2").json["code"] == "bad_snippet"


def test_our_own_links_get_the_base_url_and_others_stay() -> None:
    here = client(base_url="https://answers.example/")
    url = chat(here).json["snippets"][0]["source"]["url"]
    assert url == "https://answers.example/explainers/digital-twins-in-medicine#plain-english-explanation"


def test_answers_are_not_kept_by_caches() -> None:
    assert chat(client()).headers["Cache-Control"] == "no-store"
