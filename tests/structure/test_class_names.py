"""One name means one thing: no class of one room is called like a class of another."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from tests.structure.tree import TOP, python_files

# What is sent has the names of the records that it is made from; the published schema is made of these names.
SENT = TOP / "bot" / "web"
SENT_MODULES = {SENT / "wire.py", SENT / "recollection.py"}


def rooms_by_class(paths: Iterable[Path], top: Path) -> dict[str, set[str]]:
    """The rooms that have a class of each public name."""
    rooms: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                rooms[node.name].add(path.relative_to(top).parts[0])
    return rooms


def test_no_class_name_is_in_two_rooms() -> None:
    paths = [path for path in python_files("bot") if path not in SENT_MODULES]
    assert {name for name, rooms in rooms_by_class(paths, TOP / "bot").items() if len(rooms) > 1} == set()


def test_a_name_in_two_rooms_is_seen(tmp_path: Path) -> None:
    paths = [tmp_path / room / "x.py" for room in ("reading", "web")]
    for path in paths:
        path.parent.mkdir()
        path.write_text("class Block:\n    pass\n\n\nclass _Block:\n    pass\n")
    assert rooms_by_class(paths, tmp_path) == {"Block": {"reading", "web"}}
