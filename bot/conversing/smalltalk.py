"""A message that asks nothing of the corpus -> a fitting short reply from ``replies.toml``.

In: text as typed. Out: a status and our own words. It must not know what the corpus holds.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from bot.answering.grams import plain
from bot.conversing.phrases import rest_after, says

PRIVACY = "smalltalk_privacy"

_NO_WORD = re.compile(r"[^\w\s]|_")
# "hiiiii" and "sooo": nobody writes a letter three times.
_REPEATED = re.compile(r"(\w)\1{2,}")
# Small talk is short; the one that gives orders need not be.
_MOST_WORDS = 16


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says in its own voice."""

    status: str
    text: str


def reply_to(message: str) -> Reply | None:
    """Return the reply to small talk.

    :param message: as typed.
    :returns: ``None`` for anything else.
    """
    read = " ".join(_NO_WORD.sub(" ", _REPEATED.sub(r"\1\1", plain(message))).split())
    if not any(unicodedata.category(character)[0] in "LN" for character in message):
        read = ""
    short = len(read.split()) <= _MOST_WORDS
    for pattern, reply in _replies():
        if (short or reply.status == "smalltalk_instructions") and pattern.fullmatch(read):
            return reply
    return None


def without_opening(message: str) -> str:
    """Return what a message asks, without the greeting, thanks, apology or name before it.

    :param message: as typed.
    :returns: the message itself when nothing stands before the question, or nothing after the greeting.
    """
    # "Sorry, I meant the other one" takes the question before back; that "sorry" is no greeting.
    if says(message, "again"):
        return message
    rest = rest_after(message, "opening")
    return rest if rest is not None and any(sign.isalnum() for sign in rest) else message


def said(key: str, **values: str) -> str:
    r"""Return a sentence of ours.

    :param key: of the table ``said`` in the file.
    :param \*\*values: what goes in.
    :returns: the sentence.
    """
    return str(_file()["said"][key]).format(**values)


def all_said() -> dict[str, str]:
    """Return every sentence of the file by key: those of ``said``, and replies to small talk by their status.

    :returns: with ``{name}`` where a value goes.
    """
    replies = {entry["status"]: entry["text"] for entry in _file()["reply"]}
    return {**_file()["said"], **replies}


@lru_cache(maxsize=1)
def _replies() -> tuple[tuple[re.Pattern[str], Reply], ...]:
    return tuple(
        (re.compile("|".join(f"(?:{one})" for one in entry["find"])), Reply(entry["status"], entry["text"]))
        for entry in _file()["reply"]
    )


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("replies.toml").read_text(encoding="utf-8"))
