"""Families and staff on one service of several workers, with SQLite and with PostgreSQL, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.settings import Settings
from tests.live_server import AT_ONCE_S, Server, running
from tests.patience import in_a_row, soon
from tests.triage.receivers import Receiver, receiving

from . import day
from .chatting import ask
from .consoles import PASSWORD, People, database_of, settings_of_console, sign_in
from .identity import Identity, an_identity

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.model]

WORKERS = 2


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture(scope="module")
def identity() -> Iterator[Identity]:
    with an_identity() as found:
        yield found


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, shipped: Settings,
    receiver: Receiver, identity: Identity,
) -> Iterator[Server]:  # fmt: skip
    """One for all stories of a database; what one leaves behind is no other's business."""
    folder = tmp_path_factory.mktemp("live")
    with database_of(request, folder) as url:
        settings = settings_of_console(receiver.port, identity)
        with running(folder / "log", index=shipped.index, database_url=url, workers=WORKERS, **settings) as found:
            yield found


@pytest.fixture
def people(server: Server, browser: Browser) -> Iterator[People]:
    with ExitStack() as stack:
        found = People(server, browser, stack)
        yield found
    assert found.faults == []


def test_what_families_ask_is_before_staff_at_once_and_danger_is_first(people: People) -> None:
    agent = people.staff("amir")
    rows = agent.locator("#queue tbody tr[data-id]")
    for question in ("Do wolves howl at the moon in winter?", "How often do wolves howl at the moon?"):
        ask(people.family(), question)
    # Two families who ask the same are one row, which comes by itself.
    expect(rows).to_have_count(1, timeout=AT_ONCE_S * 1000)
    expect(rows.first.locator(".count")).to_have_text("2")
    ask(people.family(), "My daughter has stopped breathing")
    expect(rows.first).to_contain_text("stopped breathing", timeout=AT_ONCE_S * 1000)
    expect(rows).to_have_count(2)
    log = people.server.log.read_text(encoding="utf-8")
    assert "wolves" not in log
    assert "breathing" not in log


def test_a_person_replies_and_the_family_reads_it_when_it_comes_back_and_by_its_code(people: People) -> None:
    agent, family = people.staff("anna"), people.family()
    ask(family, "Which mushrooms are eaten raw?")
    family.get_by_role("button", name="Ask a person").click()
    family.get_by_role("button", name="Send to a person").click()
    code = family.locator(".receipt .code").inner_text()
    agent.locator("#queue tbody a", has_text="mushrooms").click()
    expect(agent.get_by_label("To the family")).to_be_visible()
    ticket = agent.url
    agent.get_by_label("To the family").fill("We do not know about mushrooms.\nPlease ring us.")
    agent.get_by_role("button", name="Send and resolve").click()
    expect(agent.locator("#messages")).to_contain_text("Sent to 1 family")
    family.reload()
    expect(family.locator(".reply p").first).to_have_text("We do not know about mushrooms.\nPlease ring us.")
    elsewhere = people.family()
    elsewhere.goto(f"{people.server.address}/comeback")
    elsewhere.get_by_label("Your code").fill(code.lower())
    elsewhere.get_by_role("button", name="Open").click()
    expect(elsewhere.locator(".person-reply")).to_contain_text("Please ring us.")
    agent.goto(ticket)
    expect(agent.locator(".timeline")).to_contain_text("seen by 1")
    assert "mushrooms" not in people.server.log.read_text(encoding="utf-8")


def test_an_approved_answer_reaches_the_next_family_on_any_worker_at_once(people: People) -> None:
    agent, editor, family = people.staff("arno"), people.staff("bea", "editor"), people.family()
    asked, again = "Can a child with a feeding tube go swimming?", "is it ok to swim with a feeding tube?"
    said = "Many children with a feeding tube swim. Ask the care team first."
    ask(family, asked)
    assert said not in family.locator(".turns").inner_text()
    agent.goto("/staff/curated/new")
    agent.get_by_label("What families ask").fill(asked)
    agent.get_by_label("The answer").fill(said)
    agent.get_by_label("Written or reviewed by").fill("The team of tests")
    agent.get_by_role("button", name="Save draft").click()
    agent.get_by_role("button", name="What would change?").click()
    expect(agent.locator("#effects")).to_contain_text("Of the last")
    editor.goto(agent.url.removesuffix("/effects"))
    editor.get_by_role("button", name="What would change?").click()
    editor.get_by_role("button", name="Approve version 1").click()
    expect(editor.get_by_role("status")).to_contain_text("Approved")
    # Each call is a connection of its own, so that both workers are asked.
    assert in_a_row(lambda: said in people.server.call("/api/v1/chat", {"message": again})[1], 20, AT_ONCE_S)
    editor.locator("summary", has_text="Retire").click()
    editor.get_by_role("button", name="Yes, retire").click()
    assert in_a_row(lambda: said not in people.server.call("/api/v1/chat", {"message": again})[1], 20, AT_ONCE_S)


