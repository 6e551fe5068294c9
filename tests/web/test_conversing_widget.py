"""What the chat shows and lets a family do, on our own page, in a real browser and in every state."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from .chatting import OpenChat, ask, violations
from .storied import OUTLOOK

pytestmark = pytest.mark.browser


def test_a_passage_about_death_opens_after_a_tap_word_for_word_and_says_that_it_may_be_old(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "outlook")
    quote = page.locator("blockquote")
    expect(quote).to_be_hidden()
    page.get_by_text("This part talks about").click()
    expect(quote).to_have_text(OUTLOOK)
    expect(page.locator(".outdated")).to_have_text("May be out of date")


def test_what_is_asked_back_is_answered_by_a_button(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "which")
    expect(page.locator(".choices h4")).to_have_text("Which of these do you mean?")
    page.get_by_role("button", name="What does an uncertain result mean?").click()
    expect(page.locator(".kind").last).to_have_text("Interview")


def test_how_a_follow_up_was_understood_is_undone_by_one_tap(open_chat: OpenChat) -> None:
    page = open_chat()
    sent: list[Any] = []
    page.on("request", lambda request: sent.append(request.post_data_json) if request.method == "POST" else None)
    ask(page, "and follow")
    page.get_by_role("button", name="No, I meant something else").click()
    expect(page.locator(".turn .answer")).to_have_count(2)
    assert sent[-1]["message"] == "and follow"
    assert sent[-1]["in_context"] is False


@pytest.mark.parametrize(("question", "number"), [("cannot breathe", "Call 911"), ("so alone", "Call 988")])
def test_in_danger_there_is_nothing_but_whom_to_call(open_chat: OpenChat, question: str, number: str) -> None:
    page = open_chat()
    ask(page, question)
    answer = page.locator(".answer")
    expect(answer.get_by_role("heading", level=4)).to_have_count(1)
    expect(answer.get_by_role("link")).to_have_text([number])
    expect(answer.locator(".questions, .snippet, .helpful")).to_have_count(0)


def test_on_a_small_screen_the_number_and_the_answer_to_a_long_story_are_in_view(open_chat: OpenChat) -> None:
    page = open_chat(viewport={"width": 320, "height": 640})
    for question in ("outlook", "cannot breathe"):
        ask(page, question)
    expect(page.get_by_role("link", name="Call 911")).to_be_in_viewport(ratio=1)
    ask(page, "my story " * 150 + "uncertain")
    expect(page.locator(".turn").last.locator(".answer .who")).to_be_in_viewport()


def test_when_the_service_is_down_whom_to_call_is_still_there(open_chat: OpenChat) -> None:
    page = open_chat()
    page.route("**/api/v1/chat", lambda route: route.abort())
    ask(page, "anything")
    expect(page.locator(".failure .care")).to_have_count(2)
    expect(page.get_by_role("link", name="Call 911").first).to_have_attribute("href", "tel:911")


def test_an_answer_that_was_lost_on_the_way_is_asked_for_once_more_and_kept_once(open_chat: OpenChat) -> None:
    page = open_chat()
    keys: list[str] = []

    def lose_the_first(route: Route) -> None:
        keys.append(route.request.post_data_json["turn_key"])
        answer = route.fetch()
        route.abort() if len(keys) == 1 else route.fulfill(response=answer)

    page.route("**/api/v1/chat", lose_the_first)
    ask(page, "uncertain")
    expect(page.locator(".snippet")).to_have_count(1)
    assert len(keys) == 2
    assert keys[0] == keys[1]
    kept = page.evaluate("JSON.parse(sessionStorage.getItem('explainer-chat:default'))")
    turns = page.request.get(f"/api/v1/conversations/{kept['id']}").json()["turns"]
    assert [turn["question"] for turn in turns] == ["uncertain"]


def test_a_vote_with_its_reasons_is_kept_and_thanked_for(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "uncertain")
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_label("Not what I asked")).to_be_focused()
    page.get_by_label("Too hard to read").check()
    page.get_by_label("Would you like to say more? (optional)").fill("long words")
    with page.expect_response("**/api/v1/feedback") as answered:
        page.get_by_role("button", name="Send", exact=True).click()
    assert answered.value.ok
    assert json.loads(answered.value.request.post_data or "")["reasons"] == ["too_hard_to_read"]
    expect(page.get_by_text("Thank you.")).to_be_focused()


def test_a_person_is_asked_and_what_was_written_survives_a_mistake(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "zebra")
    page.get_by_role("button", name="Ask a person").click()
    page.get_by_label("Would you like to add anything? (optional)").fill("please call")
    page.get_by_label("Your e-mail or phone number").fill("my house")
    page.get_by_role("button", name="Send to a person").click()
    expect(page.get_by_text("doesn't look like").first).to_be_visible()
    expect(page.get_by_label("Would you like to add anything? (optional)")).to_have_value("please call")
    page.get_by_label("Your e-mail or phone number").fill("ada@example.org")
    page.get_by_role("button", name="Send to a person").click()
    expect(page.locator(".receipt")).to_contain_text("Sent. A person will read it.")
    expect(page.locator(".receipt")).to_be_focused()


def test_the_link_to_a_passage_shows_it_again_and_holds_no_question(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "uncertain about Ada")
    text = page.locator("blockquote").inner_text()
    address = page.get_by_text("Link to this passage").get_attribute("href") or ""
    assert "ada" not in address.lower().split("sha")[0].split("?")[1]
    page.goto(address)
    expect(page.locator("blockquote")).to_have_text(text)
    expect(page.get_by_text("These are the words of the source as it is today.")).to_be_visible()


def test_a_tab_that_comes_back_sees_its_conversation_and_can_still_vote(open_chat: OpenChat) -> None:
    page = open_chat()
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    ask(page, "uncertain")
    page.reload()
    expect(page.locator(".snippet")).to_have_count(1)
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_text("Thank you.")).to_be_visible()
    page.reload()
    expect(page.locator(".snippet")).to_have_count(1)
    expect(page.locator(".helpful")).to_have_count(0)


def test_tell_me_more_is_asked_in_english_whatever_the_screen_says(open_chat: OpenChat) -> None:
    page = open_chat("/embed?lang=es")
    ask(page, "uncertain")
    with page.expect_request("**/api/v1/chat") as asked:
        page.get_by_role("button", name="Cuénteme más").click()
    assert asked.value.post_data_json["message"] == "Tell me more"
    assert asked.value.post_data_json["lang"] == "es"
    expect(page.locator(".question .words").last).to_have_text("Cuénteme más")


STATES = ("What is a digital twin?", "outlook", "which", "cannot breathe", "so alone", "zebra", "and follow", "hostile",
          "perhaps", "hard to say")  # fmt: skip


@pytest.mark.parametrize("path", ["/embed", "/embed?lang=es"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_axe_finds_nothing_in_any_state(open_chat: OpenChat, scheme: str, direction: str, path: str) -> None:
    page = open_chat(path, color_scheme=scheme, bypass_csp=True, viewport={"width": 390, "height": 800})
    page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
    assert violations(page) == []
    for question in STATES:
        ask(page, question)
    for opener in page.locator(".helpful button:last-child, .tools .row > [aria-expanded]").all()[:2]:
        opener.click()
        assert violations(page) == []
    page.locator("summary").evaluate_all("all => all.forEach(one => one.click())")
    page.locator(".forget").click()
    page.route("**/api/v1/chat", lambda route: route.abort())
    ask(page, "down")
    assert violations(page) == []


@pytest.mark.parametrize("size", [(320, 568), (390, 800), (640, 320), (1280, 900)])
def test_no_state_is_wider_than_the_screen_and_every_control_is_large_enough(
    open_chat: OpenChat, size: tuple[int, int]
) -> None:
    page = open_chat(viewport={"width": size[0], "height": size[1]})
    for question in (*STATES, "x" * 1500):
        ask(page, question)
    page.locator("summary").evaluate_all("all => all.forEach(one => one.click())")
    page.locator(".tools .row > [aria-expanded]").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, textarea, summary, label.check')]
             .map(e => [e.textContent, e.getBoundingClientRect()])
             .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([text]) => text)"""
    )
    assert small == []


