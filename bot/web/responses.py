"""Send JSON when all went well.

Knows nothing of what it says.
"""

from __future__ import annotations

import msgspec
from flask import Response, current_app


def json_response(content: object, *, status: int = 200, cache: str = "no-store") -> Response:
    """Return the content, which msgspec must be able to encode, as JSON; not cached unless ``cache`` says otherwise."""
    body = msgspec.json.encode(content)
    response = current_app.response_class(body, status=status, content_type="application/json")
    response.headers["Cache-Control"] = cache
    return response
