"""Define a sentence of ours that remembers the key and the values it was made from.

It reads as its English text everywhere. To say it in another language, look up that language's sentence by the key and
insert the same values; nothing is parsed back out of a text. Knows nothing of languages.
"""

from __future__ import annotations

from collections.abc import Mapping


class Message(str):
    """A sentence of ours; ``key`` names it in the files of replies, and ``values`` are what was inserted into it."""

    key: str
    values: Mapping[str, str]

    def __new__(cls, key: str, sentence: str, **values: str) -> Message:
        """Make a message from a sentence in English, with ``{name}`` where a value goes."""
        message = super().__new__(cls, sentence.format(**values) if values else sentence)
        message.key, message.values = key, values
        return message

    def __deepcopy__(self, memo: object) -> Message:
        """Return the message itself, because it is immutable."""
        return self
