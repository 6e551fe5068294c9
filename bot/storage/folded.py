"""Fold text for search, in Python and in either database, so that case, accents and the like do not matter.

Folds case, accents in any encoding, full-width letters and the marks that only style an emoji. Each database can do
only some of this, and SQLite only ASCII. Knows nothing of what is searched.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, Text, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

# Combining accents, joiners, and the marks that choose a form of an emoji.
_MARKS = "\u0300-\u036f\u200b-\u200d\ufe0e\ufe0f"
_UNTOLD = frozenset("\u200b\u200c\u200d\ufe0e\ufe0f")


def folded(text: str | None) -> str | None:
    """Return a text in lower case without accents, joiners or variation marks.

    :param text: ``None`` for a NULL in the database
    """
    if text is None or text.isascii():
        return text.lower() if text else text
    return _without_marks(text.casefold()).casefold()


def _without_marks(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not ("\u0300" <= letter <= "\u036f" or letter in _UNTOLD))


class _Folded(GenericFunction[str]):
    """The same fold of a column: SQLite is given the Python function, PostgreSQL has the parts for it."""

    type = Text()
    inherit_cache = True
    name = "folded"


@compiles(_Folded, "postgresql")
def _in_postgresql(element: _Folded, compiler: SQLCompiler, **options: Any) -> str:
    inner = compiler.process(element.clauses, **options)
    return f"lower(regexp_replace(normalize({inner}, NFKD), '[{_MARKS}]', '', 'g'))"


def has_word(column: SQLColumnExpression[Any], word: str) -> ColumnElement[bool]:
    """Return the condition that a column contains a word."""
    small = folded(word) or ""
    spellings = {small}
    if not word.isascii():
        # PostgreSQL leaves some letters (ß) as they are, and in the C locale all capitals outside ASCII.
        spellings |= {_without_marks(spelt) for spelt in (word, word.lower(), word.capitalize(), word.upper())}
    return or_(*(_Folded(column).contains(spelling, autoescape=True) for spelling in sorted(spellings)))
