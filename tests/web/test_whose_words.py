"""Whose words are quoted, on whosever page: the publisher's; and which of them are marked."""

from __future__ import annotations

from pathlib import Path

from bot.records import Snippet
from bot.web.wire import answer_on_wire
from bot.web.words import STRINGS_FOLDER

from .factories import chat, client
from .fake_answerer import FakeAnswerer, snippet_source
from .partners import Partnership, token_in

STATIC = STRINGS_FOLDER.parent


def test_the_answer_and_its_card_name_the_publisher_and_never_the_partner(tmp_path: Path) -> None:
    shop = Partnership(tmp_path, publisher="The Rare Foundation")
    partner = shop.partner(name="St Mary Hospital")
    frame = shop.frame(partner)
    page = shop.here.post(f"/embed?site={partner.id}", data={"message": "uncertain", "token": token_in(frame)}).text
    assert "Answer from The Rare Foundation" in page
    assert "<span>Published by The Rare Foundation</span>" in page
    assert "You get sentences from The Rare Foundation" in frame.text
    # The chat is on the partner's page, whose name its head has; none of its words are the partner's.
    title, rest = page.split("</title>", 1)
    assert "St Mary Hospital" in title
    head = '<p class="partner">St Mary Hospital</p>'
    assert head in rest
    rest = rest.replace(head, "")
    assert "St Mary Hospital" not in rest
    assert 'publisher="The Rare Foundation"' in frame.text


def test_without_a_publisher_the_service_is_named_and_no_card_says_published() -> None:
    page = client().post("/ask", data={"message": "uncertain"}).text
    assert "Answer from Test Answers" in page
    assert "Published by" not in page


def test_words_that_stand_alone_are_not_marked_and_a_run_of_them_is() -> None:
    answerer = FakeAnswerer()
    twins = answerer.source("digital-twins-in-medicine")
    assert twins is not None
    text = "A digital twin in medicine is a model of a body"
    marks = ((2, 9), (2, 26), (30, 47))
    found = Snippet(text, marks, snippet_source(twins, 0, len(text)))
    answer = answerer.about_uncertain_results()
    sent = answer_on_wire(
        type(answer)(answer.status, answer.build, 0.9, snippets=(found,)),
        conversation_id="c",
        turn_id="t",
        feedback_token="f",
    )
    assert [text[slice(*span)] for span in sent.snippets[0].highlights] == [
        "digital twin in medicine",
        "a model of a body",
    ]


def test_a_phrase_of_three_words_is_marked_over_the_wire() -> None:
    snippet = chat(client(), "What is a digital twin?").json["snippets"][0]
    assert [snippet["text"][slice(*span)] for span in snippet["highlights"]] == ["a model of a body"]
