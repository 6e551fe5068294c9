"""An incident: what stops it and keeps what shows it, by the commands of the page."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest

from tests.operations.pages import block_with, blocks_of, run
from tests.operations.served import ask, empty_database, serving
from tests.real_postgres import RealPostgres

pytestmark = pytest.mark.slow


def test_the_chat_is_closed_the_account_and_the_key_end_and_what_shows_it_is_kept(
    postgres: RealPostgres, index: Path, tmp_path: Path
) -> None:
    url, evidence = empty_database(postgres, "incident"), tmp_path / "evidence"
    evidence.mkdir()
    with serving(tmp_path / "served", index, url) as server:
        for name, role in (("boss", "admin"), ("taken", "agent")):
            server.run("staff", "add", name, "--role", role)
        site = json.loads(server.run("site", "add", "--name", "Partner", "--json"))["id"]
        ask(server, "zebra quokkamoon")
        settings = {"DATABASE_URL": url, "BOT_INDEX": str(index), "ACCOUNT": "taken", "SITE": site}
        for words in ("bot close", "staff disable", "--at-once"):
            run(block_with("incident", words), tmp_path, settings)
        assert json.loads((tmp_path / "new-key.json").read_text())["key"]
        people = {each["name"]: each for each in json.loads(server.run("staff", "list", "--json"))}
        assert (people["taken"]["disabled"], people["boss"]["disabled"]) == (True, False)
        run(block_with("incident", "pg_dump"), tmp_path, {**settings, "EVIDENCE": str(evidence)})
        run(block_with("incident", "bot open"), tmp_path, settings)
    written = list(csv.DictReader((evidence / "audit.csv").read_text(encoding="utf-8").splitlines()))
    assert {"account.disable", "site.rotate_at_once"} <= {entry["action"] for entry in written}
    assert "quokkamoon" not in (evidence / "audit.csv").read_text(encoding="utf-8")
    for line in (evidence / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split()
        assert hashlib.sha256((evidence / name).read_bytes()).hexdigest() == digest


def test_every_block_of_the_page_is_run_here() -> None:
    assert len(blocks_of("incident")) == 5
