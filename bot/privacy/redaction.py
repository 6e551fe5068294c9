"""Replace personal details in a message by their kind: ``My daughter [name] was born on [birth date]``.

Addresses, numbers and dates are recognised by their form and by the words before them, names by ``names``. Public
identifiers of trials, genes and variants stay. Nothing is stored.
"""

from __future__ import annotations

import re
import unicodedata

from bot.privacy.names import names_in

EMAIL, PHONE, POSTCODE, BIRTH_DATE, RECORD, NAME = (
    "[e-mail]",
    "[phone]",
    "[postcode]",
    "[birth date]",
    "[record number]",
    "[name]",
)

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|ma[iy]|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|o[ck]t(?:ober)?"
    r"|nov(?:ember)?|de[cz](?:ember)?)\.?"
)
_DAY = r"(?:the )?[0-3]?\d(?:st|nd|rd|th|\.)?"
_YEAR = r"(?:(?:19|20)\d\d|['’]?\d\d)"
_DATE = (
    rf"(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}\s?[-/.]\s?\d{{1,2}}\s?[-/.]\s?{_YEAR}|\d{{1,2}}[/.]\d{{1,2}}\.?"
    rf"|{_DAY}(?: of)?[ -]{_MONTH}(?:,?[ -]{_YEAR})?|{_MONTH}[ -]{_DAY}(?:,? {_YEAR})?|{_MONTH},? (?:19|20)\d\d)"
)
_BORN = (
    r"(?:born|birth ?day|b-?day|d\.?o\.?b\.?|date of birth|birth ?date|geb\.?|geboren|n[eé]e? le"
    r"|nacid[ao]|nació|nasceu|nat[ao]"
    r"|родил\w{0,3}+|народил\w{1,4}+|рождения|γεννήθηκε|γεννημέν\w{1,2}+|ولدت?|مواليد|الميلاد|متولد|נולד\w{0,2}+|出生|生日|誕生日"
    r"|태어났\w{0,4}+|생일|생년월일|जन्म\w{0,3}+|เกิด|doğ\w{1,5}+|urodz\w{1,4}+|född|født|syntyn\w{1,2}+|született|narozen\w?+"
    r"|turn(?:s|ed|ing) \w++|\(?b\.|came into the world)"
)
# A date with the month as a word of any language, next to words of birth.
_NAMED_DATE = r"\d{1,2}\.? (?:de )?[^\W\d_]{3,10}\.? (?:del? )?(?:19|20)\d\d"
_BIRTH_DATE = re.compile(rf"({_BORN}(?:\W{{0,3}}+\w++){{0,5}}?\W{{1,3}})({_NAMED_DATE}|{_DATE})(?!\d)", re.I)
_BIRTH_DATE_BEFORE = re.compile(
    rf"(?<!\d)({_NAMED_DATE}|{_DATE})(?=\W{{1,3}}(?:(?:is|was)\W++(?:\w++\W++){{0,3}})?{_BORN})", re.I
)
# A whole date of three numbers is hardly ever anything else in a family's message.
_WHOLE_DATE = re.compile(
    rf"(?<![\d./-])\d{{1,2}}([-/.])\d{{1,2}}\1(?:19|20)\d\d(?![\d-])"
    r"|(?<![\d./-])(?:19|20)\d\d([-/.])\d{1,2}\2\d{1,2}(?![\d./-])"
    r"|(?<!\d)(?:19|20)\d\d\. \d{1,2}\. \d{1,2}\b\.?"
    r"|(?:(?<!\d)(?:19|20)\d\d|(?:昭和|平成|令和|民國|民国) ?\d{1,3}) ?[年년] ?\d{1,2} ?[月월] ?\d{1,2} ?[日号號일]"
    rf"|(?<=\bher )\d{{1,2}} {_MONTH} (?:19|20)\d\d|(?<=\bhis )\d{{1,2}} {_MONTH} (?:19|20)\d\d",
    re.I,
)

