"""How many ways an expression has to read a run of its own text: what a backtracking engine may have to try.

Loops in a loop, or side by side, that read the same signs can share a run of them out in many ways; where what follows
does not fit, each way is tried. Two rules find them without running the expression on anything long:

- *a turn reads two*: what one turn of a loop reads, twice, can be read as two turns and as one;
- *loops share a run*: on a run of one sign the ways to try grow faster than the square of its length. The square is
  what a search with one loop costs: it begins at each sign, and reads to the end.

In: an expression. Out: what is wrong with it. It must not know what the expression is for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import log2
from re import _constants as sre  # type: ignore[attr-defined]
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.structure.parsing import (
    LOOPS,
    SIGNS,
    compiled,
    loops_in,
    parsed,
    parts_of,
    sample_of,
    singles_in,
    takes,
    ways_through,
)

# Two lengths of a run; short loops such as {0,60} have ended by then.
_FEW, _MANY = 96, 192
# The square and a margin; three loops that share give about 3.
_MOST_POWER = 2.5
# A loop of fewer turns than this cannot multiply much; nor can one of few turns that each read little.
_FEWEST_TURNS, _FAR = 3, 8
_SIGNS_TRIED = "a1 .-\nA,:_/@(é*\"'#<>é漢"
CURE = (
    "Let one of the loops keep what it has read (*+, ++, ?+ or (?>…)), part them by a sign that neither reads, or look "
    "from where the run begins ((?<!…)). tests/structure/ambiguity.py says how it is counted."
)
Counts = NDArray[np.float64]


def ambiguities_of(pattern: re.Pattern[Any]) -> Iterator[str]:
    """Say what an expression can read in too many ways.

    :param pattern: of text or bytes
    :returns: nothing for a sound expression
    """
    tree = parsed(pattern)
    for turn in _turns_that_read_two(tree, pattern.flags, tree):
        yield f"one turn of a loop reads {turn * 2!r} as two turns do"
    loops = list(loops_in(tree))
    if len(loops) > 1 or any(len(turn) > 1 or turn[0][0] not in SIGNS for turn in loops):
        signs = _signs_of(loops, pattern.flags)
        power, sign = max(((_power(tree, pattern.flags, sign), sign) for sign in signs), default=(0.0, ""))
        if power > _MOST_POWER:
            yield f"loops share a run of {sign!r}: the ways to try grow with the length to the power of {power:.1f}"


def _turns_that_read_two(row: Any, flags: int, tree: Any) -> Iterator[str]:
    """A turn of each loop whose text, twice, is one turn and two; what is never given back is left out."""
    for operation, argument in row:
        if operation in (sre.POSSESSIVE_REPEAT, sre.ATOMIC_GROUP):
            continue
        if operation in LOOPS and int(argument[1]) >= _FEWEST_TURNS:
            reach = 2 if argument[1] is sre.MAXREPEAT else _FAR
            yield from _ambiguous_turn(argument[2], reach, flags, tree)
        for part in parts_of(operation, argument):
            added, taken = argument[1:3] if operation is sre.SUBPATTERN else (0, 0)
            yield from _turns_that_read_two(part, flags & ~taken | added, tree)


def _signs_of(loops: list[Any], flags: int) -> list[str]:
    """One sign for each set of loops that could read it, where there are two of them."""
    classes = [single for loop in loops for single in singles_in(loop)]
    kinds = {tuple(takes(*single, sign, flags) for single in classes): sign for sign in reversed(_SIGNS_TRIED)}
    return [sign for kind, sign in kinds.items() if sum(kind) > 1]


def _ambiguous_turn(turn: Any, reach: int, flags: int, tree: Any) -> Iterator[str]:
    if not any(loops_in(turn)):
        return
    one, two = compiled(list(turn), flags, tree), compiled([*turn, *turn], flags, tree)
    samples = dict.fromkeys(sample_of(turn, way, turns) for turns in (0, 1) for way in range(ways_through(turn)))
    for sample in filter(None, samples):
        if one.fullmatch(sample) and one.fullmatch(sample * reach) and two.fullmatch(sample * reach):
            yield sample
            return


@dataclass(frozen=True, slots=True)
class _Read:
    """A part of an expression on a run of one sign.

    ``ways[k]`` is how many ways it has to read ``k`` signs, and ``work[m]`` what trying it costs before ``m`` signs.
    ``inside`` and ``inside_work`` are the same for a match that came to the run in the middle of the part.
    """

    ways: Counts
    work: Counts
    inside: Counts
    inside_work: float = 0.0


def _power(tree: Any, flags: int, sign: str) -> float:
    few, many = (_Run(sign, length).work_of(tree, flags) for length in (_FEW, _MANY))
    return log2(many / few)


class _Run:
    """So many times one sign, that an expression is tried on."""

    def __init__(self, sign: str, length: int) -> None:
        self._sign, self._size = sign, length + 1
        self._none = np.zeros(self._size)
        self._here = np.eye(1, self._size)[0]
        self._empty = _Read(self._here, self._none + 1, self._none)
        self._groups: dict[int, Any] = {}

    def work_of(self, tree: Any, flags: int) -> float:
        """What trying the expression from each place of the run costs at most."""
        read = self._row(tree, flags)
        return float(read.work.sum() + read.inside_work) + self._size

    def _after(self, first: Counts, then: Counts) -> Counts:
        return np.convolve(first, then)[: self._size]

    def _row(self, row: Any, flags: int) -> _Read:
        ways, work, inside, inside_work = self._here, self._none, self._none, 0.0
        for operation, argument in row:
            read = self._read(operation, argument, flags)
            work = work + self._after(ways, read.work)
            if operation not in SIGNS:
                inside = inside + self._here
            inside_work += float(inside @ read.work[::-1]) + read.inside_work
            inside = self._after(inside, read.ways) + read.inside
            ways = self._after(ways, read.ways)
            if operation in SIGNS and not (ways.any() or inside.any() or any(loops_in(row))):
                break
        return _Read(ways, work, inside, inside_work)

    def _read(self, operation: Any, argument: Any, flags: int) -> _Read:
        if operation in SIGNS:
            taken = float(takes(operation, argument, self._sign, flags))
            return replace(self._empty, ways=np.eye(1, self._size, 1)[0] * taken)
        if operation not in _READERS:
            raise NotImplementedError(f"{operation}: teach tests/structure/ambiguity.py how many ways it has")
        return _READERS[operation](self, argument, flags)

    def _group(self, argument: Any, flags: int) -> _Read:
        group, added, taken, row = argument
        self._groups[group] = row
        return self._row(row, flags & ~taken | added)

    def _at(self, argument: Any) -> _Read:
        """Not at the end: something that does not fit comes behind the run."""
        return replace(self._empty, ways=self._none) if argument in _ENDS else self._empty

    def _loop(self, least: int, most: Any, row: Any, flags: int) -> _Read:
        body = self._row(row, flags)
        # A turn that reads nothing ends the loop.
        turn = body.ways * (1 - self._here)
        turns, ways, begun = self._here, self._none, self._none
        for count in range(min(int(most), self._size) + 1):
            ways = ways + turns if count >= least or body.ways[0] else ways
            begun = begun + turns if count < int(most) else begun
            turns = self._after(turns, turn)
            if not turns.any():
                break
        onward = self._after(body.inside, begun)
        work = self._after(begun, body.work)
        return _Read(ways, work, onward, body.inside_work + float(onward @ body.work[::-1]))

    def _kept(self, read: _Read) -> _Read:
        """What is never given back reads the whole run or none of it; tangled loops in it cost what they cost."""
        reads_on = read.ways[1:].any()
        line = np.arange(self._size, dtype=float) + 1
        work = line if read.ways.max(initial=0) <= 1 else read.work
        return _Read(self._none if reads_on else np.minimum(read.ways, 1), work, self._none, read.inside_work)

    def _look(self, direction: int, row: Any, flags: int) -> _Read:
        if direction < 0:
            return self._empty
        read = self._row(row, flags)
        return replace(self._empty, work=read.work, inside_work=read.inside_work)

    def _choice(self, reads: list[_Read]) -> _Read:
        ways, work, inside = (sum((getattr(read, name) for read in reads), self._none) for name in _COUNTS)
        return _Read(ways, work, inside, sum(read.inside_work for read in reads))


_COUNTS = ("ways", "work", "inside")
_ENDS = (sre.AT_END, sre.AT_END_STRING, sre.AT_END_LINE)
_READERS: dict[Any, Callable[[_Run, Any, int], _Read]] = {
    sre.MAX_REPEAT: lambda run, argument, flags: run._loop(*argument, flags),
    sre.MIN_REPEAT: lambda run, argument, flags: run._loop(*argument, flags),
    sre.POSSESSIVE_REPEAT: lambda run, argument, flags: run._kept(run._loop(*argument, flags)),
    sre.ATOMIC_GROUP: lambda run, argument, flags: run._kept(run._row(argument, flags)),
    sre.SUBPATTERN: _Run._group,
    sre.BRANCH: lambda run, argument, flags: run._choice([run._row(row, flags) for row in argument[1]]),
    sre.GROUPREF: lambda run, argument, flags: run._row(run._groups[argument], flags),
    sre.ASSERT: lambda run, argument, flags: run._look(*argument, flags),
    sre.ASSERT_NOT: lambda run, argument, flags: run._look(*argument, flags),
    sre.AT: lambda run, argument, flags: run._at(argument),
}
