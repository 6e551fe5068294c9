"""Put everything that happened to a ticket into one timeline.

Where several families ask, each entry names the families that it concerns. Knows nothing of HTML.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.storage.stored_answer import StoredAnswer, decode_answer
from bot.triage.replying.sent import Reached, Sent
from bot.triage.tickets.joining import BOT
from bot.triage.tickets.reading import AskedBy, Event, WholeTicket

Kind = Literal["asked", "reply", "note", "event"]
# The event of a sent reply begins like this; the reply itself is shown instead, with its words.
_SHOWN_OTHERWISE = "to "
_SHOWN_OF_MANY = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened.

    ``families`` are the numbers of those it concerns, empty where it concerns all or only one asks; ``answer`` is what
    the bot showed; ``reached`` is what became of a reply at each family.
    """

    at: datetime
    kind: Kind
    families: tuple[int, ...] = ()
    asked: AskedBy | None = None
    answer: StoredAnswer | None = None
    sent: Sent | None = None
    reached: tuple[tuple[int, Reached], ...] = ()
    event: Event | None = None


def timeline_of(whole: WholeTicket, sent: Sequence[Sent]) -> list[Entry]:
    """Return what happened to a ticket, oldest first."""
    numbers = numbers_of(whole.askings)
    found = [
        *_asked(whole.askings, numbers),
        *(_replied(one, whole.askings, numbers) for one in sent),
        Entry(whole.row.created_at, "event", event=Event(whole.row.created_at, BOT, "opened", "")),
        *_events(whole.events),
    ]
    return sorted(found, key=lambda entry: entry.at)


def folded(entries: Sequence[Entry]) -> list[Entry | list[Entry]]:
    """Group entries that nobody reads one by one.

    Of a run of questions that came without another word, all but the first two and the last become one list.
    """
    found: list[Entry | list[Entry]] = []
    plain: list[Entry] = []
    for entry in [*entries, None]:
        if entry is not None and _is_plain(entry):
            plain.append(entry)
            continue
        if len(plain) > _SHOWN_OF_MANY + 1:
            found += [*plain[:2], plain[2:-1], plain[-1]]
        else:
            found += plain
        plain = []
        if entry is not None:
            found.append(entry)
    return found


def _is_plain(entry: Entry) -> bool:
    one = entry.asked
    return one is not None and not (one.comment or one.note or one.handoff_id)


def numbers_of(askings: Sequence[AskedBy]) -> dict[str, int]:
    """Return a number from 1 for each conversation, in the order in which they first asked."""
    conversations = dict.fromkeys(one.conversation_id for one in askings)
    return {conversation_id: number for number, conversation_id in enumerate(conversations, start=1)}


def numbers_called(askings: Sequence[AskedBy]) -> list[str]:
    """Return whom families in danger were told to call, each once."""
    answers = (answer for one in askings if (answer := decode_answer(one.answer)) is not None)
    notices = (notice for answer in answers for notice in answer.notices)
    grave = (notice for notice in notices if notice.kind in {"emergency", "crisis"})
    return list(dict.fromkeys(action.label for notice in grave for action in notice.actions))


def _asked(askings: Sequence[AskedBy], numbers: dict[str, int]) -> Iterator[Entry]:
    for one in askings:
        families = (numbers[one.conversation_id],) if len(numbers) > 1 else ()
        yield Entry(one.asked_at, "asked", families, asked=one, answer=decode_answer(one.answer))


def _replied(sent: Sent, askings: Sequence[AskedBy], numbers: dict[str, int]) -> Entry:
    """Return a reply, with the families that received it unless all of them did."""
    families = {one.turn_id: numbers[one.conversation_id] for one in askings}
    reached = sorted((families[one.turn_id], one) for one in sent.reached if one.turn_id in families)
    found = tuple(number for number, _ in reached)
    return Entry(sent.at, "reply", found if len(found) < len(numbers) else (), sent=sent, reached=tuple(reached))


def _events(events: Sequence[Event]) -> Iterator[Entry]:
    for event in events:
        if event.kind == "reply" and event.text.startswith(_SHOWN_OTHERWISE):
            continue
        yield Entry(event.at, "note" if event.kind == "note" else "event", event=event)
