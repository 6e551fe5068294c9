"""What the API sends when all went well.

Comes in: anything that msgspec can encode. Goes out: a response of JSON. It must not know what it says.
"""

from __future__ import annotations

import msgspec
from flask import Response, current_app


def json_response(content: object, *, status: int = 200, cache: str = "no-store") -> Response:
    """The content as JSON, kept by no cache unless ``cache`` says otherwise."""
    body = msgspec.json.encode(content)
    response = current_app.response_class(body, status=status, content_type="application/json")
    response.headers["Cache-Control"] = cache
    return response
