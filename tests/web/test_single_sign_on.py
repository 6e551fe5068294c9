"""Staff sign in with their organisation, beside passwords; what the provider says decides what they may do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from joserfc.jwk import RSAKey

from bot.triage.people.federating import Federating
from bot.triage.people.oidc import OpenIdConnect, Provider

from .desks import Browser, Console, a_console
from .identity import CLIENT, SECRET, Identity, an_identity

ROLES = {"admin": "rare-admins", "editor": "rare-editors", "agent": "rare-agents"}


@pytest.fixture
def identity() -> Iterator[Identity]:
    with an_identity() as found:
        yield found


@pytest.fixture
def here(database_url: str, identity: Identity) -> Console:
    console = a_console(database_url, second_factor_required=True)
    provider = OpenIdConnect(Provider(identity.issuer, CLIENT, SECRET, ROLES))  # type: ignore[arg-type]
    desk = replace(console.desk, provider=provider, federating=Federating(console.database, console.desk.signing))
    console.desk = desk
    console.app.extensions["staff_desk"] = desk
    return console


def sign_in(here: Console, identity: Identity, browser: Browser | None = None, **claims: object) -> tuple[Browser, int]:
    """A browser that went to the provider and came back, and the status of its coming back."""
    browser = browser or here.client()
    identity.claims = {"sub": "one", "preferred_username": "ada", "roles": ["rare-agents"], **claims}
    sent = browser.get("/staff/sign-in/oidc?next=/staff/gaps")
    assert (sent.status_code, sent.headers["Location"].startswith(identity.issuer)) == (303, True)
    return browser, browser.get(identity.come_back(sent.headers["Location"])).status_code


def roles(here: Console) -> dict[str, str]:
    return {one.name: one.role for one in here.desk.accounts.all()}


def test_who_has_a_role_at_the_provider_is_let_in_with_it_and_needs_no_second_factor_here(
    here: Console, identity: Identity
) -> None:
    assert "Sign in with your organisation" in here.client().get("/staff/sign-in").text
    ada, status = sign_in(here, identity, roles=["other", "rare-editors", "rare-agents"])
    assert status == 303
    assert roles(here) == {"ada": "editor"}
    assert ada.get("/staff/gaps").status_code == 200
    sign_in(here, identity, preferred_username="ada lovelace", roles="rare-admins")
    assert roles(here) == {"ada": "admin"}, "the same person by another name"


def test_who_has_none_is_not_let_in_and_who_lost_it_neither(here: Console, identity: Identity) -> None:
    _, status = sign_in(here, identity, roles=["staff"])
    assert (status, roles(here)) == (401, {})
    assert sign_in(here, identity)[1] == 303
    assert sign_in(here, identity, roles=[])[1] == 401


def test_an_account_with_a_password_is_not_taken_over_by_its_name(here: Console, identity: Identity) -> None:
    here.add("ada", "admin")
    browser, status = sign_in(here, identity, roles=["rare-admins"])
    assert status == 401
    assert browser.get("/staff/people").status_code == 303


def test_a_disabled_account_stays_out(here: Console, identity: Identity) -> None:
    sign_in(here, identity)
    here.desk.accounts.disable("ada", by="tests")
    assert sign_in(here, identity)[1] == 401


@pytest.mark.parametrize(
    "claims",
    [{"aud": "another"}, {"iss": "https://another.example"}, {"nonce": "old"}, {"exp": 1}, {"sub": None}],
    ids=["for another service", "of another provider", "of another sign-in", "too old", "of nobody"],
)
def test_a_token_that_is_not_for_this_sign_in_lets_nobody_in(
    here: Console, identity: Identity, claims: dict[str, object]
) -> None:
    assert sign_in(here, identity, **claims)[1] == 401
    assert roles(here) == {}


def test_a_token_that_another_signed_lets_nobody_in(here: Console, identity: Identity) -> None:
    identity.signs_with = RSAKey.generate_key(2048, parameters={"kid": "one"})
    assert sign_in(here, identity)[1] == 401


def test_a_browser_that_was_not_sent_cannot_come_back(here: Console, identity: Identity) -> None:
    sent = here.client().get("/staff/sign-in/oidc")
    back = identity.come_back(sent.headers["Location"])
    assert here.client().get(back).status_code == 401
    identity.claims = {"preferred_username": "ada", "roles": ["rare-agents"]}
    other, _ = here.client(), here.client().get("/staff/sign-in/oidc")
    other.get("/staff/sign-in/oidc")
    assert other.get(back).status_code == 401


def test_without_a_provider_there_is_no_such_page(tmp_path: object) -> None:
    console = a_console(f"sqlite:///{tmp_path}/bot.sqlite3")
    assert console.client().get("/staff/sign-in/oidc").status_code == 404
    assert "organisation" not in console.client().get("/staff/sign-in").text
