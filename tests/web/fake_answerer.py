"""An answerer whose geometry can be seen: a question is answered by the first rule one of whose words it holds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection
from dataclasses import replace

from bot.answering.words import NOT_SURE
from bot.dialogue.history import History
from bot.dialogue.replied import Replied
from bot.errors import IndexUnavailable
from bot.reading.links import reader_path
from bot.records import (
    Action,
    Answer,
    Hit,
    Notice,
    Passage,
    Related,
    Sentence,
    Snippet,
    SnippetSource,
    Source,
)

from .sources import all_sources

BUILD = "2026-11-23-fake"
SUGGESTIONS = ["What is a digital twin?", "Is it a replacement for my doctor?", "What does an uncertain result mean?"]


class FakeAnswerer:
    """Knows the tiny corpus. ``down`` makes it raise as if there were no Build; ``breaks`` as if it had a fault."""

    def __init__(
        self, sources: list[Source] | None = None, *, down: bool = False, breaks: Exception | None = None
    ) -> None:
        self._sources = {source.id: source for source in (all_sources() if sources is None else sources)}
        self.down, self.breaks = down, breaks
        self.asked = 0
        # Country, tags and turns before, of each message.
        self.heard: list[tuple[str, tuple[str, ...], int]] = []
        self.rules: list[tuple[str, Callable[[], Answer]]] = [
            ("twin", self.about_twins),
            ("uncertain", self.about_uncertain_results),
            ("breathe", emergency),
            ("perhaps", self.perhaps),
            ("likely", self.likely),
        ]

    @property
    def build_id(self) -> str:
        return BUILD

    def ready(self) -> bool:
        return not self.down

    def reply(
        self, message: str, history: History = (), *, country: str, in_context: bool = True, tags: Collection[str] = ()
    ) -> Replied:
        self.heard.append((country, tuple(tags), len(history)))
        return Replied(self.answer(message))

    def answer(self, question: str) -> Answer:
        self._check()
        self.asked += 1
        return next((make for word, make in self.rules if word in question.lower()), unanswered)()

    def search(self, question: str, k: int, *, tags: Collection[str] = ()) -> list[Hit]:
        self._check()
        passages = [passage(source) for source in self.sources()[:k] if not tags or set(tags) & set(source.tags)]
        return [Hit(found, 1 / (row + 1), {"dense": 0.5}) for row, found in enumerate(passages)]

    def suggestions(self, *, tags: Collection[str] = ()) -> list[str]:
        return list(SUGGESTIONS[: 1 if tags else None])

    def source(self, source_id: str) -> Source | None:
        return self._sources.get(source_id)

    def sources(self) -> list[Source]:
        return list(self._sources.values())

    def about_twins(self) -> Answer:
        """Everything that an Answer can hold; the second snippet has an emoji before its highlight."""
        twins = self._sources["digital-twins-in-medicine"]
        return Answer(
            status="answered",
            build=BUILD,
            confidence=0.934567,
            snippets=(
                snippet(
                    twins, "A digital twin in medicine is a model of a body", "not from flesh.", "a model of a body"
                ),
                snippet(twins, "The model then plays", "really happened.", "checked against what really happened"),
            ),
            terms=twins.key_terms,
            suggestions=("Why does it matter?", "How does a digital twin work?"),
            related=(Related("interview", "A parent and a genetic counselor", "/interviews/a-parent-and-a-counselor"),),
            notices=(Notice("spelling", "Showing answers for “digital twin”."),),
        )

    def about_uncertain_results(self) -> Answer:
        """One snippet of an interview with its time."""
        parent = self._sources["a-parent-and-a-counselor"]
        found = snippet(parent, "An uncertain result", "on it alone.", "is not a diagnosis")
        return Answer("answered", BUILD, 0.81, snippets=(found,))

    def perhaps(self) -> Answer:
        """Three passages that may hold the answer."""
        twins, parent = self._sources["digital-twins-in-medicine"], self._sources["a-parent-and-a-counselor"]
        near = (
            snippet(twins, "Trials for rare", "conditions are small.", "rare conditions"),
            snippet(parent, "Every one", "for it, too.", "is common"),
            snippet(twins, "A digital twin is not", "be wrong.", "replacement"),
        )
        return Answer("unanswered_near", BUILD, 0.2, message=NOT_SURE, near=near)

    def likely(self) -> Answer:
        """An answer that is not surely right, with two passages that may hold it instead."""
        return replace(self.about_uncertain_results(), confidence=0.6, near=self.perhaps().near[::2])

    def _check(self) -> None:
        if self.down:
            raise IndexUnavailable("indexes", "it is empty")
        if self.breaks is not None:
            raise self.breaks


def unanswered() -> Answer:
    """What a question without a rule gets."""
    nearest = ("What is a digital twin?", "What is a gene?")
    return Answer("unanswered_no_match", BUILD, 0.04, message="Nothing here is about that.", suggestions=nearest)


def emergency() -> Answer:
    """What a later room will send when somebody is in danger."""
    call = Notice("emergency", "Call your local emergency number now.", (Action("Call 911", "tel:911"),))
    return Answer("referred_emergency", BUILD, 1.0, message="This sounds urgent.", notices=(call,))


def snippet(source: Source, first: str, last: str, highlight: str) -> Snippet:
    """The stretch of the source from ``first`` to the end of ``last``, with one highlight."""
    start = source.text.index(first)
    end = source.text.index(last, start) + len(last)
    text = source.text[start:end]
    mark = text.index(highlight)
    return Snippet(text, ((mark, mark + len(highlight)),), snippet_source(source, start, end))


def snippet_source(source: Source, start: int, end: int) -> SnippetSource:
    """The origin of a stretch of a source."""
    section = next((part for part in source.sections if part.span[0] <= start < part.span[1]), None)
    turn = next((turn for turn in source.turns if turn.span[0] <= start < turn.span[1]), None)
    anchor = section.anchor if section else f"t={int(turn.start_s)}" if turn and turn.start_s is not None else None
    return SnippetSource(
        id=source.id,
        kind=source.kind,
        title=source.title,
        section=section.headings[-1] if section else None,
        url=reader_path(source) + (f"#{anchor}" if anchor else ""),
        speaker=turn.speaker if turn else None,
        start_s=turn.start_s if turn else None,
        reviewed_on=source.reviewed_on,
        span=(start, end),
        sha256=hashlib.sha256(source.text.encode()).hexdigest(),
        reviewed_by=source.reviewed_by,
        updated_on=source.updated_on,
    )


def passage(source: Source) -> Passage:
    """The whole source as one passage; each of its lines is a sentence."""
    span, path = (0, len(source.text)), reader_path(source)
    lines = tuple(Sentence(found.span()) for found in re.finditer(r"[^\n]+", source.text))
    place = (f"{source.id}#0", source.id, source.kind, source.title, (), "other", path, span, source.text, lines)
    return Passage(*place)  # type: ignore[arg-type]
