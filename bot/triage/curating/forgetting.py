"""Remove families' words from drafts when their turns are removed.

An unapproved version holds wordings as families typed them, and perhaps what was replied to one family. An approved
one is staff's own text for everybody, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from bot.storage.tables import Reply, Turn
from bot.triage.curating.tables import Curated, CuratedVersion
from bot.triage.tickets.tables import Unsent

_UNAPPROVED = select(
    CuratedVersion.curated_id, CuratedVersion.number, CuratedVersion.wordings, CuratedVersion.text
).where(CuratedVersion.approved_at.is_(None))
_UNSENT_ANSWERS = select(Unsent.account_id, Unsent.place, Unsent.fields).where(Unsent.place.startswith("curated:"))
_WORD = re.compile(r"\w+")
# A wording of fewer words than this may be part of a question by chance.
_FEWEST_WORDS_INSIDE = 4


def forget_words(connection: Connection, which: ColumnElement[bool]) -> None:
    """Remove from drafts what families asked in turns that are about to be removed.

    A wording is removed if it is such a question, or part of one. A draft is removed if it has no other wording, or
    says what was replied in one of the turns.
    """
    drafts, unsent = connection.execute(_UNAPPROVED).all(), connection.execute(_UNSENT_ANSWERS).all()
    if not drafts and not unsent:
        return
    asked = _folded_all(connection.execute(select(Turn.question, Turn.understood).where(which)))
    replies = select(Reply.text).join(Turn, Turn.id == Reply.turn_id).where(which)
    told = _folded_all(connection.execute(replies))
    for typed in unsent:
        if _quotes(msgspec.json.decode(typed.fields, type=dict[str, str]), asked, told):
            of_it = (Unsent.account_id == typed.account_id, Unsent.place == typed.place)
            connection.execute(delete(Unsent).where(*of_it))
    for draft in drafts:
        wordings = msgspec.json.decode(draft.wordings, type=list[str])
        kept = [wording for wording in wordings if not _is_of(_folded(wording), asked)]
        if not kept or _folded(draft.text) in told:
            _remove(connection, draft)
        elif len(kept) < len(wordings):
            values = {"wordings": msgspec.json.encode(kept).decode()}
            connection.execute(update(CuratedVersion).where(*_is(draft)).values(**values))


def _quotes(fields: dict[str, str], asked: frozenset[str], told: frozenset[str]) -> bool:
    """Whether an unsaved draft contains a family's words, or what the family was told."""
    wordings = (_folded(line) for line in fields.get("wordings", "").splitlines() if line.strip())
    return any(_is_of(wording, asked) for wording in wordings) or _folded(fields.get("text", "")) in told


def forget_drafts(connection: Connection, before: datetime) -> int:
    """Remove unapproved versions written before a moment, and return how many.

    :param before: the first moment to keep
    """
    drafts = connection.execute(_UNAPPROVED.where(CuratedVersion.made_at < before)).all()
    for draft in drafts:
        _remove(connection, draft)
    return len(drafts)


def _remove(connection: Connection, draft: Any) -> None:
    """Remove a version, and the whole answer with its last one."""
    connection.execute(delete(CuratedVersion).where(*_is(draft)))
    left = select(func.max(CuratedVersion.number)).where(CuratedVersion.curated_id == draft.curated_id)
    latest = connection.execute(left).scalar()
    of_it = Curated.id == draft.curated_id
    if latest is None:
        connection.execute(delete(Curated).where(of_it))
    else:
        connection.execute(update(Curated).where(of_it).values(latest=latest))


def _is(draft: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return CuratedVersion.curated_id == draft.curated_id, CuratedVersion.number == draft.number


def _is_of(wording: str, asked: frozenset[str]) -> bool:
    if wording in asked:
        return True
    return wording.count(" ") >= _FEWEST_WORDS_INSIDE + 1 and any(wording in question for question in asked)


def _folded_all(rows: Iterable[Any]) -> frozenset[str]:
    return frozenset(_folded(text) for row in rows for text in row if text)


def _folded(text: str) -> str:
    """Return only the words, each between spaces, so that a part begins and ends with a whole word."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "
