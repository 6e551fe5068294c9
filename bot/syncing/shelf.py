"""Read what is already in the corpus: the ids that are taken, and the sources that an entry may be about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.errors import CorpusError, CorpusErrors
from bot.reading.fields import Fields
from bot.reading.frontmatter import read_front_matter
from bot.reading.interview import CARD
from bot.reading.pagetext import slug_of
from bot.reading.textfile import is_left_out, read_text_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bot.syncing.entry import FeedEntry

_EXPLAINERS = "explainers"


@dataclass(frozen=True, slots=True)
class Shelved:
    """A source of the corpus, as its front matter describes it; ``file`` holds the front matter."""

    file: Path
    id: str
    is_explainer: bool
    title: str
    url: str | None
    video: str | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """All sources of a corpus that can have front matter, and the ids of all sources."""

    sources: tuple[Shelved, ...]
    ids: frozenset[str]

    def with_file(self, path: Path) -> Shelf:
        """Return the shelf after one file was written."""
        others = tuple(source for source in self.sources if source.file != path)
        name = _name_of(path)
        return Shelf((*others, _shelved(path, name)), self.ids | {slug_of(name)})

    def explainer_of(self, entry: FeedEntry) -> Shelved | None:
        """Return the explainer that an entry is about, by link, else id, else title; ``None`` if several match."""
        explainers = [source for source in self.sources if source.is_explainer]
        for found in (
            [source for source in explainers if _is_page(source, entry.url) or _is_at(source, entry.url)],
            [source for source in explainers if entry.id == source.id or _is_page(source, entry.id)],
            [
                source
                for source in explainers
                if entry.title and slug_of(entry.title) in (source.id, slug_of(source.title))
            ],
        ):
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def pages_of(self, entry: FeedEntry) -> list[Shelved]:
        """Return the sources whose own page an entry links to, by their own link or by our naming of reader pages."""
        return [
            source
            for source in self.sources
            if _is_page(source, entry.url) or (source.is_explainer and _is_at(source, entry.url))
        ]


def read_shelf(corpus: Path) -> Shelf:
    """Return what is in a corpus.

    :raises CorpusErrors: with every file whose front matter cannot be read, since what it is about is then unknown
    """
    sources: list[Shelved] = []
    ids: set[str] = set()
    errors: list[CorpusError] = []
    for path in _files(corpus):
        name = _name_of(path)
        ids.add(slug_of(name))
        if path.suffix.lower() in (".md", ".txt"):
            try:
                sources.append(_shelved(path, name))
            except CorpusError as error:
                errors.append(error)
    if errors:
        raise CorpusErrors(errors)
    return Shelf(tuple(sources), frozenset(ids))


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files that describe sources; of an interview's folder only its card."""
    if not folder.is_dir():
        return
    inside = sorted(entry for entry in folder.iterdir() if not is_left_out(entry))
    cards = [entry for entry in inside if entry.name == CARD]
    for entry in cards or inside:
        if entry.is_dir() and not entry.is_symlink():
            yield from _files(entry)
        elif entry.is_file():
            yield entry


def _name_of(path: Path) -> str:
    """Return the name that gives a source its id."""
    return path.parent.name if path.name == CARD else path.stem


def _shelved(path: Path, name: str) -> Shelved:
    file = read_text_file(path)
    fields = read_front_matter(file)[0] or Fields(file.name, {}, {})
    kind = fields.text("kind") or ("explainer" if path.parent.name == _EXPLAINERS else "")
    return Shelved(
        file=path,
        id=slug_of(name),
        is_explainer=kind == "explainer",
        title=fields.text("title") or "",
        url=fields.link("url"),
        video=fields.link("video"),
    )


def _is_page(source: Shelved, link: str | None) -> bool:
    return bool(source.url and link) and _page(source.url or "") == _page(link or "")


def _is_at(source: Shelved, link: str | None) -> bool:
    """Whether a link leads to the explainer's own page by its id, as our reader pages are named."""
    parts: Sequence[str] = urlsplit(link or "").path.strip("/").split("/") if link else ()
    return list(parts[-2:]) == [_EXPLAINERS, source.id]


def _page(link: str) -> tuple[str, str, str]:
    """Return what identifies a link's page: scheme, ``www.``, fragment and final slash do not matter."""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return ("", link, "")
    return (host.removeprefix("www."), parts.path.rstrip("/"), parts.query)
