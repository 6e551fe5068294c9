"""Put each cell of an HTML table in the column that it is shown in.

Tables are read as lines with a stroke between the cells. A cell that is left out, or that covers several rows, would
shift the cells after it, and a dose would be read as that of the column before.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from bot.reading.textfile import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

# Stands for a cell without words.
EMPTY = "\u2013"
_MOST_ROWS, _MOST_COLUMNS = 500, 100


def fill_tables(root: Element) -> None:
    """Repeat cells in all rows that they cover, and mark cells without words in tables that have column heads.

    :param root: a tree that lxml has read as HTML; changed in place
    """
    for table in list(root.iter("table")):
        rows = _rows_of(table)
        _repeat_down(rows)
        if _is_grid(rows):
            for row in rows:
                _mark_empty(_cells_of(row))


def with_empty_marked(cells: Sequence[str]) -> list[str]:
    """Return the cells of a row with empty ones marked, except at the end, where they are left out."""
    last = max((number for number, cell in enumerate(cells) if cell), default=-1)
    return [cell or EMPTY for cell in cells[: last + 1]]


def _rows_of(table: Element) -> list[Element]:
    return [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table][:_MOST_ROWS]


def _cells_of(row: Element) -> list[Element]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _is_grid(rows: Sequence[Element]) -> bool:
    """Whether a table has columns with heads; others are only layout."""
    first = _cells_of(rows[0]) if rows else []
    if len(rows) < 2 or len(first) < 2:
        return False
    return all(cell.tag == "th" or _words(cell) for cell in first[1:]) and any(map(_words, first))


def _repeat_down(rows: Sequence[Element]) -> None:
    above: dict[int, tuple[int, Element]] = {}
    for row in rows:
        below: dict[int, tuple[int, Element]] = {}
        column = 0
        for cell in [*_cells_of(row), None]:
            while column in above:
                left, repeated = above.pop(column)
                copy = deepcopy(repeated)
                copy.tail = ""
                (row.append if cell is None else cell.addprevious)(copy)
                if left > 1:
                    below[column] = (left - 1, repeated)
                column += _span(copy, "colspan", _MOST_COLUMNS)
            if cell is not None:
                rows_down = _span(cell, "rowspan", _MOST_ROWS)
                if rows_down > 1:
                    below[column] = (rows_down - 1, cell)
                column += _span(cell, "colspan", _MOST_COLUMNS)
        above = below


def _span(cell: Element, name: str, most: int) -> int:
    given = cell.get(name, "1").strip()
    return max(1, min(int(given), most)) if given.isdecimal() and len(given) < 6 else 1


def _mark_empty(cells: Sequence[Element]) -> None:
    last = max((number for number, cell in enumerate(cells) if _words(cell)), default=-1)
    for cell in cells[: max(last, 0)]:
        if not _words(cell):
            for child in list(cell):
                cell.remove(child)
            cell.text = EMPTY


def _words(cell: Element) -> str:
    return one_line("".join(map(str, cell.itertext())))
