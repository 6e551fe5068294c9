"""A regular expression as Python's own parser sees it: its parts, its loops, and texts that it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from re import _compiler, _parser  # type: ignore[attr-defined]
from re import _constants as sre  # type: ignore[attr-defined]
from typing import Any

LOOPS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
SIGNS = (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN)
# What stands in for a class of signs: the first of these that it has.
_PROBES = "a1 .A-_\n'é漢,:@/(x9Z*#<>[]{}|~^$&+=?!;\\\"\t—“\x00"


def parsed(pattern: re.Pattern[Any]) -> Any:
    return _parser.parse(pattern.pattern, pattern.flags)


def parts_of(operation: Any, argument: Any) -> list[Any]:
    """What is inside a loop, a group or a choice."""
    match operation:
        case sre.MAX_REPEAT | sre.MIN_REPEAT | sre.POSSESSIVE_REPEAT:
            return [argument[2]]
        case sre.BRANCH:
            return list(argument[1])
        case sre.SUBPATTERN:
            return [argument[3]]
        case sre.ATOMIC_GROUP:
            return [argument]
        case sre.ASSERT | sre.ASSERT_NOT:
            return [argument[1]]
    return []


def loops_in(row: Any) -> Iterator[Any]:
    """What is inside each loop, inner ones too; ``?`` is none."""
    for operation, argument in row:
        if operation in LOOPS and int(argument[1]) > 1:
            yield argument[2]
        for part in parts_of(operation, argument):
            yield from loops_in(part)


def singles_in(row: Any) -> Iterator[tuple[Any, Any]]:
    """Whatever reads one sign, inner ones too."""
    for operation, argument in row:
        if operation in SIGNS:
            yield operation, argument
        for part in parts_of(operation, argument):
            yield from singles_in(part)


def words_in(row: Any) -> Iterator[str]:
    """The runs of letters that an expression has, inner ones too."""
    run = ""
    for operation, argument in [*row, (None, None)]:
        if operation is sre.LITERAL:
            run += chr(argument)
            continue
        if run.strip():
            yield run
        run = ""
        for part in parts_of(operation, argument):
            yield from words_in(part)


def sample_of(row: Any, way: int, turns: int) -> str:
    """A text that an expression takes, but for what it looks around for.

    :param row: parts of an expression
    :param way: which of its choices, counted round
    :param turns: how often each loop turns above its least
    """
    return "".join(_sample(operation, argument, way, turns) for operation, argument in row)


def _sample(operation: Any, argument: Any, way: int, turns: int) -> str:
    if operation is sre.LITERAL:
        return chr(argument)
    if operation in SIGNS:
        return next((probe for probe in _PROBES if takes(operation, argument, probe, re.IGNORECASE)), "a")
    if operation in LOOPS:
        least, most, part = argument
        return sample_of(part, way, turns) * min(least + turns, int(most))
    if operation is sre.BRANCH:
        return sample_of(argument[1][way % len(argument[1])], way, turns)
    inside = () if operation in (sre.ASSERT, sre.ASSERT_NOT) else parts_of(operation, argument)
    return "".join(sample_of(part, way, turns) for part in inside)


def ways_through(row: Any) -> int:
    """The most choices that any place of an expression has."""
    widest = 1
    for operation, argument in row:
        parts = parts_of(operation, argument)
        widest = max(widest, len(parts), *map(ways_through, parts))
    return widest


def takes(operation: Any, argument: Any, sign: str, flags: int) -> bool:
    """Whether a class of one sign has a sign."""
    return _takes(operation, tuple(argument) if isinstance(argument, list) else argument, sign, flags & ~re.DEBUG)


@cache
def _takes(operation: Any, argument: Any, sign: str, flags: int) -> bool:
    part = (operation, list(argument) if isinstance(argument, tuple) else argument)
    return compiled([part], flags).match(sign) is not None


def compiled(row: list[Any], flags: int, tree: Any = None) -> re.Pattern[str]:
    """Some parts of an expression as an expression of their own.

    :param row: the parts
    :param flags: those that hold for them
    :param tree: the whole, if the parts have groups
    """
    state = _parser.State()
    state.flags = flags
    if tree is not None:
        state.groupdict, state.groupwidths = tree.state.groupdict, tree.state.groupwidths
    made: re.Pattern[str] = _compiler.compile(_parser.SubPattern(state, row), flags)
    return made
