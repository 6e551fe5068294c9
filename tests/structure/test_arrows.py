"""Data moves one way through the rooms, so imports do too (docs/adr/0008-rooms-and-arrows.md)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.structure.tree import TOP, Import, imports_of, python_files

# Left to right; rooms of one step do not import each other.
STEPS = (
    {"statuses", "messages"},
    {"records", "errors", "models"},
    {"reading", "storage", "privacy"},
    {"indexing", "editing", "syncing"},
    {"answering"},
    {"safety"},
    {"dialogue"},
    {"triage", "measuring", "sites"},
    {"training"},
    {"web"},
    {"wiring"},
    {"cli", "wsgi"},
    {"__main__"},
)
POSITION = {room: step for step, rooms in enumerate(STEPS) for room in rooms}
HEAVY = {"numpy", "faiss", "sentence_transformers", "torch", "onnxruntime", "scipy", "transformers", "onnx"}


def room_of(module: str) -> str:
    """The room of a module of ours; ``bot`` itself has no room."""
    return module.split(".")[1] if "." in module else ""


def backward(found: Import) -> bool:
    """Whether an import goes against the arrows, or to or from a room that nobody has placed."""
    importer, imported = room_of(found.importer), room_of(found.imported)
    if found.imported.split(".")[0] != "bot" or imported in {"", importer}:
        return False
    if imported == "settings":
        return importer not in {"wiring", "cli"}
    if importer == "settings":
        return imported != "errors"
    # errors may use the nouns: both are the first step.
    if {importer, imported} == {"records", "errors"}:
        return imported == "errors"
    return POSITION.get(imported, len(STEPS)) >= POSITION.get(importer, -1)


def all_imports() -> list[Import]:
    return [found for path in python_files("bot") for found in imports_of(path)]


def test_no_import_goes_backwards() -> None:
    assert [str(found) for found in all_imports() if backward(found)] == []


def test_what_was_learnt_is_data_without_code() -> None:
    assert [path.name for path in python_files("bot/models")] == ["__init__.py"]
    assert imports_of(TOP / "bot" / "models" / "__init__.py") == []


def test_training_knows_neither_conversations_nor_staff() -> None:
    # What is learnt of danger in other languages is written in the form that danger is looked for in.
    spared = ("bot.safety.lettergrams", "bot.safety.languages")
    known = {
        room_of(found.imported)
        for found in all_imports()
        if room_of(found.importer) == "training" and not found.imported.startswith(spared)
    }
    assert known & set(POSITION) <= {"records", "errors", "reading", "indexing", "answering", "training"}


def test_every_room_has_its_place() -> None:
    rooms = {path.relative_to(TOP / "bot").parts[0].removesuffix(".py") for path in python_files("bot")}
    assert rooms - {"__init__", "settings"} <= set(POSITION)


def test_the_web_never_imports_what_is_heavy() -> None:
    web = [found for found in all_imports() if room_of(found.importer) == "web"]
    assert [str(found) for found in web if found.imported.split(".")[0] in HEAVY] == []


def test_only_settings_read_the_environment() -> None:
    readers = {
        str(path.relative_to(TOP))
        for path in python_files("bot")
        if re.search(r"os\.environ(?!\[\w+\] = )|os\.getenv|environb", path.read_text(encoding="utf-8"))
    }
    assert readers <= {"bot/settings/__init__.py"}


def a_tree(top: Path, **files: str) -> list[Import]:
    """The imports of a made-up project; ``__`` in a name stands for ``/``."""
    for name, text in files.items():
        path = top / "bot" / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        (path.parent / "__init__.py").touch()
    return [found for path in python_files("bot", top=top) for found in imports_of(path, top=top)]


@pytest.mark.parametrize(
    ("importer", "statement"),
    [
        ("reading__page", "from bot.indexing import build"),
        ("reading__page", "from ..indexing import build"),
        ("reading__page", "def f():\n    import bot.web.app"),
        ("records", "from bot.errors import BotError"),
        ("triage__queue", "from bot.measuring import run"),
        ("answering__answer", "from bot import settings"),
        ("web__app", "from bot.settings import load"),
        ("web__app", "import bot.wiring"),
        ("settings", "from bot.records import Source"),
        ("reading__page", "import bot.helpers"),
        ("helpers__page", "import bot.records"),
    ],
)
def test_a_backward_arrow_is_seen(tmp_path: Path, importer: str, statement: str) -> None:
    others = dict.fromkeys(("indexing__build", "web__app", "settings", "measuring__run"), "") | {importer: statement}
    assert [found for found in a_tree(tmp_path, **others) if backward(found)] != []


@pytest.mark.parametrize(
    ("importer", "statement"),
    [
        ("web__app", "from bot.answering.answer import Answerer\nfrom bot.records import Answer\nimport numpy"),
        ("reading__page", "from . import chunk\nfrom .chunk import cut\nfrom bot import errors\nimport bot"),
        ("errors", "from bot.records import Span"),
        ("cli", "from bot.settings import load\nfrom bot.wiring import wire"),
        ("settings", "from bot.errors import SettingsError"),
        ("__main__", "from bot.cli import main"),
    ],
)
def test_a_forward_arrow_is_not(tmp_path: Path, importer: str, statement: str) -> None:
    assert [str(found) for found in a_tree(tmp_path, **{importer: statement}) if backward(found)] == []


def test_protocols_stand_where_two_kinds_really_are() -> None:
    found = {
        name for path in python_files("bot") for name in re.findall(r"^class (\w+)\(Protocol", path.read_text(), re.M)
    }
    assert found == {"Encoder", "Hands", "Nearest"}
