"""A tiny corpus in our own words: two explainers, two interviews and two articles."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from bot.records import Citation, Reference, RelatedCard, Section, SectionRole, Source, Span, SpokenTurn, Term, TimeMark

TWIN_SECTIONS: tuple[tuple[str, SectionRole, str], ...] = (
    (
        "Plain-English explanation",
        "what",
        "A digital twin in medicine is a model of a body, or of one part of it, that lives in a computer. "
        "It is built from data, not from flesh. Doctors can try a question on the model before they try it on a "
        "person.",
    ),
    (
        "Why it matters",
        "why",
        "Trials for rare conditions are small. A good model can show how a condition would go without the medicine, "
        "so that fewer children have to be in a comparison group.",
    ),
    (
        "How it works",
        "how",
        "Scientists combine many kinds of data:\n\n- notes from clinic visits\n- scans and blood tests\n"
        "- results of genetic tests\n\nThe model then plays forward what could happen next \N{DNA DOUBLE HELIX}. "
        "It must be checked against what really happened.",
    ),
    (
        "What it cannot do",
        "risks",
        "A digital twin is not a replacement for your doctor. It only knows what was measured, and it can be wrong.",
    ),
)
PARENT_TURNS = (
    ("A parent", 0.0, "We were told that the test found a variant, and that nobody knows what it means. What now?"),
    ("A genetic counselor", 14.5, "An uncertain result is not a diagnosis. We write it down, we look again as more is "
     "learnt, and we do not make decisions on it alone."),
    ("A parent", 42.0, "How often do you look again?"),
    ("A genetic counselor", 3725.0, "Every one to two years is common. You can ask for it, too."),
)  # fmt: skip


def digital_twins() -> Source:
    """An explainer with four sections, terms, references and related sources."""
    text, spans = joined([words for _, _, words in TWIN_SECTIONS])
    sections = tuple(
        Section((heading,), heading.lower().replace(" ", "-"), role, span)
        for (heading, role, _), span in zip(TWIN_SECTIONS, spans, strict=True)
    )
    return source(
        "digital-twins-in-medicine",
        "What is a digital twin in medicine?",
        text,
        sections=sections,
        summary="A model of a body in a computer, built from data, on which questions can be tried out.",
        updated_on="2026-10-01",
        key_terms=(Term("Biomarker", "Something that can be measured in the body and tells how a condition goes."),),
        related_ids=("a-parent-and-a-counselor", "genes"),
        related_cards=(
            RelatedCard("article", "How models learn", url="https://example.org/models", why_it_matters="Models err."),
        ),
        references=(
            Reference("Glossary of genetics", "A public institute", "https://example.org/glossary", "2026-09-30"),
        ),
        citations=(Citation(text.index("\n"), 1),),
    )


def genes() -> Source:
    """An explainer that was reviewed, has a video and a page of its own."""
    text, (span,) = joined(["A gene is a stretch of DNA that holds the plan for a protein."])
    return source(
        "genes",
        "Genes, DNA and proteins",
        text,
        sections=(Section(("Plain-English explanation",), "plain-english-explanation", "what", span),),
        url="https://example.org/genes",
        reviewed_by="Dr. Example",
        reviewed_on="2026-09-12",
        video="https://example.org/genes.mp4",
    )


def parent_and_counselor() -> Source:
    """An illustrative interview with times."""
    text, spans = joined([words for _, _, words in PARENT_TURNS])
    turns = tuple(
        SpokenTurn(speaker, start_s, span) for (speaker, start_s, _), span in zip(PARENT_TURNS, spans, strict=True)
    )
    marks = tuple(TimeMark(turn.span[0], turn.start_s) for turn in turns if turn.start_s is not None)
    return source(
        "a-parent-and-a-counselor",
        "A parent and a genetic counselor: an uncertain result",
        text,
        kind="interview",
        turns=turns,
        time_marks=marks,
        illustrative=True,
        guest="A genetic counselor",
    )


def untimed_interview() -> Source:
    """An interview whose transcript has speakers but no times."""
    text, spans = joined(["Why did you start the registry?", "Because nobody was counting."])
    turns = (SpokenTurn("Host", None, spans[0]), SpokenTurn("Dr. Guest", None, spans[1]))
    return source("counting", "Why we count", text, kind="interview", turns=turns, guest="Dr. Guest", role="Physician")


def plain_article() -> Source:
    """An article without sections and without a page of its own, with words that look like markup."""
    text = "Sleep <script>alert(1)</script> matters.\n\nRest, too."
    return source("plain", "Sleep & <b>rest</b>", text, kind="article")


def linked_article() -> Source:
    """An article that has a page elsewhere."""
    return source("elsewhere", "A page elsewhere", "Words.", kind="article", url="https://example.org/elsewhere")


def all_sources() -> list[Source]:
    """Every source of the tiny corpus."""
    return [digital_twins(), genes(), parent_and_counselor(), untimed_interview(), plain_article(), linked_article()]


def source(source_id: str, title: str, text: str, **fields: object) -> Source:
    """A Source with the fields that a test does not care about filled in."""
    kind = fields.pop("kind", "explainer")
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Source(source_id, kind, title, text, f"{source_id}.md", digest, **fields)  # type: ignore[arg-type]


def joined(pieces: Sequence[str]) -> tuple[str, list[Span]]:
    """The pieces as one text separated by blank lines, and where each of them stands in it."""
    spans: list[Span] = []
    position = 0
    for piece in pieces:
        spans.append((position, position + len(piece)))
        position += len(piece) + 2
    return "\n\n".join(pieces), spans
