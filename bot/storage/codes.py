"""Make codes that a family writes down and types again on another device, and hash them for storage.

Knows nothing of what a code opens.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata

# No vowels, which would make words, and no characters that are misread on paper: 24 characters, and twelve of them are
# 55 bits. Ten guesses a minute for a year have one chance in seven billion for each existing code.
_SIGNS = "3456789CDFGHJKMNPQRTVWX2"
_LENGTH, _GROUP = 12, 4
_FORM = re.compile(f"[{_SIGNS}]{{{_LENGTH}}}")
# What people misread.
_MISREAD = str.maketrans({"S": "5", "Z": "2", "B": "8"})
_BETWEEN = re.compile(r"[\s\u2010-\u2015.\-]+")


def new_code() -> str:
    """Return a code in groups, as people read it."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    return "-".join(signs[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def digest_of(typed: str) -> str | None:
    """Return the hash under which a code is stored.

    :param typed: in either case, with or without the separators between its groups
    :returns: ``None`` if the text cannot be a code
    """
    signs = _BETWEEN.sub("", unicodedata.normalize("NFKC", typed)).upper().translate(_MISREAD)
    return hashlib.sha256(signs.encode()).hexdigest() if _FORM.fullmatch(signs) else None
