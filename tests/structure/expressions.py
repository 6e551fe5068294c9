"""Every regular expression of the product, found in its code and asked of what reads its data files.

A call of ``re`` whose expression can be read off the module is evaluated in it. One that is put together when the
program runs (from a data file, from an argument) must be named in ``BUILT``, with what gives its expressions.
"""

from __future__ import annotations

import ast
import importlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.structure.tree import TOP, module_name, python_files

_TAKE_AN_EXPRESSION = {"compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn"}


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression and where it stands: a file with a line, or a data file with an entry.

    ``how`` is the method that the product calls, where that is known.
    """

    where: str
    pattern: re.Pattern[Any]
    how: str = "finditer"


class UnknownExpression(Exception):
    """An expression that is put together when the program runs, by a function that ``BUILT`` does not name."""


@cache
def all_expressions() -> tuple[Expression, ...]:
    """Every expression of ``bot``; raises UnknownExpression with all that cannot be found out."""
    written, unknown = list[Expression](), list[str]()
    for path in python_files("bot"):
        if "migrations" in path.parts:
            continue
        found, missed = expressions_in(path)
        written += found
        unknown += [name for name in missed if name not in BUILT]
    if unknown:
        raise UnknownExpression(
            f"{', '.join(unknown)}: the expression is put together at run time. Name the function in BUILT of "
            "tests/structure/expressions.py, with what gives all its expressions, so that they are tried too."
        )
    built = [
        Expression(where, pattern, next((how for mark, how in _HOW.items() if mark in where), "finditer"))
        for gives in BUILT.values()
        for where, pattern in gives()
    ]
    return (*written, *built, *_of_schemas())


def expressions_in(path: Path, *, top: Path = TOP) -> tuple[list[Expression], list[str]]:
    """The expressions of a file that its module's names are enough for; and the functions that build the others."""
    found, missed = list[Expression](), list[str]()
    for call, function in _calls(ast.parse(path.read_text(encoding="utf-8"))):
        name = module_name(path, top=top)
        try:
            pattern = _evaluated(call, vars(importlib.import_module(name)))
        except NameError:
            missed.append(f"{name}.{function}")
        else:
            found.append(Expression(f"{path.relative_to(top)}:{call.lineno}", pattern))
    return found, missed


def _calls(tree: ast.AST, function: str = "") -> Iterator[tuple[ast.Call, str]]:
    """Calls of ``re`` that take an expression, with the innermost function around each."""
    for node in ast.iter_child_nodes(tree):
        within = node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else function
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_of_re(node.func):
            yield node, within
        yield from _calls(node, within)


def _is_of_re(attribute: ast.Attribute) -> bool:
    return (
        isinstance(attribute.value, ast.Name) and attribute.value.id == "re" and attribute.attr in _TAKE_AN_EXPRESSION
    )


def _evaluated(call: ast.Call, names: dict[str, Any]) -> re.Pattern[Any]:
    asked = call if ast.unparse(call.func) == "re.compile" else call.args[0]
    value = eval(compile(ast.Expression(asked), "<expression>", "eval"), dict(names))
    return re.compile(value)


def _of_phrases() -> Iterator[tuple[str, re.Pattern[Any]]]:
    from bot.answering import phrases

    for name, entry in phrases._file().items():
        for how, expressions in entry.items() if isinstance(entry, dict) else ():
            where = f"bot/answering/phrases.toml [{name}] {how}"
            yield from ((where, phrases._compiled(expression)) for expression in expressions)


def _of_danger() -> Iterator[tuple[str, re.Pattern[Any]]]:
    from bot.safety.patterns import packaged_patterns

    book = packaged_patterns()
    yield from ((f"bot/safety/patterns.toml {pattern.id}", pattern.find) for pattern in book.patterns)
    for pattern in book.patterns:
        if pattern.unless:
            yield f"bot/safety/patterns.toml {pattern.id}, unless", pattern.unless
    yield from ((f"bot/safety/patterns.toml cues, {name}", cue) for name, cue in book.cues.items())


def _of_small_talk() -> Iterable[tuple[str, re.Pattern[Any]]]:
    from bot.dialogue.smalltalk import _replies

    return [(f"bot/dialogue/replies.toml {reply.status}", pattern) for pattern, reply in _replies()]


def _of_sensitive_topics() -> Iterable[tuple[str, re.Pattern[Any]]]:
    from bot.web.sensitive import _topics

    return [(f"bot/web/sensitive.toml {name}", pattern) for name, pattern in _topics()]


def _of_editors_phrases() -> Iterable[tuple[str, re.Pattern[Any]]]:
    from bot.editing.phrases import phrase_groups

    patterns = [(group.why, one) for group in phrase_groups() for one in (group.anywhere, group.openings) if one]
    return [(f"bot/editing/phrases.toml {why}", pattern) for why, pattern in patterns]


def _of_browsers() -> Iterable[tuple[str, re.Pattern[Any]]]:
    from bot.web.staff.signing_in import _BROWSERS, _SYSTEMS

    return [(f"bot/web/staff/signing_in.py {name}", re.compile(mark)) for mark, name in (*_BROWSERS, *_SYSTEMS)]


def _of_cue_lines() -> Iterable[tuple[str, re.Pattern[Any]]]:
    from bot.reading import cuelines

    return [(f"bot/reading/cuelines.py of .{ending}", cuelines._time_line(ending)) for ending in ("vtt", "srt")]


def _of_front_matter() -> Iterable[tuple[str, re.Pattern[Any]]]:
    from bot.syncing.frontline import _line_of

    return [("bot/syncing/frontline.py", _line_of("retired"))]


def _of_names() -> Iterable[tuple[str, re.Pattern[Any]]]:
    from bot.privacy.names import _places

    return [
        ("bot/privacy/names.py, a name again", re.compile(re.escape("Ann Lee"))),
        ("bot/privacy, places", _places()),
    ]


def _of_schemas() -> Iterator[Expression]:
    """Patterns that JSON Schema looks for in front matter."""
    for path in sorted((TOP / "bot").rglob("*.schema.json")):
        for pattern in _values(json.loads(path.read_text(encoding="utf-8")), "pattern"):
            yield Expression(str(path.relative_to(TOP)), re.compile(pattern))


def _values(node: Any, key: str) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if name == key and isinstance(value, str))
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _values(child, key)


# How the product asks for those of data files.
_HOW = {"replies.toml": "fullmatch", "] all": "fullmatch", "] begins": "match"}
# The functions that put an expression together, and what gives all the expressions that they ever make.
BUILT: dict[str, Callable[[], Iterable[tuple[str, re.Pattern[Any]]]]] = {
    "bot.privacy.names.names_in": _of_names,
    "bot.privacy.names._places": _of_names,
    "bot.answering.phrases._compiled": _of_phrases,
    "bot.safety.patterns._any_of": _of_danger,
    "bot.dialogue.smalltalk._any_of": _of_small_talk,
    "bot.web.sensitive._topics": _of_sensitive_topics,
    "bot.editing.phrases._pattern": _of_editors_phrases,
    "bot.reading.cuelines._time_line": _of_cue_lines,
    "bot.syncing.frontline._line_of": _of_front_matter,
    "bot.web.staff.signing_in._browser": _of_browsers,
}
