"""Build the glossary: every key term of the sources once, under its first letter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from bot.records import Source, Term


@dataclass(frozen=True, slots=True)
class Entry:
    """A term and the source that explains it."""

    term: Term
    source: Source


def glossary_of(sources: Iterable[Source]) -> list[tuple[str, list[Entry]]]:
    """Return the terms of all sources by first letter.

    :param sources: in the order of the corpus; the first source that defines a term explains it
    :returns: letters and their terms in alphabetical order; terms that begin with no letter come first, under "#"
    """
    entries: dict[str, Entry] = {}
    for source in sources:
        for term in source.key_terms:
            entries.setdefault(term.term.casefold(), Entry(term, source))
    ordered = sorted(entries.values(), key=lambda entry: (_letter(entry), entry.term.term.casefold()))
    return [(letter, list(group)) for letter, group in groupby(ordered, key=_letter)]


def _letter(entry: Entry) -> str:
    first = entry.term.term[:1].upper()
    return first if first.isalpha() else "#"
