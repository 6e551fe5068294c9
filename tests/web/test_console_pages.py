"""Every page of the console in a real browser: no finding of axe, no page wider than the screen, no script error, and
no word that staff took for something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from bot.records import SuggestedQuestion
from bot.triage.curating.draft import Draft
from bot.triage.seeding import seed
from bot.triage.tickets.queue import Filter
from tests.triage.queues import first_word

from .chatting import violations
from .desks import PASSWORD, Console, a_console
from .factories import chat
from .serving import serving
from .test_staff_routes import methods, rules

pytestmark = [pytest.mark.browser]

SCREENS = [("light", 1280), ("dark", 390)]
# What staff took for something else, and is called otherwise now.
OLD_WORDS = (
    "Nobody's", "Asks something like", "Keep this filter", "Begin with it", "Answer for everyone: make it", "its floor",
    "Leans on", "What became of it", "golden set", "another first answer", "newly lost", "The chat as a whole",
    "Keys of its server", "of those who voted", "Hours until staff", "More rows", "Present password", "Second factor",
    "platform's clock", "What happened", "Who asks", "Nothing fits", "unanswered_", "referred_", "smalltalk_",
)  # fmt: skip
# What is no page.
FILES = re.compile(r"\.(svg|csv|jsonl?|md)$|/tick$|/sign-in(/oidc.*)?$|/recovery-codes$")


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Console:
    here = a_console(f"sqlite:///{tmp_path_factory.mktemp('console')}/bot.sqlite3", live_sites=True)
    questions = [SuggestedQuestion(f"{word} or not?", "gene") for word in ("sleep", "food", "school", "travel")]
    seed(here.database, questions, first_word, turns=300, tickets=30)
    family = here.app.test_client()
    answer = chat(family, "zebra?").json
    family.post("/api/v1/handoff", json={"turn_id": answer["turn_id"], "contact": "ada@example.org"})
    here.add("boss", "admin")
    return here


@pytest.fixture(scope="module")
def ids(console: Console) -> dict[str, str]:
    """An id for each argument of an address."""
    desk = console.desk
    by = next(one for one in desk.accounts.all() if one.name == "boss")
    ticket = next(
        row for row in desk.queue.page(Filter(status="any")).rows if row.words and row.words.startswith("zebra")
    )
    whole = desk.tickets.read(ticket.id)
    assert whole is not None
    gap = next(iter(desk.gaps.of(26)))
    draft = Draft(("Do zebras sleep?",), "They do.", "Sam")
    boss = console.client()
    boss.sign_in("boss")
    site = boss.post(
        "/staff/sites", page="/staff/sites/new", name="Sunflower", origins="https://a.example", tags="", country="GB",
        greeting="", accent_light="", accent_dark="", languages="en", contact_url="", client_per_minute=1,
        site_per_minute=1,
    )  # fmt: skip
    assert site.status_code == 200
    return {
        "staff.ticket": ticket.id, "staff.suggestions": ticket.id, "staff.conversation": whole.askings[0].turn_id,
        "staff.gaps_detail": gap.ticket_id,
        "curated_id": desk.curating.begin(draft, by=by), "site_id": next(iter(desk.sites.snapshot().sites)),
        "webhook_id": desk.webhooks.add("https://hook.example/", ["ticket.urgent"], with_words=False, by=by)[0],
    }  # fmt: skip


def pages(console: Console, ids: dict[str, str]) -> Iterator[str]:
    for rule in rules(console.app):
        if "GET" in methods(rule) and not FILES.search(rule.rule):
            values = {name: ids.get(rule.endpoint) or ids[name] for name in rule.arguments}
            yield rule.build(values)[1]  # type: ignore[index]


@pytest.mark.parametrize(("scheme", "width"), SCREENS)
def test_every_page_can_be_used_by_everybody(
    console: Console, ids: dict[str, str], browser: Browser, scheme: str, width: int
) -> None:
    found: dict[str, object] = {}
    with ExitStack() as stack:
        page = _signed_in(console, browser, stack, scheme, width)
        for path in pages(console, ids):
            page.goto(path)
            wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            said = page.locator("main").inner_text()
            faults = [*violations(page), *(word for word in OLD_WORDS if word in said), *re.findall(r"\d %", said)]
            if faults or wide:
                found[path] = (faults, wide)
    assert found == {}


def _signed_in(console: Console, browser: Browser, stack: ExitStack, scheme: str, width: int) -> Page:
    origin = stack.enter_context(serving(console.app))
    context = browser.new_context(
        base_url=origin,
        color_scheme=scheme,
        viewport={"width": width, "height": 900},  # type: ignore[arg-type]
    )
    stack.callback(context.close)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    stack.callback(lambda: faults and pytest.fail(str(faults)))
    page.goto("/staff/sign-in")
    assert violations(page) == []
    page.get_by_label("Name").fill("boss")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/staff/")
    return page
