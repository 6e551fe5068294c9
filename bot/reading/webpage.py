"""Read a page saved as HTML or copied as text into an explainer or article Source.

Knows nothing of transcripts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from bot.errors import CorpusError
from bot.reading.copiedpage import cards_in, has_known_sections, is_cards_heading, write_copied_page
from bot.reading.description import described_source, title_from_name
from bot.reading.fields import Fields
from bot.reading.htmltree import mend
from bot.reading.leftout import blocks_in, name_left_out
from bot.reading.links import is_safe_link
from bot.reading.pagetext import PageText
from bot.reading.textfile import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    # lxml's elements, which have no types of their own, can do all that these can.
    from xml.etree.ElementTree import Element

    from bot.reading.textfile import TextFile
    from bot.records import Source, SourceKind

# A longer first line is a paragraph, and the page has no title line.
_MAX_TITLE_WORDS = 20
_IN_LINE = frozenset({"hi", "ref", "del", "span", "code", "graphic"})


def read_copied_page(file: TextFile, fields: Fields, body: str) -> Source:
    """Read a page copied as text: its first line is the title, and known headings make it an explainer.

    :param fields: its front matter, if any
    :raises CorpusError: if there is nothing below the title
    """
    lines = body.strip("\n").split("\n")
    source = described_source(file, fields, kind="explainer" if has_known_sections(lines) else "article")
    first = one_line(lines[0])
    title = source.title or (first if _may_be_title(first) else title_from_name(file.path.stem))
    if first == title:
        lines = lines[1:]
    page = PageText(introduction_role="what" if source.kind == "explainer" else "other")
    cards, terms = write_copied_page(lines, page)
    text, sections = page.finish()
    if not text:
        raise CorpusError(file.name, None, "there is no text below the title", "Copy the page again, with its text.")
    return replace(
        source,
        title=title,
        text=text,
        sections=sections,
        key_terms=source.key_terms or terms,
        related_cards=source.related_cards or cards,
    )


def _may_be_title(line: str) -> bool:
    return len(line.split()) <= _MAX_TITLE_WORDS and not line.endswith((".", ":", ";", ","))


def read_saved_page(file: TextFile) -> Source:
    """Return the main text of a saved HTML page with its headings, as trafilatura finds it.

    :returns: the source; its url is the page's canonical link
    :raises CorpusError: if no main text is found
    """
    # It takes a quarter of a second to import, and most corpora have no saved page.
    from trafilatura import bare_extraction, load_html

    try:
        tree = load_html(file.text)
        if tree is None:
            raise CorpusError(file.name, None, "no text is found in the page", "Save it again, or copy it as text.")
        mend(tree)
        blocks = blocks_in(tree)
        found = bare_extraction(tree, with_metadata=True, include_comments=False, include_tables=True)
    except (SyntaxError, ValueError) as error:  # lxml, below trafilatura, calls what it cannot parse a SyntaxError.
        raise CorpusError(file.name, None, "the page is not HTML", "Save it again, or copy it as text.") from error
    if found is None or isinstance(found, dict) or found.body is None:
        raise CorpusError(file.name, None, "no text is found in the page", "Save it again, or copy it as text.")
    source = _source(file, cast("Element", found.body), title=found.title or "", url=found.url)
    name_left_out(file.name, blocks, source)
    return source


def _source(file: TextFile, main: Element, *, title: str, url: str | None) -> Source:
    titles = [one_line("".join(head.itertext())) for head in main.iter("head")]
    title = (titles[0] if _first_is_title(main) else "") or one_line(title) or title_from_name(file.path.stem)
    kind: SourceKind = "explainer" if has_known_sections(titles) else "article"
    page = PageText(introduction_role="what" if kind == "explainer" else "other")
    cards = "\n".join(_write(main, page, title))
    text, sections = page.finish()
    if not text:
        raise CorpusError(file.name, None, "no text is found in the page", "Save it again, or copy it as text.")
    source = described_source(file, Fields(file.name, {}, {}), kind=kind)
    url = url if url and is_safe_link(url) else None
    return replace(source, title=title, text=text, sections=sections, url=url, related_cards=cards_in(cards))


def _first_is_title(main: Element) -> bool:
    heads = list(main.iter("head"))
    return bool(heads) and heads[0].get("rend") == "h1"


def _write(main: Element, page: PageText, title: str) -> Iterator[str]:
    """Write the elements of a page, and yield the lines that belong to cards."""
    in_cards = False
    page.paragraph(main.text or "")
    for element in main:
        words = one_line(" ".join(element.itertext()) if element.tag == "table" else "".join(element.itertext()))
        if element.tag == "head":
            in_cards = is_cards_heading(words)
            if words.casefold() != title.casefold():
                page.heading(int((element.get("rend") or "h2")[1:]), words)
        elif in_cards:
            yield words
        else:
            _write_element(element, page)
        if element.tail and element.tail.strip():
            page.paragraph(element.tail)


def _write_element(element: Element, page: PageText) -> None:
    if element.tag == "list":
        for item in element.iter("item"):
            page.line(_own_words(item))
    elif element.tag == "table":
        for row in element.iter("row"):
            page.line(" | ".join(filter(None, (one_line(_with_breaks(cell)) for cell in row))))
    else:
        page.paragraph(_with_breaks(element))


def _own_words(item: Element) -> str:
    """Return an item's words without those of the lists inside it."""
    words = [item.text or ""]
    for child in item:
        if child.tag != "list":
            words.append(_part(child))
        words.append(child.tail or "")
    return "".join(words)


def _with_breaks(element: Element) -> str:
    """Return an element's words, with a space where the page breaks the line."""
    words = [element.text or ""]
    for child in element:
        words += [_part(child), child.tail or ""]
    return "".join(words)


def _part(child: Element) -> str:
    """Return the words of a child element, set apart by spaces unless it is inline."""
    words = _with_breaks(child)
    return words if child.tag in _IN_LINE else f" {words} "
