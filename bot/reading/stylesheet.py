"""Find which elements of an HTML tree are struck out, raised or lowered.

It goes by names, styles and classes. Classes are looked up in the page's own style sheets, where Google Docs and Word
define theirs, and otherwise judged by their usual names. Knows nothing of what becomes of the elements.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_STRUCK = re.compile(r"text-decoration(?:-line)?\s*+:[^;]*line-through", re.IGNORECASE)
_STRUCK_CLASS = re.compile(
    r"(?:^|[\s_-])(?:line-through|strike-?(?:through|out)?|struck(?:-out)?|crossed-out|deleted(?:-text)?)(?=\s|$)",
    re.IGNORECASE,
)
_RAISED = re.compile(
    r"vertical-align\s*+:\s*+super\b|baseline-shift\s*+:\s*+super\b|font-variant-position\s*+:\s*+super\b"
    r"|mso-text-raise\s*+:\s*+\d|position\s*+:\s*+relative\s*+;\s*+top\s*+:\s*+-|vertical-align\s*+:\s*+\.?[1-9]",
    re.IGNORECASE,
)
_LOWERED = re.compile(
    r"vertical-align\s*+:\s*+sub\b|baseline-shift\s*+:\s*+sub\b|font-variant-position\s*+:\s*+sub\b"
    r"|mso-text-raise\s*+:\s*+-|position\s*+:\s*+relative\s*+;\s*+bottom\s*+:\s*+-",
    re.IGNORECASE,
)
_RAISED_CLASS = re.compile(r"(?:^|[\s_-])(?:sup|superscript)(?=\s|$)", re.IGNORECASE)
_LOWERED_CLASS = re.compile(r"(?:^|[\s_-])(?:sub|subscript)(?=\s|$)", re.IGNORECASE)
_RULE = re.compile(r"([^{}]{1,2000})\{([^{}]*)\}")
# One class, on any element; selectors that ask for more are not understood here.
_CLASS = re.compile(r"[a-z0-9]{0,20}\.([\w-]+)", re.IGNORECASE)
_IN_LINE = frozenset({"span", "font", "b", "i", "em", "strong", "small", "a", "u", "tspan"})


@dataclass(frozen=True, slots=True)
class Styles:
    """The classes of a page that strike out, raise and lower."""

    struck: frozenset[str]
    raised: frozenset[str]
    lowered: frozenset[str]

    def is_struck(self, element: Element) -> bool:
        """Say whether the words of an element are struck out."""
        if element.tag in ("del", "s", "strike") or element.get("role") == "deletion":
            return True
        classes = element.get("class", "")
        if _STRUCK.search(element.get("style", "")) or not self.struck.isdisjoint(classes.split()):
            return True
        return bool(_STRUCK_CLASS.search(classes))

    def kind_of(self, element: Element) -> str:
        """Return ``sup`` or ``sub`` for a raised or lowered element, else its tag name."""
        if element.tag in ("sup", "sub") or element.tag not in _IN_LINE:
            return str(element.tag)
        style, classes = f"{element.get('style', '')};", element.get("class", "")
        shift = element.get("baseline-shift", "")
        for kind, by_style, listed, called in (
            ("sub", _LOWERED, self.lowered, _LOWERED_CLASS),
            ("sup", _RAISED, self.raised, _RAISED_CLASS),
        ):
            told = by_style.search(style) or shift.startswith(kind) or not listed.isdisjoint(classes.split())
            if told or called.search(classes):
                return kind
        return str(element.tag)


def styles_in(root: Element) -> Styles:
    """Return what the style sheets of a page define for its classes."""
    rules = [rule for sheet in root.iter("style") for rule in _RULE.findall(sheet.text or "")]
    return Styles(
        frozenset(_named(rules, _STRUCK)), frozenset(_named(rules, _RAISED)), frozenset(_named(rules, _LOWERED))
    )


def _named(rules: list[tuple[str, str]], said: re.Pattern[str]) -> set[str]:
    names = (selector for selectors, body in rules if said.search(f"{body};") for selector in selectors.split(","))
    return {found[1] for name in names if (found := _CLASS.fullmatch(name.strip()))}
