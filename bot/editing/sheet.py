"""Write the sheet that a clinician reads and signs: a source as Markdown, with a number for every sentence.

A reviewer names sentences by these numbers ("12 is too strong"), and the questions below point to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.editing.figures import claims_in
from bot.reading.reviewing import review_digest
from bot.reading.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.records import BankQuestion, Source, Span

_HOW = (
    "Families are shown one to three of these sentences alone, word for word, as an answer. For each, please ask: is "
    "it right, is it complete enough to stand alone, could it harm? Write the number of a sentence with what should "
    "change. **No reference** stands behind a figure or a dated claim that names no page."
)
_TO_SIGN = """\
## To be signed

- [ ] I have read every sentence. It may be shown to families as it stands.
- [ ] It may be shown after these changes:

| number | what should change |
|---|---|
| | |
| | |
| | |
| | |

Interests to declare: ______________________________

Name and role: ______________________________

Date: ________________    Signature: ______________________________
"""


def review_sheet(source: Source, questions: Sequence[BankQuestion]) -> str:
    """Return the sheet of a source."""
    spans = sentence_spans(source.text)
    updated = f"text updated {source.updated_on}" if source.updated_on else "day of the last change not known"
    parts = [
        f"# Review of “{source.title}”",
        f"`{source.id}`, {source.kind}, {updated}. Digest {review_digest(source)[:12]}.",
        _HOW,
        *_text(source, spans),
        *_terms(source),
        *_references(source),
        *_questions(source, questions, spans),
        _TO_SIGN,
        "To record it, in the folder of the service:",
        f'    python -m bot review {source.id} --by "NAME" --on YYYY-MM-DD',
    ]
    return "\n\n".join(parts)


def _text(source: Source, spans: Sequence[Span]) -> Iterator[str]:
    """Yield headings, speakers and numbered sentences in the order of the text."""
    starts = {section.span[0]: " › ".join(section.headings) for section in source.sections if section.headings}
    speakers = {turn.span[0]: turn.speaker for turn in source.turns if turn.speaker}
    unnamed = {claim.span for claim in claims_in(source) if not claim.references}
    if not starts or min(starts) > 0:
        yield "## Summary" if source.summary and source.text.startswith(source.summary) else "## Text"
    for number, (start, end) in enumerate(spans, start=1):
        if start in starts:
            yield f"## {starts[start]}"
        if start in speakers:
            yield f"*{speakers[start]}:*"
        cited = [one.number for one in source.citations if start < one.at <= end]
        behind = f" [{', '.join(map(str, dict.fromkeys(cited)))}]" if cited else ""
        warned = " **No reference**" if (start, end) in unnamed else ""
        yield f"**{number}** {source.text[start:end]}{behind}{warned}"


def _terms(source: Source) -> Iterator[str]:
    if source.key_terms:
        yield "## Words that are explained"
        yield "\n".join(f"- **{term.term}**: {term.definition}" for term in source.key_terms)


def _references(source: Source) -> Iterator[str]:
    yield "## References"
    if not source.references:
        yield "None."
        return
    listed = []
    for number, one in enumerate(source.references, start=1):
        seen = f", seen {one.seen_on}" if one.seen_on else ""
        listed.append(
            f"{number}. {one.title}{f', {one.publisher}' if one.publisher else ''}: <{one.url or 'no address'}>{seen}"
        )
    yield "\n".join(listed)


def _questions(source: Source, questions: Sequence[BankQuestion], spans: Sequence[Span]) -> Iterator[str]:
    """Yield the questions the source answers, with sentence numbers, and those it only seems to answer."""
    answered = [(question.text, _numbers(question.spans, spans)) for question in questions if question.spans]
    known = {text for text, _ in answered}
    lines = [f"- {text} → {numbers}" for text, numbers in answered]
    lines += [f"- {text}" for text in source.questions if text not in known]
    yield "## Questions that it answers, with the numbers of the sentences"
    yield "\n".join(lines) or "None are written down."
    missed = [question.text for question in questions if not question.spans]
    if missed:
        yield "## Questions that it does not answer"
        yield "\n".join(f"- {text}" for text in missed)


def _numbers(quoted: Sequence[Span], spans: Sequence[Span]) -> str:
    """Return the numbers of the sentences that quotes lie in."""
    numbers = [
        number
        for quote in quoted
        for number, span in enumerate(spans, start=1)
        if span[0] < quote[1] and quote[0] < span[1]
    ]
    return ", ".join(map(str, dict.fromkeys(numbers)))
