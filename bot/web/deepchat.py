"""Translate between our Answers and Deep Chat, a third-party chat component.

It sends ``{"messages": [{"role", "text"}, …]}`` (https://deepchat.dev/docs/connect) and reads ``{"text"}`` in Markdown,
with the quotations and their sources, or ``{"error"}``; only ``application/json``. Knows nothing of how answers are
found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Annotated
from urllib.parse import urljoin

import msgspec
from msgspec import Meta

from bot.statuses import AnswerStatus
from bot.web import wire
from bot.web.dating import looked_at
from bot.web.links import safe_href
from bot.web.words import Words

_MARKS = re.compile(r"([\\`*_\[\]<>#|~])")


class DeepChatMessage(msgspec.Struct, frozen=True):
    """One message that Deep Chat shows; files and markup are passed over."""

    role: str = "user"
    text: str | None = None


class DeepChatRequest(msgspec.Struct, frozen=True):
    """What Deep Chat posts: the last message of a user is the question; other fields are its additionalBodyProps."""

    messages: Annotated[list[DeepChatMessage], Meta(min_length=1)]
    conversation_id: str | None = None
    site: str | None = None
    in_context: bool = True

    def question(self) -> str:
        """Return the text of the last message of a user, empty if there is none."""
        asked = [message.text for message in self.messages if message.role == "user" and message.text]
        return asked[-1] if asked else ""


class DeepChatAnswer(msgspec.Struct, frozen=True):
    """An Answer as Deep Chat shows it: text is Markdown. The other fields are for its responseInterceptor."""

    text: str
    conversation_id: str
    turn_id: str
    feedback_token: str
    build: str
    status: str


class DeepChatError(msgspec.Struct, frozen=True):
    """A problem as Deep Chat shows it, when its errorMessages say displayServiceErrorMessages."""

    error: str
    code: str


def deep_chat_answer(answer: wire.Answer, *, root: str, words: Words) -> DeepChatAnswer:
    """Return the Answer as one Markdown text."""
    return DeepChatAnswer(
        text="\n\n".join(_paragraphs(answer, root, words)),
        conversation_id=answer.conversation_id,
        turn_id=answer.turn_id,
        feedback_token=answer.feedback_token,
        build=answer.build,
        status=answer.status,
    )


def deep_chat_error(problem: wire.Problem) -> DeepChatError:
    """Return the problem as one text, with whom to call if it says so."""
    called = [f"{notice.text} {_actions(notice)}" for notice in problem.notices or ()]
    contact = [problem.contact_url] if problem.contact_url else []
    return DeepChatError(" ".join([f"{problem.title}.", *contact, *called]), problem.code)


def _paragraphs(answer: wire.Answer, root: str, words: Words) -> Iterator[str]:
    for notice in answer.notices:
        yield f"{_plain(notice.text)} {_actions(notice)}".strip()
    if answer.message:
        yield _plain(answer.message)
    yield from _quotations(answer.snippets, root, words)
    if answer.near and answer.status != AnswerStatus.NEAR:
        # Otherwise they follow our message that none of them is sure.
        yield _plain(words.say("may_also"))
    yield from _quotations(answer.near, root, words)
    for term in answer.terms:
        yield f"**{_plain(term.term)}**: {_plain(term.definition)}"


def _quotations(snippets: Iterable[wire.Snippet], root: str, words: Words) -> Iterator[str]:
    for snippet in snippets:
        # Every line of a quotation is marked, or those after the first would read as our words.
        yield "\n".join(f"> {_plain(line)}" for line in snippet.text.splitlines() if line.strip())
        yield _credit(snippet.source, root, words)


def _credit(source: wire.SnippetSource, root: str, words: Words) -> str:
    place = ", ".join(part for part in (source.title, source.section, source.speaker) if part)
    review = (source.updated_on, source.reviewed_on, source.reviewed_by, source.changed_since_review)
    looked = looked_at(words, *review)
    dated = f". {_plain(looked)}" if looked else ""
    return f"— {source.kind.capitalize()}: {_link(place, urljoin(root, source.url))}{dated}"


def _actions(notice: wire.Notice) -> str:
    return " · ".join(_link(action.label, action.href) for action in notice.actions)


def _link(text: str, address: str) -> str:
    if safe_href(address) is None:
        return _plain(text)
    # Brackets in an address would end the link too early.
    return f"[{_plain(text)}]({address.replace('(', '%28').replace(')', '%29')})"


def _plain(text: str) -> str:
    """Escape what Markdown would read as markup."""
    return _MARKS.sub(r"\\\1", text)
