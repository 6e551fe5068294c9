"""Fill a seeded console with tickets as after a day's work: asked through the chat, and worked on as staff do.

The families are invented (``demo.toml``); what is stored of them is what would be stored of anybody.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from flask import Flask

from bot.triage.people.account import Staff
from bot.triage.replying.replies import Draft
from bot.triage.tickets.changing import Change, Seen
from bot.triage.tickets.rules import Status
from bot.web.staff import Desk

_STORIES = Path(__file__).parent / "demo.toml"
_SNOOZED = timedelta(days=3)


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ticket: what families wrote, and what staff did."""

    name: str
    families: list[list[str]]
    person: bool = False
    down: str = ""
    labels: list[str] = []
    note: str = ""
    assignee: str = ""
    into: str = ""
    reply: str = ""
    then: Status = "open"


@dataclass
class Demo:
    """A writer of the stories into the database of an application."""

    app: Flask
    desk: Desk
    _tickets: dict[str, str] = field(default_factory=dict)

    def write(self) -> int:
        """Have all stories asked and worked on, and return how many tickets they made."""
        stories = msgspec.convert(tomllib.loads(_STORIES.read_text(encoding="utf-8"))["tickets"], list[Story])
        staff = {one.name: one for one in self.desk.accounts.all()}
        for place, story in enumerate(stories):
            turn_ids = [self._ask(messages, f"192.0.2.{place}") for messages in story.families]
            self._tell(story, turn_ids)
            where = self.desk.tickets.where(turn_ids[-1])
            if where is None or where.ticket_id is None:
                # This Build answers it well, so that no person has to.
                continue
            self._tickets[story.name] = where.ticket_id
            self._work_on(story, where.ticket_id, staff)
        return len(set(self._tickets.values()))

    def _ask(self, messages: Sequence[str], address: str) -> str:
        """Return the id of the last turn of a family's conversation, and keep its token for the vote."""
        said: dict[str, Any] = {}
        for message in messages:
            said = self._post("chat", address, message=message, **{k: said[k] for k in ("conversation_id",) if said})
            self.desk.intake.take(said["turn_id"])
        self._token = said["feedback_token"]
        return str(said["turn_id"])

    def _tell(self, story: Story, turn_ids: Sequence[str]) -> None:
        if story.person:
            self._post("handoff", "192.0.2.200", turn_id=turn_ids[-1])
        if story.down:
            token = {"feedback_token": self._token, "reasons": ["too_hard_to_read"], "comment": story.down}
            self._post("feedback", "192.0.2.200", turn_id=turn_ids[-1], verdict="down", **token)
        for turn_id in turn_ids:
            self.desk.intake.take(turn_id)

    def _post(self, what: str, address: str, **body: object) -> dict[str, Any]:
        client = self.app.test_client()
        response = client.post(f"/api/v1/{what}", json=body, environ_base={"REMOTE_ADDR": address})
        assert response.status_code < 300, (what, response.status_code)
        return dict(response.json or {})

    def _work_on(self, story: Story, ticket_id: str, staff: dict[str, Staff]) -> None:
        by = staff[story.assignee or next(iter(sorted(staff)))]
        if story.assignee:
            self._change(ticket_id, Change(assignee_id=by.id), by)
        for label in story.labels:
            self._change(ticket_id, Change(add_label=label), by)
        if story.note:
            self.desk.changes.note(ticket_id, story.note, by=by)
        if story.into in self._tickets:
            self.desk.regrouping.merge(self._seen(ticket_id), self._tickets[story.into], by=by)
            self._tickets[story.name] = self._tickets[story.into]
        elif story.reply:
            draft = Draft(story.reply, f"{by.name.capitalize()}, the team", then=story.then)
            self.desk.replies.send(self._seen(ticket_id), draft, by=by)
        elif story.then != "open":
            until = datetime.now(UTC) + _SNOOZED if story.then == "snoozed" else None
            self._change(ticket_id, Change(status=story.then, snoozed_until=until), by)

    def _change(self, ticket_id: str, change: Change, by: Staff) -> None:
        self.desk.changes.apply([self._seen(ticket_id)], change, by=by)

    def _seen(self, ticket_id: str) -> Seen:
        (row,) = self.desk.queue.some([ticket_id])
        return Seen(ticket_id, row.version)
