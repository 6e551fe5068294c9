"""Carry the quotes of families' lines and conversations in ``bot/training/data`` over to changed texts.

A quote is looked for first in the sources of its line or turn; acceptable alternatives (``also``) may stand in any
source.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.editing.bank import write_whole
from bot.editing.carryover import Move, Standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.records import Source

_FIELDS = ("quotes", "also")


@dataclass(frozen=True, slots=True)
class HandMoves:
    """What a hand's file has lost, and its lines with what can be carried over and without the quotes that cannot."""

    path: Path
    moves: tuple[Move, ...]
    lines: tuple[str, ...]


def lost_by_hands(folder: Path, sources: Mapping[str, Source]) -> list[HandMoves]:
    """Return what each hand has lost."""
    standing = {name: Standing(source) for name, source in sources.items()}
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        carried = [_carried(number, line, standing) for number, line in enumerate(_lines(path), start=1)]
        moves = tuple(move for _, moves in carried for move in moves)
        if moves:
            found.append(HandMoves(path, moves, tuple(line for line, _ in carried)))
    return found


def write_hand(hand: HandMoves) -> None:
    """Write a hand's file with what can be carried over, without what cannot.

    :param hand: as found by ``lost_by_hands``.
    """
    write_whole(hand.path, "".join(f"{line}\n" for line in hand.lines))


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line]


def _carried(number: int, line: str, standing: Mapping[str, Standing]) -> tuple[str, list[Move]]:
    given: dict[str, Any] = json.loads(line)
    moves: list[Move] = []
    # A line of a family quotes itself; in a conversation its turns do.
    for one in given.get("turns", [given]):
        own = [standing[name] for name in one.get("sources", [one.get("source")]) if name in standing]
        for name in _FIELDS:
            among = own if name == "quotes" else list(standing.values())
            kept = dict.fromkeys(_quotes(number, one.get(name, ()), own, among, moves))
            if kept:
                one[name] = list(kept)
            else:
                one.pop(name, None)
    return (json.dumps(given, ensure_ascii=False) if moves else line), moves


def _quotes(
    number: int, quotes: Sequence[str], own: Sequence[Standing], among: Sequence[Standing], moves: list[Move]
) -> Iterator[str]:
    """Yield the quotes that stand and the new ones for those that were lost, and add each lost one to the moves."""
    for quote in quotes:
        if any(one.has(quote) for one in among):
            yield quote
            continue
        near = [one.quote(number, quote) for one in own]
        best = max(near, key=lambda move: move.score, default=Move(number, "quote", quote, "", 0.0, "no such source"))
        moves.append(best)
        if best.why_not is None:
            yield best.new
