"""Statuses of answers are written down once, in bot/statuses.py."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.statuses import IN_DANGER, UNSURE, AnswerStatus, StatusFamily, label_of
from tests.structure.tree import TOP, python_files

ENUM = TOP / "bot" / "statuses.py"
# The same words that mean something else: the key of a sentence, a column of figures, a reason of a ticket, a kind of
# message to learn from.
OTHER_WORDS = {
    "bot/dialogue/decide.py": {"clarify"},
    "bot/triage/seeing/overview.py": {"answered"},
    "bot/web/staff/overview.py": {"answered"},
    "bot/web/staff/charts.py": {"answered"},
    "bot/web/staff/labels.py": {"unanswered"},
    "bot/triage/tickets/rules.py": {"unanswered"},
    "bot/triage/seeing/gaps.py": {"unanswered"},
    "bot/training/lines.py": {"smalltalk"},
}
QUOTED = re.compile(r"'([a-z_]+)'|\"([a-z_]+)\"")
WIDGET = TOP / "bot" / "web" / "static" / "widget"


def is_status(text: str) -> bool:
    """Whether a text is a status, a family, or how one begins."""
    # Nothing is more answered than answered: "answered_share" is a column.
    several = [family for family in StatusFamily if family != StatusFamily.ANSWERED]
    return text.rstrip("_%") in set(StatusFamily) or any(text.startswith(f"{family}_") for family in several)


def statuses_in(source: str) -> set[str]:
    constants = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return {
        value for value in constants if isinstance(value, str) and re.fullmatch(r"\w+%?", value) and is_status(value)
    }


def statuses_quoted_in(text: str) -> Iterator[str]:
    return (one for pair in QUOTED.findall(text) for one in pair if is_status(one))


def test_no_module_but_one_writes_a_status_as_text() -> None:
    found = {
        str(path.relative_to(TOP)): statuses
        for path in python_files("bot")
        if path != ENUM and (statuses := statuses_in(path.read_text(encoding="utf-8")))
    }
    assert {path: more for path, said in found.items() if (more := said - OTHER_WORDS.get(path, set()))} == {}


def test_no_word_is_excused_that_is_not_there() -> None:
    there = {path: statuses_in((TOP / path).read_text(encoding="utf-8")) for path in OTHER_WORDS}
    assert {path: words - there[path] for path, words in OTHER_WORDS.items() if words - there[path]} == {}


def test_no_template_writes_a_status_as_text() -> None:
    templates = (TOP / "bot" / "web" / "templates").rglob("*.html")
    compared = re.compile(r"status[^%}]*%\}")
    found = {
        path.name: statuses
        for path in templates
        for piece in compared.findall(path.read_text(encoding="utf-8"))
        if (statuses := list(statuses_quoted_in(piece)))
    }
    assert found == {}


@pytest.mark.parametrize("path", sorted(WIDGET.glob("*.js")), ids=lambda path: path.name)
def test_a_status_in_the_widget_is_one_that_there_is(path: Path) -> None:
    quoted = {one for one in statuses_quoted_in(path.read_text(encoding="utf-8")) if "_" in one.rstrip("_")}
    assert quoted - set(AnswerStatus) == set()


def test_every_reply_to_small_talk_has_a_status_of_its_family() -> None:
    replies = tomllib.loads((TOP / "bot" / "dialogue" / "replies.toml").read_text(encoding="utf-8"))["reply"]
    assert {AnswerStatus(reply["status"]).family for reply in replies} == {StatusFamily.SMALLTALK}


def test_every_status_has_a_family_and_a_label() -> None:
    assert {status.family for status in AnswerStatus} == set(StatusFamily)
    assert all(label_of(status) and "_" not in label_of(status) for status in AnswerStatus)
    assert {status.family for status in IN_DANGER} == {StatusFamily.REFERRED}
    assert {status.family for status in UNSURE} == {StatusFamily.UNANSWERED}


def test_a_status_of_another_version_is_told_by_how_it_begins() -> None:
    assert StatusFamily.UNANSWERED.has("unanswered_in_future")
    assert not StatusFamily.ANSWERED.has("unanswered_in_future")
    assert label_of("unanswered_in_future") == "No answer: in future"
    assert label_of("something_else") == "something else"


def test_a_status_that_is_written_as_text_is_seen() -> None:
    assert statuses_in('x = y.status == "referred_crisis" or z.startswith("smalltalk_")') == {
        "referred_crisis",
        "smalltalk_",
    }
    assert statuses_in('"A question is answered here."') == set()
