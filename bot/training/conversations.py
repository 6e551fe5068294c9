"""Judged conversations -> the lines that are learnt from: what a follow-up asks, and which sentence answers it.

``data/conversations/HAND.jsonl``: ``{_id, who, turns: [{text, leans, meant, source, quotes}]}``, written by hands that
read the explainers. ``leans`` says that a turn means nothing without what was said before, and ``meant`` spells it out;
``quotes`` are sentences of ``source`` that answer it, none if no text does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from bot.training.lines import FOLDER, FamilyLine, read_lines

# A later turn is read twice, as in the dialogue: after the question that it may lean on, and alone. One that leans is a
# follow-up and a fragment, one that does not a digression and an aside.
FOLLOW_UP, DIGRESSION, FRAGMENT, ASIDE = "follow_up", "digression", "fragment", "aside"


class TaughtTurn(msgspec.Struct, frozen=True):
    """A turn, and the sentences of a source that answer it."""

    text: str
    leans: bool
    meant: str
    source: str | None
    quotes: tuple[str, ...] = ()


class TaughtTalk(msgspec.Struct, frozen=True, rename={"id": "_id"}):
    """A conversation of one family, in order."""

    id: str
    who: str
    turns: tuple[TaughtTurn, ...]


def read_talks(hands: Iterable[str]) -> list[TaughtTalk]:
    """Return the conversations of some hands, in order.

    :param hands: names of files in ``data/conversations``.
    :raises CorpusError: for a line of another shape.
    """
    return [talk for hand in hands for talk in read_lines(FOLDER / "conversations" / f"{hand}.jsonl", TaughtTalk)]


def lines_of(talks: Iterable[TaughtTalk], *, fragments: bool) -> list[FamilyLine]:
    """Return what is looked up for the turns of conversations: each alone, and after the question that it may lean on.

    :param fragments: whether turns that lean are read alone as well.
    """
    return [line for talk in talks for line in _lines_of(talk) if fragments or line.kind != FRAGMENT]


def _lines_of(talk: TaughtTalk) -> Iterator[FamilyLine]:
    anchor = ""
    for turn in talk.turns:
        line = FamilyLine(turn.text, "question", (turn.source,) if turn.source else (), turn.quotes)
        if turn.source and not turn.quotes:
            # What answered it is in no text any more, and whether another sentence does nobody has said.
            anchor = anchor if turn.leans else turn.text
            continue
        if turn.leans:
            yield msgspec.structs.replace(line, kind=FRAGMENT)
            yield msgspec.structs.replace(line, kind=FOLLOW_UP, after=anchor)
            continue
        yield msgspec.structs.replace(line, kind=ASIDE) if anchor else line
        if anchor:
            yield msgspec.structs.replace(line, kind=DIGRESSION, after=anchor)
        anchor = turn.text
