"""Check the values of front matter, and name the line of the field in every error.

Knows nothing of which fields a kind of source needs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.errors import CorpusError
from bot.reading.links import is_safe_link
from bot.reading.textfile import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Fields:
    """Front matter with the line of each field; every getter checks the type, and its error names the line."""

    name: str
    values: Mapping[str, Any]
    lines: Mapping[str, int]

    def error(self, field: str, found: str, remedy: str) -> CorpusError:
        """Return an error about a field, with its line."""
        return CorpusError(self.name, self.lines.get(field, 1), found, remedy)

    def text(self, field: str) -> str | None:
        """Return the field as one line of text, ``None`` if absent, null or empty."""
        value = self.values.get(field)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self._wrong_type(field, value, "text", "Put the value in quotes")
        return one_line(self._encodable(field, value)) or None

    def flag(self, field: str) -> bool:
        """Return the field as true or false; false if absent."""
        value = self.values.get(field)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise self._wrong_type(field, value, "true or false", "Write true or false, without quotes")

    def day(self, field: str) -> str | None:
        """Return the field as an existing date, ``YYYY-MM-DD``."""
        value = self.text(field)
        if value is None:
            return None
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                return date.fromisoformat(value).isoformat()
        except ValueError:
            pass
        raise self.error(field, f"{field} is {value!r}, which is not a date", "Write it as YYYY-MM-DD.")

    def link(self, field: str) -> str | None:
        """Return the field as a link that is ``http(s)`` or begins with ``/``."""
        value = self.text(field)
        if value is not None and not is_safe_link(value):
            remedy = "Write a link that begins with https://, http:// or /."
            raise self.error(field, f"{field} is not a link that may be shown", remedy)
        return value

    def slug(self, field: str) -> str | None:
        """Return the field as an id: lower-case words and digits joined by hyphens."""
        value = self.text(field)
        if value is not None and not _SLUG.fullmatch(value):
            remedy = "Write lower-case letters and digits, joined by hyphens."
            raise self.error(field, f"{field} is {value!r}, which cannot be in a link", remedy)
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        """Return the field as a list of texts."""
        items = self.items(field)
        for item in items:
            if not isinstance(item, str) or not item.strip():
                raise self._wrong_type(field, item, "a list of texts", "Put every item in quotes")
        return tuple(one_line(self._encodable(field, item)) for item in items)

    def items(self, field: str) -> Sequence[Any]:
        """Return the field as a list of anything, empty if absent."""
        value = self.values.get(field)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self._wrong_type(field, value, "a list", "Write one item a line, each after a hyphen")
        return value

    def entries(self, field: str) -> tuple[Fields, ...]:
        """Return the field as a list of records, each with getters of its own."""
        found = []
        for number, item in enumerate(self.items(field)):
            if not isinstance(item, dict) or not all(isinstance(key, str) for key in item):
                raise self._wrong_type(field, item, "a list of records", "Write each as `- name: value` lines")
            line = self.lines.get(f"{field}[{number}]", 1)
            found.append(Fields(self.name, item, dict.fromkeys([*item, ""], line)))
        return tuple(found)

    def needed(self, field: str) -> str:
        """Return the field as text, and raise an error if it is missing."""
        value = self.text(field)
        if value is None:
            raise CorpusError(
                self.name, self.lines.get(field, self.lines.get("", 1)), f"{field} is missing", f"Add `{field}: ...`."
            )
        return value

    def _encodable(self, field: str, value: str) -> str:
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise self.error(field, f"{field} has half a character", "Write the character itself, not its escape.")
        return value

    def _wrong_type(self, field: str, value: object, expected: str, remedy: str) -> CorpusError:
        found = {dict: "a record", list: "a list", bool: "true or false", int: "a number", float: "a number"}
        kind = found.get(type(value), "empty" if value is None else "something else")
        return self.error(field, f"{field} should be {expected} but is {kind}", f"{remedy}.")
