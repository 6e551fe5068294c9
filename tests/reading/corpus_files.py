"""Factories of corpus files: every test writes the few files it needs into a folder of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.reading.corpus import read_corpus

if TYPE_CHECKING:
    from pathlib import Path

    from bot.records import Source

EXPLAINER = """\
---
id: {slug}
kind: explainer
title: What Is a Weather Diary?
summary: A weather diary is a daily note of the sky.
reviewed_on: 2026-10-01
---

## Plain-English explanation

A **weather diary** is a notebook. You write in it [every day](https://example.org/days).

## Why it matters

Small changes are easy to forget.

## How it works

You need:

- a pencil
- a *window*

Then you look outside.
"""

CARD = """\
---
title: A Talk About Clouds
guest: Ada Lowe
host: Ben Ray
summary: Ada Lowe explains clouds to Ben Ray.
{more}
---
"""


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """A file in the folder, with the folders above it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def write_explainer(folder: Path, slug: str = "weather-diary", text: str = EXPLAINER) -> Path:
    """An explainer in the folder ``explainers``."""
    return write(folder, f"explainers/{slug}.md", text.replace("{slug}", slug))


def write_interview(folder: Path, transcript: str, *, name: str = "transcript.vtt", more: str = "") -> Path:
    """An interview about clouds with its transcript; the folder of both."""
    write(folder, "interviews/clouds/interview.md", CARD.replace("{more}", more))
    return write(folder, f"interviews/clouds/{name}", transcript).parent


def write_beir(folder: Path, *lines: dict[str, Any] | str) -> Path:
    """A ``corpus.jsonl`` of these lines."""
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return write(folder, "corpus.jsonl", text + "\n")


def read_one(path: Path) -> Source:
    """The only source in a path."""
    (source,) = read_corpus([path])
    return source
