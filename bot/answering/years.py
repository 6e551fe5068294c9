"""Tell whether a question asks about a year that none of its quotations names.

A year in which something happened to a family is context, not part of the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_YEAR = re.compile(r"\b(?:in|by|since|before|after|until|during|year) (?:the year )?((?:18|19|20)\d\d)\b", re.I)
_OF_ONES_OWN = re.compile(
    r"\b(?:i|im|ive|me|my|we|our|us|he|she|his|her|hers|him|son|daughter|born|diagnosed)\b|\bi['’]", re.I
)


def lacks_year(asked: str, quotes: Iterable[str]) -> bool:
    """Say whether a question asks about years and no quotation names any of them."""
    years = set() if _OF_ONES_OWN.search(asked) else set(_YEAR.findall(asked))
    return bool(years) and not any(year in quote for quote in quotes for year in years)
