"""Find people's names in a text.

A name is a capitalised word from the lists of given names, any other capitalised word after words that introduce a
name ("my daughter", "Dr."), a listed name in lower case after such words, or the family name after any of these.
Medical terms that look like names (Rett, Williams syndrome) do not count.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources

from bot.privacy.otherscripts import names_in_other_scripts
from bot.records import Span

_WORD = re.compile(r"[^\W\d_](?:[\w'’]*[^\W\d_])?(?:-[^\W\d_]\w*)*")
_OWNERS = re.compile(r"['’]s$")
_RELATION = (
    r"(?:daughters?|sons?|child(?:ren)?|kids?|baby|boys?|girls?|toddler|infant|twins?|brothers?"
    r"|sisters?|siblings?|bro|sis"
    r"|nephew|niece|cousin|husband|wife|hubby|partner|fianc[eé]e?|boyfriend|girlfriend|friend|mum|mom"
    r"|mother|mummy|mommy"
    r"|mama|dad|father|daddy|papa|parents|grandma|grandmother|granny|nana|grandpa|grandfather|grandad|granddad|grandson"
    r"|granddaughter|(?:step|god)(?:son|daughter|child|mother|father)|aunt|auntie|uncle|student|pupil|client|neighbou?r"
    r"|teenager|teen|nurse|teacher|carer|therapist|neurologist|doctor|counsell?or|coordinator"
    r"|geneticist|p(?:a)?ediatrician"
    r"|hija|hijo|fille|fils|filha|filho|tochter|sohn|figlia|figlio)"
)
# What comes right before a name.
_BRINGS = re.compile(
    rf"(?:\b(?:dr|mr|mrs|ms|miss|prof|professor|sir|little|dear|signed|regards|thanks|cheers|love|hi"
    rf"|hello|hey|attention|attn|ask for"
    rf"|demander)[,.:]?|\b(?:{_RELATION})(?: of)?(?:,|:| -| –|\s\()?(?: is| was)?(?: (?:named|called))?"
    r"|\b(?:named|called|name is|names are|name's|names|goes by|known as|nickname is)"
    r"|\b(?:my|our|his|her|their) (?:little|poor|sweet|dear|own|new|big)?"
    r"|\b(?:i['’]?m|i am|this is|it['’]?s|she['’]?s|he['’]?s|from:?|parents of|father of|mother of|mum of|mom of|dad of"
    r"|siblings:|give|gave|call|told|asked))\s+$",
    re.I,
)
# What comes before the name of a person that is also the name of a place.
_PERSON_BEFORE = re.compile(
    rf"\b(?:(?:{_RELATION})(?:,|:)?(?: is| was)?(?: (?:named|called))?|named|called|name is)\s+$", re.I
)
# Lower-case words inside a family or place name.
_LINKS = frozenset(["de", "da", "di", "do", "van", "von", "der", "den", "bin", "al", "el", "la", "le", "ter", "ten"])
# What comes right after a name that begins a message.
_DOES = re.compile(
    r",? (?:is|was|has|had|turned|turns|keeps|started|can|cannot|will|here|\d)\b|, (?:age|born|dob)\b", re.I
)
# What comes before the name of a town that is also a person's name.
_WHERE = re.compile(
    r"\b(?:in|near|around|outside|visiting|moved to|based in|living in|lives? in|flew to|drive to)"
    r" (?:downtown |central |north |south |east |west )?$",
    re.I,
)
# Letters that Unicode does not decompose, and that people often type without the mark.
_PLAIN = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_AND = re.compile(r"(?:, | and | & |, and )$")
_MEDICAL = re.compile(
    r"(?:['’]s)?[ -](?:[A-Z][\w-]+ )?(?:syndrome|disease|disorder|dystrophy|deficiency|ataxia"
    r"|deletion|duplication|variant|gene"
    r"|type|chorea|anomaly|palsy|sequence|encephalopathy|epilepsy|tests?|foundation|trial|study"
    r"|mutation|community|clinic"
    r"|hospital|university|institute|scale|association|society|lane|street|road|avenue)\b",
    re.I,
)


def names_in(text: str) -> list[Span]:
    """Return where names are.

    :returns: spans of words, in order, without a final 's
    """
    first = [*_names(text)]
    told = {text[begin:end].casefold() for begin, end in first if end - begin > 2}
    others = names_in_other_scripts(text)
    again = {text[slice(*span)] for span in others}
    spans = {*first, *(span for span in _words(text) if text[slice(*span)].casefold() in told)}
    spans |= {found.span() for name in again for found in re.finditer(re.escape(name), text)}
    return _apart(sorted(spans))


def is_given_name(word: str) -> bool:
    """Whether the lists have a word as a given name, and it is neither a disease nor an ordinary word here.

    :returns: false for a name that is also a word ("Hope") in lower case
    """
    return _is_known(_folded(word)) and _folded(word) not in _listed("never") and may_be_name(word)


def may_be_name(word: str) -> bool:
    """Whether a word can be a name where a name is expected: capitalised, or not an everyday word."""
    return word[:1].isupper() or _folded(word) not in _listed("common")


def _is_known(small: str) -> bool:
    return all(part in _given() for part in small.split("-"))


def _apart(spans: list[Span]) -> list[Span]:
    """Return the spans with overlapping ones merged."""
    kept: list[Span] = []
    for begin, end in spans:
        if kept and begin < kept[-1][1]:
            kept[-1] = kept[-1][0], max(end, kept[-1][1])
        else:
            kept.append((begin, end))
    return kept


def _names(text: str) -> Iterator[Span]:
    """Yield names one word at a time; the word after a name may be its family name."""
    last = -1
    places = [found.span() for found in _places().finditer(text)]
    for begin, end in _words(text):
        word = text[begin:end]
        follows = begin == last + 1 and text[last:begin] == " " and last > 0
        is_person = follows or _PERSON_BEFORE.search(text[max(0, begin - 40) : begin])
        if not is_person and any(first <= begin < after for first, after in places):
            continue
        if word in _LINKS and follows and text[end : end + 2][1:].isupper():
            last = end
        elif _is_name(
            text, begin, end, follows=follows, joined=last > 0 and _AND.fullmatch(text[last:begin]) is not None
        ):
            yield begin, end
            last = end


def _is_name(text: str, begin: int, end: int, *, follows: bool, joined: bool) -> bool:
    word = text[begin:end]
    small = _folded(word)
    if small in _listed("towns") and _WHERE.search(text[max(0, begin - 40) : begin]):
        return False
    if small in _listed("never") or _MEDICAL.match(text[end : end + 40]) or (word.isupper() and len(word) > 1):
        return False
    known = _is_known(small)
    capital = word[0].isupper()
    if capital and _DOES.match(text[end : end + 10]) and (known or text[end : end + 5].casefold() == " here"):
        return True
    if small in _listed("common"):
        return capital and known and _is_brought(text, begin)
    if capital:
        return known or follows or joined or _is_brought(text, begin)
    return known and (joined or _is_brought(text, begin))


def _is_brought(text: str, begin: int) -> bool:
    return _BRINGS.search(text[max(0, begin - 40) : begin]) is not None


def _words(text: str) -> Iterator[Span]:
    for found in _WORD.finditer(text):
        yield (
            found.start(),
            found.end() - len(_OWNERS.findall(found.group())[0] if _OWNERS.search(found.group()) else ""),
        )


def _folded(word: str) -> str:
    """Return a word in lower case without accents, as the lists have it."""
    if word.isascii():
        return word.casefold()
    plain = unicodedata.normalize("NFKD", word.casefold()).translate(_PLAIN)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@lru_cache(maxsize=1)
def _places() -> re.Pattern[str]:
    """Return a pattern for place names of more than one word."""
    names = sorted((place.replace("_", " ") for place in _listed("places")), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.I)


@lru_cache(maxsize=1)
def _given() -> frozenset[str]:
    """Return given names in lower case: those of the US census, and ours from other countries."""
    folder = resources.files("names")
    lines = [
        line for sex in ("female", "male") for line in folder.joinpath(f"dist.{sex}.first").read_text().split("\n")
    ]
    return frozenset(line.split()[0].casefold() for line in lines if line.strip()) | _listed("given")


@lru_cache(maxsize=8)
def _listed(kind: str) -> frozenset[str]:
    lines = resources.files(__package__).joinpath("names.txt").read_text(encoding="utf-8").split("\n")
    found = [line.removeprefix(f"{kind}:").split() for line in lines if line.startswith(f"{kind}:")]
    return frozenset(_folded(word) for words in found for word in words)
