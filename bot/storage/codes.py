"""Codes that a family writes down and types again on another device.

In: what was typed. Out: a code in its one form, and what is kept of it. It must not know what a code opens.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata

# Without vowels, which make words, and without what is mistaken for another when it is read from paper: 24 signs,
# twelve of them are 55 bits. Who tries ten a minute for a year has one chance in seven billion for each code there is.
_SIGNS = "3456789CDFGHJKMNPQRTVWX2"
_LENGTH, _GROUP = 12, 4
_FORM = re.compile(f"[{_SIGNS}]{{{_LENGTH}}}")
# What people read instead.
_MISREAD = str.maketrans({"S": "5", "Z": "2", "B": "8"})
_BETWEEN = re.compile(r"[\s\u2010-\u2015.\-]+")


def new_code() -> str:
    """Return a code in groups, as people read it."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    return "-".join(signs[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def digest_of(typed: str) -> str | None:
    """Return what is kept of a code.

    :param typed: in small letters or capitals, with or without what stands between its groups
    :returns: a hash; ``None`` if what was typed cannot be a code
    """
    signs = _BETWEEN.sub("", unicodedata.normalize("NFKC", typed)).upper().translate(_MISREAD)
    return hashlib.sha256(signs.encode()).hexdigest() if _FORM.fullmatch(signs) else None
