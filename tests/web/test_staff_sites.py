"""Sites, the switch, the safety data, settings and the audit log on screen."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.sites.live import LiveSites
from bot.sites.store import SiteStore
from bot.storage.audit import AuditLog
from bot.storage.tables import Base

from .desks import Browser, Console, a_console
from .factories import chat

SITE = {
    "name": "Sunflower families", "origins": "https://sunflower.example\r\nhttps://*.sunflower.example",
    "tags": "heart\nlungs", "country": "GB", "greeting": "Hello", "accent_light": "#1d5c5a", "accent_dark": "",
    "languages": "en es",
    "contact_url": "mailto:hello@sunflower.example", "client_per_minute": "60", "site_per_minute": "600",
}  # fmt: skip


@pytest.fixture
def here(tmp_path: Path) -> Console:
    url = f"sqlite:///{tmp_path}/bot.sqlite3"
    return a_console(url, live_sites=True)


def added(boss: Browser) -> tuple[str, str]:
    """The path of a new site, and the page that followed."""
    page = boss.post("/staff/sites", page="/staff/sites/new", **SITE)
    found = re.search(r'href="(/staff/sites/site_[a-z0-9]+)/edit"', page.text)
    assert found is not None, page.text
    return found[1], page.text


def seen(boss: Browser, path: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', boss.get(f"{path}/edit").text)
    assert found is not None
    return found[1]


def actions(here: Console) -> list[str]:
    return [entry.action for entry in AuditLog(here.database).entries() if entry.action.startswith(("site.", "chat."))]


def test_a_site_is_added_as_by_the_command_and_its_key_is_shown_once(here: Console) -> None:
    boss = here.client("ada", "admin")
    path, page = added(boss)
    (site,) = here.desk.sites.snapshot().sites.values()
    assert site.origins == ("https://sunflower.example", "https://*.sunflower.example")
    assert (site.tags, site.languages, site.country, site.accent_dark) == (("heart", "lungs"), ("en", "es"), "GB", None)
    (key,) = re.findall(r'<code class="big">([^<]+)</code>', page)
    assert here.desk.sites.snapshot().keys
    assert key not in boss.get(path).text
    assert f"data-site=&#34;{site.id}&#34;" in page or f'data-site="{site.id}"' in page
    assert actions(here) == ["site.add"]


def test_what_the_command_refuses_is_refused_with_its_words_and_what_was_typed_stays(here: Console) -> None:
    boss = here.client("ada", "admin")
    bad = boss.post("/staff/sites", page="/staff/sites/new", **{**SITE, "accent_light": "#ffff00"})
    assert bad.status_code == 422
    assert "with a contrast of" in bad.text
    assert 'value="Sunflower families"' in bad.text
    assert (
        boss.post("/staff/sites", page="/staff/sites/new", **{**SITE, "origins": "http://plain.example"}).status_code
        == 422
    )
    assert here.desk.sites.snapshot().sites == {}


def test_the_second_of_two_who_edit_is_told_and_nothing_is_overwritten(here: Console) -> None:
    ada, bea = here.client("ada", "admin"), here.client("bea", "admin")
    path, _ = added(ada)
    before = seen(ada, path)
    assert ada.post(f"{path}/edit", **{**SITE, "greeting": "Welcome", "seen": before}).status_code == 303
    late = bea.post(f"{path}/edit", **{**SITE, "greeting": "Hi", "seen": before})
    assert late.status_code == 409
    assert 'value="Hi"' in late.text
    (site,) = here.desk.sites.snapshot().sites.values()
    assert site.greeting == "Welcome"


def test_a_site_is_switched_off_and_gets_another_key(here: Console) -> None:
    boss = here.client("ada", "admin")
    path, page = added(boss)
    assert boss.post(f"{path}/disable").status_code == 303
    assert '<span class="tag late">off</span>' in boss.get("/staff/sites").text
    rotated = boss.post(f"{path}/rotate_at_once").text
    assert re.findall(r'<code class="big">([^<]+)</code>', rotated) != re.findall(
        r'<code class="big">([^<]+)</code>', page
    )
    assert len(here.desk.sites.keys_of(path.rsplit("/", 1)[1])) == 1
    assert actions(here) == ["site.rotate_at_once", "site.disable", "site.add"]
    assert boss.post("/staff/sites/site_nothing/disable").status_code == 404


def test_the_chat_is_closed_for_all_with_a_reason_and_every_page_of_the_console_says_so(here: Console) -> None:
    boss, amir = here.client("ada", "admin"), here.client("amir")
    assert boss.post("/staff/switch", do="close", reason=" ").status_code == 303
    assert chat(here.app.test_client(), "What is a digital twin?").status_code == 200
    boss.post("/staff/switch", do="close", reason="A wrong answer")
    assert chat(here.app.test_client(), "What is a digital twin?").status_code == 503
    for page in ("/staff/", "/staff/overview"):
        told = " ".join(re.sub(r"<[^>]+>", "", amir.get(page).text).split())
        assert "The chat is closed on every site, by ada just now: A wrong answer." in told
    assert amir.post("/staff/switch", do="open").status_code == 403
    boss.post("/staff/switch", do="open")
    assert chat(here.app.test_client(), "What is a digital twin?").status_code == 200
    details = [
        (entry.action, entry.detail) for entry in AuditLog(here.database).entries() if entry.action[:5] == "chat."
    ]
    assert details == [("chat.open", ""), ("chat.close", "A wrong answer")]


def test_the_safety_data_says_who_reviewed_it_and_can_be_searched_and_tried(here: Console) -> None:
    amir = here.client("amir")
    page = amir.get("/staff/safety").text
    assert "no clinician has read it" in page
    assert "988 Suicide and Crisis Lifeline" in page
    found = amir.get("/staff/safety?kind=crisis&words=goodbye").text
    assert re.search(r"\d+ of \d+ groups", found)
    assert "<strong>Sent to emergency help</strong>" in amir.post("/staff/safety", message="I cannot breathe").text
    assert "tickets" in amir.get("/staff/").text
    assert here.desk.queue.urgent() == 0


def test_settings_are_shown_without_secrets(here: Console) -> None:
    boss = here.client("ada", "admin")
    assert "Turns are kept for 30 days" in boss.get("/staff/settings").text


def test_purging_now_removes_what_is_old_and_only_when_one_is_sure(here: Console) -> None:
    boss = here.client("ada", "admin")
    for question in ("zebra?", "lion?"):
        chat(here.app.test_client(), question)
    turn = Base.metadata.tables["turn"]
    with here.database.statement() as connection:
        old = {"asked_at": datetime.now(UTC) - timedelta(days=31)}
        connection.execute(update(turn).where(turn.c.question == "zebra?").values(**old))
    assert "1 are older now" in boss.get("/staff/settings").text
    boss.post("/staff/settings/purge")
    assert here.desk.turns.count_before(datetime.now(UTC)) == 2
    boss.post("/staff/settings/purge", sure="yes")
    assert here.desk.turns.count_before(datetime.now(UTC)) == 1
    assert "turns.purge" in boss.get("/staff/audit?action=turns.").text


def test_the_audit_log_is_filtered_and_given_as_a_file_without_formulas(here: Console) -> None:
    boss = here.client("ada", "admin")
    log = AuditLog(here.database)
    log.add("=cmd()", "reply.send", object="-1", detail="@SUM(A1)")
    log.add("bea", "contact.show", object="x")
    assert "contact.show" not in boss.get("/staff/audit?action=reply.").text.split("<tbody>")[1]
    assert "reply.send" not in boss.get("/staff/audit?account=bea").text.split("<tbody>")[1]
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    assert "Nothing yet." in boss.get(f"/staff/audit?since={tomorrow}").text
    rows = list(csv.DictReader(io.StringIO(boss.get("/staff/audit.csv?action=reply.").text)))
    assert [(row["account"], row["object"], row["detail"]) for row in rows] == [("'=cmd()", "'-1", "'@SUM(A1)")]


def test_the_sites_of_the_console_are_those_that_families_meet(here: Console) -> None:
    added(here.client("ada", "admin"))
    (site,) = (LiveSites(SiteStore(here.database)).find(next(iter(here.desk.sites.snapshot().sites))),)
    assert site is not None
    assert site.name == "Sunflower families"
