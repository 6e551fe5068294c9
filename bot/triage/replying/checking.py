"""Point out what staff should look at twice before a text goes out to families.

Each doubt has the words that raised it. Nothing is refused: whoever writes knows more than patterns do. Knows nothing
of where texts are kept.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from bot.answering.grams import plain
from bot.privacy.redaction import redact
from bot.safety.patterns import packaged_patterns

Kind = Literal["personal", "dose", "danger", "gap"]
# What redaction puts in place of what it removes: a text that still has it was never finished.
_GAP = re.compile(r"\[(?:name|phone|e-mail|postcode|birth date|record number)\]")
_MEDICINE = (
    r"(?:dos(?:e|es|age)|medic(?:ine|ines|ation|ations)|drugs?|tablets?|pills?|drops|injections?|insulin|steroids?)"
)
_CHANGE = (
    r"(?:doubl(?:e|ing)|halv(?:e|ing)|increas(?:e|ing)|rais(?:e|ing)|lower(?:ing)?|reduc(?:e|ing)|decreas(?:e|ing)"
    r"|stop(?:ping)?|skip(?:ping)?|start(?:ing)?)"
)
_DOSE = re.compile(
    rf"\b{_CHANGE}\b[^.?!\n]{{0,40}}\b{_MEDICINE}\b"
    rf"|\b\d+(?:[.,]\d+)?\s?(?:mg|mcg|µg|ml|iu|units?|{_MEDICINE})\b(?:\s?/\s?kg)?",
    re.I,
)
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to look at twice: its kind, and the words."""

    kind: Kind
    words: str


def doubts_about(text: str) -> list[Doubt]:
    """Return what to look at twice in a text for families, at most a few of each kind.

    :returns: redaction gaps; names, numbers and addresses; doses and changes of treatment; words of an emergency
    """
    found = [
        *(Doubt("gap", one) for one in _GAP.findall(text)[:_MOST_SHOWN]),
        *(Doubt("personal", one) for one in _personal(_GAP.sub("", text))[:_MOST_SHOWN]),
        *(Doubt("dose", one.group()) for one in list(_DOSE.finditer(text))[:_MOST_SHOWN]),
        *(Doubt("danger", one) for one in _danger(text)[:_MOST_SHOWN]),
    ]
    return list(dict.fromkeys(found))


def token_of(text: str, to: str, families: int) -> str:
    """Return a token that shows that somebody has seen the doubts about this text to these families."""
    return hashlib.sha256(f"{families}\n{to}\n{text}".encode()).hexdigest()[:32]


def _personal(text: str) -> list[str]:
    """Return the words that redaction would have removed if a family had written them."""
    clean = redact(text)
    if clean == text:
        return []
    before, after = re.findall(r"\S+|\s+", text), re.findall(r"\S+|\s+", clean)
    changes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    words = ("".join(before[start:end]).strip(" ,.;:!?") for kind, start, end, _, _ in changes if kind != "equal")
    return [one for one in words if one]


def _danger(text: str) -> list[str]:
    book = packaged_patterns()
    read = plain(text)
    found = book.found_in(read, book.cues_in(read))
    return [pattern.id.replace("_", " ") for pattern in found if pattern.kind != "personal"]
