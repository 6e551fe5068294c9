"""A second node, set up by the commands of the page, goes on with what the first began."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.operations.pages import block_with, run
from tests.operations.served import ask, empty_database, is_kept, serving
from tests.real_postgres import RealPostgres

pytestmark = pytest.mark.slow
KEYS = {"BOT_SECRET_KEY": "s" * 40}


def test_a_second_node_answers_for_what_the_first_began(postgres: RealPostgres, index: Path, tmp_path: Path) -> None:
    url, other = empty_database(postgres, "nodes"), tmp_path / "other"
    settings = {"DATABASE_URL": url, "BOT_INDEX": str(index), "NODE_2_INDEX": str(other)}
    assert "[" in run(block_with("second-node", "NODE_2_INDEX"), tmp_path, settings)
    run(block_with("second-node", "bot migrate"), tmp_path, settings)
    with (
        serving(tmp_path / "one", index, url, **KEYS) as first,
        serving(tmp_path / "two", other, url, **KEYS) as second,
    ):
        conversation = ask(first)
        settings |= {"NODE_2": second.address, "CONVERSATION": conversation}
        run(block_with("second-node", "readyz"), tmp_path, settings)
        assert ask(second, "heart", conversation_id=conversation) == conversation
        assert is_kept(first, conversation)
