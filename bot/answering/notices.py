"""Tell beside an answer how its question was understood.

Knows nothing of the answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.answering.judge import Looked
from bot.answering.words import corrected
from bot.records import Notice


def notices_of(looked: Looked) -> Iterator[Notice]:
    """Yield notices of how the message was understood, where that differs from what it says."""
    if looked.corrections:
        yield Notice("spelling", corrected(looked.corrections))
