"""The commands as a person types them, in processes of their own."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
TEXT = "---\nid: {0}\nkind: explainer\ntitle: {1}\nsummary: {1} in short.\n---\n\n## Plain-English explanation\n\n{2}\n"


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


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small explainers."""
    folder = tmp_path_factory.mktemp("corpus") / "explainers"
    folder.mkdir()
    (folder / "genes.md").write_text(TEXT.format("genes", "Genes", "A gene is a stretch of DNA that cells read."))
    (folder / "sleep.md").write_text(
        TEXT.format("sleep", "Sleep", "Sleep is the rest that every brain needs at night.")
    )
    return folder.parent


@pytest.mark.model
def test_ingest_ask_search_and_going_back(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "indexes"
    first = bot("ingest", "--corpus", str(corpus), "--json", index=index)
    assert first.returncode == 0, first.stderr
    report = json.loads(first.stdout)
    assert report["embedded"] == report["counts"]["passages"]

    answer = json.loads(bot("ask", "what is a gene", "--json", index=index).stdout)
    assert answer["status"] == "answered"
    assert answer["build"] == report["build"]

    asked = tmp_path / "asked.jsonl"
    asked.write_text(
        '{"_id": "1", "text": "what is a gene"}\n{"_id": "2", "turns": [{"text": "what is sleep"}, {"text": ""}]}\n'
    )
    one, two = map(json.loads, bot("ask", "--file", str(asked), index=index).stdout.splitlines())
    assert one["answer"]["snippets"][0]["source"]["id"] == "genes"
    assert [given["status"] for given in two["answers"]] == ["answered", "rejected_empty"]

    run = tmp_path / "run.txt"
    assert bot("search", "--queries", str(asked.with_name("q.jsonl")), "--run", str(run), index=index).returncode == 1
    asked.with_name("q.jsonl").write_text('{"_id": "1", "text": "gene"}\n')
    assert bot("search", "--queries", str(asked.with_name("q.jsonl")), "--run", str(run), index=index).returncode == 0
    assert run.read_text().startswith("1 Q0 genes 1 ")

    # What is ingested again unchanged is no other Build, so that going back leads to other words.
    again = json.loads(bot("ingest", "--corpus", str(corpus), "--json", index=index).stdout)
    assert (again["embedded"], again["reused"]) == (0, report["embedded"])
    assert (again["build"], again["is_new"]) == (report["build"], False)
    assert bot("ingest", "--rollback", index=index).returncode == 1
    more = TEXT.format("rest", "Rest", "Rest is what a tired body asks for.")
    (tmp_path / "rest.md").write_text(more)
    both = ("--corpus", str(corpus), "--corpus", str(tmp_path / "rest.md"))
    changed = json.loads(bot("ingest", *both, "--json", index=index).stdout)
    assert changed["is_new"]
    assert changed["build"] != report["build"]
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
def test_a_source_that_is_begun_and_not_written_is_refused_with_each_line_that_is_left(
    corpus: Path, tmp_path: Path
) -> None:
    index = tmp_path / "indexes"
    begun = bot_without_index("new", "explainer", "ataluren", "--corpus", str(tmp_path))
    assert begun.returncode == 0, begun.stderr
    checked = json.loads(bot_without_index("check", "--corpus", str(tmp_path), "--json").stdout)
    left = [found["line"] for found in checked["findings"] if found["rule"] == "unfinished"]
    assert len(left) > 5
    refused = bot("ingest", "--corpus", str(corpus), "--corpus", str(tmp_path / "explainers"), index=index)
    assert refused.returncode == 1
    assert all(f"ataluren.md:{number}: " in refused.stderr for number in left), refused.stderr
    assert "TODO is left to write" in refused.stderr
    assert bot("ask", "what is ataluren", index=index).returncode == 1, "no Build was made of it"


@pytest.mark.model
@pytest.mark.slow
def test_an_ingest_killed_at_any_moment_leaves_the_old_build_answering(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "indexes"
    began = time.monotonic()
    build = json.loads(bot("ingest", "--corpus", str(corpus), "--json", index=index).stdout)["build"]
    whole = time.monotonic() - began
    draw = random.Random(9)
    for _ in range(int(os.environ.get("KILLS", "4"))):
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "ingest", "--corpus", str(corpus), "--index", str(index)],
            cwd=TOP,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(draw.uniform(0.3, 1.0) * whole)
        process.send_signal(signal.SIGKILL)
        process.wait()
        answer = json.loads(bot("ask", "what is a gene", "--json", index=index).stdout)
        assert answer["status"] == "answered"
    assert bot("ingest", "--corpus", str(corpus), index=index).returncode == 0
    assert [path.name for path in index.iterdir() if path.name.startswith(".partial")] == []
    assert build
