"""A console with people in it, and browsers that sign in to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import numpy as np
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.answering.curated import CuratedAnswer
from bot.answering.whatif import Close, Comparison
from bot.dialogue.live import LiveDialogue
from bot.records import SuggestedQuestion
from bot.sites.live import LiveSites
from bot.sites.store import SiteStore
from bot.storage.audit import AuditLog
from bot.storage.comeback import ComeBack
from bot.storage.connections import Database
from bot.storage.handoff import HandoffStore
from bot.storage.memory import TurnStore
from bot.storage.remembering import Memory, Told
from bot.storage.secrecy import Sealer
from bot.storage.turn import TurnRecord
from bot.triage.curating.curating import Curating
from bot.triage.curating.effects import Trials
from bot.triage.curating.forgetting import forget_words
from bot.triage.curating.live import LiveCurated
from bot.triage.people.account import Role
from bot.triage.people.accounts import AccountStore
from bot.triage.people.secondfactor import SecondFactor
from bot.triage.people.signing import SignIn
from bot.triage.replying.contacts import Contacts
from bot.triage.replying.replies import Replies
from bot.triage.seeing.gaps import Gaps
from bot.triage.seeing.overview import Overviews
from bot.triage.telling.courier import Courier
from bot.triage.telling.outbox import MailOutbox
from bot.triage.telling.posting import Poster
from bot.triage.telling.webhooks import Webhooks
from bot.triage.tickets.changing import Changes
from bot.triage.tickets.gists import Gists
from bot.triage.tickets.intake import Intake
from bot.triage.tickets.keeping import Keeping
from bot.triage.tickets.presence import Presences
from bot.triage.tickets.queue import Queue
from bot.triage.tickets.reading import Tickets
from bot.triage.tickets.regrouping import Regrouping
from bot.triage.tickets.unsent import Unsents
from bot.web.app import create_app
from bot.web.staff import Desk
from tests.databases import with_tables
from tests.triage.queues import first_word

from .fake_answerer import FakeAnswerer

PASSWORD = "seven calm herons"
_ADDRESSES = count(1)
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Clock:
    """A clock that a test moves."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Console:
    """An application with a console; ``add`` makes accounts that have chosen their password."""

    app: Flask
    desk: Desk
    clock: Clock
    database: Database

    def add(self, name: str = "amir", role: Role = "agent") -> str:
        """Make an account, and give its name."""
        first = self.desk.accounts.add(name, role, by="tests")
        token = self.desk.signing.sign_in(name, first, "", browser="")
        assert token is not None
        who = self.desk.signing.sessions.find(token)
        assert who is not None
        assert self.desk.signing.change_password(who, first, PASSWORD) is None
        self.desk.signing.sessions.end(who.session_id, account_id=who.staff.id)
        return name

    def client(self, name: str | None = None, role: Role = "agent") -> Browser:
        """A browser, signed in as a new account if there is a name."""
        browser = Browser(self.app.test_client())
        if name is not None:
            self.add(name, role)
            assert browser.sign_in(name).status_code == 303
        return browser


def a_console(database_url: str, *, trial: LiveDialogue | None = None, **settings: Any) -> Console:
    database = with_tables(database_url)
    clock, gists, sealer = Clock(), Gists(), Sealer([Fernet.generate_key().decode()])
    intake = Intake(database, gists, first_word)
    memory = Memory(
        database,
        redact=lambda text: text.replace("Ada", "[name]"),
        sealer=sealer,
        told=taken_at_once(intake),
        forget_words=forget_words,
    )
    outbox = MailOutbox() if settings.pop("sends_mail", False) else None
    webhooks, poster = Webhooks(database, ["k" * 32]), Poster(settings.pop("trusted", frozenset()))
    desk = Desk(
        overviews=Overviews(database),
        gaps=Gaps(database),
        webhooks=webhooks,
        sites=SiteStore(database),
        turns=TurnStore(database, forget_words),
        poster=poster,
        courier=Courier(database, webhooks, poster),
        secret_keys=["k" * 32],
        accounts=AccountStore(database),
        signing=SignIn(database, SecondFactor(["k" * 32], "Test Answers"), now=clock),
        audit=AuditLog(database),
        intake=intake,
        queue=Queue(database, gists, first_word),
        tickets=Tickets(database),
        changes=Changes(database),
        keeping=Keeping(database),
        regrouping=Regrouping(database, gists, first_word),
        unsents=Unsents(database),
        presences=Presences(database),
        replies=Replies(database, outbox),
        contacts=Contacts(HandoffStore(database, sealer), AuditLog(database)),
        come_back=ComeBack(database),
        curating=Curating(database, four_eyes=settings.pop("curated_four_eyes", True)),
        trials=Trials(database, LiveCurated(database), trial or NoTrial()),
        **{name: settings.pop(name) for name in ("second_factor_required",) if name in settings},
    )
    if settings.pop("live_sites", False):
        settings["sites"] = LiveSites(SiteStore(database), reread_after_s=0)
    app = create_app(FakeAnswerer(), service_name="Test Answers", desk=desk, memory=memory, **settings)
    return Console(app, desk, clock, database)


class NoTrial:
    """Stands where no model is: every wording is like every other, no question changes, and lions are close."""

    model = "m" * 64

    def wording_vectors(self, text: str) -> np.ndarray:
        return np.ones((2, 4), dtype=np.float32) / 2

    def compare_with(
        self, questions: Sequence[str], entries: Sequence[CuratedAnswer], *, watched: str | None = None
    ) -> Comparison:
        answer = FakeAnswerer().answer("zebra")
        close = [Close(number, 0.6, answer) for number, text in enumerate(questions) if watched and "lion" in text]
        return Comparison([], close)

    def golden(self) -> list[SuggestedQuestion]:
        return []


def taken_at_once(intake: Intake) -> Told:
    """Takes each turn in before the answer goes out, so that a test need not wait."""

    def told(turn_id: str, turn: TurnRecord | None, caller: str | None = None) -> None:
        intake.take(turn_id)

    return told


@dataclass
class Browser:
    """A client that fills in forms as a browser does, with the token of the page they are on, at an address of its
    own."""

    client: FlaskClient
    address: str = field(default_factory=lambda: f"10.0.{next(_ADDRESSES) // 250}.{next(_ADDRESSES) % 250}")

    def get(self, path: str, **rest: Any) -> TestResponse:
        return self.client.get(path, **rest)

    def post(self, path: str, *, page: str = "/staff/account", **fields: object) -> TestResponse:
        data = {**fields, "csrf_token": self.token(page)}
        return self.client.post(path, data=data, environ_base={"REMOTE_ADDR": self.address})

    def token(self, page: str = "/staff/account") -> str:
        found = TOKEN.search(self.client.get(page).text)
        assert found is not None, f"No form on {page}"
        return found[1]

    def sign_in(self, name: str, password: str = PASSWORD, code: str = "", **fields: str) -> TestResponse:
        return self.post("/staff/sign-in", page="/staff/sign-in", name=name, password=password, code=code, **fields)
