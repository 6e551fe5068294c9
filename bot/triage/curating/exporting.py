"""Export an approved answer as a Markdown file for the corpus, or as question bank lines for the passage it quotes.

Ingest reads the text back as the same words with the same questions. Knows nothing of where the text is put.
"""

from __future__ import annotations

import json
from typing import Any

import yaml

from bot.reading.sentences import sentence_spans
from bot.records import Source
from bot.triage.curating.draft import Draft


def as_markdown(curated_id: str, draft: Draft) -> str:
    """Return an approved answer as a page."""
    facts: dict[str, Any] = {"id": curated_id, "kind": "article", "title": draft.wordings[0]}
    if draft.reviewed_on is not None:
        facts["reviewed_on"] = draft.reviewed_on.isoformat()
    if draft.author:
        facts["reviewed_by"] = draft.author
    facts |= {"questions": list(draft.wordings)} | ({"tags": list(draft.tags)} if draft.tags else {})
    if draft.chosen is not None:
        facts["related"] = [draft.chosen.source_id]
    head = yaml.safe_dump(facts, allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{head}---\n\n{draft.text}\n"


def as_bank_lines(draft: Draft, source: Source) -> str:
    """Return the wordings of a hand-chosen passage as lines of its source's question bank.

    :returns: one JSON object a line, in the order of the wordings
    """
    assert draft.chosen is not None, "staff's own words have no bank"
    start, _ = draft.chosen.span
    quotes = [draft.text[begin:end] for begin, end in sentence_spans(draft.text)]
    within = [one for one in source.sections if one.headings and one.span[0] <= start < one.span[1]]
    section = within[-1].headings[-1] if within else None
    lines = ({"text": wording, "section": section, "quotes": quotes} for wording in draft.wordings)
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
