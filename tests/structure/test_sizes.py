"""Files and functions stay small enough to hold in one's head."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.structure.tree import TOP, python_files

MODULE_LINES = 300
FUNCTION_LINES = 50
Function = ast.FunctionDef | ast.AsyncFunctionDef


def long_modules(paths: list[Path]) -> Iterator[str]:
    for path in paths:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MODULE_LINES:
            yield f"{path}: {lines} lines"


def long_functions(paths: list[Path]) -> Iterator[str]:
    """Functions over the limit, not counting the docstring: explaining more must not cost anything."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, Function) and _lines(node) > FUNCTION_LINES:
                yield f"{path}:{node.lineno} {node.name}: {_lines(node)} lines"


def _lines(node: Function) -> int:
    first = node.body[0]
    has_docstring = ast.get_docstring(node, clean=False) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
    return (node.end_lineno or 0) - node.lineno + 1 - docstring


def test_no_module_is_too_long() -> None:
    assert list(long_modules(python_files("bot", "tests", "bench"))) == []


def test_no_function_is_too_long() -> None:
    assert list(long_functions(python_files("bot", "bench"))) == []


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "helpers", "common", "misc", "manager", "processor", "data", "info"}
    assert [str(path.relative_to(TOP)) for path in python_files("bot", "bench") if path.stem in drawers] == []


def test_one_line_too_many_is_seen_and_the_last_allowed_is_not(tmp_path: Path) -> None:
    files = {lines: tmp_path / f"{lines}.py" for lines in (MODULE_LINES, MODULE_LINES + 1)}
    for lines, path in files.items():
        path.write_text("x = 1\n" * lines)
    assert list(long_modules(list(files.values()))) == [f"{files[MODULE_LINES + 1]}: {MODULE_LINES + 1} lines"]


def test_a_long_function_is_seen_but_a_long_docstring_is_not(tmp_path: Path) -> None:
    body = "    x = 1\n"
    (tmp_path / "long.py").write_text("def f():\n" + body * FUNCTION_LINES)
    (tmp_path / "told.py").write_text('def f():\n    """' + "words\n" * 80 + '    """\n' + body * (FUNCTION_LINES - 1))
    assert list(long_functions([tmp_path / "told.py"])) == []
    assert list(long_functions([tmp_path / "long.py"])) == [f"{tmp_path / 'long.py'}:1 f: {FUNCTION_LINES + 1} lines"]
