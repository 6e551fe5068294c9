"""Which quotations open only after a tap: those about life expectancy or death.

Comes in: the text of a snippet. Goes out: the topic that sensitive.toml names, or nothing. The text is never changed.
It must not know what was asked: who asks about it in so many words still taps once.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources
from typing import Literal, cast

SensitiveTopic = Literal["life_expectancy", "death"]


# Of the corpus's texts, which are shown again and again.
@lru_cache(maxsize=1024)
def sensitive_topic(text: str) -> SensitiveTopic | None:
    """What a family may not want to meet unprepared, ``None`` for nearly everything."""
    return next((topic for topic, pattern in _topics() if pattern.search(text)), None)


@lru_cache(maxsize=1)
def _topics() -> tuple[tuple[SensitiveTopic, re.Pattern[str]], ...]:
    table = tomllib.loads(resources.files(__package__).joinpath("sensitive.toml").read_text(encoding="utf-8"))
    return tuple(
        (cast(SensitiveTopic, topic["name"]), re.compile(rf"\b(?:{'|'.join(topic['find'])})\b", re.IGNORECASE))
        for topic in table["topic"]
    )
