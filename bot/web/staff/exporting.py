"""Rows -> files that people open in other programs.

Comes in: names of columns and rows. Goes out: CSV or JSON as a download. Text that a spreadsheet would take for a
formula gets an apostrophe before it (https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import msgspec
from flask import make_response
from werkzeug.wrappers import Response

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A CSV file of rows.

    :param name: the file's, without its ending
    :param columns: their names
    :param rows: values in the order of the columns
    :returns: a download in UTF-8 with CRLF, as RFC 4180 has it
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([harmless(value) for value in row] for row in rows)
    return _download(text.getvalue().encode(), f"{name}.csv", "text/csv; charset=utf-8")


def as_json(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """The same rows as a JSON list of objects."""
    objects = [dict(zip(columns, row, strict=True)) for row in rows]
    return _download(msgspec.json.encode(objects), f"{name}.json", "application/json")


def harmless(value: object) -> object:
    """A cell that no spreadsheet computes; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _download(body: bytes, name: str, content_type: str) -> Response:
    response = make_response(body)
    response.headers["Content-Type"] = content_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
