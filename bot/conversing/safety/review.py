"""The packaged safety data as people review it: whom to call, patterns with their reasons, exemplars.

In: the files of this room. Out: records to show, each with who has reviewed it. It must not decide anything.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from bot.conversing.safety.danger import packaged_model
from bot.conversing.safety.patterns import packaged_patterns

_UNREVIEWED = "unreviewed"


@dataclass(frozen=True, slots=True)
class Group:
    """Exemplars of one kind and why they are; ``searched`` is all its words in small letters."""

    id: str
    kind: str
    why: str
    messages: tuple[str, ...]
    searched: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A number with the country that it is for, and what it is."""

    country: str
    kind: str
    label: str
    href: str
    why: str


@dataclass(frozen=True, slots=True)
class SafetyData:
    """All of it. ``reviewed_by`` is ``unreviewed`` where no clinician has."""

    groups: tuple[Group, ...]
    patterns: tuple[tuple[str, str, str], ...]
    contacts: tuple[Contact, ...]
    contacts_reviewed: tuple[str, str]
    model_sha256: str
    reviewed_by: str = _UNREVIEWED

    @property
    def messages(self) -> int:
        """How many exemplars there are."""
        return sum(len(group.messages) for group in self.groups)


@lru_cache(maxsize=1)
def packaged_data() -> SafetyData:
    """Return the data, read once."""
    folder = resources.files("bot.conversing.safety")
    files = sorted((path for path in folder.iterdir() if path.name.startswith("exemplars")), key=lambda path: path.name)
    groups = [_group(entry) for path in files for entry in _read(path)["group"]]
    contacts = _read(folder.joinpath("contacts.toml"))
    return SafetyData(
        groups=tuple(groups),
        patterns=tuple((one.id, one.kind, one.why) for one in packaged_patterns().patterns),
        contacts=tuple(_contacts(contacts)),
        contacts_reviewed=(contacts["reviewed_by"], contacts["reviewed_on"]),
        model_sha256=packaged_model().model_sha256,
    )


def _read(path: Any) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _group(entry: dict[str, Any]) -> Group:
    messages = tuple(entry["messages"])
    words = " ".join([entry["id"], entry.get("why", ""), *messages]).casefold()
    return Group(entry["id"], entry["kind"], entry.get("why", ""), messages, words)


def _contacts(read: dict[str, Any]) -> list[Contact]:
    found = []
    for code, country in read["countries"].items():
        for kind in ("emergency", "crisis"):
            found += [
                Contact(f"{code}: {country.get('name', 'anywhere')}", kind, entry["label"], entry["href"], entry["why"])
                for entry in country[kind]
            ]
    return found
