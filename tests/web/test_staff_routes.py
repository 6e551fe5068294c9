"""Every route of the console, found on the map of addresses, refuses whoever it is not for."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from bot.triage.people.account import ROLES
from bot.web.staff.guard import ANYBODY, for_whom

from .desks import a_console

# Signing in is for those who are not signed in yet.
OPEN = {"staff.sign_in", "staff.signed_in", "staff.sign_in_elsewhere", "staff.signed_in_elsewhere"}


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/staff")]


def needed(app: Flask, rule: Rule) -> str | None:
    return for_whom(app.view_functions[rule.endpoint])


def methods(rule: Rule) -> set[str]:
    return (rule.methods or set()) - {"HEAD", "OPTIONS"}


def path_of(app: Flask, rule: Rule) -> str:
    # Where an address takes one of several words, the first of them.
    words = {name: sorted(getattr(converter, "items", {"x"}))[0] for name, converter in rule._converters.items()}
    return rule.build(words)[1]  # type: ignore[index]


def test_every_route_says_for_whom_it_is_and_only_signing_in_is_for_anybody(tmp_path: Path) -> None:
    app = a_console(f"sqlite:///{tmp_path}/bot.sqlite3").app
    found = {rule.endpoint: needed(app, rule) for rule in rules(app)}
    assert len(found) > 10
    assert {endpoint for endpoint, whom in found.items() if whom == ANYBODY} == OPEN
    assert {endpoint for endpoint, whom in found.items() if whom not in {ANYBODY, *ROLES}} == set()


def test_every_route_refuses_who_is_not_signed_in(tmp_path: Path) -> None:
    here = a_console(f"sqlite:///{tmp_path}/bot.sqlite3")
    stranger = here.client()
    token = stranger.token("/staff/sign-in")
    for rule in rules(here.app):
        if rule.endpoint in OPEN:
            continue
        for method in methods(rule):
            data = {"csrf_token": token} if method == "POST" else None
            response = stranger.client.open(path_of(here.app, rule), method=method, data=data)
            if method == "GET":
                assert response.status_code == 303, rule
                assert response.headers["Location"].startswith("/staff/sign-in"), rule
            else:
                assert response.status_code == 401, rule


def test_every_route_that_changes_something_is_by_post_and_refuses_a_form_without_its_token(tmp_path: Path) -> None:
    here = a_console(f"sqlite:///{tmp_path}/bot.sqlite3")
    admin = here.client("ada", "admin")
    assert {method for rule in rules(here.app) for method in methods(rule)} == {"GET", "POST"}
    stale = here.client().token("/staff/sign-in")
    for rule in rules(here.app):
        for token in ("", "forged", stale) if "POST" in methods(rule) else ():
            response = admin.client.post(path_of(here.app, rule), data={"csrf_token": token})
            assert response.status_code == 400, (rule, token)
    assert admin.get("/staff/account").status_code == 200


def test_every_route_refuses_a_role_below_its_own(tmp_path: Path) -> None:
    here = a_console(f"sqlite:///{tmp_path}/bot.sqlite3")
    people = {role: here.client(f"person.{role}", role) for role in ROLES}
    refused = 0
    for rule in rules(here.app):
        whom = needed(here.app, rule)
        if whom == ANYBODY:
            continue
        for role in ROLES[: ROLES.index(whom)]:  # type: ignore[arg-type]
            for method in methods(rule):
                data = {"csrf_token": people[role].token()} if method == "POST" else None
                response = people[role].client.open(path_of(here.app, rule), method=method, data=data)
                assert response.status_code == 403, (rule, role)
                refused += 1
    assert refused > 5


def test_a_route_that_says_nothing_is_refused_to_everybody(tmp_path: Path) -> None:
    here = a_console(f"sqlite:///{tmp_path}/bot.sqlite3")
    admin = here.client("ada", "admin")
    here.app.view_functions["staff.people"] = lambda: "open"
    assert admin.get("/staff/people").status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/staff/sign-in", "/staff/account", "/staff/people", "/staff/audit", "/staff/nothing", "/staff/overview",
        "/staff/gaps", "/staff/sites", "/staff/sites/new", "/staff/safety", "/staff/settings", "/staff/webhooks",
        "/staff/curated",
    ],
)  # fmt: skip
def test_every_page_keeps_scripts_frames_and_caches_out(tmp_path: Path, path: str) -> None:
    headers = a_console(f"sqlite:///{tmp_path}/bot.sqlite3").client("ada", "admin").get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert policy.endswith("frame-ancestors 'none'")
    assert headers["Cache-Control"] == "no-store"


# Whose the thing is that an address names: one account's own, or everybody's who has the role. A new address with a
# name in it has to be put here, and a thing of one account needs a test that others are refused.
ONES_OWN = {"drop_unsent", "drop_view", "end_session", "keep_unsent", "undo"}
EVERYBODYS = {
    "add_note", "add_wordings", "approve_curated", "ask_again", "bank_wordings", "begin_explainer", "change_canned",
    "change_person", "curated_bank_lines", "end_colleagues_session", "here", "suggestions",
    "change_ticket", "change_webhook", "conversation", "curated_detail", "curated_effects", "curated_markdown",
    "discard_edit", "drop_canned", "edit_curated", "edit_site", "gaps_detail", "keep_edited", "merge_ticket",
    "overview_chart",
    "remove_webhook", "reply", "retire_curated", "rotate_webhook", "save_site", "send_again", "show_contact",
    "sites_detail", "split_ticket", "switch_site", "test_webhook", "ticket", "webhooks_detail", "withdraw_reply",
}  # fmt: skip


def test_of_every_address_that_names_something_it_is_known_whose_that_is(tmp_path: Path) -> None:
    app = a_console(f"sqlite:///{tmp_path}/bot.sqlite3").app
    named = {rule.endpoint.removeprefix("staff.") for rule in rules(app) if rule.arguments}
    assert named == ONES_OWN | EVERYBODYS


def test_nobody_forgets_the_view_of_another(tmp_path: Path) -> None:
    here = a_console(f"sqlite:///{tmp_path}/bot.sqlite3")
    amir, bea = here.client("amir"), here.client("bea", "admin")
    assert amir.post("/staff/views", name="Zebras", query="status=pending").status_code == 303
    owner = next(one for one in here.desk.accounts.all() if one.name == "amir")
    (view,) = here.desk.keeping.views(owner.id)
    assert "Zebras" not in bea.get("/staff/").text
    assert bea.post(f"/staff/views/{view.id}/drop").status_code == 404
    assert "Zebras" in amir.get("/staff/").text
    assert amir.post(f"/staff/views/{view.id}/drop").status_code == 303
    assert "Zebras" not in amir.get("/staff/").text


def test_another_host_in_the_request_leads_nowhere_else(tmp_path: Path) -> None:
    here = a_console(f"sqlite:///{tmp_path}/bot.sqlite3", base_url="https://answers.example.org")
    response = here.client().get(
        "/staff/tickets/x", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    )
    assert response.status_code == 303
    assert response.headers["Location"].startswith("/staff/sign-in")
