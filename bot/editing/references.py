"""Check that references are well-formed links that anyone can check, each cited once and named the same everywhere.

Nothing is fetched: the editor who cites a page checks that it exists.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.editing.finding import Finding
    from bot.editing.sourcefile import SourceFile
    from bot.records import Reference

# The form that DOI registrants agreed on (Crossref, "DOIs and matching regular expressions", 2015).
_DOI = re.compile(r"/10\.\d{4,9}/\S+")
_DOI_HOSTS = frozenset({"doi.org", "dx.doi.org", "www.doi.org"})
# Reserved for examples (RFC 2606), so nothing can be there.
_NOWHERE = re.compile(r"(^|\.)(example\.(com|net|org)|example|invalid|test|localhost)$")
# A home page, even one for a language or a country, says nothing that could be checked.
_HOME = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|home|default)(?:\.\w+)?/?)?", re.IGNORECASE)


def check_references(file: SourceFile) -> Iterator[Finding]:
    """Yield references whose link is not well formed, or that a source cites twice."""
    seen: set[str] = set()
    for number, reference in enumerate(file.source.references):
        field = f"references[{number}]"
        if reference.url and urlsplit(reference.url).scheme != "https":
            found = f"{reference.url} does not begin with https://"
            yield file.in_card("references", found, "Link the page's https address.", field=field, severity="warning")
        for found, cure in _faults(reference):
            yield file.in_card("references", found, cure, field=field)
        if reference.url and _same(reference.url) in seen:
            yield file.in_card("references", f"{reference.url} is cited twice", "Keep one of the two.", field=field)
        seen.add(_same(reference.url or ""))


def check_names_of_pages(files: Sequence[SourceFile]) -> Iterator[Finding]:
    """Yield references whose title for a page differs from that of the first source that cites it."""
    first: dict[str, tuple[str, str]] = {}
    for file in files:
        for number, reference in enumerate(file.source.references):
            if reference.url:
                title, owner = first.setdefault(_same(reference.url), (reference.title, file.card.path))
                if title != reference.title:
                    found = f"{reference.url} is called {reference.title!r} here and {title!r} in {owner}"
                    cure = "Use the page's own title in both."
                    yield file.in_card("references", found, cure, field=f"references[{number}]", severity="warning")


def _faults(reference: Reference) -> Iterator[tuple[str, str]]:
    if not reference.url:
        return
    parts = urlsplit(reference.url)
    host = parts.hostname or ""
    if "." not in host or _NOWHERE.search(host):
        yield f"{reference.url} leads nowhere", "Link the page that was seen."
    elif host in _DOI_HOSTS and not _DOI.fullmatch(parts.path):
        yield f"{reference.url} has no DOI in it", "Write https://doi.org/ and the DOI, which begins with 10."
    elif _HOME.fullmatch(parts.path) and not parts.query:
        yield f"{reference.url} is a bare home page", "Link the page that says what the text says."


def _same(url: str) -> str:
    """Return the part of a link that two links to one page have in common."""
    return url.split("#")[0].rstrip("/").removeprefix("https://").removeprefix("www.").casefold()
