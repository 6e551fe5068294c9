"""No expression can be made to try for ever: each is found, read for loops that share what they read, and tried."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from tests.structure.ambiguity import CURE, ambiguities_of
from tests.structure.expressions import Expression, all_expressions, expressions_in
from tests.structure.hostile import Shape, shapes_against

MESSAGE_CHARS = 2000
MOST_S = 0.2
# Lengths on the way to a whole message, so that what grows fast is stopped while it is short.
_LENGTHS = (16, 32, 250, 800, MESSAGE_CHARS)
_TRIES = 3


def too_long(pattern: re.Pattern[Any], shape: Shape, how: str = "finditer") -> float | None:
    """The seconds that a shape takes at the first length where it takes too many: the limit grows by the square."""
    for chars in _LENGTHS:
        text = shape.of(chars).encode() if isinstance(pattern.pattern, bytes) else shape.of(chars)
        limit = MOST_S * (chars / MESSAGE_CHARS) ** 2 + 0.002
        # What is slow is slow each time; what another process held up is not.
        spent = 0.0
        for _ in range(_TRIES):
            begun = time.thread_time()
            for _ in pattern.finditer(text) if how == "finditer" else (getattr(pattern, how)(text),):
                pass
            spent = time.thread_time() - begun
            if spent <= limit:
                break
        else:
            return spent
    return None


def test_no_expression_has_loops_that_share_what_they_read() -> None:
    found = [f"{one.where}: {what}. {CURE}" for one in all_expressions() for what in ambiguities_of(one.pattern)]
    assert found == []


def test_no_expression_takes_long_on_what_is_made_against_it() -> None:
    slow = []
    for one in each_once(all_expressions()):
        shapes = ((shape, too_long(one.pattern, shape, one.how)) for shape in shapes_against(one.pattern))
        slow += [f"{one.where}: {shape} takes {spent:.2f} s. {CURE}" for shape, spent in shapes if spent is not None][
            :1
        ]
    assert slow == []


def each_once(expressions: tuple[Expression, ...]) -> list[Expression]:
    return list({(one.pattern.pattern, one.pattern.flags, one.how): one for one in expressions}.values())


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        # Those that kept a worker busy for half a minute, or a reader for ever.
        (r"born(?:\W{0,3}\w+){0,5}?\W{1,3}\d{4}", "one turn of a loop reads 'aa'"),
        (
            r"id(?: is|:|\s)*\s?#?\s?(?=[A-Z0-9 ]*\d[A-Z0-9 ]*\d)\d[A-Z0-9]*(?:[ -]?[A-Z]{0,2}\d[A-Z0-9]*){0,5}\b",
            "'11'",
        ),
        (r"\*\*([^*]{1,80}?)\s*(\[x\])?\s*(:)?\s*\*\*", "loops share a run of"),
        (r"\s*(?:<!--.*?-->\s*)*<html", "one turn of a loop reads '<!---->"),
        # Those of every textbook.
        (r"(a+)+$", "one turn of a loop reads"),
        (r"(?:a|aa)+$", "loops share"),
        (r"(\w+\s?)*$", "one turn of a loop reads"),
        (r"x\s*\s*\s*y", "loops share a run of ' '"),
        (r"\d+\w*\d+z", "loops share a run of '1'"),
    ],
)
def test_loops_that_share_what_they_read_are_seen(expression: str, said: str) -> None:
    pattern = re.compile(expression, re.DOTALL)
    assert said in " ".join(ambiguities_of(pattern)), list(ambiguities_of(pattern))


@pytest.mark.parametrize(
    "expression",
    [
        r"born(?:\W{0,3}+\w++){0,5}?\W{1,3}\d{4}",
        r"\*\*([^*]{1,80}?)\s*+(\[x\])?\s*+(:)?\s*+\*\*",
        r"\s*+(?:<!--(?>.*?-->)\s*+)*+<html",
        r"[a-z0-9]+(?:-[a-z0-9]+)*",
        r"\w+\s+\w+$",
        r"^\s*(\w+)\s*=\s*(\d+)\s*$",
        r"(?:ab|cd)+$",
    ],
)
def test_loops_that_part_what_they_read_are_sound(expression: str) -> None:
    assert list(ambiguities_of(re.compile(expression, re.DOTALL))) == []


def test_what_takes_long_is_seen_and_stopped_while_it_is_short() -> None:
    assert too_long(re.compile(r"(?:a|aa)+$"), Shape("", "a", "\x01")) is not None
    assert too_long(re.compile(r"born(?:\W{0,3}\w+){0,5}?\W{1,3}\d{4}"), Shape("born ", "a", " 1")) is not None
    assert too_long(re.compile(r"born(?:\W{0,3}+\w++){0,5}?\W{1,3}\d{4}"), Shape("born ", "a", " 1")) is None


def test_expressions_are_found_in_code_and_those_put_together_at_run_time_are_named(tmp_path: Path) -> None:
    package = tmp_path / "bot" / "settings"
    package.mkdir(parents=True)
    # Stands in for a module that is loaded: only names of this one are asked for.
    path = package / "checks.py"
    path.write_text(
        'import re\n_A = re.compile(r"a+")\ndef f(x):\n    re.sub("b", "", x)\n    return re.search(x, "")\n'
    )
    found, missed = expressions_in(path, top=tmp_path)
    assert [(one.where, one.pattern.pattern) for one in found] == [
        ("bot/settings/checks.py:2", "a+"),
        ("bot/settings/checks.py:4", "b"),
    ]
    assert missed == ["bot.settings.checks.f"]
    assert {"bot/privacy/redaction.py", "bot/web/sensitive.toml", "bot/answering/phrases.toml"} <= {
        re.split(r"[: ]", one.where)[0] for one in all_expressions()
    }
