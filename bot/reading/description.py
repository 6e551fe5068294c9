"""Build a Source from checked front matter: everything that describes it, without its words.

Knows nothing of how the words are written.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, cast

from bot.errors import CorpusError
from bot.reading.fields import Fields
from bot.reading.footnotes import without_marks
from bot.reading.pagetext import slug_of
from bot.reading.reviewing import dates_of
from bot.records import Reference, RelatedCard, Source, Term

if TYPE_CHECKING:
    from bot.reading.textfile import TextFile
    from bot.records import SourceKind

KINDS = ("explainer", "interview", "article")


def described_source(file: TextFile, fields: Fields, *, kind: SourceKind, folder: str | None = None) -> Source:
    """Return the source with an empty text, and with an empty title if the front matter has none.

    :param kind: the kind of source if the front matter names none
    :param folder: the folder whose name gives the id, instead of the file's
    :raises CorpusError: if a field is wrong
    """
    related = _related(fields)
    dates = dates_of(fields.day("updated_on"), fields.day("reviewed_on"), fields.text("reviewed_by"))
    return Source(
        id=_id_of(file, fields, folder or file.path.stem),
        kind=kind_of(fields, kind),
        title=fields.text("title") or "",
        text="",
        path=file.name,
        digest=digest_of(file),
        summary=_unmarked(fields.text("summary") or "") or None,
        url=fields.link("url"),
        updated_on=dates.updated_on,
        reviewed_on=dates.reviewed_on,
        reviewed_by=dates.reviewed_by,
        reviewed_sha256=fields.text("reviewed_sha256"),
        recorded_on=fields.day("recorded_on"),
        guest=fields.text("guest"),
        role=fields.text("role"),
        host=fields.text("host"),
        video=fields.link("video"),
        infographic=_infographic(fields),
        infographic_alt=fields.text("infographic_alt"),
        illustrative=fields.flag("illustrative"),
        synonyms=fields.texts("synonyms"),
        tags=fields.texts("tags"),
        questions=fields.texts("questions"),
        key_terms=_key_terms(fields),
        related_ids=tuple(item for item in related if isinstance(item, str)),
        related_cards=tuple(item for item in related if isinstance(item, RelatedCard)),
        references=_references(fields),
        retired=fields.day("retired"),
    )


def title_from_name(stem: str) -> str:
    """Return a title for a file that has none: its name with spaces and a capital."""
    words = stem.replace("_", " ").replace("-", " ").split()
    return " ".join(words)[:1].upper() + " ".join(words)[1:]


def digest_of(*files: TextFile) -> str:
    """Return the hash of the names and bytes of all files that a source was read from."""
    digest = sha256()
    for file in files:
        digest.update(f"{file.path.name} {len(file.raw)}\n".encode("utf-8", "surrogateescape"))
        digest.update(file.raw)
    return digest.hexdigest()


def kind_of(fields: Fields, default: SourceKind) -> SourceKind:
    """Return the kind that the front matter names, else the default."""
    kind = fields.text("kind") or default
    if kind not in KINDS:
        raise fields.error("kind", f"there is no kind {kind!r}", f"Write one of {', '.join(KINDS)}.")
    return cast("SourceKind", kind)


def _id_of(file: TextFile, fields: Fields, name: str) -> str:
    """Return the name of the file or folder in the form used in links; the front matter may only repeat it."""
    given, expected = fields.slug("id"), slug_of(name)
    if given is not None and given != expected:
        raise fields.error("id", f"id is {given!r} but the file or folder is {name!r}", "Make the two the same.")
    if not expected:
        remedy = "Rename it with letters a to z, digits and hyphens."
        raise CorpusError(file.name, None, f"the name {name!r} has nothing that can be in a link", remedy)
    return expected


def _infographic(fields: Fields) -> str | None:
    """Return the infographic's link, or its file name beside the page; never another scheme."""
    value = fields.text("infographic")
    if value is not None and (":" in value or value.startswith("//") or "\\" in value):
        return fields.link("infographic")
    return value


def _key_terms(fields: Fields) -> tuple[Term, ...]:
    """Return the page's hard words, written as ``term:`` and ``definition:``, or in short as ``Word: meaning``."""
    terms = []
    for entry in fields.entries("key_terms"):
        if len(entry.values) == 1 and "term" not in entry.values:
            word = next(iter(entry.values))
            terms.append(Term(word, _unmarked(entry.needed(word))))
        else:
            terms.append(Term(entry.needed("term"), _unmarked(entry.needed("definition")), entry.texts("synonyms")))
    return tuple(terms)


def _unmarked(words: str) -> str:
    """Return words without footnote marks, for places shown without the text, where a mark would lead nowhere."""
    return without_marks(words)[0]


def _references(fields: Fields) -> tuple[Reference, ...]:
    """Return the pages that the text cites."""
    return tuple(
        Reference(entry.needed("title"), entry.text("publisher"), entry.link("url"), entry.day("seen_on"))
        for entry in fields.entries("references")
    )


def _related(fields: Fields) -> list[str | RelatedCard]:
    """Return ids of sources and cards for other pages, which the field ``related`` mixes."""
    items = fields.items("related")
    texts = Fields(fields.name, {"related": [item for item in items if not isinstance(item, dict)]}, fields.lines)
    cards = Fields(fields.name, {"related": [item for item in items if isinstance(item, dict)]}, fields.lines)
    return [*texts.texts("related"), *(_card(entry) for entry in cards.entries("related"))]


def _card(entry: Fields) -> RelatedCard:
    return RelatedCard(
        kind=kind_of(entry, "article"),
        title=entry.needed("title"),
        source_id=entry.slug("id"),
        url=entry.link("url"),
        guest=entry.text("guest"),
        summary=entry.text("summary"),
        why_it_matters=entry.text("why_it_matters"),
        credit=entry.text("credit"),
    )
