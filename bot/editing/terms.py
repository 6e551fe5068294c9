"""Check that each key term has one definition in the whole corpus, one sentence long, and is used in its source.

The glossary shows a term once, so with two definitions families would read different ones.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from bot.editing.finding import Finding
from bot.reading.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.editing.sourcefile import SourceFile
    from bot.records import Term


class _Owned(NamedTuple):
    file: SourceFile
    number: int
    term: Term

    @property
    def field(self) -> str:
        """Return the name of the term's place in the front matter."""
        return f"key_terms[{self.number}]"

    def finding(self, found: str, cure: str) -> Finding:
        """Return a finding on the line of the term."""
        return self.file.in_card("terms", found, cure, field=self.field)


def check_terms(file: SourceFile) -> Iterator[Finding]:
    """Yield definitions that are not one sentence, and terms that the text never uses."""
    words = _plain(file.source.text)
    for owned in _terms_of(file):
        term = owned.term
        if len(sentence_spans(term.definition)) != 1:
            yield owned.finding(f"the definition of {term.term!r} is not one sentence", "Say it in one sentence.")
        # A prefix is enough, because the text may use the plural.
        if not any(_plain(name).rstrip() in words for name in (term.term, *term.synonyms)):
            found = f"the text never says {term.term!r}"
            cure = "Use the term in the text, or list it where it is used."
            yield file.in_card("terms", found, cure, field=owned.field, severity="warning")


def check_glossary(files: Sequence[SourceFile]) -> Iterator[Finding]:
    """Yield terms that are defined more than once, and synonyms of a term that are terms themselves."""
    by_name: dict[str, list[_Owned]] = defaultdict(list)
    for file in files:
        for owned in _terms_of(file):
            by_name[_plain(owned.term.term)].append(owned)
    for first, *others in by_name.values():
        for other in others:
            found = f"{other.term.term!r} is also defined in {_place(first)}"
            yield other.finding(found, "Keep the definition in the explainer that the term belongs to.")
        for name in first.term.synonyms:
            for own in by_name.get(_plain(name), []):
                if own.term != first.term:
                    found = f"{name!r}, another name of {first.term.term!r}, is a term in {_place(own)}"
                    yield first.finding(found, "Keep it as a name or as a term.")


def _terms_of(file: SourceFile) -> Iterator[_Owned]:
    return (_Owned(file, number, term) for number, term in enumerate(file.source.key_terms))


def _place(owned: _Owned) -> str:
    return f"{owned.file.card.path}:{owned.file.card.fields.lines.get(owned.field, 1)}"


def _plain(text: str) -> str:
    """Return lower-case words joined by single spaces, with a space at each end to mark word boundaries."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return f" {' '.join(words)} "
