"""Cache the answers to repeated questions, as long as nothing they were decided from has changed.

Starters, suggestions and wordings of the bank are asked again and again. Only questions that stand alone and show no
danger are cached. The cache must not know what was asked: a question is a hash under a key of this process, and an
answer that repeats a word of its question is not kept.
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
    """A cached answer and how it came about."""

    answer: Answer
    trace: AnswerTrace


@dataclass(frozen=True, slots=True)
class _Entry:
    """A cached answer; ``of`` is the very object it was decided with, and ``trace`` is JSON to save memory."""

    of: object
    answer: Answer
    trace: bytes


class RepeatedAnswers:
    """The most recently given answers of one Build; threads share it, and it ends with the Build and the process."""

    def __init__(self, most: int) -> None:
        """Keep at most ``most`` answers; 0 keeps none."""
        self._most = most
        self._secret = secrets.token_bytes(32)
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()
        self._lock = threading.Lock()

    def key(self, question: str, *, tags: Collection[str], country: str) -> bytes:
        """Return the key of a question, which does not reveal its words without this process's secret.

        :param country: whose numbers are shown.
        """
        asked = msgspec.json.encode((sorted(tags), country, question))
        return hashlib.blake2b(asked, key=self._secret, digest_size=_KEY_BYTES).digest()

    def recall(self, key: bytes, of: object) -> Recalled | None:
        """Return what a question was answered.

        :param key: from ``key``.
        :param of: the current approved answers; an answer decided with others is dropped.
        :returns: ``None`` if it was not asked recently.
        """
        with self._lock:
            entry = self._entries.pop(key, None)
            if entry is None or entry.of is not of:
                return None
            self._entries[key] = entry
        return Recalled(entry.answer, msgspec.json.decode(entry.trace, type=AnswerTrace))

    def keep(self, key: bytes, of: object, answer: Answer, trace: AnswerTrace) -> None:
        """Keep an answer, unless it repeats a word of its question.

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
    """Whether an answer or its trace repeats words of the question, apart from what was looked up."""
    said = (answer.message, *(notice.text for notice in answer.notices))
    return (
        any(isinstance(text, Message) and bool(text.values) for text in said)
        or any(look.corrections or look.about for look in trace.looked)
        or any(candidate.missing for look in trace.looked for candidate in look.candidates)
        or any(near.missing for near in trace.approved)
    )
