"""Holding responses to the OpenAPI document: status, content type and body must be the ones it describes."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

Json = dict[str, Any]


def nonconformity(document: Json, method: str, path: str, response: TestResponse) -> str | None:
    """What is wrong with a response to ``method`` on the path template ``path``; ``None`` if nothing is."""
    described = document["paths"][path][method]["responses"].get(str(response.status_code))
    if described is None:
        return f"status {response.status_code} is not described for {method} {path}"
    media_type = described["content"].get(response.mimetype)
    if media_type is None:
        return f"content type {response.mimetype} is not described for {method} {path}"
    schema = {**media_type["schema"], "components": document["components"]}
    errors = [] if response.mimetype == "text/plain" else [*Draft202012Validator(schema).iter_errors(response.json)]
    return f"{method} {path}: {errors[0].message}" if errors else None
