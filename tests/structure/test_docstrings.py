"""A docstring says only what the signature cannot, and never of a parameter that is not there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.structure.tree import python_files

FIELD = re.compile(r"^\s*:param (\S+):", re.MULTILINE)


def fields_of_nothing(paths: list[Path]) -> Iterator[str]:
    """Parameters that a docstring describes and the function does not have."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                given = node.args
                names = {one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)}
                names |= {one.arg for one in (given.vararg, given.kwarg) if one is not None}
                told = FIELD.findall(ast.get_docstring(node) or "")
                yield from (f"{path}:{node.lineno} {name}" for name in told if name.lstrip("*\\") not in names)


def test_every_parameter_that_a_docstring_describes_is_there() -> None:
    assert list(fields_of_nothing(python_files("bot"))) == []


def test_one_that_is_not_there_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "some.py"
    path.write_text(
        'def f(a: int, *b: int) -> None:\n    """Do.\n\n    :param a: s\n    :param *b: s\n    :param c: s\n    """\n'
    )
    assert list(fields_of_nothing([path])) == [f"{path}:1 c"]
