"""Measure how well danger, and decisions about one person, are recognised in judged messages.

Knows nothing of how a referral is worded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bot.errors import CorpusError
from bot.safety.danger import SafetyClassifier, SafetyFinding, VectorsOf

NONE = "none"
LABELS: dict[str, str] = {
    "emergency": "emergency",
    "crisis": "crisis",
    "personal_medical": "personal",
    "general": NONE,
    NONE: NONE,
}
_CURE = f"Write {{_id, text, label}} with a label of {', '.join(LABELS)}."


class JudgedMessage(msgspec.Struct, frozen=True, rename={"id": "_id"}):
    """A message and its true label."""

    id: str
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class SafetyReport:
    """The results of judged messages.

    ``table`` counts pairs of what a message is and what it was taken for; ``wrong`` are those taken for something else,
    with the danger that was seen.
    """

    table: Counter[tuple[str, str]]
    wrong: tuple[tuple[JudgedMessage, SafetyFinding | None], ...]

    def share(self, of: Iterable[str], taken_for: Iterable[str]) -> float:
        """Return the share of the messages with some labels that was taken for certain ones.

        :returns: 0..1; 0 without such messages.
        """
        labels, wanted = set(of), set(taken_for)
        number = sum(count for (label, _), count in self.table.items() if label in labels)
        found = sum(count for (label, taken), count in self.table.items() if label in labels and taken in wanted)
        return found / number if number else 0.0


def read_messages(paths: Sequence[Path]) -> list[JudgedMessage]:
    """Return the judged messages of files, in order.

    :param paths: files with one JSON object a line: ``_id``, ``text``, ``label``.
    :raises CorpusError: for a line that is not a judged message, or has a label that is not in ``LABELS``.
    """
    messages = []
    for path in paths:
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            try:
                message = msgspec.json.decode(line, type=JudgedMessage)
            except msgspec.DecodeError as error:
                raise CorpusError(str(path), number, f"this is no judged message: {error}", _CURE) from error
            if message.label not in LABELS:
                raise CorpusError(str(path), number, f"the label is {message.label!r}", _CURE)
            messages.append(message)
    return messages


def judge_messages(messages: Iterable[JudgedMessage], watch: SafetyClassifier, vectors_of: VectorsOf) -> SafetyReport:
    """Return what messages are taken for."""
    table: Counter[tuple[str, str]] = Counter()
    wrong = []
    for message in messages:
        danger = watch.look(message.text, vectors_of).danger
        label, taken = LABELS[message.label], danger.kind if danger else NONE
        table[label, taken] += 1
        if label != taken:
            wrong.append((message, danger))
    return SafetyReport(table, tuple(wrong))
