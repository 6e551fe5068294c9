"""Tell which quotations open only after a tap: those about life expectancy or death.

The topics are those of sensitive.toml; the text is never changed. Knows nothing of the question: somebody who asks
about it outright still taps once.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources
from typing import Literal, cast

SensitiveTopic = Literal["life_expectancy", "death"]


# The texts are the corpus's own, and are shown again and again.
@lru_cache(maxsize=1024)
def sensitive_topic(text: str) -> SensitiveTopic | None:
    """Return the topic that a family may not want to meet unprepared, ``None`` for nearly all texts."""
    return next((topic for topic, pattern in _topics() if pattern.search(text)), None)


@lru_cache(maxsize=1)
def _topics() -> tuple[tuple[SensitiveTopic, re.Pattern[str]], ...]:
    table = tomllib.loads(resources.files(__package__).joinpath("sensitive.toml").read_text(encoding="utf-8"))
    return tuple(
        (cast(SensitiveTopic, topic["name"]), re.compile(rf"\b(?:{'|'.join(topic['find'])})\b", re.IGNORECASE))
        for topic in table["topic"]
    )
