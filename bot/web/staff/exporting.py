"""Write rows as files that people open in other programs.

In CSV, text that a spreadsheet would take for a formula gets an apostrophe in front
(https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

import msgspec
from flask import make_response
from werkzeug.wrappers import Response

# East Asian spreadsheets read full-width signs like the others, and all of them skip white space before a sign.
_FORMULA = ("=", "+", "-", "@")
_UNSEEN = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u00ad\0"))
# Nobody's formula begins with more white space than this.
_LOOKED_AT = 200
_BLANK_FIRST = ("\t", "\r", "\n", "\v", "\f")


def as_csv(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return rows as a CSV download, in UTF-8 with CRLF as in RFC 4180.

    :param rows: values in the order of the columns
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([harmless(value) for value in row] for row in rows)
    return _download(text.getvalue().encode(), f"{name}.csv", "text/csv; charset=utf-8")


def as_json(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return the same rows as a JSON list of objects."""
    objects = [dict(zip(columns, row, strict=True)) for row in rows]
    return _download(msgspec.json.encode(objects), f"{name}.json", "application/json")


def harmless(value: object) -> object:
    """Return a cell that no spreadsheet computes; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    begins = unicodedata.normalize("NFKC", value[:_LOOKED_AT]).translate(_UNSEEN).lstrip()
    return f"'{value}" if value.startswith(_BLANK_FIRST) or begins.startswith(_FORMULA) else value


def _download(body: bytes, name: str, content_type: str) -> Response:
    response = make_response(body)
    response.headers["Content-Type"] = content_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
