"""Serve the search page: the passages that the engine finds for some words, with headings and links into the text.

The words are in the address, since people come back to a search. The page needs no script. Somebody who writes of
danger reads first whom to call, as everywhere. Knows nothing of how passages are ranked.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request

from bot.dialogue.plainly import plainly_referred
from bot.dialogue.translations import answer_in
from bot.errors import QuestionRejected
from bot.records import Hit, SourceKind
from bot.web import wire
from bot.web.callers import page_site, require_open
from bot.web.errors import Refused
from bot.web.parsing import clean_question
from bot.web.sensitive import sensitive_topic
from bot.web.service import current_service, current_site, current_words

searching = Blueprint("searching", __name__)
_MOST_FOUND = 12
_MOST_CHARS = 320


@dataclass(frozen=True, slots=True)
class Found:
    """A passage as the page shows it: its first sentences, and where it is from."""

    title: str
    kind: SourceKind
    headings: tuple[str, ...]
    url: str
    text: str
    is_cut: bool
    sensitive: str | None


@searching.get("/search")
def search() -> Response:
    """Show the passages for the words in the address, or only the form if there are none."""
    page_site()
    typed, found, refusal = request.args.get("q", ""), [], None
    if typed.strip():
        try:
            found = _found(clean_question(typed))
        except Refused as error:
            if error.code not in {"empty", "too_long"}:
                raise
            refusal = error.code
        except QuestionRejected as error:
            refusal = error.reason
    page = render_template("search.html", typed=typed, found=found, refusal=refusal, notices=_urgent(typed))
    response = make_response(page, 422 if refusal else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def _found(words: str) -> list[Found]:
    service, site = current_service(), current_site()
    require_open(site)
    service.rates.count()
    return [_shown(hit) for hit in service.answerer.search(words, _MOST_FOUND, tags=site.tags)]


def _shown(hit: Hit) -> Found:
    passage = hit.passage
    ends = [end - passage.span[0] for _, end in (one.span for one in passage.sentences)]
    end = max([one for one in ends if one <= _MOST_CHARS] or ends[:1] or [len(passage.text)])
    text = passage.text[:end].strip()
    is_cut = end < len(passage.text.rstrip())
    headings = tuple(heading for heading in passage.headings if heading != passage.source_title)
    topic = sensitive_topic(text)
    return Found(passage.source_title, passage.source_kind, headings, passage.url, text, is_cut, topic)


def _urgent(typed: str) -> list[wire.Notice]:
    referred = plainly_referred(
        typed[:_MOST_CHARS], build=current_service().answerer.build_id, country=current_site().country
    )
    if referred is None:
        return []
    answer = answer_in(current_words().language, referred)
    return [
        wire.Notice(one.kind, str(one.text), [wire.action_on_wire(action) for action in one.actions])
        for one in answer.notices
    ]
