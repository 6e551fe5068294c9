"""A text -> the plain form that patterns are looked for in.

In: text as typed. Out: small letters and single spaces. It must not know what is looked for.
"""

from __future__ import annotations

import re

_APOSTROPHES = re.compile(r"(?<=\w)['’‘`´](?=\w)")
_NOT_READ = re.compile(r"[^\w\s?/&]+")


def plain(text: str) -> str:
    """Return a text in the form that patterns are written for.

    :returns: small letters without apostrophes inside words, other signs but ``? / &`` as spaces, single spaces.
    """
    return " ".join(_NOT_READ.sub(" ", _APOSTROPHES.sub("", text.casefold())).split())
