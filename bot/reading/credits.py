"""Recognize lines that credit whoever made a transcript, which nobody said.

A line counts only if it says nothing else: "Captions from YouTube are wrong half of the time" is speech.
"""

from __future__ import annotations

import re

from bot.reading.textfile import one_line

_THING = (
    r"(?:audio )?(?:closed )?"
    r"(?:transcribed|transcription|transcripts?|captioned|captioning|captions|subtitled|subtitles)"
)
_WHO = (
    r"(?:https?://)?(?:www\.)?(?:otter|rev|temi|trint|descript|sonix|happy ?scribe|amara|youtube|zoom|microsoft teams"
    r"|whisper|openai whisper|turboscribe|castos|podium|riverside|deepgram|assemblyai|gotranscript|verbit|scribie"
    r"|3play media|buzzsprout|fireflies|[a-z0-9-]{2,40}\.(?:ai|com|org|io|net|co|fm|tv))(?:\.(?:ai|com|org|io|fm))?"
    r"(?:/\S*+)?(?: community| team)?"
)
_MADE = (
    r"(?: (?:was|were|is|are|has been|have been))?(?: (?:automatically|machine|ai))?"
    r"(?:[ -](?:generated|created|provided|made|produced|exported|prepared|powered))?"
)
_BY = r"(?: (?:by|with|from|via|using|courtesy of))?:?"
_MAY_ERR = r"(?:\.? (?:it |and |edits )?(?:may|might|could) [^.]{4,80})?"
_CREDITS = (
    re.compile(rf"(?:this |the )?(?:full |rough |automated |machine )?{_THING}{_MADE}{_BY} (?:the )?{_WHO}[.!]?", re.I),
    re.compile(rf"(?:this |the )?auto(?:matic(?:ally)?|mated)?[ -]?generated {_THING}{_MAY_ERR}[.!]?", re.I),
    re.compile(
        rf"(?:this |the ){_THING} (?:was|were|is|are|has been) "
        rf"(?:auto(?:matically)?|machine|computer|ai)[ -]?(?:generated|created|transcribed){_MAY_ERR}[.!]?",
        re.I,
    ),
    re.compile(r"this transcript was exported on .{6,40} view (?:the )?latest version here[.]?", re.I),
    re.compile(r"transcribed by turboscribe\.ai\. go unlimited to remove this message[.]?", re.I),
    re.compile(r"(?:transcript by rev\.com )?page \d{1,4} of \d{1,4}", re.I),
    re.compile(
        r"(?:(?:live|closed|real-time) )?(?:captioning|captions|transcription|transcripts?) "
        r"(?:made possible|provided|funded|sponsored|produced) by (?-i:[A-Z])[\w .&'’,-]{1,60}",
        re.I,
    ),
    re.compile(rf"auto(?:matically)?[ -]?(?:captioned|transcribed|subtitled) by (?:the )?{_WHO}[.!]?", re.I),
    re.compile(rf"(?:automatic|automated|machine|ai) transcription by {_WHO}[.!]?(?: corrections? by hand\.?)?", re.I),
    re.compile(r"(?:captions|subtitles|transcripts?) (?:is|are) auto-?generated[.!]?", re.I),
    re.compile(r"(?:ai|machine|computer)[ -]generated (?:transcript|captions|subtitles)[.!]?", re.I),
    re.compile(
        r"transcribed (?:with|by|using) (?:ai|artificial intelligence)[.;,]? ?(?:it )?(?:may contain errors)?[.!]?",
        re.I,
    ),
    re.compile(
        r"this (?:transcript|transcription) was (?:created|made|produced|generated) (?:using|with|by) "
        r"(?:speech recognition software|speech-to-text|ai|artificial intelligence)[.!]?",
        re.I,
    ),
    re.compile(
        r"(?:https?://)?(?:www\.)?(?:otter\.ai|rev\.com|opensubtitles\.org|amara\.org|descript\.com|sonix\.ai)/?", re.I
    ),
    re.compile(r"(?:captioned by )?media access group at wgbh(?: access\.wgbh\.org)?", re.I),
    re.compile(r"untertitel(?:ung)?(?: des| der| im auftrag des| von)? [\w .,-]{2,60}\d{4}", re.I),
    re.compile(r"untertitel(?:ung)? (?:der|von) amara\.org-community", re.I),
    re.compile(
        r"sous-titrage société radio-canada|sous-titres réalisés (?:par|para) la communauté d['’ ]amara\.org", re.I
    ),
    re.compile(r"subtítulos (?:realizados )?por la comunidad de amara\.org|legendas pela comunidade amara\.org", re.I),
    re.compile(r"blank_audio|no audio", re.I),
    re.compile(
        r"(?:[Tt]ranscribed|[Cc]aptioned|[Ss]ubtitled|[Tt]ranscript|[Cc]aptions|[Ss]ubtitles) by:?"
        r"(?: [A-Z][\w.'’-]{0,30}){1,4}"
    ),
)
_AROUND = "[]()*_\u2014- "
_MAX_CHARS = 200


def is_credit(line: str) -> bool:
    """Say whether a line only credits the person or program that wrote the words down."""
    words = one_line(line).strip(_AROUND)
    return len(words) <= _MAX_CHARS and any(credit.fullmatch(words) for credit in _CREDITS)


def without_credits(text: str) -> str:
    """Return the text with an empty line in place of each credit."""
    return "\n".join("" if is_credit(line) else line for line in text.split("\n"))
