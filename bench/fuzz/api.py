"""Calls that schemathesis makes from the API's own document: no fault of ours, and answers as the document says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

from bench.fuzz.finding import Trial
from bench.fuzz.hunting import hunt
from bench.fuzz.service import application


def tried(index: Path | None, kept: Path, seed: int) -> Iterator[Trial]:
    """Yield what came of one call after the other, each address in its turn, without end."""
    import schemathesis
    from schemathesis.checks import not_a_server_error
    from schemathesis.core.failures import FailureGroup
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

    def holds(case: Any) -> None:
        try:
            case.call_and_validate(checks=checks)
        except FailureGroup as group:
            # It is no Exception, which is what hypothesis shrinks.
            raise AssertionError("; ".join(sorted(str(each) for each in group.exceptions))) from None

    with application(index) as app:
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
        operations = [found.ok() for found in schema.get_all_operations()]
        hunts = [
            hunt("api", f"{each.method} {each.path}", each.as_strategy(), holds, kept, seed) for each in operations
        ]
        for one in cycle(hunts):
            yield next(one)
