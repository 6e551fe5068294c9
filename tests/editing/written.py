"""A small corpus in which there is nothing to mend, and what is found in it after something is spoilt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import yaml

from bot.editing.check import check_corpus
from bot.editing.finding import Finding

TODAY = date(2026, 11, 24)
SECTIONS = ("Plain-English explanation", "Why it matters", "How it works", "What to expect", "Questions to ask")
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def sentences(subject: str, count: int) -> Iterator[str]:
    """So many easy sentences of ten words, no two the same in any two sources."""
    for number in range(count):
        tens, ones = divmod(number, 10)
        yield f"The {subject} has a part {NUMBERS[tens]} {NUMBERS[ones]} that is here."


def body(subject: str = "cloud", *, words: int = 600) -> str:
    """Sections with so many words below their headings."""
    said = " ".join(sentences(subject, words // 10)).split() + ["And"] * (words % 10)
    size = -(-len(said) // len(SECTIONS))
    parts = (said[start : start + size] for start in range(0, len(said), size))
    return "\n\n".join(f"## {name}\n\n{' '.join(part)}" for name, part in zip(SECTIONS, parts, strict=True))


def fields(subject: str = "cloud", **other: object) -> dict[str, object]:
    """The front matter of an explainer; ``None`` takes a field out."""
    given: dict[str, object] = {
        "id": f"{subject}s",
        "kind": "explainer",
        "title": f"What is a {subject}?",
        "summary": f"A {subject} is a thing to look at.",
        "updated_on": "2026-11-20",
        "key_terms": [
            {"term": f"{subject} {name}", "definition": f"A {subject} {name} is small.", "synonyms": [subject]}
            for name in ("edge", "core", "rain")
        ],
        "related": ["clouds", "rivers", "stones"],
        "references": [
            {"title": f"The {subject}s", "publisher": "A body", "url": f"https://a.body.gov/{subject}s"},
            {"title": f"More {subject}s", "publisher": "A body", "url": f"https://doi.org/10.1000/{subject}"},
            {"title": f"All {subject}s", "publisher": "A body", "url": f"https://a.body.gov/all-{subject}s"},
        ],
        "tags": ["nature"],
    }
    given["related"] = [name for name in ("clouds", "rivers", "stones") if name != given["id"]]
    return {name: value for name, value in (given | other).items() if value is not None}


def page(front: dict[str, object], text: str) -> str:
    """A file with this front matter and text."""
    return f"---\n{yaml.safe_dump(front, sort_keys=False, allow_unicode=True, width=10_000)}---\n\n{text}\n"


def explainer(folder: Path, subject: str = "cloud", text: str | None = None, **other: object) -> Path:
    """An explainer, spoilt by these fields or by this text."""
    path = folder / "explainers" / f"{subject}s.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(fields(subject, **other), body(subject) if text is None else text), encoding="utf-8")
    return path


def corpus(folder: Path, text: str | None = None, **other: object) -> Path:
    """Three explainers; the one about clouds is spoilt by these fields or by this text."""
    explainer(folder, "river")
    explainer(folder, "stone")
    explainer(folder, "cloud", text, **other)
    return folder


CUE = "00:{0:02}:{1:02}.000 --> 00:{0:02}:{2:02}.000\n<v {3}>{4}\n"


def cues(subject: str, *, words: int) -> str:
    """Captions of ten words and three seconds each, by two speakers in turn."""
    lines = [
        CUE.format(number * 4 // 60, number * 4 % 60, number * 4 % 60 + 3, ("A parent", "A nurse")[number % 2], said)
        for number, said in enumerate(sentences(subject, words // 10 - 100), start=0)
    ]
    return "\n".join(lines)


def script(folder: Path, transcript: str, **other: object) -> Path:
    """An illustrative script about moons, beside three explainers."""
    front: dict[str, object] = {
        "title": "A parent and a nurse talk",
        "guest": "A nurse",
        "role": "Looks after children",
        "host": "A parent",
        "summary": "A parent asks a nurse. This is an illustrative script, not a recording.",
        "illustrative": True,
        "updated_on": "2026-11-20",
        "related": ["clouds", "rivers"],
        "references": fields("moon")["references"],
        "tags": ["nature"],
    }
    inside = corpus(folder) / "interviews" / "moons"
    inside.mkdir(parents=True)
    given = {name: value for name, value in (front | other).items() if value is not None}
    (inside / "interview.md").write_text(page(given, ""), encoding="utf-8")
    (inside / "transcript.vtt").write_text(f"WEBVTT\n\n{transcript}", encoding="utf-8")
    return folder


def found(*paths: Path, rule: str | None = None) -> list[Finding]:
    """What is found, of one rule if one is named."""
    return [one for one in check_corpus(paths, today=TODAY).findings if rule in (None, one.rule)]


def told(*paths: Path, rule: str | None = None) -> list[str]:
    """What is found, in short: severity and fault."""
    return [f"{one.severity}: {one.found}" for one in found(*paths, rule=rule)]
