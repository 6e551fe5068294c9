"""A text -> the same without what does not tell words apart for who looks for them, in Python and in either database.

Small and capital letters, accents however they are saved, wide letters and the marks that only colour an emoji: the
databases know some of these each, and SQLite knows ASCII alone. It must not know what is looked for.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, Text, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

# Accents as marks of their own, joiners, and what says which form of an emoji is meant.
_MARKS = "\u0300-\u036f\u200b-\u200d\ufe0e\ufe0f"
_UNTOLD = frozenset("\u200b\u200c\u200d\ufe0e\ufe0f")


def folded(text: str | None) -> str | None:
    """Return the text with nothing but what tells words apart.

    :param text: any text; ``None`` as databases have it
    :returns: small letters without accents
    """
    if text is None or text.isascii():
        return text.lower() if text else text
    return _without_marks(text.casefold()).casefold()


def _without_marks(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not ("\u0300" <= letter <= "\u036f" or letter in _UNTOLD))


class _Folded(GenericFunction[str]):
    """The same of a column; SQLite is given the function above, PostgreSQL has the parts of it."""

    type = Text()
    inherit_cache = True
    name = "folded"


@compiles(_Folded, "postgresql")
def _in_postgresql(element: _Folded, compiler: SQLCompiler, **options: Any) -> str:
    inner = compiler.process(element.clauses, **options)
    return f"lower(regexp_replace(normalize({inner}, NFKD), '[{_MARKS}]', '', 'g'))"


def has_word(column: SQLColumnExpression[Any], word: str) -> ColumnElement[bool]:
    """Return whether a column has a word somewhere in it."""
    small = folded(word) or ""
    spellings = {small}
    if not word.isascii():
        # PostgreSQL leaves some letters (ß), and in its plainest locale all capitals but those of ASCII, as they are.
        spellings |= {_without_marks(spelt) for spelt in (word, word.lower(), word.capitalize(), word.upper())}
    return or_(*(_Folded(column).contains(spelling, autoescape=True) for spelling in sorted(spellings)))
