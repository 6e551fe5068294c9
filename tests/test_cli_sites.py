"""The commands of sites, as an operator types them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.sites.keys import digest_of
from bot.sites.store import SiteStore
from bot.storage.connections import Database
from bot.storage.memory import TurnStore
from tests.sites.pictures import a_png
from tests.storage.stores import a_turn


class Desk:
    """A command line with a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder}/var/bot.sqlite3"
        self.index = str(folder / "indexes")

    def run(self, *words: str, **settings: str) -> Result:
        environment = {"DATABASE_URL": self.url, "BOT_INDEX": self.index, **settings}
        return CliRunner().invoke(main, list(words), env=environment)

    def data(self, *words: str) -> Any:
        result = self.run(*words, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def store(self) -> SiteStore:
        return SiteStore(Database(self.url))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_site_is_added_with_all_that_can_be_said_of_it(desk: Desk) -> None:
    made = desk.data(
        "site", "add", "--name", "Partner Hospital", "--origin", "https://A.example/", "--origin", "https://*.b.example",
        "--tag", "genetics", "--country", "gb", "--greeting", "Hello", "--accent-light", "#7A1F5C", "--language", "es",
        "--contact-url", "mailto:help@a.example", "--client-per-minute", "5", "--site-per-minute", "0", "--voice",
    )  # fmt: skip
    key = made.pop("key")
    shown = desk.data("site", "show", made["id"])
    assert shown.pop("keys")[0]["last_used_on"] is None
    assert shown == made
    assert made["origins"] == ["https://a.example", "https://*.b.example"]
    assert (made["country"], made["accent_light"], made["languages"], made["voice"]) == ("GB", "#7a1f5c", ["es"], True)
    assert key.startswith("key_")
    assert desk.data("site", "list") == [made]


def test_a_logo_is_kept_with_its_site_and_taken_away_by_an_empty_name(desk: Desk, tmp_path: Path) -> None:
    picture, drawing = tmp_path / "logo.png", tmp_path / "logo.svg"
    picture.write_bytes(a_png())
    drawing.write_text("<svg/>", encoding="utf-8")
    made = desk.data("site", "add", "--name", "Partner", "--logo", str(picture))
    assert desk.store().logo(made["logo"]) == a_png()
    for path, found in ((drawing, "no PNG"), (tmp_path / "none.png", "No such file")):
        refused = desk.run("site", "edit", made["id"], "--logo", str(path))
        assert refused.exit_code != 0
        assert found in refused.output
    assert desk.data("site", "show", made["id"])["logo"] == made["logo"]
    assert desk.data("site", "edit", made["id"], "--logo", "")["logo"] is None


def test_the_key_and_the_line_to_paste_are_printed_once(desk: Desk) -> None:
    result = desk.run("site", "add", "--name", "Partner", BOT_PUBLIC_URL="https://answers.example")
    identifier, key, line = result.stdout.splitlines()
    assert (
        line == f'<script async src="https://answers.example/widget.js" data-site="{identifier.split()[0]}"></script>'
    )
    assert "once" in result.stderr
    assert "No page may show the chat yet" in result.stderr
    assert digest_of(key) in desk.store().snapshot().keys
    later = desk.run("site", "show", identifier.split()[0]).output + desk.run("site", "list").output
    assert key not in later


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--origin", "http://partner.example"], "https"),
        (["--accent-light", "#ff8800"], "2.04"),
        (["--country", "ZZ"], "US, GB, EU, CA, AU, other"),
        (["--client-per-minute", "many"], "integer"),
    ],
)
def test_what_is_typed_wrong_is_usage_and_nothing_is_kept(desk: Desk, options: list[str], found: str) -> None:
    result = desk.run("site", "add", "--name", "Partner", *options)
    assert result.exit_code == 2
    assert found in result.output
    assert desk.data("site", "list") == []


def test_an_edit_changes_what_is_given_and_an_empty_value_takes_it_away(desk: Desk) -> None:
    made = desk.data(
        "site", "add", "--name", "Partner", "--tag", "a", "--greeting", "Hello", "--origin", "https://a.example"
    )
    made.pop("key")
    changed = desk.data("site", "edit", made["id"], "--tag", "b", "--tag", "c", "--country", "US")
    assert changed == {**made, "tags": ["b", "c"], "country": "US"}
    cleared = desk.data("site", "edit", made["id"], "--tag", "", "--greeting", "", "--origin", "")
    assert (cleared["tags"], cleared["greeting"], cleared["origins"]) == ([], None, [])
    assert desk.run("site", "edit", made["id"], "--name", "").exit_code == 2


def test_a_site_is_switched_off_and_on_and_all_of_them_too(desk: Desk) -> None:
    site = desk.data("site", "add", "--name", "Partner")["id"]
    assert desk.data("site", "disable", site) == {"site": site, "enabled": False}
    assert not desk.data("site", "show", site)["enabled"]
    assert desk.data("site", "enable", site)["enabled"]
    assert desk.run("close").exit_code == 0
    assert desk.store().snapshot().closed
    opened = desk.run("open", BOT_CLOSED="true")
    assert "BOT_CLOSED" in opened.stderr
    assert not desk.store().snapshot().closed


def test_a_site_that_is_not_there_fails_and_says_so(desk: Desk) -> None:
    for command, *more in (("show",), ("edit", "--name", "X"), ("enable",), ("disable",), ("rotate",), ("numbers",)):
        result = desk.run("site", command, "site_none", *more)
        assert result.exit_code == 1
        assert "site_none" in result.output


def test_a_new_key_leaves_the_old_one_a_day_unless_it_must_end_now(desk: Desk) -> None:
    made = desk.data("site", "add", "--name", "Partner")
    new = desk.data("site", "rotate", made["id"])["key"]
    kept = desk.store().snapshot().keys
    assert kept[digest_of(made["key"])].expires_at is not None
    assert kept[digest_of(new)].expires_at is None
    last = desk.run("site", "rotate", made["id"], "--at-once").stdout.strip()
    assert set(desk.store().snapshot().keys) == {digest_of(last)}


def test_numbers_are_counts_and_shares(desk: Desk) -> None:
    site = desk.data("site", "add", "--name", "Partner")["id"]
    turns = TurnStore(Database(desk.url))
    for number, status in enumerate(("answered", "answered", "unanswered_no_match", "referred_crisis")):
        turns.record(a_turn(number, site=site, status=status, asked_at=datetime.now(UTC), question="secret words"))
    turns.record(a_turn(9, site=None, asked_at=datetime.now(UTC)))
    told = desk.data("site", "numbers", site, "--weeks", "2")
    assert [week["questions"] for week in told["weeks"]] == [4, 0]
    assert (told["weeks"][0]["answered_share"], told["weeks"][0]["referred"]) == (0.5, 1)
    assert told["weeks"][0]["helpful_share"] is None
    assert desk.data("site", "numbers", "default")["weeks"][0]["questions"] == 1
    plain = desk.run("site", "numbers", site, "--weeks", "1").stdout
    assert "4 questions, 50% answered, 1 referred; 0 votes, – helpful" in plain
    assert "secret" not in plain


def test_a_tag_that_no_source_has_is_said_but_kept(desk: Desk, tmp_path: Path) -> None:
    from tests.factories import make_build, source

    make_build(tmp_path / "indexes", [source("a", tags=("Genetics",))])
    result = desk.run("site", "add", "--name", "Partner", "--tag", "genetics", "--tag", "genetcs")
    assert result.exit_code == 0
    assert "No source of the current Build has the tag genetcs." in result.stderr
