"""Take code and struck-out words out of markup as typed, and write raised characters as plain text.

For readers of texts with a few tags, such as captions; it knows nothing of the rest of HTML.
"""

from __future__ import annotations

import re

from bot.reading.raised import lowered, raised

_CODE = re.compile(r"<(script|style|template|noscript)\b", re.IGNORECASE)
_STRUCK = re.compile(r"<(s|strike|del)>[^<>]*+</\1>", re.IGNORECASE)
_MOVED = re.compile(r"<(sup|sub)>([^<>]*+)</\1>", re.IGNORECASE)


def without_code(markup: str) -> str:
    """Return markup without its scripts and styles; one that is never closed stays, as a tag without words would."""
    kept: list[str] = []
    begin = at = 0
    endless: set[str] = set()
    while opening := _CODE.search(markup, at):
        name = opening[1].lower()
        end = markup.find(">", opening.end())
        closing = None if end < 0 or name in endless else _closing(name).search(markup, end)
        if closing is None:
            # An element not closed from here is not closed further on: looking again each time would be quadratic.
            endless.add(name)
            at = opening.end()
            continue
        kept.append(markup[begin : opening.start()])
        begin = at = closing.end()
    return " ".join([*kept, markup[begin:]])


def _closing(name: str) -> re.Pattern[str]:
    return {
        "script": re.compile(r"</script\s*+>", re.IGNORECASE),
        "style": re.compile(r"</style\s*+>", re.IGNORECASE),
        "template": re.compile(r"</template\s*+>", re.IGNORECASE),
        "noscript": re.compile(r"</noscript\s*+>", re.IGNORECASE),
    }[name]


def as_shown(markup: str) -> str:
    """Return markup without its struck-out words, and with raised and lowered characters as plain text."""
    if "<" not in markup:
        return markup
    return _MOVED.sub(_moved, _STRUCK.sub("", markup))


def _moved(found: re.Match[str]) -> str:
    before, after = found.string[: found.start()][-1:], found.string[found.end() : found.end() + 1]
    return (raised if found[1].lower() == "sup" else lowered)(found[2], before, after)
