"""An approved answer -> a Markdown file for the corpus.

In: a version. Out: a page that ingest reads as the same words, with its questions. It must not know where it is put.
"""

from __future__ import annotations

from typing import Any

import yaml

from bot.triage.curating.draft import Draft


def as_markdown(curated_id: str, draft: Draft) -> str:
    """Return an approved answer as a page.

    :param curated_id: its id, which is the name of the file
    :param draft: what it says
    :returns: front matter and text, with a line at the end
    """
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
