"""Mail replies to families that left an address, and alarms to staff.

The address is decrypted only for the mail and written down nowhere; the question is not in it. Knows nothing of how
often a mail is tried.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import parse_qs, unquote, urlsplit

import httpx2
from sqlalchemy import select

from bot.storage.connections import Database
from bot.storage.handoff import OPEN, HandoffStore
from bot.storage.tables import Handoff, Reply
from bot.triage.telling.posting import NotSent

_TIMEOUT_S = 20.0
_PORTS = {"smtp": 25, "smtps": 465}
_DOMAIN = re.compile(r"(?<=@)[^\s@<>]+")


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server: ``url`` is ``smtp://[user:password@]host[:port][?starttls=1]`` or ``smtps://…``."""

    url: str
    sender: str

    def send(self, to: str, subject: str, text: str) -> None:
        """Hand a message to the server.

        :raises NotSent: if the server does not accept it
        """
        try:
            self._hand_in(_message(self.sender, to, subject, text))
        except (smtplib.SMTPException, OSError, ValueError, httpx2.InvalidURL) as error:
            # The error's text may hold the address.
            raise NotSent(f"the mail server: {type(error).__name__}") from error

    def _hand_in(self, message: EmailMessage) -> None:
        parts = urlsplit(self.url)
        host, port = parts.hostname or "localhost", parts.port or _PORTS[parts.scheme]
        context = ssl.create_default_context()
        if parts.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT_S, context=context)
        else:
            connection = smtplib.SMTP(host, port, timeout=_TIMEOUT_S)
        with connection as server:
            if parse_qs(parts.query).get("starttls") == ["1"]:
                server.starttls(context=context)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)


def _message(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """Return a message; the ``email`` package refuses line breaks in headers."""
    sender, to = _spelt_for_mail(sender), _spelt_for_mail(to)
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = make_msgid(domain=sender.rsplit("@", 1)[-1].rstrip(">"))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _spelt_for_mail(address: str) -> str:
    """Return the address with its domain in ASCII (RFC 5891), since few mail servers accept other letters."""
    return _DOMAIN.sub(lambda found: _spelt_in_ascii(found[0]), address)


def _spelt_in_ascii(domain: str) -> str:
    return domain if domain.isascii() else httpx2.URL(f"https://{domain}").raw_host.decode("ascii")


@dataclass(frozen=True, slots=True)
class UrgentMail:
    """A mail to staff that a ticket is urgent; it has no words of a family."""

    server: MailServer
    service_name: str
    base_url: str

    def send(self, body: str) -> None:
        """Mail one member of staff.

        :param body: the address and the id of the ticket, one per line
        :raises NotSent: if the server does not accept it
        """
        address, _, ticket_id = body.partition("\n")
        text = f"Somebody may be in danger. Read it here:\n{self.base_url}/staff/tickets/{ticket_id}\n"
        self.server.send(address, f"Urgent: a ticket of {self.service_name}", text)


@dataclass(frozen=True, slots=True)
class ReplyMail:
    """A mail with a reply to a family."""

    database: Database
    handoffs: HandoffStore
    server: MailServer
    service_name: str
    base_url: str

    def send(self, reply_id: str) -> bool:
        """Mail a reply.

        :returns: false if nobody can be mailed: the family left no e-mail address, or removed its conversation
        :raises NotSent: if the server does not accept it
        """
        query = (
            select(Reply.text, Reply.author_label, Handoff.id)
            .join(Handoff, (Handoff.turn_id == Reply.turn_id) & (Handoff.status == OPEN))
            .where(Reply.id == reply_id)
        )
        with self.database.statement() as connection:
            row = connection.execute(query).first()
        address = self.handoffs.contact(row.id) if row is not None else None
        if row is None or address is None or "@" not in address:
            return False
        back = f"\n\nTo read your conversation again: {self.base_url}/comeback" if self.base_url else ""
        text = f"{row.text}\n\n{row.author_label}{back}\n"
        self.server.send(address, f"A reply from {self.service_name}", text)
        return True
