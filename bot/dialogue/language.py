"""Tell which language a message is in, if not English, and give our sentences in that language.

Scripts are told by their letters. Languages in Latin letters are told by the table of ``safety/languages`` and, where
that is unsure, by py3langid. If the table is not certain, a message counts as English when many of its words are little
words of English or at least half are in the corpus: names of genes and diseases look foreign.
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
from bot.safety.languages import packaged_languages

# The languages in Latin letters that are recognised; those without sentences of ours get the general one.
_LATIN = ("en", "es", "fr", "pt", "id", "de", "it", "nl", "pl", "tr", "vi", "sv", "ro")
# None of the 401 families' questions is taken for another language; of 60 short questions in these languages, 52 are
# recognised.
_SURE = 0.9
_SURE_TABLE = 0.5
_CERTAIN, _SEVERAL = 0.8, 4
_MAY_BE = 0.7
_KNOWN_SHARE = 0.5
_ENGLISH_SHARE = 0.2
_SCRIPTS = {"CJK": "zh", "DEVANAGARI": "hi", "ARABIC": "ar", "BENGALI": "bn", "CYRILLIC": "ru", "HIRAGANA": "ja"}
_SCRIPTS |= {"KATAKANA": "ja"}
_OTHER = "other"
# Letters of Urdu that Arabic lacks.
_URDU = frozenset("ٹڈڑںھہےگچپژ")


def other_language(message: str, is_known: Callable[[str], bool]) -> str | None:
    """Return the language code of a message that is not in English.

    :returns: a key of ``languages.toml``; ``None`` for English, and if the language cannot be told.
    """
    letters = [character for character in message if character.isalpha()]
    foreign = Counter(script for character in letters if (script := _script(character)) != "LATIN")
    if sum(foreign.values()) * 2 > len(letters):
        return _of_script(foreign, message)
    words = words_of(message)
    greeting = _greetings().get(" ".join(words))
    if greeting is not None or len(words) < 2:
        return greeting
    # "no me" is English as well as Spanish: little words decide only where the table is not certain.
    language, share = _likeliest(message)
    if language != "en" and share >= _CERTAIN and len(words) >= _SEVERAL:
        return language if language in _sentences() else _OTHER
    english = sum(word in STOP_WORDS for word in words)
    if english > _ENGLISH_SHARE * len(words) or sum(map(is_known, words)) >= _KNOWN_SHARE * len(words):
        return None
    if language == "en" or share < _SURE_TABLE:
        language, share = _identifier().classify(message)
        if share < _SURE:
            return None
    return (language if language in _sentences() else _OTHER) if language != "en" else None


def is_greeting(message: str) -> bool:
    """Say whether a message is only a greeting in another language."""
    return " ".join(words_of(message)) in _greetings()


def in_language(code: str, key: str = "text") -> str | None:
    """Return one of our sentences in a language; ``text`` says that answers are in English.

    :param code: from ``other_language``.
    :param key: ``text``, ``emergency``, ``crisis`` or ``quoted``.
    :returns: ``None`` if the file has no such sentence.
    """
    said: str | None = _sentences()[code].get(key)
    return said


def may_be_foreign(message: str) -> bool:
    """Say whether a message in Latin letters may well be in another language than English, sure or not."""
    return packaged_languages().tell(message).languages["en"] < _MAY_BE


def _likeliest(message: str) -> tuple[str, float]:
    """Return the likeliest language, and how likely a message is in it or, unless it is English, in any but English.

    Urdu and Hindi in Latin letters are one language to the table.
    """
    shares = packaged_languages().tell(message).languages
    language = max(shares, key=lambda code: shares[code])
    return language, shares["en"] if language == "en" else 1 - shares["en"]


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
