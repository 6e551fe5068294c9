"""A message -> the language it is in, when that is not English, and what to say in that language.

Scripts are told by their letters; languages in Latin letters by py3langid, which is only asked when few of the words
are little words of English and at most half are in the corpus: names of genes and diseases look foreign to it.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from importlib import resources
from typing import Any

from bot.indexing.lexical import STOP_WORDS, words_of

# Languages in Latin letters that are looked for; those without a sentence of ours get the general one.
_LATIN = ("en", "es", "fr", "pt", "id", "de", "it", "nl", "pl", "tr", "vi", "sv", "ro")
# Of the 401 families' questions none is taken for another language; of 60 short questions in these languages 52 are.
_SURE = 0.9
_KNOWN_SHARE = 0.5
_ENGLISH_SHARE = 0.2
_SCRIPTS = {"CJK": "zh", "DEVANAGARI": "hi", "ARABIC": "ar", "BENGALI": "bn", "CYRILLIC": "ru", "HIRAGANA": "ja"}
_SCRIPTS |= {"KATAKANA": "ja"}
_OTHER = "other"
# Letters of Urdu that Arabic does not have.
_URDU = frozenset("ٹڈڑںھہےگچپژ")


def other_language(message: str, is_known: Callable[[str], bool]) -> str | None:
    """Return the code of the language of a message that is not in English.

    :param message: as typed.
    :param is_known: whether the corpus has a word.
    :returns: a key of ``languages.toml``; ``None`` for English, and when it cannot be told.
    """
    letters = [character for character in message if character.isalpha()]
    foreign = Counter(script for character in letters if (script := _script(character)) != "LATIN")
    if sum(foreign.values()) * 2 > len(letters):
        return _of_script(foreign, message)
    words = words_of(message)
    greeting = _greetings().get(" ".join(words))
    if greeting is not None or len(words) < 2:
        return greeting
    english = sum(word in STOP_WORDS for word in words)
    if english > _ENGLISH_SHARE * len(words) or sum(map(is_known, words)) >= _KNOWN_SHARE * len(words):
        return None
    language, share = _identifier().classify(message)
    return (language if language in _sentences() else _OTHER) if language != "en" and share >= _SURE else None


def in_language(code: str) -> str:
    """Return the sentence that says, in a language, that answers are in English.

    :param code: from ``other_language``.
    :returns: words of ours.
    """
    return str(_sentences()[code]["text"])


def _of_script(foreign: Counter[str], message: str) -> str:
    if foreign["HIRAGANA"] or foreign["KATAKANA"]:
        return "ja"
    code = _SCRIPTS.get(foreign.most_common(1)[0][0], _OTHER)
    return "ur" if code == "ar" and _URDU & set(message) else code


def _script(character: str) -> str:
    return unicodedata.name(character, "LATIN").split(" ", 1)[0]


@lru_cache(maxsize=1)
def _sentences() -> dict[str, dict[str, Any]]:
    return tomllib.loads(resources.files(__package__).joinpath("languages.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _greetings() -> dict[str, str]:
    return {word: code for code, entry in _sentences().items() for word in entry.get("greetings", [])}


@lru_cache(maxsize=1)
def _identifier() -> Any:
    # Loaded when first needed: it takes most of a second and few conversations need it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(_LATIN))
    return identifier
