"""Pictures are as the code is, and the words of the README are those of the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from bench.picture import DOCUMENT, dialogue_picture, rooms_picture, shortest, steps_named, with_pictures
from tests.structure.tree import TOP, python_files

WORD = re.compile(r"^\| ([A-Z][A-Za-z, ]+?) \|", re.MULTILINE)


def glossary() -> list[str]:
    """Every word of the README's table; a row may have two."""
    _, _, rest = (TOP / "README.md").read_text(encoding="utf-8").partition("## Words")
    table, _, _ = rest.partition("## How it works")
    return [word for row in WORD.findall(table) for word in row.split(", ")]


def names_in_code() -> Iterator[str]:
    """What is named in bot/: modules, data files, classes, functions and values of modules."""
    for path in (TOP / "bot").rglob("*"):
        yield path.stem
    for path in python_files("bot"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                yield node.name
            elif isinstance(node, ast.Assign):
                yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def test_every_word_of_the_glossary_names_something_in_the_code() -> None:
    named = set(map(plain, names_in_code()))
    assert [word for word in glossary() if plain(word) not in named] == []


def test_the_glossary_is_read_row_by_row() -> None:
    assert {"Source", "Turn", "Conversation", "Curated answer", "Tier"} <= set(glossary())


def test_the_pictures_of_the_architecture_are_drawn_from_the_code_of_now() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert with_pictures(text) == text, "Draw them again: python -m bench.picture"
    assert rooms_picture() in text
    assert dialogue_picture() in text


@pytest.mark.parametrize("step", [*steps_named("ANSWER"), *steps_named("REFINE")])
def test_every_step_of_a_reply_is_explained(step: str) -> None:
    assert f"| {step} |" in DOCUMENT.read_text(encoding="utf-8")


def test_an_arrow_that_a_longer_way_stands_for_is_left_out() -> None:
    assert shortest({"web": {"answering", "reading"}, "answering": {"reading"}}) == {
        "web": {"answering"},
        "answering": {"reading"},
    }
