"""Change a tree of HTML so that its words are those a reader takes from the page.

Exponents become Unicode characters, words that are struck out or not meant for readers go, questions on buttons become
headings, panels that open on a tap are opened, and the content of a table cell stays in it. Knows nothing of where the
main text of a page is.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from bot.reading.raised import lowered, raised
from bot.reading.stylesheet import Styles, styles_in
from bot.reading.tablecells import fill_tables
from bot.reading.textfile import one_line

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

HEADING = re.compile(r"h[1-6]")
_NOT_WORDS = ("script", "style", "template", "noscript", "annotation", "annotation-xml", "video", "audio", "iframe")
_POINTER_CLASS = re.compile(r"footnote|noteref|\breference\b|citation|cite_ref", re.IGNORECASE)
_OPENER_CLASS = re.compile(r"accordion|collaps|faq|toggle|expand|disclosure", re.IGNORECASE)
_PANEL_CLASS = re.compile(r"accordion|collaps|faq|toggle|expand|panel|answer|tab-content|tab-pane", re.IGNORECASE)
_OPENER_SIGNS = ("aria-expanded", "aria-controls", "data-toggle", "data-bs-toggle", "data-target", "data-bs-target")
_HIDING = re.compile(r"(?:display\s*+:\s*+none|visibility\s*+:\s*+hidden)\s*+(?:!important)?\s*+;?", re.IGNORECASE)
_NO_SCRIPT = re.compile(
    r"(?:(?:sorry|oops)\W{1,3})?(?:you need to enable|please enable|enable|turn on) javascript\b.{0,120}"
    r"|(?:this|our|the) (?:site|website|page|app|application) (?:requires|needs|works best with) javascript\b.{0,120}"
    r"|(?:your browser has )?javascript (?:is|seems to be|must be|appears to be) "
    r"(?:disabled|enabled|required|off).{0,120}",
    re.IGNORECASE,
)
_NO_PLAYER = re.compile(
    r"your browser (?:does not|doesn['’]t) support (?:the |this |html5 )*"
    r"(?:video|audio|iframes?|canvas|inline frames|media|tag|element|player|playback)[\w\s]{0,20}[.!]?"
    r"|(?:we['’]re|we are) sorry,? but [^.]{1,60} (?:doesn['’]t|does not) work properly without javascript.{0,120}"
    r"|to view this (?:video|content|page|site),? please (?:enable|turn on|activate) javascript.{0,120}"
    r"|please turn javascript on.{0,60}|(?:please )?activate javascript.{0,60}|javascript is not available[.!]?"
    r"|(?:this|our|the) content (?:requires|needs) javascript.{0,60}"
    r"|it (?:looks like|seems that|appears that) your browser (?:does not|doesn['’]t) have javascript.{0,80}"
    r"|you are using an outdated browser\..{0,80}",
    re.IGNORECASE,
)
_IN_CELLS = frozenset({"p", "div", "li", "ul", "ol", "dd", "dt", "dl", "blockquote", "section"})
_NOT_FLAT = ("table", "h1", "h2", "h3", "h4", "h5", "h6")


def mend(root: Element, level: int = 1) -> None:
    """Change the tree so that its words are those that a reader takes from it.

    :param root: a tree that lxml has read as HTML; changed in place
    """
    styles = styles_in(root)
    for element in list(root.iter(*_NOT_WORDS)):
        _become(element, "")
    for element in list(root.iter(etree.Element)):
        if styles.is_struck(element) or (element.tag in ("p", "div") and _is_for_browsers(_near_words(element))):
            _become(element, "")
    _open_panels(root, level)
    _name_tabs(root, level)
    _let_forms_be_read(root)
    for quoted in root.iter("q"):
        quoted.tag, quoted.text, quoted.tail = "span", f"\u201c{quoted.text or ''}", f"\u201d{quoted.tail or ''}"
    _spell_formulas(root)
    _move_signs(root, styles)
    fill_tables(root)
    for cell in list(root.iter("td", "th")):
        _flatten(cell)


def _become(element: Element, words: str) -> None:
    """Replace the content of an element with words; what follows the element stays."""
    for child in list(element):
        element.remove(child)
    element.tag, element.text = "span", words
    element.attrib.clear()


def _is_for_browsers(words: str) -> bool:
    return bool(_NO_SCRIPT.fullmatch(words) or _NO_PLAYER.fullmatch(words))


def _near_words(element: Element) -> str:
    """Return an element's words if it has no child elements, else nothing."""
    return "" if len(element) else one_line(element.text or "")


def _open_panels(root: Element, level: int) -> None:
    """Turn the buttons that open panels into headings, and open the panels.

    Their classes go, because the search for the main text misreads them.
    """
    opened: set[str] = set()
    for element in root.iter(etree.Element):
        if HEADING.fullmatch(str(element.tag)):
            level = int(str(element.tag)[1])
        elif _opens(element):
            opened |= _ids_opened_by(element)
            _say_opener(element, level)
    for element in root.iter(etree.Element):
        if _is_panel(element, opened):
            _open(element)


def _opens(element: Element) -> bool:
    """Whether an element may be a control that opens a panel."""
    if element.tag in ("summary", "button") or element.get("role") in ("button", "tab"):
        return True
    return "data-toggle" in element.attrib or "data-bs-toggle" in element.attrib


