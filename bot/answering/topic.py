"""A question that leans on the page it is asked on -> the same question with its topic named.

"Is it a replacement for my doctor?" says nothing alone. Beside a single explainer it is about that explainer; whether
it is read so is decided by how near the question is to the passages, and is always shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.answering.evidence import Asked

_LEANS = re.compile(
    r"\b(it|it's|its|this|that|these|those|they|them|their|the (video|page|article|interview|recording|film|text))\b",
    re.I,
)
# Run "one source": ten explainers indexed one by one. Of the questions about them 81.5 % are answered, 79.6 % without
# topics; of those about the other nine 14.7 % and 10.7 %, and 55.7 % were no pronoun asked for; of chatter .5 and .1 %.
_NEAR_LATE, _NEAR_DENSE = 0.47, 0.15


def may_lean(text: str, asked: Asked, signals: Mapping[str, float]) -> bool:
    """Return whether a question may be about something it does not name.

    :param text: the question.
    :param asked: its terms; a question that names something is about that.
    :param signals: of the best candidate for the question as it stands.
    :returns: true if it has a pronoun, or speaks of the page itself, and is not far from the passages.
    """
    near = signals["late"] >= _NEAR_LATE and signals["dense"] >= _NEAR_DENSE
    return near and not asked.names and not asked.diseases and _LEANS.search(text) is not None


def with_topic(topic: str, text: str) -> str:
    """Return a question that names its topic.

    :param topic: such as the title of a source.
    :param text: a question.
    :returns: one text, the topic first.
    """
    return f"{topic}: {text}"