def test_a_crisis_is_told_at_once_and_a_webhook_that_fails_is_tried_again_and_shown(
    people: People, receiver: Receiver
) -> None:
    receiver.got.clear()
    receiver.status = 200
    boss = people.staff("ada", "admin")
    boss.goto("/staff/webhooks")
    boss.get_by_label("Address").fill(receiver.url)
    boss.get_by_role("button", name="Add").click()
    expect(boss.get_by_role("status")).to_contain_text("whsec_")
    ask(people.family(), "I want to end my life")
    assert soon(lambda: receiver.got)
    assert [event["type"] for event in receiver.events()] == ["ticket.urgent"]
    receiver.status = 500
    ask(people.family(), "My daughter has stopped breathing")
    assert soon(lambda: len(receiver.got) >= 2 + 1)
    # The same again after five seconds or six, under the same id, and staff see why.
    assert len({headers["webhook-id"] for headers, _ in receiver.got[1:]}) == 1
    boss.goto("/staff/webhooks")
    boss.get_by_role("link", name=receiver.url).click()
    expect(boss.get_by_role("region", name="Deliveries")).to_contain_text("the server answered 500")


def test_a_day_of_two_agents_an_editor_and_an_admin(people: People) -> None:
    amir, bea = people.staff("amir-of-the-day"), people.staff("bea-of-the-day")
    cora, dora = people.staff("cora-of-the-day", "editor"), people.staff("dora-of-the-day", "admin")
    rows = amir.locator("#queue tbody tr[data-id]")
    for question in ("How is a hippo weighed?", "How does one weigh a hippo?", "Weighing a hippo, how?"):
        people.asks(question)
    people.asks("Do parrots like jazz?", "Do parrots like jazz music?", "Do parrots like jazz?")
    people.asks("My daughter has stopped breathing")
    hippos, parrots = rows.filter(has_text="hippo"), rows.filter(has_text="parrots")
    # Conversations are counted, and not what they ask: one that asks three times is one family.
    expect(hippos.locator(".count")).to_have_text("3", timeout=AT_ONCE_S * 1000)
    expect(parrots.locator(".count")).to_have_text("1", timeout=AT_ONCE_S * 1000)
    day.nobody_puts_a_cry_for_help_away_unread(amir)
    day.nothing_that_tells_who_somebody_is_goes_out_unseen(bea)
    day.what_is_typed_outlives_the_session(amir, dora)
    day.what_asks_something_else_is_split_off_and_merged_again(bea)
    day.a_gap_is_closed_by_a_passage_that_somebody_else_approves(bea, cora)
    dora.goto("/staff/gaps")
    assert "rising" not in dora.locator("main").inner_text(), "of so few nobody says that they rise"
    dora.goto("/staff/audit")
    log = dora.locator("tbody").inner_text()
    deeds = ("reply.send", "reply.withdraw", "ticket.split", "ticket.merge", "curated.approve", "ticket.status")
    assert [deed for deed in deeds if deed not in log] == []


