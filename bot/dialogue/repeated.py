"""Questions that come again -> the answer that they got, as long as nothing it was decided from has changed.

Starters, suggestions and wordings of the bank are asked again and again. In: a question that stands alone, in which no
danger was seen. Out: what it was answered, and how that came about. It must not know what was asked: a question is a
hash under a key of this process, and an answer that says a word of it again is not kept.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass

import msgspec

from bot.answering.trace import AnswerTrace
from bot.messages import Message
from bot.records import Answer

_KEY_BYTES = 16


@dataclass(frozen=True, slots=True)
class Recalled:
    """What a question was answered, and how that came about."""

    answer: Answer
    trace: AnswerTrace


@dataclass(frozen=True, slots=True)
class _Entry:
    """An answer; ``of`` is the very object that it was decided beside, ``trace`` is JSON, which takes less memory."""

    of: object
    answer: Answer
    trace: bytes


class RepeatedAnswers:
    """The answers of one Build that were given last; threads share it, and it ends with the Build and the process."""

    def __init__(self, most: int) -> None:
        """``most`` answers are kept, none with 0."""
        self._most = most
        self._secret = secrets.token_bytes(32)
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()
        self._lock = threading.Lock()

    def key(self, question: str, *, tags: Collection[str], country: str) -> bytes:
        """Return what stands for a question; without the key of this process nobody finds the words.

        :param country: whose numbers are shown.
        """
        asked = msgspec.json.encode((sorted(tags), country, question))
        return hashlib.blake2b(asked, key=self._secret, digest_size=_KEY_BYTES).digest()

    def recall(self, key: bytes, of: object) -> Recalled | None:
        """Return what a question was answered.

        :param key: from ``key``.
        :param of: the approved answers of now; what was decided beside others is forgotten.
        :returns: ``None`` where it was not asked lately.
        """
        with self._lock:
            entry = self._entries.pop(key, None)
            if entry is None or entry.of is not of:
                return None
            self._entries[key] = entry
        return Recalled(entry.answer, msgspec.json.decode(entry.trace, type=AnswerTrace))

    def keep(self, key: bytes, of: object, answer: Answer, trace: AnswerTrace) -> None:
        """Keep an answer, if it has no word of its question.

        :param key: from ``key``.
        """
        if not self._most or _says_it_again(answer, trace):
            return
        looked = tuple(msgspec.structs.replace(look, text="") for look in trace.looked)
        kept = _Entry(of, answer, msgspec.json.encode(msgspec.structs.replace(trace, looked=looked)))
        with self._lock:
            self._entries[key] = kept
            while len(self._entries) > self._most:
                self._entries.popitem(last=False)


def _says_it_again(answer: Answer, trace: AnswerTrace) -> bool:
    """Whether there are words of the question in an answer or in how it came about, beside what was looked up."""
    said = (answer.message, *(notice.text for notice in answer.notices))
    return (
        any(isinstance(text, Message) and bool(text.values) for text in said)
        or any(look.corrections or look.about for look in trace.looked)
        or any(candidate.missing for look in trace.looked for candidate in look.candidates)
        or any(near.missing for near in trace.approved)
    )
