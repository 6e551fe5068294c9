"""A question that was looked up -> what is said beside its answer of how it was understood.

It must not know what the answer is.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.answering.judge import Looked
from bot.answering.words import corrected
from bot.records import Notice


def notices_of(looked: Looked) -> Iterator[Notice]:
    """How the message was understood, where that is not what it says."""
    if looked.corrections:
        yield Notice("spelling", corrected(looked.corrections))
