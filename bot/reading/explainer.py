"""Read a Markdown page with front matter into an explainer or article Source.

Knows nothing of transcripts: a page whose front matter says ``interview`` never comes here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.errors import CorpusError
from bot.reading.description import described_source, title_from_name
from bot.reading.markdown import write_markdown
from bot.reading.pagetext import PageText

if TYPE_CHECKING:
    from bot.reading.fields import Fields
    from bot.reading.textfile import TextFile
    from bot.records import Source, SourceKind


def read_page(file: TextFile, fields: Fields, body: str, *, kind: SourceKind, folder: str | None = None) -> Source:
    """Return the page as a Source whose text begins with its summary, unless the body says the same word for word.

    :param kind: the kind of source if the front matter names none
    :param folder: the folder whose name gives the id, instead of the file's
    :raises CorpusError: if a field is wrong, or there is nothing to quote
    """
    source = described_source(file, fields, kind=kind, folder=folder)
    page = PageText(introduction_role="what" if source.kind == "explainer" else "other")
    # The field and not the source's summary, which has lost its footnote marks; the text needs them.
    page.paragraph(fields.text("summary") or "")
    title = write_markdown(body, page, title=source.title or None)
    text, sections = page.finish()
    if title is None and not fields.values:
        title = title_from_name(file.path.stem)
    if title is None:
        raise CorpusError(file.name, 1, "there is no title", "Add `title:` to the front matter, or a `# Title`.")
    if not text:
        raise CorpusError(file.name, None, "there is no text below the front matter", "Write at least one paragraph.")
    return replace(source, title=title, text=text, sections=sections, citations=page.citations)
