"""Write Markdown into a PageText as the words that a reader sees, without markup.

List items and table rows become lines of their own. Bullets, numbers, images, HTML tags and struck-out words are left
out. Knows nothing of what the page is about.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML

from bot.reading.htmlpage import words_of_html, write_html
from bot.reading.tablecells import with_empty_marked
from bot.reading.textfile import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from bot.reading.pagetext import PageText

_CELL_BREAK = " | "


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def inline_text(markdown: str) -> str:
    """Return a paragraph of Markdown as plain text on one line, escapes undone, emphasis and link targets dropped."""
    return one_line("".join(_words(token.children or []) for token in _parser().parseInline(markdown)))


def write_markdown(markdown: str, page: PageText, *, title: str | None = None) -> str | None:
    """Write a Markdown text into a page, and return the page's title.

    :param title: the page's title, if known; a first-level heading that only repeats it is not a section
    :returns: the title given, else the first first-level heading, else ``None``
    """
    tokens = _parser().parse(markdown)
    level = 1
    for index, token in enumerate(tokens):
        if token.type == "inline":
            opener = tokens[index - 1]
            text = _words(token.children or [])
            if opener.type == "heading_open":
                level = int(opener.tag[1:])
                title = _write_heading(page, level, one_line(text), title)
            elif opener.type == "paragraph_open":
                _write_paragraph(page, text, in_item=_is_in_item(tokens, index))
        elif token.type == "tr_open":
            page.line(_CELL_BREAK.join(_cells(tokens, index)))
        elif token.type in ("fence", "code_block"):
            page.paragraph(token.content)
        elif token.type == "html_block":
            write_html(token.content, page, level=level)
    return title


def _write_heading(page: PageText, level: int, text: str, title: str | None) -> str | None:
    if level == 1 and title is None:
        return text or None
    if not (level == 1 and title is not None and text.casefold() == title.casefold()):
        page.heading(level, text)
    return title


def _write_paragraph(page: PageText, text: str, *, in_item: bool) -> None:
    if in_item:
        page.line(text)
    else:
        page.paragraph(text)


def _is_in_item(tokens: Sequence[Token], index: int) -> bool:
    """Whether the paragraph around a token is the first thing in a list item."""
    return index >= 2 and tokens[index - 2].type == "list_item_open"


def _cells(tokens: Sequence[Token], row: int) -> list[str]:
    cells = []
    for token in tokens[row:]:
        if token.type == "tr_close":
            break
        if token.type == "inline":
            cells.append(one_line(_words(token.children or [])))
    return with_empty_marked(cells)


def _words(tokens: Sequence[Token]) -> str:
    """Return the text of inline tokens; images have none, because what they show cannot be quoted.

    Words with a tag in them, or struck out, are read as the HTML they become, so that both formats give the same text.
    """
    if any(token.type in ("html_inline", "s_open") for token in tokens):
        parser = _parser()
        return words_of_html(RendererHTML(parser).renderInline(tokens, parser.options, {}))
    words = []
    for token in tokens:
        if token.type in ("text", "code_inline"):
            words.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            words.append(" ")
    return "".join(words)
