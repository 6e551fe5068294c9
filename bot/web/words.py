"""The words that people read on screen, one file a language, shared by the pages and the widget.

Comes in: the path of ``strings.LANG.js``. Goes out: an object that fills in a sentence by its key. The file is an ES
module whose only statement exports a JSON object, so that the widget imports it as it is and Python reads the same
words; a test holds it to that form. It must not know where a sentence is shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ENGLISH = "en"
STRINGS_FOLDER = Path(__file__).parent / "static" / "widget"


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language by key, with ``{name}`` where a value goes."""

    language: str
    sentences: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """The sentence for ``key``; an unknown key or a missing value is a fault of ours and raises KeyError."""
        return self.sentences[key].format(**values)


def read_words(language: str) -> Words:
    """The words of ``strings.LANGUAGE.js``."""
    module = (STRINGS_FOLDER / f"strings.{language}.js").read_text(encoding="utf-8")
    return Words(language, json.loads(module[module.index("{\n") : module.rindex("}") + 1]))


def languages() -> tuple[str, ...]:
    """The languages that there is a file of words for."""
    return tuple(sorted(path.name.split(".")[1] for path in STRINGS_FOLDER.glob("strings.*.js")))


def all_words() -> dict[str, Words]:
    """The words of every language."""
    return {language: read_words(language) for language in languages()}