# Public identifiers of trials, sequences, variants and papers.
_PUBLIC = re.compile(
    r"\b(?:NCT\d{8}|ISRCTN\d+|EudraCT[ :]?[\d-]+|(?:NM|NP|NC|NG|NR|XM|ENST|ENSG)_?\d[\d.]*|rs\d{3,}|OMIM[ :#]*\d+"
    r"|ORPHA[ :]*\d+|chr[\dXYM]+:[\d,-]+|[cgm]\.[*-]?\d[\w>*+_-]*|p\.\(?[A-Z][\w*()]*\d[\w*()]*"
    r"|10\.\d{4,}/\S+|PMID[ :]*\d+)",
    re.I,
)
_EMAIL = re.compile(
    r"[\w.+%-]++\s?(?:@|\(at\)|\[at\]| at (?=[a-z]\w* ?(?:dot|\.) ?[a-z]))"
    r"\s?[\w-]++(?:\s?(?:\.|\(dot\)|\[dot\]| dot )\s?[\w-]++)+",
    re.I,
)
_HOLDER = (
    r"(?:m\.?r\.?n\.?|medical record|record|nhs|hospital|patient|chart|member(?:ship)?|policy"
    r"|insurance|medicaid|medicare"
    r"|passport|ssn|social security|participant|subject|study|trial|case|claim|reference|ref|id"
    r"|health card|ahv|nino|bsn|ehic"
    r"|national insurance|file|account|uhid|hosp|\w*nummer|randomi[sz]ation|accession)"
)
_RECORD = re.compile(
    rf"(\b{_HOLDER}(?:'s)?(?:[ -](?:id|no|nr|num(?:ber)?|card|code|record|insurance|paziente))*+\.?"
    r"(?: is| are| was|:|#|=| no\.?| nr\.?|\s)*+\s?#?\s?)"
    r"((?-i:(?=(?:[A-Z/ -]*+\d){2})[A-Z]{0,4}[ /-]?\d[A-Z0-9]*+"
    r"(?:[ /-]?[A-Z]{0,2}\d[A-Z0-9]*+){0,5}(?:[ -][A-Z])?))\b",
    re.I,
)
_RECORD_FORM = re.compile(
    r"\b\d{3}-\d{2}-\d{4}\b|\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"
    r"|\b(?:[A-Z]{1,4}-){1,3}\d{3,}(?:-\d+)*\b|\b[A-Z]{1,4}[./]\d{2,}[./]?\d{3,}\b|\b[A-Z]{1,2}\d{6,}\b|\b\d{13,20}\b"
)
_FEWEST_RECORD_DIGITS, _FEWEST_PHONE_DIGITS = 4, 7

_PHONE_WORD = (
    r"(?:call|phone|tel|telephone|ring|mobile|cell|number|reach|whatsapp|text|contact|fax|dial"
    r"|landline|sms|signal|home|work"
    r"|urgent|at)"
)
# Skips digits that end in a letter: trying every way to split them takes long and finds nothing.
_WHOLE = r"(?!\d++\w)"
_PHONE = re.compile(
    rf"(?<![\w.:/-])(?:\+|00)\d{{1,3}}[ .-]?(?:\(0\)[ .-]?)?(?:\(?{_WHOLE}\d{{1,5}}\)?[ ./-]?){{1,6}}\d{{2,}}+(?!\w)"
    r"|(?<![\w.:/-])(?:1[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\w)|(?<![\w.:/-])[2-9]\d{2}[2-9]\d{6}(?!\w)"
    r"|(?<![\w.:/-])\(?0\d{2,5}\)?[ ./-]?\d{2,4}[ ./-]?\d{2,4}(?:[ ./-]?\d{1,4})?(?!\w)|\(0\d\) ?\d{4} ?\d{4}\b"
    r"|(?<![\w.:/-])(?:0\d|\d{5})[ -]\d{4,5}[ -]?\d{0,4}(?!\w)"
    r"|(?<![\w.:/-])(?:0?[6-9]\d{9}|555[ .-]\d{4}|0\d(?:[ .]\d\d){4})(?!\w)"
)
_PHONE_AFTER = re.compile(
    rf"(\b{_PHONE_WORD}\b(?:\W{{1,3}}+\w++){{0,5}}?\W{{1,3}})"
    rf"((?:\(?{_WHOLE}\d{{2,5}}\)?[ ./-]?){{2,5}}\d{{2,}}+)(?!\w)",
    re.I,
)

