"""Find the hard words in snippets, with their definitions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from bot.indexing.lexical import term_of, words_of
from bot.records import Snippet, Source, Term

MAX_TERMS = 3
_LONGEST_NAME = 6


class Glossary:
    """The key terms of all sources, found by any of their names."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._terms: dict[tuple[str, ...], Term] = {}
        for source in sources:
            for term in source.key_terms:
                for name in (term.term, *term.synonyms):
                    self._terms.setdefault(_stems(name), term)
        # A name whose stem is one letter ("AED") would be found in every "a".
        self._terms = {stems: term for stems, term in self._terms.items() if len("".join(stems)) > 1}

    def found_in(self, snippets: Sequence[Snippet]) -> tuple[Term, ...]:
        """Return the terms that snippets use, in the order of first use.

        Longer names win over shorter ones inside them. A term whose definition a snippet shows word for word is left
        out.

        :returns: at most ``MAX_TERMS`` terms.
        """
        found: dict[str, Term] = {}
        for snippet in snippets:
            stems = _stems(snippet.text)
            position = 0
            while position < len(stems):
                length = self._longest_at(stems, position)
                if length:
                    term = self._terms[stems[position : position + length]]
                    if term.definition not in snippet.text:
                        found.setdefault(term.term, term)
                position += max(1, length)
        return tuple(found.values())[:MAX_TERMS]

    def _longest_at(self, stems: tuple[str, ...], position: int) -> int:
        lengths = range(min(_LONGEST_NAME, len(stems) - position), 0, -1)
        return next((n for n in lengths if stems[position : position + n] in self._terms), 0)


# The texts are the corpus's, which are shown again and again.
@lru_cache(maxsize=1024)
def _stems(text: str) -> tuple[str, ...]:
    return tuple(term_of(word) for word in words_of(text))
