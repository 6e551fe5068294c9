"""The lines that are learnt from, as people can read them: what families ask, and messages with what they are.

``data/families/HAND.jsonl``: ``{text, kind, sources, quotes?, also?}``, written from the list of explainers alone by a
hand that never saw the texts; another hand marked ``quotes``, the sentences that answer best, and ``also``, others that
would do. ``sources`` is empty for what must not be answered; ``kind`` says why. ``data/messages/HAND.jsonl``: ``{text,
label, reason}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from bot.answering.question import JOINT
from bot.errors import CorpusError

FOLDER = Path(__file__).parent / "data"
# What a message may be. The first three are not for retrieval alone, the last nine have no answer in the corpus.
KINDS = (
    "emergency",
    "crisis",
    "personal_medical",
    "general",
    "smalltalk",
    "offtopic",
    "near_medical",
    "other_disease",
    "invented",
    "specific_fact",
    "personal_logistics",
    "injection",
    "garbage",
    "false_premise",
)

# The heads learn from these hands, the reader from the others, so that what it reads of the heads is not what they know
# by heart. All of ``data/messages`` is the heads'.
HEADS_HANDS = (
    "f2", "f3", "f6", "r1", "g1", "g3", "q1", "q2", "q3", "q4", "t1", "t2", "t3", "t4", "u1", "u2", "u3", "u4",
)  # fmt: skip
READER_HANDS = ("f1", "f4", "n1", "n2", "g2", "g4", "g5", "g6", "g7", "g8", "g9")
# Of conversations, likewise.
HEADS_TALKS, READER_TALKS = ("k1", "k2", "k3", "k4"), ("k5", "k6")


class FamilyLine(msgspec.Struct, frozen=True):
    """What a family asks, with what answers it; ``after`` is the earlier question that it is read as leaning on."""

    text: str
    kind: str
    sources: tuple[str, ...]
    quotes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    after: str = ""

    @property
    def reading(self) -> str:
        """What is looked up."""
        return f"{self.after}{JOINT}{self.text}" if self.after else self.text


class MessageLine(msgspec.Struct, frozen=True):
    """A message, what it is, and why."""

    text: str
    label: str
    reason: str


_Line = TypeVar("_Line")


def read_families(hands: Iterable[str]) -> list[FamilyLine]:
    """Return the lines of some hands, in order.

    :param hands: names of files in ``data/families``.
    :raises CorpusError: for a line of another shape.
    """
    return [line for hand in hands for line in read_lines(FOLDER / "families" / f"{hand}.jsonl", FamilyLine)]


def read_messages(without: Sequence[str] = (), only: Sequence[str] = ()) -> list[MessageLine]:
    """Return the lines of all hands, in the order of their names, but those of some, or those of a few.

    :param without: names of files in ``data/messages``.
    :param only: likewise; none for all.
    :raises CorpusError: for a line of another shape, or with a label that is none of ``KINDS``.
    """
    found = sorted((FOLDER / "messages").glob("*.jsonl"))
    paths = [path for path in found if path.stem not in without and (not only or path.stem in only)]
    lines = [(path, line) for path in paths for line in read_lines(path, MessageLine)]
    for path, line in lines:
        if line.label not in KINDS:
            raise CorpusError(str(path), None, f"the label is {line.label!r}", f"Use one of {', '.join(KINDS)}.")
    return [line for _, line in lines]


def read_lines(path: Path, kind: type[_Line]) -> list[_Line]:
    """Return the lines of a file.

    :raises CorpusError: for a line of another shape.
    """
    found = []
    for number, raw in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            found.append(msgspec.json.decode(raw, type=kind))
        except msgspec.DecodeError as error:
            remedy = "See the docstrings of bot/training/lines.py and conversations.py for the fields."
            raise CorpusError(str(path), number, f"this line is of another shape: {error}", remedy) from error
    return found
