"""Collect the packaged safety data for review: whom to call, patterns with their reasons, and training messages.

It reads the files of this package and of ``bot/training/data/messages``, and says who reviewed them. Decides nothing.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from bot.indexing.heads import packaged_card
from bot.safety.patterns import packaged_patterns

_UNREVIEWED = "unreviewed"


@dataclass(frozen=True, slots=True)
class Group:
    """Exemplars of one kind and the reason for them; ``searched`` is all of its words in lower case."""

    id: str
    kind: str
    why: str
    messages: tuple[str, ...]
    searched: str


@dataclass(frozen=True, slots=True)
class WhomToCall:
    """A number to call, with its country and description."""

    country: str
    kind: str
    label: str
    href: str
    why: str


@dataclass(frozen=True, slots=True)
class SafetyData:
    """All safety data; ``reviewed_by`` is ``unreviewed`` if no clinician has reviewed it."""

    groups: tuple[Group, ...]
    patterns: tuple[tuple[str, str, str], ...]
    contacts: tuple[WhomToCall, ...]
    contacts_reviewed: tuple[str, str]
    head_sha256: str
    reviewed_by: str = _UNREVIEWED

    @property
    def messages(self) -> int:
        """The number of exemplars."""
        return sum(len(group.messages) for group in self.groups)


@lru_cache(maxsize=1)
def packaged_data() -> SafetyData:
    """Return the data, read once."""
    folder = resources.files(__package__)
    messages = resources.files("bot.training").joinpath("data").joinpath("messages")
    lines = sorted((path for path in messages.iterdir() if path.name.endswith(".jsonl")), key=_name)
    groups = [group for path in lines for group in _groups(path)]
    contacts = _read(folder.joinpath("contacts.toml"))
    card = packaged_card("routing")
    return SafetyData(
        groups=tuple(groups),
        patterns=tuple((one.id, one.kind, one.why) for one in packaged_patterns().patterns),
        contacts=tuple(_contacts(contacts)),
        contacts_reviewed=(contacts["reviewed_by"], contacts["reviewed_on"]),
        head_sha256=card.sha256 if card is not None else "",
    )


def _read(path: Any) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _name(path: Any) -> str:
    return str(path.name)


def _groups(path: Any) -> list[Group]:
    """Return the messages of a file by kind and reason, in the order of the file."""
    found: dict[tuple[str, str], list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        found.setdefault((record["label"], record["reason"]), []).append(record["text"])
    hand = path.name.removesuffix(".jsonl")
    return [
        Group(f"{hand}-{number}", kind, why, tuple(texts), " ".join([hand, why, *texts]).casefold())
        for number, ((kind, why), texts) in enumerate(found.items(), start=1)
    ]


def _contacts(read: dict[str, Any]) -> list[WhomToCall]:
    found = []
    for code, country in read["countries"].items():
        for kind in ("emergency", "crisis"):
            found += [
                WhomToCall(
                    f"{code}: {country.get('name', 'anywhere')}", kind, entry["label"], entry["href"], entry["why"]
                )
                for entry in country[kind]
            ]
    return found
