"""The commands as a person types them, in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.indexing.store import PARTIAL_PREFIX, BuildStore
from tests.patience import soon
from tests.structure.tree import TOP

SMALL = TOP / "tests" / "small_corpus"


def bot(*words: str, index: Path) -> subprocess.CompletedProcess[str]:
    """Run a command with an index to its end."""
    return bot_without_index(*words, "--index", str(index))


def bot_without_index(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
    )


@pytest.mark.model
def test_ingest_ask_search_and_going_back(tmp_path: Path) -> None:
    index = tmp_path / "indexes"
    first = bot("ingest", "--corpus", str(SMALL), "--json", index=index)
    assert first.returncode == 0, first.stderr
    report = json.loads(first.stdout)
    assert report["embedded"] == report["counts"]["passages"]

    answer = json.loads(bot("ask", "what is a gene", "--json", index=index).stdout)
    assert answer["status"] == "answered"
    assert answer["build"] == report["build"]

    asked = tmp_path / "asked.jsonl"
    asked.write_text(
        '{"_id": "1", "text": "what is a gene"}\n{"_id": "2", "turns": [{"text": "what is a gene"}, {"text": ""}]}\n'
    )
    one, two = map(json.loads, bot("ask", "--file", str(asked), index=index).stdout.splitlines())
    assert one["answer"]["snippets"][0]["source"]["id"] == "genes"
    assert [given["status"] for given in two["answers"]] == ["answered", "rejected_empty"]

    run = tmp_path / "run.txt"
    assert bot("search", "--queries", str(asked.with_name("q.jsonl")), "--run", str(run), index=index).returncode == 1
    asked.with_name("q.jsonl").write_text('{"_id": "1", "text": "gene"}\n')
    assert bot("search", "--queries", str(asked.with_name("q.jsonl")), "--run", str(run), index=index).returncode == 0
    assert run.read_text().startswith("1 Q0 genes 1 ")

    again = json.loads(bot("ingest", "--corpus", str(SMALL), "--json", index=index).stdout)
    assert (again["embedded"], again["reused"], again["build"]) == (0, report["embedded"], report["build"])
    more = tmp_path / "more" / "explainers" / "hearts.md"
    more.parent.mkdir(parents=True)
    genes = next(SMALL.rglob("genes.md")).read_text(encoding="utf-8")
    more.write_text(genes.replace("genes", "hearts").replace("Genes", "Hearts"), encoding="utf-8")
    bot("ingest", "--corpus", str(SMALL), "--corpus", str(more.parents[1]), index=index)
    assert json.loads(bot("ingest", "--rollback", "--json", index=index).stdout)["build"] == report["build"]

    bad = tmp_path / "bad" / "bad.md"
    bad.parent.mkdir()
    bad.write_text("---\nid: other\nkind: explainer\n---\ntext\n")
    refused = bot("ingest", "--corpus", str(bad.parent), index=index)
    assert refused.returncode == 1
    assert "bad.md:" in refused.stderr
    assert json.loads(bot("ask", "what is a gene", "--json", index=index).stdout)["build"] == report["build"]
    assert bot("ask", index=index).returncode == 2


@pytest.mark.model
def test_a_source_that_is_begun_and_not_written_is_refused_with_each_line_that_is_left(tmp_path: Path) -> None:
    index = tmp_path / "indexes"
    begun = bot_without_index("new", "explainer", "ataluren", "--corpus", str(tmp_path))
    assert begun.returncode == 0, begun.stderr
    path = tmp_path / "explainers" / "ataluren.md"
    head, _, body = path.read_text().partition("\n---\n")
    lines = enumerate(body.splitlines(), start=len(head.splitlines()) + 2)
    left = [number for number, line in lines if "TODO" in line]
    refused = bot("ingest", "--corpus", str(SMALL), "--corpus", str(tmp_path / "explainers"), index=index)
    assert refused.returncode == 1
    assert all(f"ataluren.md:{number}: " in refused.stderr for number in left), refused.stderr
    assert all(f": {field}: TODO is left" in refused.stderr for field in ("summary", "key_terms", "references"))
    assert "TODO is left to write" in refused.stderr
    assert bot("ask", "what is ataluren", index=index).returncode == 1, "no Build was made of it"


@pytest.mark.model
@pytest.mark.slow
def test_an_ingest_killed_while_it_writes_leaves_the_old_build_answering(encoded: Path) -> None:
    """At every other moment: tests/indexing/test_kill.py."""
    build = BuildStore(encoded).pointed()
    assert build is not None
    command = [sys.executable, "-m", "bot", "ingest", "--corpus", str(SMALL), "--index", str(encoded)]
    with subprocess.Popen(command, cwd=TOP, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        assert soon(lambda: left_over(encoded))
        process.send_signal(signal.SIGKILL)
    assert left_over(encoded)
    answer = json.loads(bot("ask", "what is a gene", "--json", index=encoded).stdout)
    assert (answer["status"], answer["build"]) == ("answered", build.name)
    assert bot("ingest", "--corpus", str(SMALL), index=encoded).returncode == 0
    assert left_over(encoded) == []


def left_over(index: Path) -> list[str]:
    return [path.name for path in index.iterdir() if path.name.startswith(PARTIAL_PREFIX)]
