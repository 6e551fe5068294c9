"""Turn the words as typed in a transcript into what was said, with its times.

Time marks become times. Sounds ("[laughs]") and credits are left out. What could not be heard stays, as
"[unintelligible]", because leaving it out would change the sentence. Knows nothing of who speaks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.reading.credits import is_credit

if TYPE_CHECKING:
    from bot.reading.talk import TalkText

TIME = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
# The time of a range is its beginning. Brackets may be escaped, as in Markdown.
MARK = rf"\\?[\[(]\s*+{TIME}(?:\s*+(?:-->|[-–—])\s*+{TIME})?\s*+\\?[\])]"
_TIME = re.compile(r"(?:(?P<hours>\d{1,2}):)?(?P<minutes>\d{1,2}):(?P<seconds>\d{2}(?:[.,]\d{1,3})?)")
_BRACKETS = re.compile(r"\[(?P<square>[^\[\]]{1,60})\]|\((?P<round>[^()]{1,60})\)")
_ONLY_TIME = re.compile(rf"\s*+{TIME}(?:\s*+(?:-->|[-–—])\s*+{TIME})?\s*+")
_UNHEARD = re.compile(r"\b(unintelligible|inaudible|indistinct|indiscernible)\b", re.IGNORECASE)
_SOUND = re.compile(
    r"((soft|loud|upbeat|intro|outro|theme|background|audience|nervous|both|all|everyone|he|she|they)(ly)? )?"
    r"(laugh(s|ing|ter)?( \w+)?|chuckl(es|ing)|giggl(es|ing)|applause|clap(s|ping)|music( \w+){0,3}|sighs?|pause[sd]?"
    r"|silence|cough(s|ing)|sneezes|gasps|crying|sobs|cheer(s|ing)|cross[- ]?talk|overlapping( \w+)*|bleep|beep"
    r"|clears throat|break|noise|phone rings|singing|whispers|audio (skips|cuts out))[.!]?",
    re.IGNORECASE,
)
# Round brackets also hold asides that somebody says, so fewer words count as a sound in them.
_SOUND_IN_ROUND = re.compile(
    r"(\w+ )?(laugh(s|ing|ter)?|chuckl(es|ing)|giggl(es|ing)|applause|sighs)[.!]?", re.IGNORECASE
)


def seconds_of(time: str) -> float | None:
    """Return the first time in a text in seconds.

    :returns: ``None`` if there is none, or it has more than 59 seconds, or more than 59 minutes beside hours
    """
    found = _TIME.search(time)
    if found is None:
        return None
    hours, minutes = int(found["hours"] or 0), int(found["minutes"])
    seconds = float(found["seconds"].replace(",", "."))
    if seconds >= 60 or (found["hours"] is not None and minutes > 59):
        return None
    return hours * 3600 + minutes * 60 + seconds


def speak(typed: str, talk: TalkText) -> None:
    """Say typed words, one paragraph without markup, and report the times marked in them."""
    if is_credit(typed):
        return
    begin = 0
    words = ""
    for brackets in _BRACKETS.finditer(typed):
        said, start_s = _meaning(brackets)
        if said == brackets.group() and start_s is None:
            continue
        words += typed[begin : brackets.start()]
        begin = brackets.end()
        if start_s is not None:
            talk.say(words)
            talk.time(start_s)
            words = ""
        words += said
    talk.say(words + typed[begin:])


def _meaning(brackets: re.Match[str]) -> tuple[str, float | None]:
    """Return the words that brackets stand for, and the time they give."""
    inside = brackets["square"] or brackets["round"]
    if _ONLY_TIME.fullmatch(inside):
        # A time in round brackets amid speech may be a verse or an hour of the day.
        marks = brackets["square"] is not None or not brackets.string[: brackets.start()].strip()
        start_s = seconds_of(inside) if marks else None
        return (brackets.group(), None) if start_s is None else ("", start_s)
    if unheard := _UNHEARD.search(inside):
        return f"[{unheard[1].lower()}]", seconds_of(inside)
    sound = _SOUND if brackets["square"] else _SOUND_IN_ROUND
    return ("", None) if sound.fullmatch(inside.strip()) else (brackets.group(), None)
