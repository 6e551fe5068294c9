"""Define a draft of what the bot is to say, and check whether it may be kept.

Knows nothing of where drafts are kept.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date

from bot.records import Source, Span

MOST_WORDINGS, MOST_WORDING_CHARS = 20, 300
# An answer is shown whole, so it is one to three sentences.
MOST_SENTENCES, MOST_TEXT_CHARS = 3, 700
MOST_AUTHOR_CHARS = 64
# What redaction puts in place of a personal detail.
_GAP = re.compile(r"\[(?:name|phone|e-mail|postcode|birth date|record number)\]")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A passage of the corpus chosen by hand: its span, and the hash of the text that it was chosen from."""

    source_id: str
    sha256: str
    span: Span


@dataclass(frozen=True, slots=True)
class Draft:
    """What to say to which wordings. Without ``chosen`` it is in staff's own words, and ``author`` vouches for it."""

    wordings: tuple[str, ...]
    text: str
    author: str = ""
    reviewed_on: date | None = None
    tags: tuple[str, ...] = ()
    chosen: Chosen | None = None


def tidied(draft: Draft) -> Draft:
    """Return a draft normalised: NFC, each wording once, single spaces; the text of a passage stays as it is."""
    lines = (" ".join(unicodedata.normalize("NFC", line).split()) for line in draft.wordings)
    wordings = tuple(dict.fromkeys(line for line in lines if line))
    text = draft.text if draft.chosen else " ".join(unicodedata.normalize("NFC", draft.text).split())
    tags = tuple(dict.fromkeys(tag.strip().casefold() for tag in draft.tags if tag.strip()))
    return replace(draft, wordings=wordings, text=text, author=" ".join(draft.author.split()), tags=tags)


def what_is_wrong(draft: Draft, today: date) -> list[str]:
    """Return why a draft cannot be kept; empty if it can.

    :param draft: as from ``tidied``
    :param today: the latest day on which it can have been reviewed
    """
    # Imported when somebody writes, not in every worker that answers.
    from bot.reading.sentences import sentence_spans

    faults = []
    if not 1 <= len(draft.wordings) <= MOST_WORDINGS:
        faults.append(f"There are {len(draft.wordings)} wordings; write 1 to {MOST_WORDINGS}, one a line.")
    if any(len(wording) > MOST_WORDING_CHARS for wording in draft.wordings):
        faults.append(f"A wording has more than {MOST_WORDING_CHARS} characters; write it as a family would ask.")
    sentences = len(sentence_spans(draft.text))
    if not draft.text or sentences > MOST_SENTENCES:
        faults.append(f"The answer has {sentences} sentences; write 1 to {MOST_SENTENCES}.")
    gap = _GAP.search(draft.text)
    if gap is not None and draft.chosen is None:
        faults.append(f"The answer still says {gap.group()}; write it so that it is true for every family.")
    if len(draft.text) > MOST_TEXT_CHARS:
        faults.append(f"The answer has {len(draft.text):,} characters, {MOST_TEXT_CHARS} are allowed.")
    if draft.chosen is None:
        faults += _what_lacks_of_own_words(draft, today)
    return faults


def _what_lacks_of_own_words(draft: Draft, today: date) -> list[str]:
    faults = []
    if not draft.author or len(draft.author) > MOST_AUTHOR_CHARS:
        faults.append(f"Say who wrote or reviewed it, in at most {MOST_AUTHOR_CHARS} characters; families see it.")
    if draft.reviewed_on is None or draft.reviewed_on > today:
        faults.append("Say on which day it was reviewed, today or earlier.")
    return faults


def source_of(curated_id: str, draft: Draft) -> Source | None:
    """Return staff's own words as an article; ``None`` for a passage of the corpus, which already has its source."""
    if draft.chosen is not None:
        return None
    digest = hashlib.sha256("\n".join([draft.text, *draft.wordings]).encode()).hexdigest()
    return Source(
        id=curated_id,
        kind="article",
        title=draft.wordings[0],
        text=draft.text,
        path="",
        digest=digest,
        reviewed_on=draft.reviewed_on.isoformat() if draft.reviewed_on else None,
        reviewed_by=draft.author,
        questions=draft.wordings,
        tags=draft.tags,
    )