def test_what_has_the_focus_is_never_covered_by_the_question_box(open_chat: OpenChat) -> None:
    page = open_chat(viewport={"width": 390, "height": 700})
    for question in ("What is a digital twin?", "zebra"):
        ask(page, question)
    page.evaluate("scrollTo(0, 0)")
    page.locator(".turn a:visible, .turn button:visible").first.focus()
    covered = """() => { const box = document.activeElement.getBoundingClientRect();
      const composer = document.querySelector('.composer');
      const active = document.activeElement;
      const top = composer.getBoundingClientRect().top;
      return active !== document.body && !composer.contains(active) && box.bottom > top + 1; }"""
    for _ in range(25):
        assert not page.evaluate(covered), page.evaluate("document.activeElement.outerHTML")
        page.keyboard.press("Tab")


def test_a_screen_reader_meets_who_speaks_what_is_quoted_and_where_it_stands(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "uncertain")
    expect(page.locator(".turns")).to_match_aria_snapshot(
        """
        - list "Questions and answers":
          - listitem:
            - heading "You asked uncertain" [level=3]
            - group /Answer from Test Answers An uncertain result is not a diagnosis.*/:
              - paragraph: Answer from Test Answers
              - link "Ask another question"
              - 'figure "Interview: A parent and a genetic counselor: an uncertain result"':
                - blockquote:
                  - paragraph:
                    - text: An uncertain result
                    - mark: is not a diagnosis
                    - text: /We write it down/
                - text: /A genetic counselor at 0:14/
                - link /Read in the full text of A parent/
              - button "Tell me more"
              - button "Ask a person"
              - button "Copy, link, or listen"
              - group "Was this helpful?":
                - text: Was this helpful?
                - button "Yes"
                - button "No"
        """
    )
    # One announcer, and none that repeats what the focus has read.
    assert page.locator("[aria-live], [role=status], [role=alert], [role=log]").count() == 1


def test_text_that_was_made_to_do_harm_is_text(open_chat: OpenChat) -> None:
    page = open_chat(viewport={"width": 390, "height": 700})
    ask(page, "hostile")
    expect(page.locator("blockquote")).to_contain_text("<script>alert(1)</script>")
    expect(page.locator(".title")).to_have_text("<b>Title</b>")
    assert page.locator(".turn script, .turn b, .turn a[href^=javascript]").count() == 0
    # What a mark turns around ends with its paragraph: the words after it read as they were written.
    expect(page.locator(".source .kind")).to_have_text("Explainer")
    assert page.evaluate("getComputedStyle(document.querySelector('blockquote p')).unicodeBidi") in {
        "isolate",
        "plaintext",
    }
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
