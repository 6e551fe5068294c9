"""Count what a reader of bot/ must hold in mind: ``python -m bench.counts``.

The same counts before and after a change of the code's shape tell whether it became less. Docstrings are not counted
into the length of a function.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

TOP = Path(__file__).parents[1]
BOT = TOP / "bot"
SHORT_FILE = 60
STATUS = re.compile(r"(?:answered|(?:unanswered|referred|smalltalk|clarify)_?[a-z_]*)")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def main() -> None:
    """Print the table."""
    top = Path(sys.argv[1]) / "bot" if len(sys.argv) > 1 else BOT
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(top.rglob("*.py"))}
    for name, value in counted(trees, top):
        print(f"| {name} | {value} |")


def counted(trees: dict[Path, ast.Module], top: Path) -> Iterator[tuple[str, object]]:
    """Yield what is counted with its number."""
    lines = [len(path.read_text(encoding="utf-8").splitlines()) for path in trees]
    lengths = [length_of(node) for tree in trees.values() for node in ast.walk(tree) if isinstance(node, Function)]
    twice = classes_in_two_rooms(trees, top)
    yield "files", len(trees)
    yield "lines", sum(lines)
    yield "median lines a file", int(median(lines))
    yield f"files of at most {SHORT_FILE} lines", sum(number <= SHORT_FILE for number in lines)
    yield "functions", len(lengths)
    yield (
        "function lines: p50 / p90 / max",
        f"{median(lengths):.0f} / {quantiles(lengths, n=10)[8]:.0f} / {max(lengths)}",
    )
    yield "Protocols", sum("Protocol" in map(ast.unparse, node.bases) for node in _classes(trees))
    yield "status literals in Python", sum(len(status_literals(tree)) for tree in trees.values())
    yield "modules with status literals", sum(bool(status_literals(tree)) for tree in trees.values())
    yield ".c. uses", sum(path.read_text(encoding="utf-8").count(".c.") for path in trees)
    yield "modules that decode a stored answer", len(decoders_of_answers(trees))
    yield "class names in two rooms", f"{len(twice)}: {', '.join(sorted(twice))}"


def length_of(function: Function) -> int:
    """Return the lines of a function without its docstring."""
    first = function.body[0]
    docstring = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(function, clean=False) else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def status_literals(tree: ast.Module) -> list[str]:
    """Return the string constants that are a status of an answer, or the beginning of one."""
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return [value for value in constants if isinstance(value, str) and STATUS.fullmatch(value)]


def decoders_of_answers(trees: dict[Path, ast.Module]) -> set[Path]:
    """Return the modules that read the JSON of an answer that was kept."""
    reads = re.compile(r"json\.decode\([^)]*(?:answer|\bkept\b)|Decoder\(_(?:Kept)?Answer\)|Decoder\(StoredAnswer\)")
    return {path for path, tree in trees.items() if reads.search(ast.unparse(tree))}


def classes_in_two_rooms(trees: dict[Path, ast.Module], top: Path) -> dict[str, set[str]]:
    """Return the public names of classes that stand in more than one room, each with its rooms."""
    rooms: dict[str, set[str]] = defaultdict(set)
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                rooms[node.name].add(path.relative_to(top).parts[0])
    return {name: found for name, found in rooms.items() if len(found) > 1}


def _classes(trees: dict[Path, ast.Module]) -> Iterator[ast.ClassDef]:
    return (node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


if __name__ == "__main__":
    main()
