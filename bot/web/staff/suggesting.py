"""Suggest what a reply may quote: passages of the corpus, and approved answers.

The part of the ticket's page that shows them is loaded separately, since searching takes longer than showing the
ticket. Nothing is put into a reply unless somebody chooses it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, render_template, request

from bot.answering.curated import CuratedAnswer
from bot.errors import QuestionRejected
from bot.records import Hit
from bot.web.service import current_service
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import for_role

_PASSAGES, _APPROVED, _SENTENCES = 4, 2, 2
_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class Suggested:
    """Words to quote: where they are from, and what is put into a reply."""

    title: str
    address: str
    text: str
    insert: str


@staff.get("/tickets/<ticket_id>/suggestions")
@for_role("agent")
def suggestions(ticket_id: str) -> str:
    """Show what comes near to a ticket's question."""
    rows = current_desk().queue.some([ticket_id])
    if not rows:
        abort(404)
    words = rows[0].words or ""
    return render_template(
        "staff/suggestions.html", ticket=rows[0], approved=approved_near(words), passages=passages_near(words)
    )


def approved_near(words: str) -> list[Suggested]:
    """Return the approved answers nearest to a question."""
    found = current_desk().trials.near(words, limit=_APPROVED) if words else []
    return [_approved(one, text) for one in found if (text := text_of(one))]


def text_of(answer: CuratedAnswer) -> str:
    """Return what an approved answer says, empty if its passage is gone."""
    source = answer.source or current_service().answerer.source(answer.source_id)
    return "" if source is None else source.text[slice(*answer.span)]


def passages_near(words: str) -> list[Suggested]:
    """Return the passages nearest to a question, one per source."""
    return [_passage(hit, words) for hit in hits_near(words, _PASSAGES)]


def hits_near(words: str, most: int) -> list[Hit]:
    """Return the hits nearest to a question, one per source."""
    try:
        found = current_service().answerer.search(words, 3 * most) if words else []
        hits = [hit for hit in found if hit.passage.sentences]
    except QuestionRejected:
        hits = []
    return list({hit.passage.source_id: hit for hit in reversed(hits)}.values())[::-1][:most]


def telling_sentences(hit: Hit, words: str) -> tuple[int, int]:
    """Return the first and last index of the sentences of a passage that share most words with a question."""
    texts = sentences_of(hit)
    asked = {word.casefold()[:6] for word in _WORD.findall(words)}
    shared = [len(asked & {word.casefold()[:6] for word in _WORD.findall(text)}) for text in texts]
    first = max(range(len(texts)), key=lambda place: sum(shared[place : place + _SENTENCES]))
    return first, min(first + _SENTENCES, len(texts)) - 1


def sentences_of(hit: Hit) -> Sequence[str]:
    """Return the sentences of a passage."""
    start = hit.passage.span[0]
    spans = (sentence.span for sentence in hit.passage.sentences)
    return [hit.passage.text[begin - start : end - start] for begin, end in spans]


def _passage(hit: Hit, words: str) -> Suggested:
    passage = hit.passage
    first, last = telling_sentences(hit, words)
    start = passage.span[0]
    begin, end = passage.sentences[first].span[0], passage.sentences[last].span[1]
    text = passage.text[begin - start : end - start]
    title = f"{passage.source_title}: {passage.headings[-1]}" if passage.headings else passage.source_title
    home = current_service().base_url or request.url_root.rstrip("/")
    address = passage.url if "://" in passage.url else f"{home}{passage.url}"
    return Suggested(title, passage.url, text, f"“{text}”\n{title}, {address}")


def _approved(answer: CuratedAnswer, text: str) -> Suggested:
    return Suggested(answer.wordings[0], f"/staff/curated/{answer.id}", text, text)