_STATE = (
    r"(?:A[LKZR]|C[AOT]|DE|DC|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]"
    r"|T[NX]|UT|V[AT]|W[AIVY]"
    r"|NSW|VIC|QLD|SA|TAS|ACT|NT)"
)
_POSTCODE = re.compile(
    r"\b(?:[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d(?:\d|[ABEHMNPRV-Y])?|\d[A-HJKPSTUW]) ?\d[ABD-HJLNP-UW-Z]{2})\b"
    r"|\b[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d\b|(?<![\d.])\b\d{5}-\d{4}\b",
    re.I,
)
_POSTCODE_AFTER = re.compile(
    rf"((?:\b(?i:zip(?: ?code)?|post ?code|postal code|plz)\b(?:\W{{1,3}}+\w++){{0,2}}?\W{{1,3}}|\b{_STATE}[ ,]+"
    r"|\b(?i:live|living|from|moved|based|home) (?i:in|to|near|at|from)? ?(?:\w++ ){0,2}?))(\d{4,5})"
    r"(?!\d|\s?(?i:mg|ml|kg|km|miles|steps|euros?|dollars|people|patients|base))\b"
)
_POSTCODE_BEFORE = re.compile(r"\b\d{5}(?= [A-ZÄÖÜ][a-zäöüß]+\b)(?! (?:Patients|People|Children))")


# These punctuate sentences, and no pattern uses them.
_WIDE_STOPS = "\uff0c\uff01\uff1f\uff1a\uff1b"


def redact(text: str) -> str:
    """Return a text with personal details replaced by their kind.

    :returns: the same text if there is nothing to replace; otherwise full-width letters and digits of any script also
        become ASCII
    """
    plain = _narrow(text)
    found = _redacted(plain)
    return text if found == plain else found


def _narrow(text: str) -> str:
    """Return the text, character by character, in the letters and digits that the patterns above know."""
    return text if text.isascii() else "".join(map(_narrow_sign, text))


def _narrow_sign(sign: str) -> str:
    if "\uff01" <= sign <= "\uff5e" and sign not in _WIDE_STOPS:
        return chr(ord(sign) - 0xFEE0)
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    return " " if sign == "\u3000" else sign


def _redacted(text: str) -> str:
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found.group())
        return f"\x00{len(kept) - 1}\x00"

    text = _without_names(_PUBLIC.sub(keep, _EMAIL.sub(EMAIL, text)))
    if any(character.isdigit() for character in text):
        text = _without_numbers(text)
    for number, public in enumerate(kept):
        text = text.replace(f"\x00{number}\x00", public)
    return text


def _without_names(text: str) -> str:
    """Replace names; a row of names becomes one."""
    parts: list[str] = []
    last = 0
    for begin, end in names_in(text):
        between = text[last:begin]
        if not (parts and parts[-1] == NAME and between == " "):
            parts += [between, NAME]
        last = end
    return "".join([*parts, text[last:]])


def _without_numbers(text: str) -> str:
    text = _BIRTH_DATE.sub(rf"\1{BIRTH_DATE}", text)
    text = _BIRTH_DATE_BEFORE.sub(BIRTH_DATE, text)
    text = _WHOLE_DATE.sub(BIRTH_DATE, text)
    text = _RECORD.sub(lambda found: _told(found, RECORD, _FEWEST_RECORD_DIGITS), text)
    text = _RECORD_FORM.sub(RECORD, text)
    text = _POSTCODE.sub(POSTCODE, text)
    text = _PHONE.sub(PHONE, text)
    text = _PHONE_AFTER.sub(lambda found: _told(found, PHONE, _FEWEST_PHONE_DIGITS), text)
    text = _POSTCODE_AFTER.sub(rf"\1{POSTCODE}", text)
    return _POSTCODE_BEFORE.sub(POSTCODE, text)


def _told(found: re.Match[str], kind: str, fewest: int) -> str:
    """Return the kind in place of the number, if it has enough digits to be one."""
    digits = sum(character.isdigit() for character in found.group(2))
    return f"{found.group(1)}{kind}" if digits >= fewest else found.group()
