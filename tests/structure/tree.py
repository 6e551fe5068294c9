"""The project's own Python files, parsed: what the structure tests look at."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Import:
    """An import of a module. ``lazy`` is one that does not run when the importing module is imported."""

    importer: str
    imported: str
    line: int
    lazy: bool

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.imported}"


def python_files(*folders: str, top: Path = TOP) -> list[Path]:
    """Every Python file below some folders of the project."""
    return sorted(path for folder in folders for path in (top / folder).rglob("*.py"))


def module_name(path: Path, *, top: Path = TOP) -> str:
    parts = path.relative_to(top).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, *, top: Path = TOP) -> list[Import]:
    """Every import of a file, absolute; ``from a import b`` counts as ``a.b`` where that is a module of ours."""
    importer = module_name(path, top=top)
    package = importer if path.name == "__init__.py" else importer.rpartition(".")[0]
    return [
        Import(importer, name, node.lineno, lazy)
        for node, lazy in _import_statements(ast.parse(path.read_text(encoding="utf-8")), lazy=False)
        for name in _imported_names(node, package, top)
    ]


def _import_statements(node: ast.AST, *, lazy: bool) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, lazy
        deferred = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) or _is_for_types_only(child)
        yield from _import_statements(child, lazy=lazy or deferred)


def _is_for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}


def _imported_names(node: ast.Import | ast.ImportFrom, package: str, top: Path) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = node.module or ""
    if node.level:
        above = package.split(".")[: len(package.split(".")) - node.level + 1]
        base = ".".join([*above, base] if base else above)
    return [f"{base}.{alias.name}" if _is_module(f"{base}.{alias.name}", top) else base for alias in node.names]


def _is_module(name: str, top: Path) -> bool:
    path = top.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def third_party(imports: list[Import]) -> set[str]:
    """The top packages imported that are neither ours nor Python's own."""
    roots = {found.imported.split(".")[0] for found in imports}
    return {root for root in roots if root not in sys.stdlib_module_names and root not in {"bot", "__future__"}}


def loaded_with(start: str, *, top: Path = TOP) -> list[Import]:
    """Every import that runs when a module of ours is imported, its packages' ``__init__`` and all that follows."""
    waiting, seen, found = [start], set[str](), list[Import]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        path = top.joinpath(*name.split("."))
        path = path / "__init__.py" if (path / "__init__.py").is_file() else path.with_suffix(".py")
        eager = [one for one in imports_of(path, top=top) if not one.lazy] if path.is_file() else []
        found += eager
        ours = [one.imported for one in eager if one.imported.split(".")[0] == "bot"]
        waiting += [".".join(one.split(".")[:n]) for one in ours for n in range(1, one.count(".") + 2)]
    return found
