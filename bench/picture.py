"""Draw the rooms of bot/ from their imports: ``python -m bench.picture`` writes the pictures of docs/architecture.md.

An arrow leads from a room to one that it imports. Where a room is also reached by way of another, its own arrow is left
out, so that what is drawn is the shortest picture that says the same.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

TOP = Path(__file__).parents[1]
DOCUMENT = TOP / "docs" / "architecture.md"
DIALOGUE = TOP / "bot" / "dialogue" / "__init__.py"
# Everybody uses the nouns and the errors, so arrows to them say nothing.
NOUNS = {"records", "errors", "statuses", "messages", "models", "__version__"}
Edges = dict[str, set[str]]


def main() -> None:
    """Put the pictures into the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(with_pictures(text), encoding="utf-8")


def with_pictures(text: str) -> str:
    """Return a document with each of its pictures drawn anew; ``<!-- picture: NAME -->`` stands before one."""
    for name, picture in (("rooms", rooms_picture()), ("dialogue", dialogue_picture())):
        begin, end = f"<!-- picture: {name} -->\n", "<!-- end -->"
        before, _, rest = text.partition(begin)
        text = f"{before}{begin}{picture}\n{end}{rest.partition(end)[2]}"
    return text


def rooms_picture() -> str:
    """Return the rooms with their arrows as a Mermaid flow chart."""
    drawn = shortest(imports_of_rooms())
    arrows = [f"    {room} --> {other}" for room in sorted(drawn) for other in sorted(drawn[room])]
    return "\n".join(["```mermaid", "flowchart RL", *arrows, "```"])


def dialogue_picture() -> str:
    """Return the steps of a reply, in the order in which they are listed, as a Mermaid flow chart."""
    steps = [*steps_named("ANSWER"), *steps_named("REFINE")]
    arrows = [f"    {first} --> {second}" for first, second in pairwise(steps)]
    return "\n".join(["```mermaid", "flowchart LR", *arrows, "```"])


def steps_named(name: str) -> list[str]:
    """Return the functions in a tuple of the dialogue."""
    for node in ast.parse(DIALOGUE.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name and isinstance(node.value, ast.Tuple):
            return [ast.unparse(step) for step in node.value.elts]
    raise LookupError(f"{DIALOGUE} has no list of steps that is called {name}")


def imports_of_rooms() -> Edges:
    """Return, for each room, the rooms that its modules import."""
    found: Edges = defaultdict(set)
    for path in sorted((TOP / "bot").rglob("*.py")):
        room = path.relative_to(TOP / "bot").parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bot"):
                parts = (node.module or "").split(".")
                names = [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]
                found[room].update(name for name in names if name not in NOUNS | {room})
    return {room: others for room, others in found.items() if room not in NOUNS and not room.startswith("__")}


def shortest(edges: Edges) -> Edges:
    """Return the edges without those that a longer way stands for."""
    return {
        room: {one for one in others if not any(one in reached_from(other, edges) for other in others - {one})}
        for room, others in edges.items()
    }


def reached_from(room: str, edges: Edges) -> set[str]:
    """Return every room that an arrow, or several, lead to."""
    waiting, seen = list(edges.get(room, ())), set[str]()
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += edges.get(one, ())
    return seen


if __name__ == "__main__":
    main()
