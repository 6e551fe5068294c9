"""Load the words that people read on screen, one file per language, shared by the pages and the widget.

The file is an ES module whose only statement exports a JSON object, so that the widget imports it as it is and Python
reads the same words; a test enforces that form. Knows nothing of where a sentence is shown.
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
        """Return the sentence for ``key``, filled in.

        :raises KeyError: for an unknown key or a missing value, which is a fault of ours
        """
        return self.sentences[key].format(**values)


def read_words(language: str) -> Words:
    """Return the words of ``strings.LANGUAGE.js``."""
    module = (STRINGS_FOLDER / f"strings.{language}.js").read_text(encoding="utf-8")
    return Words(language, json.loads(module[module.index("{\n") : module.rindex("}") + 1]))


def languages() -> tuple[str, ...]:
    """Return the languages that have a file of words, in alphabetical order."""
    return tuple(sorted(path.name.split(".")[1] for path in STRINGS_FOLDER.glob("strings.*.js")))


def all_words() -> dict[str, Words]:
    """Return the words of every language."""
    return {language: read_words(language) for language in languages()}
