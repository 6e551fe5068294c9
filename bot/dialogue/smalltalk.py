"""Find a short reply in ``replies.toml`` to a message that asks nothing of the corpus.

Knows nothing of what the corpus holds.
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
from bot.answering.phrases import rest_after, says
from bot.messages import Message
from bot.statuses import AnswerStatus

_NO_WORD = re.compile(r"[^\w\s]|_")
# "hiiiii" and "sooo": no word has a letter three times in a row.
_REPEATED = re.compile(r"(\w)\1{2,}")
# Small talk is short; a message that gives the bot orders need not be.
_MOST_WORDS = 16


@dataclass(frozen=True, slots=True)
class SmallTalkReply:
    """A reply in the bot's own voice."""

    status: AnswerStatus
    text: Message


def reply_to(message: str) -> SmallTalkReply | None:
    """Return the reply to small talk, or ``None`` for anything else."""
    read = " ".join(_NO_WORD.sub(" ", _REPEATED.sub(r"\1\1", plain(message))).split())
    if not any(unicodedata.category(character)[0] in "LN" for character in message):
        read = ""
    short = len(read.split()) <= _MOST_WORDS
    for pattern, reply in _replies():
        if (short or reply.status == AnswerStatus.INSTRUCTIONS) and pattern.fullmatch(read):
            return reply
    return None


def without_opening(message: str) -> str:
    """Return what a message asks, without the greeting, thanks, apology or name before it.

    :returns: the message itself if nothing stands before the question, or nothing after the opening.
    """
    # "Sorry, I meant the other one" takes the last question back; that "sorry" is no opening.
    if says(message, "again"):
        return message
    rest = rest_after(message, "opening")
    return rest if rest is not None and any(sign.isalnum() for sign in rest) else message


def said(key: str, **values: str) -> Message:
    r"""Return one of our sentences.

    :param key: of the table ``said`` in the file.
    :param \*\*values: the values to fill in.
    """
    return Message(key, _file()["said"][key], **values)


def all_said() -> dict[str, Message]:
    """Return every sentence of the file by key: those of ``said``, and small-talk replies by their status.

    :returns: with ``{name}`` where a value goes.
    """
    replies = {reply.text.key: reply.text for _, reply in _replies()}
    return {**{key: Message(key, text) for key, text in _file()["said"].items()}, **replies}


@lru_cache(maxsize=1)
def _replies() -> tuple[tuple[re.Pattern[str], SmallTalkReply], ...]:
    return tuple((_any_of(entry["find"]), _reply(entry["status"], entry["text"])) for entry in _file()["reply"])


def _any_of(expressions: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in expressions))


def _reply(status: str, text: str) -> SmallTalkReply:
    return SmallTalkReply(AnswerStatus(status), Message(status, text))


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("replies.toml").read_text(encoding="utf-8"))
