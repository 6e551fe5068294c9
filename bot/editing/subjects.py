"""Find sentences whose subject is named only in the sentence before: quoted alone, nobody knows what they are about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.editing.figures import shown
from bot.editing.phrases import phrase_groups
from bot.reading.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.editing.finding import Finding
    from bot.editing.sourcefile import SourceFile

# Words that can follow a pronoun but not the name of a thing.
_AUXILIARY = (
    "(?:is|are|was|were|can|could|may|might|must|will|would|should|do|does|did|has|have|had)(?:n['’]t)?"
    "|can['’]t|cannot|won['’]t"
)
_ADVERB = "also|often|usually|sometimes|never|always|only|still|then|just|rarely|mostly|both"
# "These help", but "This help" may be a name.
_PLURAL_VERB = (
    "mean|help|make|include|come|happen|need|show|tell|work|take|give|look|vary|differ|range|cause|lead|affect|go|get|keep"
    "|let|add|begin|start|depend|allow|say"
)
# "This helps", but not "This class", "This virus" or "This diagnosis".
_SINGULAR_VERB = "[a-z]+(?<![isu])s"
_ALONE = re.compile(
    rf"(?:they|he|she)\b|it(?:['’](?:s|ll))?\b|such\b(?! as\b)"
    rf"|(?:these|those) (?:{_AUXILIARY}|{_ADVERB}|{_PLURAL_VERB})\b"
    rf"|(?:this|that) (?:{_AUXILIARY}|{_ADVERB}|{_SINGULAR_VERB})\b"
    r"|(?:none|both|some|many|most|few|several|others|either|neither|each|all|one|any)"
    rf" (?:of (?:them|these|those)\b|(?:{_AUXILIARY}|{_ADVERB}|{_PLURAL_VERB})\b)",
    re.IGNORECASE,
)
# "It is hard to wait" has no other subject: what it is about follows.
_IS = (
    r"it(?:['’]s|['’]ll be| (?:is|isn['’]t|was|feels|seems|can be|may be|might be|could be|will be|would be"
    r"|can feel|may feel))"
)
_DEGREE = r"(?: (?:not|also|often|usually|sometimes|very|quite|so|too|more|still|just|always|never|even|most)){0,3}"
_JUDGED = (
    "common|normal|hard|harder|easy|easier|important|possible|impossible|likely|unlikely|natural|ok|okay|fine|all right"
    "|worth|rare|wise|safe|safer|helpful|useful|best|better|good|kind|early|late|clear|unclear|true|reasonable|fair|right"
    "|wrong|enough|difficult|understandable|known|unknown|time|your right|unusual|sad|lonely|strange|tempting|up to"
    "|not your fault"
)
_ABOUT_WHAT_FOLLOWS = re.compile(
    rf"{_IS}{_DEGREE} (?:{_JUDGED})\b"
    r"|it (?:(?:can|may|might|often|usually|also) )?(?:helps?|takes?|matters?|makes sense|costs?|hurts?)"
    r" .*\b(?:to|that|if|when|how|whether)\b",
    re.IGNORECASE,
)


def check_subjects(file: SourceFile) -> Iterator[Finding]:
    """Yield sentences of explainers that begin with a word for something that only the sentence before names."""
    if file.source.kind != "explainer":
        return
    text = file.source.text
    begun = {section.span[0] for section in file.source.sections if section.headings}
    for start, end in sentence_spans(text):
        word = stands_for_another(text[start:end])
        if word and not (start in begun and _is_told_already(text, start)):
            found = f"“{word}” is named only in another sentence: {shown(text[start:end])}"
            cure = "Name the thing itself; a quote stands alone."
            yield file.in_words("subject", found, cure, at=start, severity="warning")


def stands_for_another(sentence: str) -> str | None:
    """Return the first word or words of a sentence if they stand for what another sentence names, else ``None``."""
    found = _ALONE.match(sentence)
    return None if found is None or _ABOUT_WHAT_FOLLOWS.match(sentence) else found.group()


def _is_told_already(text: str, start: int) -> bool:
    """Whether the list of phrases finds the same at the beginning of a section."""
    return any(group.openings and group.openings.match(text, start) for group in phrase_groups())
