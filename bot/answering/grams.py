"""Reduce a text to the plain form in which patterns are searched.

Knows nothing of the patterns.
"""

from __future__ import annotations

import re

_APOSTROPHES = re.compile(r"(?<=\w)['’‘`´](?=\w)")
_NOT_READ = re.compile(r"[^\w\s?/&]+")


def plain(text: str) -> str:
    """Return a text in the form that patterns are written for.

    :returns: lower case, no apostrophes inside words, a space for every sign but ``? / &``, single spaces.
    """
    return " ".join(_NOT_READ.sub(" ", _APOSTROPHES.sub("", text.casefold())).split())
