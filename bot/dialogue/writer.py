"""Strip the names of the writer and the addressee from a message in English: they are no topic.

A name counts only at the beginning or end. A message that is nothing but a name, or that says more of someone, stays as
it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.dialogue.smalltalk import without_opening
from bot.privacy.names import is_given_name, may_be_name

# "Hello. My name is Ada. I have a question." takes two rounds.
_MOST_ROUNDS = 4
_TITLE = r"(?i:dr|doctor|prof|professor|mr|mrs|ms|miss|nurse)\b\.? *+"
_GREETS = r"(?i:hi|hello|hey|dear|good (?:morning|afternoon|evening|day))(?i: there)?[ ,]++"
_NAME = r"(?P<name>[^\W\d_](?:\w|-|['’](?!s\b))*+)"
_FAMILY = r"(?: (?!I\b)[A-Z][\w'’-]*+)?+"
_ASKS = r"(?i:and|but|so|with|what|how|why|when|where|who|which|is|are|can|could|do|does|i)\b"
_SMALL_FAMILY = rf"(?: (?!{_ASKS}|(?i:ive|im|my|we|our|the|here|from)\b)\w++)?+"
_KIN = r"(?i:mum|mom|mother|mama|dad|father|papa|parent|carer|caregiver|grandmother|grandfather|aunt|uncle)"
# What else is said of the writer and is no topic either.
_MORE = (
    rf"(?:['’]s {_KIN}|,? (?:(?i:a|the|proud) )*+{_KIN} (?i:of|to) (?i:an?|one|two|three|four|five|six|\d)\b"
    r"(?: (?i:kids?|children|boys?|girls?)\b)?(?=\s*+[.,:;!?–—-])| (?i:here|speaking))?+"
    r"(?: (?i:from) [A-Z]\w++(?: [A-Z]\w++)?+)?+"
)
_PARTED = rf"(?:\s*+[.,:;!?–—-]\s*+|\s*+\n\s*+|\s++(?={_ASKS}))(?:(?i:and|so|but)\b\W*+)?+"
# After words that announce a name, the name need not be a known one.
_TOLD = re.compile(
    rf"\W*+(?:{_GREETS})?(?i:my name is|my names|my name['’]s|they call me|call me) (?:{_TITLE})?{_NAME}"
    rf"{_FAMILY}{_SMALL_FAMILY}{_MORE}{_PARTED}"
)
_TITLED = re.compile(rf"\W*+{_GREETS}{_TITLE}{_NAME}{_FAMILY}{_PARTED}")
_SHOWN = (
    re.compile(rf"\W*+(?:{_GREETS})?(?i:i['’]?m|i am|am|this is|it['’]?s|it is) {_NAME}{_FAMILY}{_MORE}{_PARTED}"),
    re.compile(rf"\W*+{_GREETS}{_NAME}{_FAMILY}{_PARTED}"),
    re.compile(rf"\W*+{_NAME}{_FAMILY} (?i:here|speaking)\b(?: (?i:from) [A-Z]\w++)?+{_PARTED}"),
)
_CLOSES = (
    r"(?i:(?:(?:many )?thanks|thank you)(?: so much| very much| in advance| a lot)?|thx|ty|signed|sincerely"
    r"|all the best|(?:kind |best |warm |with best )?(?:regards|wishes)|yours (?:sincerely|truly|faithfully))"
)
_SIGNED = re.compile(rf"(?<=[.?!\n,;)–—-])\s*+{_CLOSES}\b[\s,.!–—-]*+(?:{_TITLE})?(?:{_NAME}{_FAMILY})?[\s.!]*+$")
_NAMED = re.compile(
    r"(?:(?<=[?!\n)])|(?<= [–—-]))\s*+(?:(?i:from|love|best|cheers|yours|take care)\b[\s,.!–—-]*+)?"
    rf"{_NAME}{_FAMILY}[\s.!)]*+$"
)


def without_writer(message: str) -> str:
    """Return what a message asks, without greeting, thanks, and the names of the writer and the addressee.

    :returns: the message itself if there is nothing else in it.
    """
    for _ in range(_MOST_ROUNDS):
        rest = next(_shorter(message), message)
        if rest == message:
            break
        message = rest
    return message


def _shorter(message: str) -> Iterator[str]:
    """Yield the message with one thing removed, as long as something is left."""
    rests = [*_without_a_name(message), without_opening(message)]
    return (rest for rest in rests if rest != message and any(sign.isalnum() for sign in rest))


def _without_a_name(message: str) -> Iterator[str]:
    for told in (_TOLD, _TITLED):
        if (found := told.match(message)) and may_be_name(found["name"]):
            yield message[found.end() :]
    for shown in _SHOWN:
        if (found := shown.match(message)) and is_given_name(found["name"]):
            yield message[found.end() :]
    if found := _SIGNED.search(message):
        yield message[: found.start()]
    if (found := _NAMED.search(message)) and is_given_name(found["name"]):
        yield message[: found.start()].rstrip(" –—-")
