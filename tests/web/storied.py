"""An answerer with every kind of answer that the widget shows, and the application that gunicorn serves in tests."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from flask import Flask

from bot.records import Action, Answer, Notice, Snippet
from bot.web.app import create_app
from tests.sites.partners import a_store, live

from .fake_answerer import BUILD, FakeAnswerer, snippet_source
from .memories import a_memory
from .sources import all_sources, source

OUTLOOK = "Many people live into adulthood. Some children die young."
LETTERS = "e" + "\N{COMBINING ACUTE ACCENT}" * 60
HOSTILE = f"<script>alert(1)</script> \N{RIGHT-TO-LEFT OVERRIDE}evil {LETTERS} {'x' * 10_000}"
CALL = Notice(
    "emergency", "Who to call", (Action("Call 911", "tel:911", "The emergency number: ambulance, police, fire."),)
)
# The longest label that there is, and a page.
ANYWHERE = Notice(
    "emergency",
    "Who to call",
    (
        *CALL.actions,
        Action("Find a helpline in your country", "https://findahelpline.com", "A list of free helplines by country."),
    ),
)
LISTEN = Notice("crisis", "Who to call", (Action("Call 988", "tel:988"),))


class StoryAnswerer(FakeAnswerer):
    """Knows the tiny corpus, a passage about an outlook, and one that was made to do harm."""

    def __init__(self) -> None:
        outlook = source("outlook", "The outlook", OUTLOOK, reviewed_on="2020-01-01")
        hostile = source("hostile", "<b>Title</b>", HOSTILE, url="javascript:alert(1)")
        super().__init__([*all_sources(), outlook, hostile])
        self.rules = [
            ("which", clarify),
            ("outlook", lambda: self.whole("outlook")),
            ("hostile", lambda: self.whole("hostile")),
            ("hard to say", self.perhaps_an_outlook),
            ("breathe", lambda: referred("emergency", CALL)),
            ("alone", lambda: referred("crisis", LISTEN)),
            ("where am i", lambda: referred("emergency", ANYWHERE)),
            ("follow", self.understood),
            ("is it true", self.introduced),
            *self.rules,
        ]

    def whole(self, source_id: str) -> Answer:
        """One snippet that is a whole source."""
        found = self._sources[source_id]
        origin = replace(snippet_source(found, 0, len(found.text)), url=found.url or "/explainers/outlook")
        return Answer("answered", BUILD, 0.9, snippets=(Snippet(found.text, (), origin),))

    def perhaps_an_outlook(self) -> Answer:
        """Passages that may hold the answer, one of them about death and one that was made to do harm."""
        found = [self.whole(source_id).snippets[0] for source_id in ("outlook", "hostile")]
        return replace(self.perhaps(), near=(*found, self.perhaps().near[1]))

    def introduced(self) -> Answer:
        """What answers a claim."""
        return replace(self.about_uncertain_results(), message="Our source says:")

    def understood(self) -> Answer:
        """A follow-up with how it was understood."""
        notice = Notice("understood", "About What is a digital twin in medicine?: and follow")
        return replace(self.about_uncertain_results(), notices=(notice,))


def clarify() -> Answer:
    """What is asked back."""
    offered = ("What is a digital twin?", "What does an uncertain result mean?")
    return Answer("clarify_topic", BUILD, 0.5, message="Which of these do you mean?", suggestions=offered)


def referred(kind: str, notice: Notice) -> Answer:
    """Somebody is in danger."""
    return Answer(f"referred_{kind}", BUILD, 1.0, message="This sounds urgent.", notices=(notice,))


def storied_app(folder: Path) -> Flask:
    """An application around it that remembers, with the sites that the folder's database has."""
    url = f"sqlite:///{folder}/bot.sqlite3"
    memory, sites = a_memory(url), live(a_store(url))
    return create_app(
        StoryAnswerer(), service_name="Test Answers", memory=memory, sites=sites, country="US", secrets=[b"s" * 32]
    )


def app() -> Flask:
    """What gunicorn is told to serve; the folder is in the environment."""
    return storied_app(Path(os.environ["STORIED_FOLDER"]))
