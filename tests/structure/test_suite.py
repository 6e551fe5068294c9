"""The suite stays quick and stays green on a busy machine."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kept_builds import ROOMS
from tests.longest_first import BEHIND, ordered
from tests.structure.test_arrows import all_imports, room_of
from tests.structure.tree import python_files

# What is slept through costs every run; what is waited for comes at once, and a limit is for what never comes.
LONGEST_SLEEP_S = 0.6
SHORTEST_LIMIT_S = 60


def impatience(paths: list[Path]) -> Iterator[str]:
    """Calls that sleep for long, and calls that give up soon."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name == "sleep" and _number(node.args[0], 0) > LONGEST_SLEEP_S:
                    yield f"{path}:{node.lineno} sleeps; wait for what is to come (tests/patience.py)"
                limits = [word.value for word in node.keywords if word.arg == "timeout"]
                if any(_number(limit, SHORTEST_LIMIT_S) < SHORTEST_LIMIT_S for limit in limits):
                    yield f"{path}:{node.lineno} gives up soon; take PATIENCE_S of tests/patience.py"


def _number(node: ast.expr, otherwise: float) -> float:
    number = isinstance(node, ast.Constant) and isinstance(node.value, (int, float))
    return float(node.value) if number else otherwise  # type: ignore[attr-defined, arg-type]


def test_tests_wait_for_conditions_and_give_them_time() -> None:
    assert list(impatience(python_files("tests"))) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("time.sleep(2)", 1), ("sleep(0.5)", 0), ("time.sleep(delay)", 0), ("run(command, timeout=10)", 1),
        ("process.wait(timeout=PATIENCE_S)", 0), ("page.click(timeout=60_000)", 0),
    ],
)  # fmt: skip
def test_a_long_sleep_and_a_short_limit_are_seen(tmp_path: Path, line: str, found: int) -> None:
    (tmp_path / "test_one.py").write_text(line, encoding="utf-8")
    assert len(list(impatience([tmp_path / "test_one.py"]))) == found


def test_a_kept_build_is_made_anew_after_a_change_of_any_room_that_an_ingest_reaches() -> None:
    inside = set(ROOMS) - {"wiring"}
    reached = {room_of(one.imported) for one in all_imports() if room_of(one.importer) in inside}
    alone = {path.stem for path in python_files("bot") if path.parent.name == "bot"}
    assert reached & {room_of(one.importer) for one in all_imports()} <= inside | alone | {""}


def test_the_longest_files_run_first_and_those_that_wait_for_one_build_do_not_run_together() -> None:
    files = [f"{number}.py" for number in range(BEHIND + 10)]
    seconds = {file: float(number) for number, file in enumerate(files)}
    needing = {files[-1], files[-2], files[0]}
    order = ordered(files, seconds, needing)
    assert sorted(order) == sorted(files)
    assert order[:2] == [files[-1], files[-3]]
    assert order[BEHIND + 1 : BEHIND + 3] == [files[-2], files[0]]
    assert ordered(files, seconds, set()) == files[::-1]
