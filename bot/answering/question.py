"""Turn a typed message into a Question that can be looked up: check its length and tell its kind."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from bot.errors import QuestionRejected
from bot.indexing.lexical import terms_of

MAX_QUESTION_CHARS = 2000
# Joins what a question leans on to the question. Run "readings": a question joined to the last one that stood alone is
# found as often as when spelled out; joined to the title of what was quoted, two in a hundred fewer are.
JOINT = ": "
# A message with more terms than this says for itself what it is about, if it is answered alone.
_TERMS_OF_A_WHOLE = 7

Kind = Literal["what", "why", "how", "risks", "compare", "other"]

# The order matters: "what are the risks" is about risks although it begins with "what".
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("compare", re.compile(r"\b(compared?|versus|vs\.?|differen(t|ce)s?|differs?|better than|or rather)\b", re.I)),
    (
        "risks",
        re.compile(
            r"\b(risks?|risky|side[ -]effects?|safe(ty)?|danger(s|ous)?|harm(s|ful)?|go wrong|downsides?"
            r"|drawbacks?|limits?|limitations?|cannot do|can't do)\b",
            re.I,
        ),
    ),
    ("why", re.compile(r"\b(why|what for|matters?|important|the point of|benefits?|helpful|worth)\b", re.I)),
    ("how", re.compile(r"\bhow (do|does|did|is|are|can|would|will|it)\b", re.I)),
    (
        "what",
        re.compile(r"^\W*(what('s| is| are|s)\b|define|definition|meaning of|explain|tell me about)|\bmeans?\b", re.I),
    ),
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is looked up.

    ``text`` is NFKC with each run of white space as one space; ``kind`` is the section of an explainer that it asks
    for.
    """

    text: str
    kind: Kind


def stands_alone(message: str) -> bool:
    """Say whether a message is long enough to say for itself what it is about."""
    return len(terms_of(message)) > _TERMS_OF_A_WHOLE


def parse_question(message: str) -> Question:
    """Return the question in a message.

    :param message: as typed; limits as for ``accepted``.
    :raises QuestionRejected: with reason ``empty`` or ``too_long``.
    """
    text = " ".join(accepted(message).split())
    return Question(text, kind_of(text))


def accepted(message: str) -> str:
    """Return a message in the form of ``readable``, if it can be answered.

    :param message: as typed; 1 to ``MAX_QUESTION_CHARS`` characters, counting each run of white space as one.
    :raises QuestionRejected: with reason ``empty`` or ``too_long``.
    """
    text = readable(message)
    chars = len(" ".join(text.split()))
    if not chars:
        raise QuestionRejected("empty", "The message is empty", "Write a question in your own words.")
    if chars > MAX_QUESTION_CHARS:
        found = f"The message has {chars} characters; at most {MAX_QUESTION_CHARS} can be read"
        raise QuestionRejected("too_long", found, "Shorten it to the question itself.")
    return text


def readable(message: str) -> str:
    """Return a message in the form that every step reads: NFKC, lines kept, no format, control or private characters.

    Full-width letters, ligatures and letters composed of parts become plain ones.
    """
    if message.isascii() and message.isprintable():
        return message
    return unicodedata.normalize("NFKC", "".join(map(_readable, message)))


def kind_of(text: str) -> Kind:
    """Return the kind of a question: the first in the order of ``_KINDS`` whose pattern is found, else ``other``."""
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), "other")


def _readable(character: str) -> str:
    """Replace an invisible character: drop format characters, which stand inside words, and make others a space."""
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return " " if category in {"Cc", "Cs", "Co", "Cn"} else character