def test_a_ticket_is_worked_on_with_nothing_but_keys(people: People) -> None:
    people.asks("Do otters hold hands?")
    page = people.staff("kim")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/staff/?q=otters")
    expect(page.get_by_label("Name")).to_be_focused()
    day.press(page, "kim", "Tab", PASSWORD, "Tab", "Enter")
    expect(page.locator("#queue tbody tr[data-id]")).to_have_count(1)
    day.press(page, "j", "o")
    expect(page.get_by_role("heading", name="Do otters hold hands?")).to_be_visible()
    day.press(page, "n", "Asked the zoo.", "Control+Enter")
    expect(page.locator(".entry-note")).to_contain_text("Asked the zoo.")
    day.press(page, "t")
    expect(page.locator("#messages")).to_contain_text("Assigned to you.")
    day.press(page, "l", "animals", "Tab", "Enter")
    expect(page.locator("#activity")).to_contain_text("added the label animals")
    day.press(page, "Escape", "r", "They do, when they sleep.", "Control+Enter")
    expect(page.locator("#messages")).to_contain_text("Sent to 1 family")
    page.goto("/staff/?q=otters")
    expect(page.locator("#queue tbody tr[data-id]")).to_contain_text("Resolved")


def test_a_ticket_is_answered_on_a_telephone(people: People) -> None:
    people.asks("Do beavers build in the sea?")
    page = people.staff("tess", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto("/staff/?q=beavers")
    page.locator("#queue tbody a", has_text="beavers").tap()
    expect(page.get_by_role("heading", name="Do beavers build in the sea?")).to_be_visible()
    actions, composer = page.locator("#actions").bounding_box(), page.locator("#reply").bounding_box()
    assert actions is not None
    assert composer is not None
    assert actions["y"] < composer["y"]
    page.get_by_role("button", name="Take it").tap()
    expect(page.locator("#messages")).to_contain_text("Assigned to you.")
    page.get_by_label("To the family").fill("They do not.")
    page.get_by_role("button", name="Send, keep open").tap()
    expect(page.locator("#messages")).to_contain_text("Sent to 1 family")
    for path in (page.url, "/staff/", "/staff/gaps", "/staff/overview", "/staff/curated"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_a_lost_app_a_stolen_browser_and_the_last_sign_ins(people: People) -> None:
    ines = people.staff("ines")
    ines.goto("/staff/account/second-factor")
    app = pyotp.TOTP(ines.locator("code").first.inner_text().replace(" ", ""))
    ines.get_by_label("Code").fill(app.now())
    ines.get_by_role("button", name="Turn it on").click()
    codes = ines.locator("code.big").all_inner_texts()
    assert len(codes) == 8
    elsewhere = people.page()
    elsewhere.goto("/staff/account")
    sign_in(elsewhere, "ines", code=codes[0])
    expect(elsewhere.get_by_text("7 recovery codes are left")).to_be_visible()
    again = people.page()
    again.goto("/staff/account")
    sign_in(again, "ines", code=codes[0])
    expect(again.get_by_role("alert")).to_contain_text("That did not work.")
    ines.goto("/staff/account")
    expect(ines.get_by_role("heading", name="Last sign-ins")).to_be_visible()
    expect(ines.locator("section", has_text="Last sign-ins")).to_contain_text("Refused")
    boss = people.staff("olga", "admin")
    boss.goto("/staff/people")
    boss.get_by_text("2 signed in as ines").click()
    boss.locator('form[action*="/ines/"] button[aria-label^="Sign out"]').first.click()
    expect(boss.get_by_text("1 signed in as ines")).to_be_visible()
    signed_out = 0
    for page in (ines, elsewhere):
        page.goto("/staff/account")
        signed_out += page.get_by_label("Password").count() > 0 and "sign-in" in page.url
    assert signed_out == 1


def test_staff_come_in_by_their_organisation_with_the_role_that_it_says(people: People, identity: Identity) -> None:
    def come(name: str, roles: list[str]) -> Page:
        identity.claims = {"sub": name, "preferred_username": name, "roles": roles}
        page = people.page()
        page.goto("/staff/people")
        page.get_by_role("link", name="Sign in with your organisation").click()
        return page

    admin = come("greta", ["rare-admins", "rare-agents"])
    expect(admin.get_by_role("heading", name="People")).to_be_visible()
    expect(admin.locator("tbody")).to_contain_text("greta")
    agent = come("hugo", ["rare-agents"])
    expect(agent.get_by_role("heading", name="People")).to_have_count(0)
    agent.goto("/staff/account")
    expect(agent.get_by_text("hugo, agent")).to_be_visible()
    expect(agent.get_by_text("You sign in with your organisation")).to_be_visible()
    nobody = come("ivo", ["visitors"])
    nobody.goto("/staff/")
    expect(nobody.get_by_role("heading", name="Sign in")).to_be_visible()
