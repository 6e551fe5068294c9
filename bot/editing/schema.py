"""Check the front matter of a source against the schema of its kind, and its dates against today.

The schemas are plain JSON Schema; each field's ``description`` says what to write there, and is the cure of a finding.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from bot.editing.limits import DAYS_AHEAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import ValidationError

    from bot.editing.finding import Finding
    from bot.editing.sourcefile import SourceFile

_KINDS = frozenset({"explainer", "interview"})


def check_front_matter(file: SourceFile) -> Iterator[Finding]:
    """Yield what the schema of the source's kind does not allow; an article has no schema."""
    if file.source.kind not in _KINDS:
        return
    # A field without a value counts as missing, as it does when the corpus is read.
    given = {name: value for name, value in file.card.fields.values.items() if value is not None}
    for error in _validator(file.source.kind).iter_errors(given):
        yield file.in_card("front-matter", _found(error), _cure(error, file.source.kind), field=_place(error))


def check_dates(file: SourceFile, today: date) -> Iterator[Finding]:
    """Yield dates that have not come yet; reading has already checked that they are dates."""
    seen = [(f"references[{number}]", "seen_on", one.seen_on) for number, one in enumerate(file.source.references)]
    own = [(field, field, file.card.fields.values.get(field)) for field in ("updated_on", "reviewed_on", "recorded_on")]
    for place, field, value in (*own, *seen):
        if value and date.fromisoformat(value) > today + timedelta(days=DAYS_AHEAD):
            found = f"{field} is {value}, which has not come yet"
            yield file.in_card("dates", found, "Write the day it was.", field=place)


@cache
def _validator(kind: str) -> Draft202012Validator:
    schema = json.loads((Path(__file__).parent / f"{kind}.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema)


def _found(error: ValidationError) -> str:
    """Return what is wrong, in our own words where the validator's would quote the whole value."""
    name = _named(error)
    match error.validator:
        case "required":
            return f"{name}{_missing(error)} is missing"
        case "minItems" | "maxItems":
            return f"{name} has {len(error.instance)}, and {error.validator_value} is the {error.validator[:3]}imum"
        case "minLength":
            return f"{name} is empty"
        case "enum" | "const" | "pattern":
            return f"{name} is {error.instance!r}"
        case "uniqueItems":
            return f"{name} has something twice"
    return f"{name} is not what it should be ({error.message})"


def _cure(error: ValidationError, kind: str) -> str:
    """Return the schema's description of the field, or of the field around it."""
    fields: dict[str, dict[str, Any]] = _validator(kind).schema["properties"]
    field = str(error.absolute_path[0]) if error.absolute_path else _missing(error)
    return str(fields[field]["description"])


def _named(error: ValidationError) -> str:
    """Return the field as the front matter has it, such as ``key_terms[2].definition``; empty for the whole."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path]
    name = "".join(parts).lstrip(".")
    return f"{name}: " if name and error.validator == "required" else name


def _missing(error: ValidationError) -> str:
    """Return the missing field, which the validator names only in its message."""
    return error.message.split("'")[1] if error.validator == "required" else ""


def _place(error: ValidationError) -> str:
    """Return the name by which the front matter knows the line of a field or of an item in a list."""
    parts = list(error.absolute_path)
    if len(parts) > 1 and isinstance(parts[1], int):
        return f"{parts[0]}[{parts[1]}]"
    return str(parts[0]) if parts else ""
