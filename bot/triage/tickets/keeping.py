"""Keep what staff save for reuse: named filters and canned replies.

A saved view belongs to its owner alone; canned replies belong to everybody. Knows nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_urlsafe

from sqlalchemy import delete, insert, select, update

from bot.storage import audit
from bot.storage.connections import Database
from bot.triage.people.account import Staff
from bot.triage.tickets.tables import CannedReply, SavedView

_ID_BYTES = 9
_MOST_VIEWS = 20


@dataclass(frozen=True, slots=True)
class View:
    """A named filter; ``query`` is the query string of its address."""

    id: str
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Canned:
    """A canned reply to start from."""

    id: str
    title: str
    text: str


class Keeping:
    """The saved views and canned replies of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def views(self, account_id: str) -> Sequence[View]:
        """Return somebody's views, by name."""
        query = select(SavedView.id, SavedView.name, SavedView.query).where(SavedView.account_id == account_id)
        with self._database.statement() as connection:
            return [View(*row) for row in connection.execute(query.order_by(SavedView.name).limit(_MOST_VIEWS))]

    def keep_view(self, account_id: str, name: str, query: str) -> None:
        """Keep a filter, in place of one with the same name."""
        same = delete(SavedView).where(SavedView.account_id == account_id, SavedView.name == name)
        values = {"id": token_urlsafe(_ID_BYTES), "account_id": account_id, "name": name, "query": query}
        with self._database.transaction() as connection:
            connection.execute(same)
            connection.execute(insert(SavedView), values)

    def drop_view(self, view_id: str, *, account_id: str) -> bool:
        """Remove a view; false if it is not that account's."""
        query = delete(SavedView).where(SavedView.id == view_id, SavedView.account_id == account_id)
        with self._database.statement() as connection:
            return connection.execute(query).rowcount == 1

    def canned(self) -> Sequence[Canned]:
        """Return the canned replies, by title."""
        with self._database.statement() as connection:
            query = select(CannedReply.id, CannedReply.title, CannedReply.text).order_by(CannedReply.title)
            return [Canned(*row) for row in connection.execute(query)]

    def keep_canned(self, title: str, text: str, *, by: Staff) -> None:
        """Keep a canned reply."""
        with self._database.transaction() as connection:
            values = {"id": token_urlsafe(_ID_BYTES), "title": title, "text": text}
            connection.execute(insert(CannedReply), values)
            audit.write(connection, by.name, "canned_reply.add", object=values["id"], detail=title)

    def change_canned(self, canned_id: str, title: str, text: str, *, by: Staff) -> bool:
        """Give a canned reply another title and text; false if there is none such."""
        values = {"title": title, "text": text}
        with self._database.transaction() as connection:
            found = (
                connection.execute(update(CannedReply).where(CannedReply.id == canned_id).values(**values)).rowcount
                == 1
            )
            if found:
                audit.write(connection, by.name, "canned_reply.change", object=canned_id, detail=title)
        return found

    def drop_canned(self, canned_id: str, *, by: Staff) -> bool:
        """Remove a canned reply; false if there is none such."""
        with self._database.transaction() as connection:
            gone = connection.execute(delete(CannedReply).where(CannedReply.id == canned_id)).rowcount == 1
            if gone:
                audit.write(connection, by.name, "canned_reply.remove", object=canned_id)
        return gone