def _say_opener(element: Element, level: int) -> None:
    """Make a question that opens its answer the heading above it."""
    heading = _heading_around(element)
    if heading is not None:
        element.tag = "span" if element.tag == "button" else element.tag
        heading.attrib.pop("class", None)
    elif element.tag == "summary":
        element.tag = f"h{min(level + 1, 6)}" if _has_words_after(element) else element.tag
    elif (element.tag == "button" or element.get("role") == "button") and _is_opener(element):
        element.tag = f"h{min(level + 1, 6)}"


def _name_tabs(root: Element, level: int) -> None:
    """Put the words of a tab above the panel that it shows: without its question, "No." says nothing."""
    panels = {panel.get("id", ""): panel for panel in root.iter(etree.Element) if panel.get("role") == "tabpanel"}
    for tab in [element for element in root.iter(etree.Element) if element.get("role") == "tab"]:
        shown = [panels[name] for name in sorted(_ids_opened_by(tab)) if name in panels]
        named = [panel for panel in panels.values() if tab.get("id") and panel.get("aria-labelledby") == tab.get("id")]
        words = one_line(_words(tab))
        for panel in (shown or named)[:1]:
            heading = etree.Element(f"h{min(level + 1, 6)}")
            heading.text, heading.tail, panel.text = words, panel.text, None
            panel.insert(0, heading)
            _become(tab, "")


def _let_forms_be_read(root: Element) -> None:
    """Turn forms that hold paragraphs into plain blocks, because some programs put the whole page in one."""
    for form in root.iter("form"):
        if next(form.iterdescendants("p", "li", "td", "h1", "h2", "h3", "h4"), None) is not None:
            form.tag = "div"


def _open(panel: Element) -> None:
    for name in ("hidden", "aria-hidden", "class"):
        panel.attrib.pop(name, None)
    if "style" in panel.attrib:
        panel.set("style", _HIDING.sub("", panel.get("style", "")))


def _heading_around(element: Element) -> Element | None:
    near = islice(element.iterancestors(), 3)
    return next((above for above in near if HEADING.fullmatch(str(above.tag))), None)


def _has_words_after(summary: Element) -> bool:
    return bool((summary.tail or "").strip()) or any(
        "".join(after.itertext()).strip() or (after.tail or "").strip() for after in summary.itersiblings()
    )


def _is_opener(element: Element) -> bool:
    return any(name in element.attrib for name in _OPENER_SIGNS) or bool(_OPENER_CLASS.search(element.get("class", "")))


def _ids_opened_by(element: Element) -> set[str]:
    names = [element.get(name, "") for name in ("aria-controls", "data-target", "data-bs-target", "href")]
    return {name.removeprefix("#") for value in names for name in value.split() if name.removeprefix("#")}


def _is_panel(element: Element, opened: set[str]) -> bool:
    if element.get("hidden") == "until-found" or element.get("role") in ("tabpanel", "region"):
        return True
    return element.get("id", "") in opened or bool(_PANEL_CLASS.search(element.get("class", "")))


def _spell_formulas(root: Element) -> None:
    """Write formulas as words: the second part of a power is raised, and a fraction has a slash."""
    for formula in list(root.iter("msup", "msub", "msubsup", "mfrac")):
        parts = list(formula)
        kinds = {"msup": ("sup",), "msub": ("sub",), "msubsup": ("sub", "sup"), "mfrac": ()}[str(formula.tag)]
        for part, kind in zip(parts[1:], kinds, strict=False):
            part.tag, part.tail = kind, ""
        if parts:
            parts[0].tail = "/" if formula.tag == "mfrac" else ""
    for formula in list(root.iter("math")):
        formula.tag = "span"


def _move_signs(root: Element, styles: Styles) -> None:
    """Write raised and lowered characters as plain text, the innermost first."""
    for element in reversed(list(root.iter(etree.Element))):
        kind = styles.kind_of(element)
        if kind == "sup":
            words = raised(_words(element), _before(element), _after(element), is_pointer=_is_pointer(element))
            _become(element, words)
        elif kind == "sub":
            _become(element, lowered(_words(element), _before(element), _after(element)))


def _words(element: Element) -> str:
    return "".join(map(str, element.itertext()))


def _is_pointer(element: Element) -> bool:
    if _POINTER_CLASS.search(element.get("class", "")) or element.get("role") == "doc-noteref":
        return True
    above = element.getparent()
    links = [*element.iter("a"), *([above] if above is not None and above.tag == "a" else [])]
    return any("#" in link.get("href", "") for link in links)


def _before(element: Element) -> str:
    """Return the character right before an element, if it is near."""
    previous, parent = element.getprevious(), element.getparent()
    if previous is None:
        return ((parent.text or "") if parent is not None else "")[-1:]
    return (previous.tail or (previous.text if not len(previous) else "") or "")[-1:]


def _after(element: Element) -> str:
    """Return the character right after an element, if it is near."""
    following = element.getnext()
    return (element.tail or (following.text if following is not None else "") or "")[:1]


def _flatten(cell: Element) -> None:
    """Write the lines of a cell on one line, separated by semicolons."""
    if not len(cell) or any(cell.find(f".//{name}") is not None for name in _NOT_FLAT):
        return
    lines: list[str] = [""]
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if element.tag in _IN_CELLS:
            lines.append("")
        elif element.tag == "br" and event == "start":
            lines[-1] += " "
        words = element.text if event == "start" else element.tail if element is not cell else ""
        lines[-1] += words or ""
    tail = cell.tail
    words = ""
    for line in filter(None, map(one_line, lines)):
        words += ("" if not words else " " if words[-1] in ".,;:!?" else "; ") + line
    for child in list(cell):
        cell.remove(child)
    cell.text, cell.tail = words, tail
