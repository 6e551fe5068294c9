"""The drill: a backup is made and restored by the pages, and what families removed since stays removed."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest

from tests.live_server import Server
from tests.operations.pages import block_with, blocks_of, run
from tests.operations.served import ask, empty_database, is_kept, serving
from tests.real_postgres import RealPostgres

pytestmark = pytest.mark.slow


def removed(server: Server, conversation: str) -> None:
    request = urllib.request.Request(f"{server.address}/api/v1/conversations/{conversation}", method="DELETE")
    with urllib.request.urlopen(request, timeout=server.patience_s) as response:
        assert response.status == 200


def the_only(folder: Path, pattern: str) -> str:
    (found,) = folder.glob(pattern)
    return str(found)


def test_a_restored_postgresql_has_what_was_kept_and_not_what_families_removed_since(
    postgres: RealPostgres, index: Path, tmp_path: Path
) -> None:
    url, restored_url = empty_database(postgres, "drilled"), empty_database(postgres, "restored")
    backups = tmp_path / "backups"
    backups.mkdir()
    settings = {"DATABASE_URL": url, "RESTORED_URL": restored_url, "BACKUPS": str(backups)}
    with serving(tmp_path / "before", index, url) as server:
        kept, gone = ask(server), ask(server, "heart")
        assert run(block_with("backup", "pg_dump"), tmp_path, settings).splitlines()[-1] == "1"
        removed(server, gone)
        late = ask(server, "sleep")
    settings["BACKUP"] = the_only(backups, "bot-*.dump")
    told = run(block_with("restore", "pg_restore"), tmp_path, settings)
    assert told.strip().splitlines()[-1].startswith("2|")
    run(block_with("restore", "still-there restored > removed-since"), tmp_path, settings)
    with serving(tmp_path / "after", index, restored_url) as server:
        assert is_kept(server, gone)
        run(block_with("restore", "removed-since\nDATABASE_URL"), tmp_path, {**settings, "HOST": server.address})
        assert [is_kept(server, each) for each in (kept, gone, late)] == [True, False, False]
    assert not (tmp_path / "removed-since").exists()


def test_a_restored_sqlite_file_has_what_was_kept(index: Path, tmp_path: Path) -> None:
    file, backups = tmp_path / "var" / "bot.sqlite3", tmp_path / "backups"
    backups.mkdir()
    file.parent.mkdir()
    settings = {"DATABASE_FILE": str(file), "BACKUPS": str(backups)}
    with serving(tmp_path / "before", index, f"sqlite:///{file}") as server:
        kept = ask(server)
        # While the service writes: what stands in the log beside the file is in the copy as well.
        assert "ok" in run(block_with("backup", "integrity_check"), tmp_path, settings)
        late = ask(server, "heart")
    settings["BACKUP"] = the_only(backups, "bot-*.sqlite3")
    run(block_with("restore", "mkdir"), tmp_path, settings)
    assert (file.parent / "before" / file.name).is_file()
    with serving(tmp_path / "after", index, f"sqlite:///{file}") as server:
        assert [is_kept(server, each) for each in (kept, late)] == [True, False]


@pytest.mark.parametrize("suffix", ["dump", "sqlite3"])
def test_backups_go_when_they_are_older_than_what_they_hold_may_be(suffix: str, tmp_path: Path) -> None:
    old, new = tmp_path / f"bot-2026-01-01.{suffix}", tmp_path / f"bot-2026-02-20.{suffix}"
    for path in (old, new):
        path.touch()
    lines = [block.strip().splitlines()[-1] for block in blocks_of("backup")]
    assert len(set(lines)) == 1
    run(f"touch -d '40 days ago' '{old}'; {lines[0]}", tmp_path, {"BACKUPS": str(tmp_path)})
    assert [path.exists() for path in (old, new)] == [False, True]
