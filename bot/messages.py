"""A sentence of ours, with the key and the values that it was made from.

It reads as its English text everywhere. Whoever says it in another language finds that language's sentence by the key
and puts the same values in: nothing is read back out of a text. It must not know languages.
"""

from __future__ import annotations

from collections.abc import Mapping


class Message(str):
    """A sentence of ours. ``key`` names it in the files of replies; ``values`` are what was put into it."""

    key: str
    values: Mapping[str, str]

    def __new__(cls, key: str, sentence: str, **values: str) -> Message:
        """Make a message from a sentence in English, with ``{name}`` where a value goes."""
        message = super().__new__(cls, sentence.format(**values) if values else sentence)
        message.key, message.values = key, values
        return message

    def __deepcopy__(self, memo: object) -> Message:
        """Return the message: nothing in it changes."""
        return self
