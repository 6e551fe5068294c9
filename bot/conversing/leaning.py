"""A question and the one that began the conversation -> whether it can be understood without what was said before.

A logistic regression over signs that a person can read (``leaning.json``), learnt by ``python -m bot fit-leaning``.
In: text with its token vectors. Out: log-odds. It must not know the corpus.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import msgspec

from bot.indexing.encoder import TextVectors
from bot.indexing.lexical import STOP_WORDS, terms_of

_APOSTROPHE = re.compile(r"['’]")
_WORD = re.compile(r"[A-Za-z][A-Za-z\-'’]+")
_LOWER_WORD = re.compile(r"[a-z\-]+")
# "It" that stands for nothing, and "that" which only joins.
_EMPTY = re.compile(
    r"\b(is|was) it (true|possible|ok|okay|safe|worth|common|normal|better|important|legal|necessary|hard|easy"
    r"|dangerous)( \w+)? (to|that|if|for)\b|\b(so that|such as|heard that|know that|think that|thought that|said that"
    r"|true that|mean that|fact that|see that|say that|there (is|are|was|were)|(is|are|was|were) there"
    r"|this (year|week|month)|(thats|that is) (interesting|great|good|cool|nice))\b"
)
_PRONOUN = re.compile(r"\b(it|its|they|them|their|he|she|his|her)\b")
_JOINED = re.compile(r"\b(and|but|because|when|if|so|while)\b")
_ROLE = (
    r"(symptoms?|causes?|types?|kinds?|advantages?|disadvantages?|benefits?|effects?|risks?|treatments?|members?"
    r"|characters?|themes?|applications?|examples?|reasons?|results?|findings?|differences?|similarities|origins?"
    r"|options?|steps?|methods?|parts?|features?|signs?|costs?|price|rules?|uses?|limits?|limitations?|impact|purpose"
    r"|history|role|relationship|alternatives?|requirements?|stages?|phases?|dose|process|layers?|projects?"
    r"|ingredients?|problems?|challenges?|ways?|goals?|criticisms?|arguments?|author|names?|places?|things?)"
)
_TOO_GENERAL = r"(?!(best|most|difference|main|history|role|importance|effects?|impact|benefits?|causes?|purpose) )"
# What is looked for in small letters without apostrophes; "it" and the like where ``_EMPTY`` is taken out.
_SIGNS: dict[str, re.Pattern[str]] = {
    "person": re.compile(r"\b(he|she|him|her|his|hers)\b"),
    "other": re.compile(
        r"\b(ones?|both|either|neither|others?|another|else|same|similar|different|difference|such|there|then|too|also"
        r"|instead|more|rest)\b"
    ),
    "joins": re.compile(
        r"^(ok |okay |so |oh |hmm |great |thanks |well |wow )*(and|but|or|what about|how about|why|how so|how come"
        r"|for example|like what|really|tell me more|what else|which|whats the|why not|no|never ?mind|sure|yes"
        r"|i (mean|meant))\b"
    ),
    "what about": re.compile(r"^.{0,12}(what|how) about\b"),
    "more": re.compile(r"\b(tell me more|more (details?|info\w*|examples?)|elaborate|go on|continue|examples?)\b"),
    "tell about": re.compile(r"\btell (me )?(more )?about\b"),
    "the": re.compile(rf"\bthe {_TOO_GENERAL}[a-z\-]+"),
    "the of": re.compile(r"\bthe \w+ ?\w* (of|for|in|between|to|on|from) (the |a |an )?[a-z]{3,}"),
    "what is": re.compile(r"^((ok|okay|so|and)\W+)*(what|who) (is|are|was|were) (a |an |the )?[\w\-]+( [\w\-]+)?\W*$"),
    "of": re.compile(
        r"\b(of|for|in|between|with|about|on|to|from|by|as) (the |a |an |your |my )?"
        r"(?!(it|them|they|that|this|these|those|the|him|her)\b)[a-z0-9\-]{3,}"
    ),
    "role alone": re.compile(rf"\b{_ROLE}\b(?! (of|for|in|between|to|from|with|on)\b)"),
    "role last": re.compile(rf"\b{_ROLE}\W*$"),
    "done": re.compile(
        r"\b(treated|used|made|developed|found|fixed|prevented|cured|caused|related|known|called|discovered|created)\W*$"
    ),
    "there last": re.compile(r"\b(there|here)\W*$"),
    "the one": re.compile(
        r"\b(the|both|these|those|other) (\w+ )?(regions?|areas?|city|cities|studies|study|experiments?|team|company"
        r"|diseases?|conditions?|drugs?|treatments?|tests?|trials?|process|relationship|fee|name|country|place|two"
        r"|three|other|first|second|third|last|next|latter|former|same)\b"
    ),
    "vague": re.compile(
        r"^(ok |okay |so |and |but )*(why|how|really|how so|when|where|who|is it|are they|does it|do they|can it)\W*$"
    ),
    "compares": re.compile(
        r"\b(compare|compares|differ|differs|cheaper|better|worse|safer|bigger|larger|older|younger|faster|more common"
        r"|riskier)\W*$"
    ),
    "sentences": re.compile(r"[.!?] \S"),
    "reacts": re.compile(
        r"^(wow|cool|interesting|great|nice|awesome|that|thats|ok|okay|thanks|sounds|fair|got|i see|oh|well|hmm|so)\b"
    ),
}
_POINTS: dict[str, re.Pattern[str]] = {
    "it": re.compile(r"\b(it|its)\b"),
    "they": re.compile(r"\b(they|them|their|theirs|theyre)\b"),
    "this": re.compile(r"\b(this|these|those)\b"),
    "that": re.compile(r"\b(that|thats)\b(?! (is|are|have|has|can|was|were)\b)"),
}
_NAME = re.compile(r"(?<![.?!] )\b[A-Z][a-z]{2,}")
# Word pieces are numbered by how common they are in English; a word of several pieces is rarer than any of one.
_PIECES = 30522


@dataclass(frozen=True, slots=True)
class LeaningWeights:
    """A logistic regression over ``signs_of``."""

    intercept: float
    slopes: dict[str, float]

    def score(self, signs: Mapping[str, float]) -> float:
        """Return the log-odds that a question needs what was said before.

        :param signs: from ``signs_of``.
        :returns: above 0 when it rather does.
        """
        return self.intercept + sum(slope * signs[name] for name, slope in self.slopes.items())


def signs_of(text: str, vectors: TextVectors, before: Sequence[str], first: TextVectors) -> dict[str, float]:
    """Return what speaks for and against a question being understood alone.

    :param text: the question as typed.
    :param vectors: its vectors.
    :param before: the questions before it, oldest first, one or more.
    :param first: the vectors of the first of them.
    :returns: by name, each in -1..2.
    """
    read = _APOSTROPHE.sub("", text.lower())
    pointing = _EMPTY.sub("", read)
    terms, said = terms_of(text), set(terms_of(" ".join(before)))
    new = [term for term in terms if term not in said]
    rare = _rarities(text, vectors)
    signs = {name: float(sign.search(read) is not None) for name, sign in _SIGNS.items()}
    signs |= {name: float(sign.search(pointing) is not None) for name, sign in _POINTS.items()}
    signs["points"] = max(signs[name] for name in ("it", "they", "this", "person"))
    signs["what is"] *= 1 - signs["points"]
    return signs | {
        "name": float(_NAME.search(text, 1) is not None),
        "terms": min(len(terms), 8) / 8,
        "one term": float(len(terms) <= 1),
        "two terms": float(len(terms) == 2),
        "no term": float(not terms),
        "new share": len(new) / max(1, len(terms)),
        "new": min(len(new), 5) / 5,
        "words": min(len(read.split()), 20) / 20,
        "rarest": rare[0],
        "second rarest": rare[1],
        "very rare": float(rare[0] > 1),
        "rather rare": float(rare[0] > 0.35),
        "common": float(rare[0] < 0.2),
        "inside": float(_points_inside(read)),
        "like the first": float(vectors.vector @ first.vector),
    }


def _points_inside(read: str) -> bool:
    """Whether the pronoun may stand for something that the same question names before it."""
    found = _PRONOUN.search(read)
    if found is None or not _JOINED.search(read[: found.start()]):
        return False
    return any(len(word) > 4 and word not in STOP_WORDS for word in _LOWER_WORD.findall(read[: found.start()]))


def _rarities(text: str, vectors: TextVectors) -> list[float]:
    """How rare the two rarest words are, 0..2, from the numbers of their pieces."""
    rare = [0.0, 0.0]
    for word in _WORD.finditer(text):
        if not terms_of(word.group()):
            continue
        inside = (vectors.token_spans[:, 0] >= word.start()) & (vectors.token_spans[:, 1] <= word.end())
        pieces = vectors.token_ids[inside & (vectors.token_spans[:, 1] > vectors.token_spans[:, 0])]
        if len(pieces):
            rare.append(float(len(pieces) > 1) + int(pieces.max()) / _PIECES)
    return sorted(rare, reverse=True)[:2]


@lru_cache(maxsize=1)
def packaged_leaning() -> LeaningWeights:
    """Return the weights that ship with the project.

    :returns: what ``python -m bot fit-leaning`` wrote last.
    """
    content = resources.files(__package__).joinpath("leaning.json").read_bytes()
    return msgspec.json.decode(content, type=LeaningWeights)
