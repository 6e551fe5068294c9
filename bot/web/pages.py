"""Serve the pages that people see: the chat, the same without script, and where links land.

Templates escape everything. Questions come by form post, so that no address ever holds one. Knows nothing of how
answers are found.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request, send_from_directory
from flask_limiter.errors import RateLimitExceeded
from werkzeug.wrappers import Response as WerkzeugResponse

from bot.errors import QuestionRejected
from bot.reading.links import reader_path
from bot.records import RelatedCard, Source, SourceKind
from bot.sites.site import Site
from bot.web import parsing, wire
from bot.web.callers import check_form, page_site, require_open
from bot.web.errors import PROBLEMS, SWITCHED_OFF, Refused
from bot.web.framing import is_framed_by_stranger, refused_frame
from bot.web.limits import turn_within_limits
from bot.web.links import listed_page, safe_href
from bot.web.needs import starts_of
from bot.web.origins import is_from_own_page
from bot.web.reader import has_video_section, introduction, parts_of
from bot.web.security import let_frame
from bot.web.service import current_service, current_site
from bot.web.urgent import urgent_notices

pages = Blueprint("pages", __name__)
_STATIC, _BUNDLE = "static", "bundle/"
_YEAR_S = 31_536_000
_FIRST_QUESTIONS = 3


@pages.get("/")
def home() -> Response:
    """Show who we are, and the chat."""
    return make_response(render_template("home.html", suggestions=_suggestions(), starts=_starts()))


@pages.route("/ask", methods=["GET", "POST"])
def ask() -> Response:
    """Show the chat as a page that works without script."""
    return _chat_page("ask.html")


@pages.route("/embed", methods=["GET", "POST"])
def embed() -> Response:
    """Show the chat alone in a frame on a partner's page, or say why it may not be shown there."""
    try:
        site = page_site()
    except Refused as error:
        if error.code != "unknown_site":
            raise
        return refused_frame("site")
    if is_framed_by_stranger(site):
        return refused_frame("origin")
    return let_frame(_chat_page("embed.html"), site)


@pages.get("/explainers/<slug>")
def explainer(slug: str) -> WerkzeugResponse:
    """Show the reader page of an explainer or article."""
    return _reader_page(slug, ("explainer", "article"), "explainer.html")


@pages.get("/interviews/<slug>")
def interview(slug: str) -> WerkzeugResponse:
    """Show the reader page of an interview."""
    return _reader_page(slug, ("interview",), "interview.html")


@pages.get("/problems")
def problems() -> str:
    """Explain the error codes of the API."""
    return render_template("problems.html", problems=PROBLEMS)


@pages.get("/static/<version>/<path:name>")
def static_file(version: str, name: str) -> Response:
    """Return a static file; a digest in its address lets browsers keep it for good."""
    bundle = current_service().bundles.get(name.removeprefix(_BUNDLE)) if name.startswith(_BUNDLE) else None
    response = send_from_directory(_STATIC, name) if bundle is None else _bundled(bundle, name)
    fresh = version == current_service().asset_version
    response.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable" if fresh else "no-cache"
    return response


def _bundled(bundle: bytes, name: str) -> Response:
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    return Response(bundle, content_type=f"{kind}; charset=utf-8")


def _chat_page(template: str) -> Response:
    """Return the chat, with a turn if a question was posted, or a friendly word if it could not be taken."""
    question, answer, refusal = request.form.get("message", ""), None, None
    try:
        site = page_site()
        require_open(site)
    except Refused as error:
        if error.code not in SWITCHED_OFF:
            raise
        return _closed_page(error.code)
    if request.method == "POST":
        try:
            answer = _posted_turn(question)
        except Refused as error:
            refusal = error.code
        except QuestionRejected as error:
            refusal = error.reason
        except RateLimitExceeded:
            refusal = "too_many"
    page = render_template(
        template,
        action=_action(site),
        mode=request.args.get("mode", ""),
        question=question,
        answer=answer,
        refusal=refusal,
        suggestions=[] if answer else _suggestions(),
        starts={} if answer else _starts(),
        about=None if answer else _read_before(),
    )
    response = make_response(page, PROBLEMS[refusal].status if refusal in PROBLEMS else 422 if refusal else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def _action(site: Site) -> str:
    """Return where the forms of this page go: to itself, in the same language and on the same site."""
    asked = request.args
    told = {name: asked.get(name) for name in ("lang", "mode", "theme")}
    told = {"site": None if site.is_default else site.id, **told}
    query = urlencode({name: value for name, value in told.items() if value})
    return f"{request.path}?{query}" if query else request.path


def _closed_page(code: str) -> Response:
    """Return the page that says who can be reached instead, and whom to call."""
    page = render_template("closed.html", code=code, notices=urgent_notices(current_site()))
    response = make_response(page, PROBLEMS[code].status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _posted_turn(question: str) -> wire.Answer:
    in_context, language = request.form.get("in_context") != "no", request.args.get("lang")
    asked, about = parsing.clean_question(question), _read_before()
    return turn_within_limits(
        check_form,
        asked,
        _posted_conversation(),
        in_context=in_context,
        language=language,
        about=about.id if about else None,
    )


def _read_before() -> Source | None:
    """Return the source that the family was reading before it came here, if any."""
    named, answerer = request.values.get("about", ""), current_service().answerer
    return answerer.source(named) if named and answerer.ready() else None


def _posted_conversation() -> str | None:
    """Return the conversation that a posted form continues, trusted only from our own pages.

    Another page could name a conversation as a trap: the family would go on writing where somebody else reads.
    """
    given = request.form.get("conversation_id") or None
    return parsing.known_conversation_id(given) if is_from_own_page() else None


def _suggestions() -> list[str]:
    answerer = current_service().answerer
    return answerer.suggestions(tags=current_site().tags)[:_FIRST_QUESTIONS] if answerer.ready() else []


def _starts() -> dict[str, list[str]]:
    """Return first questions by need, from the sources that this site answers from."""
    answerer = current_service().answerer
    return starts_of(answerer.sources(), current_site().tags) if answerer.ready() else {}


def _reader_page(slug: str, kinds: tuple[SourceKind, ...], template: str) -> WerkzeugResponse:
    source = current_service().answerer.source(slug)
    if source is None:
        raise Refused("not_found", "No source has that name")
    if source.kind not in kinds:
        return redirect(reader_path(source), 301)
    if source.kind == "article" and safe_href(source.url):
        # Articles with their own page belong to somebody else: we quote them but do not republish them.
        return redirect(listed_page(source), 302)
    page = render_template(
        template,
        source=source,
        introduction=introduction(source),
        parts=parts_of(source),
        related=_related(source),
        shows_video=bool(source.video) or not (source.illustrative or has_video_section(source)),
    )
    return make_response(page)


def _related(source: Source) -> list[RelatedCard]:
    """Return the related sources and cards, each once, with links where there is a target."""
    find = current_service().answerer.source
    found = [find(other) for other in source.related_ids]
    cards = {other.title: _card(other) for other in found if other is not None}
    for card in source.related_cards:
        target = find(card.source_id) if card.source_id else None
        cards.setdefault(card.title, replace(card, url=listed_page(target) if target else card.url))
    return [*cards.values()]


def _card(source: Source) -> RelatedCard:
    return RelatedCard(
        source.kind, source.title, source.id, listed_page(source), guest=source.guest, summary=source.summary
    )
