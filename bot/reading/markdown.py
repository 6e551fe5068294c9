"""Markdown in, a PageText out: the words a reader sees, without markup.

List items and table rows become lines of their own; bullets, numbers, images, HTML tags and what is struck out are left
out.
It must not know what the page is about.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from bot.reading.htmlpage import write_html
from bot.reading.raised import lowered, raised
from bot.reading.textfile import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from bot.reading.pagetext import PageText

_INLINE_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)")
_POINTER = re.compile(r"<a\b[^<>]{0,300}?\bhref\s*+=\s*+[\"']?[^\"'<>#]{0,300}#", re.IGNORECASE)
_UNSAID = frozenset({"s", "strike", "del", "script", "style", "template", "noscript"})
_MOVED = frozenset({"sup", "sub"})
# What stands in one line with the words beside it; all others, a break among them, set them apart.
_IN_LINE = _UNSAID | _MOVED | frozenset({
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font", "i", "ins", "kbd", "label",
    "mark", "q", "samp", "small", "span", "strong", "time", "tt", "u", "var", "wbr",
})  # fmt: skip
_CELL_BREAK = " | "


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def inline_text(markdown: str) -> str:
    """One paragraph of Markdown as plain text on one line; escapes are undone, emphasis and link targets dropped."""
    return one_line("".join(_words(token.children or []) for token in _parser().parseInline(markdown)))


def write_markdown(markdown: str, page: PageText, *, title: str | None = None) -> str | None:
    """Write a Markdown text into a page.

    :param markdown: the text without front matter
    :param page: what is written to
    :param title: the page's title; a first-level heading that only repeats it is not a section
    :returns: the page's title: the one given, else the first first-level heading, else ``None``
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
    return [cell for cell in cells if cell]


def _words(tokens: Sequence[Token]) -> str:
    """The text of inline tokens; images have none, because what they show cannot be quoted.

    What is struck out has none either, to the end of its paragraph if nothing ends it, and raised signs stay raised.
    """
    words: list[str] = []
    opened: list[tuple[str, int, int]] = []
    for index, token in enumerate(tokens):
        name, is_end = _tag_of(token)
        if token.type in ("text", "code_inline"):
            words.append(token.content)
        elif token.type in ("softbreak", "hardbreak") or (name and name not in _IN_LINE):
            words.append(" ")
        elif name in _UNSAID or name in _MOVED:
            if not is_end:
                opened.append((name, len(words), index))
            elif opened and opened[-1][0] == name:
                _, begin, first = opened.pop()
                words[begin:] = [_moved(name, words, begin, tokens[first : index + 2])] if name in _MOVED else []
    unsaid = [begin for name, begin, _ in opened if name in _UNSAID]
    return "".join(words[: unsaid[0]] if unsaid else words)


def _tag_of(token: Token) -> tuple[str, bool]:
    """The name of the tag that a token is, and whether it ends an element."""
    if token.type in ("s_open", "s_close"):
        return "s", token.type == "s_close"
    found = _INLINE_TAG.match(token.content) if token.type == "html_inline" else None
    return (found["name"].lower(), bool(found["end"])) if found else ("", False)


def _moved(name: str, words: Sequence[str], begin: int, tokens: Sequence[Token]) -> str:
    """Raised or lowered words as plain text; the tokens are theirs, with the tags and the one that follows."""
    before = next((part[-1:] for part in reversed(words[:begin]) if part), "")
    after = tokens[-1].content[:1] if tokens[-1].type == "text" else ""
    inner = "".join(words[begin:])
    if name == "sub":
        return lowered(inner, before, after)
    links = (str(token.attrGet("href") or "") for token in tokens if token.type == "link_open")
    is_pointer = any("#" in link for link in links) or any(_POINTER.match(token.content) for token in tokens)
    return raised(inner, before, after, is_pointer=is_pointer)
