"""Measure how much of a question a passage speaks of, and which of the question's names it lacks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import pairwise

import msgspec

from bot.answering.spelling import Speller
from bot.indexing.lexical import STOP_WORDS, term_of, terms_of, words_of
from bot.records import Passage, Source

_TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*", re.UNICODE)
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|[\"“(]\s*)$")
_BREAK = re.compile(r"[().?!;:,/\"“”]")
# Word endings and heads that mark the names of diseases in English, so that "Huntington disease" and "hemolytic anemia"
# count as names although every word in them is common. Checked against the 2,684 titles of GARD (development set).
_DISEASE_WORD = re.compile(
    r"(os[ie]s|itis|a?emias?|opath(y|ies)|plasias?|omas?|troph(y|ies)|uria|ectasia|esthesia|penia|algia|plegia|paresis|tonia"
    r"|cephaly|dactyly|ataxia|opia|pneumonia|degenerations?|syndromes?|diseases?|disorders?|deficienc(y|ies)|malformations?"
    r"|defects?|tumou?rs?|cancers?|anomal(y|ies))$"
)
# "Cancer of the testes": what follows "of" makes the disease a particular one.
_OF = re.compile(r"\b(cancers?|tumou?rs?|deficienc(?:y|ies)|malformations?|defects?) of (?:the )?([a-z]+)", re.I)
# Not a term, so that no phrase spans two names.
_BETWEEN = "|"
# "shank3", "cdkl5", "22q13", "16p11": letters with a number, or a chromosome band; "20mg" and "3am" are neither.
_GENE = re.compile(r"[a-z]{3,}\d{1,3}[a-z]?|\d{1,2}[pq]\d{0,2}")
# The endings that mark the names of drugs (WHO's stems, and older families of seizure medicines).
_DRUG = re.compile(
    # The length is bounded, so that a long run of letters is not tried at every position.
    r"(?<![a-z])(?=[a-z]{5,24}(?![a-z]))[a-z]{3,}(?:"
    r"mab|parvovec|vovec|ersen|siran|tinib|gliptin|statin|sartan|azepam|azolam|barbital|bital"
    r"|racetam|gabalin|zepine|oxetine|idone|apine|azole|cillin|mycin|cycline|floxacin|profen"
    r"|triptan|setron|glutide|vir|amide|imide|toin|proate|proic|trigine|amate|bazam|methadione"
    r"|fluramine|diplam|caftor|phylline|dronate|olimus|thiazide|olol|prazole|tadine|caine"
    r")"
)
_ROMAN = frozenset(["ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii"])
# A term rarer than this, in fewer than half of the passages, may be part of the name of what is asked about.
_CORE_RARITY = 0.35


@dataclass(frozen=True, slots=True)
class _DiseaseWords:
    """The word lists that recognise the names of diseases.

    ``heads`` alone name no disease, and ``not_particular`` words before them do not make one: "a very rare genetic
    disease" could be any. ``asking`` words are never part of a name. ``everyday`` words are diseases in everyday
    English; ``no_diseases`` only end like one. ``between`` words join a name to the rest of the question; none is in a
    title or synonym of GARD.
    """

    heads: frozenset[str]
    not_particular: frozenset[str]
    asking: frozenset[str]
    everyday: frozenset[str]
    between: frozenset[str]
    no_diseases: frozenset[str]

    def is_disease(self, word: str) -> bool:
        """Say whether a name may end with this word."""
        return word in self.everyday or bool(_DISEASE_WORD.search(word) and word not in self.no_diseases)

    def parts(self, word: str) -> bool:
        """Say whether a word is no part of a name and so ends one."""
        return word in STOP_WORDS or word in self.asking or word in self.between


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """What a question asks about.

    ``terms`` are in order; ``names`` are the terms that name something in particular; ``diseases`` are the phrases, as
    runs of terms, that name a disease. ``names_something`` is true if the question names a disease or a rare word, not
    only an everyday word in capitals: a passage about something else would then be wrong, not merely poor. ``strict``
    are the names of genes, chromosome locations and drugs: a passage without them is about something else.
    """

    terms: tuple[str, ...]
    names: tuple[str, ...]
    strict: tuple[str, ...]
    diseases: tuple[tuple[str, ...], ...]
    names_something: bool


def asked_of(text: str, speller: Speller) -> QueryTerms:
    """Return the terms of a question, and which of them are names.

    A name is a word with letters and digits (SHANK3, 22q13), a word in capitals or capitalised inside a sentence
    (Rett), or a word that the encoder's vocabulary of common English does not hold whole (nusinersen). The last rule
    serves families who type in lower case.

    :returns: terms, names and diseases, each once, in order.
    """
    names: list[str] = []
    strict: list[str] = []
    particular = False
    shouted = text.isupper()
    for found in _TOKEN.finditer(text):
        typed = found.group()
        inside = not _SENTENCE_START.search(text[: found.start()])
        capitals = not shouted and ((typed[0].isupper() and inside) or sum(char.isupper() for char in typed) > 1)
        for word in words_of(typed):
            rare = (not word.isalpha() and not word.isdigit()) or not _is_plain(word, speller)
            if word not in STOP_WORDS and (rare or capitals):
                names.append(term_of(word))
                particular = particular or rare
                if rare and (_GENE.fullmatch(word) or _DRUG.fullmatch(word)):
                    strict.append(term_of(word))
    runs = _runs(text)
    phrases = [_disease_in(run) for run in runs]
    phrases += [(found.group(1).lower(), found.group(2).lower()) for found in _OF.finditer(text)]
    everyday = _disease_words().everyday
    particular_ones = (phrase for phrase in phrases if phrase and not (len(phrase) == 1 and phrase[0] in everyday))
    diseases = dict.fromkeys(tuple(term_of(word) for word in phrase) for phrase in particular_ones)
    return QueryTerms(
        tuple(dict.fromkeys(terms_of(text))),
        tuple(dict.fromkeys(names)),
        tuple(dict.fromkeys(strict)),
        tuple(diseases),
        particular or bool(diseases),
    )


def _is_plain(word: str, speller: Speller) -> bool:
    """Whether a word or its singular is common English, or a number."""
    forms = (word, word.removesuffix("s"), term_of(word))
    return word.isdigit() or len(word) < 2 or any(speller.is_common(form) for form in forms)


def _runs(text: str) -> list[list[str]]:
    """Split a text into runs of words at stop words, asking words and punctuation."""
    known = _disease_words()
    runs: list[list[str]] = []
    for part in _BREAK.split(text):
        runs.append([])
        for word, following in pairwise([*words_of(part), ""]):
            # "Triple A syndrome": before a disease, a letter is a name.
            lettered = len(word) == 1 and runs[-1] and following in known.heads
            if not lettered and known.parts(word):
                runs.append([])
            else:
                runs[-1].append(word)
    return [run for run in runs if run]


def _disease_in(run: Sequence[str]) -> tuple[str, ...] | None:
    """Return the words of a run up to the last that ends like a disease, with any type number after it, or ``None``."""
    known = _disease_words()
    ends = [n for n, word in enumerate(run) if known.is_disease(word)]
    if not ends:
        return None
    end = ends[-1] + 1
    while end < len(run) and (run[end] == "type" or run[end].isdigit() or run[end] in _ROMAN):
        end += 1
    named = list(run[:end])
    while named and named[0] in known.not_particular:
        named.pop(0)
    if not named or all(word in known.heads or word in known.not_particular for word in named):
        return None
    return tuple(named)


@lru_cache(maxsize=1)
def _disease_words() -> _DiseaseWords:
    content = resources.files("bot.answering").joinpath("disease_words.json").read_bytes()
    return msgspec.json.decode(content, type=_DiseaseWords)


@dataclass(frozen=True, slots=True)
class MatchEvidence:
    """What a passage, with the names of its source, says of a question.

    ``coverage`` is the share of the question's terms that occur, weighted by rarity, in 0..1. ``named_exactly`` means
    that a label of the source is what the question asks about, word for word in any order. ``unmentioned`` are the
    question's genes, drugs and diseases that the passage does not mention; ``unsaid`` counts the other names that are
    missing.
    """

    coverage: float
    named_exactly: bool
    unmentioned: tuple[str, ...]
    unsaid: int


@dataclass(frozen=True, slots=True)
class SourceNames:
    """The names of a source as terms: ``text`` holds all names in sequence, ``labels`` the terms of each label."""

    text: str
    labels: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class PassageTerms:
    """What a passage says, as a text of terms, with the names of its source, which count as said.

    ``terms`` are the terms of both.
    """

    text: str
    names: SourceNames
    terms: frozenset[str]


def names_of(source: Source, labels: Sequence[str]) -> SourceNames:
    """Return the names of a source in a form that any number of questions can reuse."""
    glossary = [name for term in source.key_terms for name in (term.term, *term.synonyms)]
    return SourceNames(
        text=_BETWEEN.join(_text_of_terms(text) for text in (*glossary, *labels)),
        labels=tuple(terms for terms in (frozenset(terms_of(label)) for label in labels) if terms),
    )


def said_in(passage: Passage, names: SourceNames) -> PassageTerms:
    """Return what a passage says in a form that any number of questions can reuse."""
    parts = (passage.source_title, *passage.synonyms, *passage.headings, passage.text)
    text = _BETWEEN.join(_text_of_terms(part) for part in parts)
    return PassageTerms(text, names, frozenset((*text.split(" "), *names.text.split(" "))))


def weigh(asked: QueryTerms, said: PassageTerms, rarity: Mapping[str, float]) -> MatchEvidence:
    """Return what a passage says of a question.

    :param said: from ``said_in``.
    :param rarity: the weight of each of the question's terms, 0 or more.
    """
    missing = [term for term in asked.terms if not _occurs(term, asked.terms, said)]
    core = {term for term in asked.terms if rarity[term] > _CORE_RARITY or term.isdigit() or term in _ROMAN}
    named = core - _asking_terms()
    exactly = any(label >= named and label.issubset(asked.terms) for label in said.names.labels)
    unsaid = (d for d in asked.diseases if not (_says(said, " ".join(d)) or _says(said, "".join(d))))
    diseases = () if exactly else tuple(" ".join(disease) for disease in unsaid)
    absent = [name for name in asked.names if not _occurs(name, asked.terms, said)]
    return MatchEvidence(
        coverage=1 - sum(rarity[term] for term in missing) / (sum(rarity.values()) or 1.0),
        named_exactly=exactly,
        unmentioned=(*(name for name in absent if name in asked.strict), *diseases),
        unsaid=sum(name not in asked.strict for name in absent),
    )


def _occurs(term: str, terms: Sequence[str], said: PassageTerms) -> bool:
    """Whether a term is said, also split in two or joined with a neighbour: "SHANK 3" is "SHANK3" elsewhere."""
    if term in said.terms:
        return True
    if term not in terms:
        return False
    position = terms.index(term)
    joined = [first + second for first, second in pairwise(terms[max(position - 1, 0) : position + 2])]
    cuts = ((term[:cut], term[cut:]) for cut in range(1, len(term)))
    parted = (" ".join(parts) for parts in cuts if said.terms.issuperset(parts))
    return not said.terms.isdisjoint(joined) or any(_says(said, phrase) for phrase in parted)


def _says(said: PassageTerms, phrase: str) -> bool:
    wanted = f" {phrase} "
    return wanted in said.text or wanted in said.names.text


@lru_cache(maxsize=1)
def _asking_terms() -> frozenset[str]:
    return frozenset(term_of(word) for word in _disease_words().asking)


def _text_of_terms(text: str) -> str:
    return f" {' '.join(term_of(word) for word in words_of(text))} "
