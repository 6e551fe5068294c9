from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bot.errors import CorpusErrors
from bot.reading.corpus import read_corpus
from bot.reading.textfile import MAX_FILE_BYTES, MAX_TEXT_CHARS
from tests.reading.corpus_files import read_one, write, write_beir, write_explainer, write_interview
from tests.reading.test_captions import VOICES

if TYPE_CHECKING:
    from pathlib import Path


def complaints(*paths: Path) -> list[str]:
    with pytest.raises(CorpusErrors) as caught:
        read_corpus(paths)
    return [str(error) for error in caught.value.errors]


def test_sources_come_in_the_order_of_paths_and_names(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        write(tmp_path, f"one/{name}.md", "# T\n\nWords.\n")
    write(tmp_path, "zero/d.md", "# T\n\nWords.\n")

    ids = [source.id for source in read_corpus([tmp_path / "one", tmp_path / "zero"])]

    assert ids == ["a", "b", "c", "d"]


def test_a_file_in_two_paths_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", "# T\n\nWords.\n")

    assert len(read_corpus([path, tmp_path, tmp_path])) == 1


def test_what_is_no_corpus_is_left_out(tmp_path: Path) -> None:
    write_explainer(tmp_path)
    for name in ("README.md", "LICENSE", "licence.txt", ".hidden.md", ".git/config", "explainers/sky.svg", "a.JPG"):
        write(tmp_path, name, "no corpus")

    assert read_one(tmp_path).id == "weather-diary"


@pytest.mark.parametrize("name", ["report.pdf", "data.json", "noextension", "talk.sbv", "queries.jsonl.gz"])
def test_a_file_without_a_reader_is_a_complaint_that_says_what_to_do(tmp_path: Path, name: str) -> None:
    write_explainer(tmp_path)
    path = write(tmp_path, name, "something")

    (complaint,) = complaints(tmp_path)

    assert complaint.startswith(f"{path}: there is no reader for")


def test_every_bad_file_is_named_at_once(tmp_path: Path) -> None:
    write_explainer(tmp_path)
    write(tmp_path, "a.pdf", "x")
    write(tmp_path, "b.md", "---\ntitle: T\nkind: essay\n---\n\nWords.\n")
    write(tmp_path, "c.vtt", "WEBVTT\n\n00:00 --> 00:01\nHi.\n")
    write_beir(tmp_path / "d", "{")

    assert [complaint.split(": ")[0].removeprefix(f"{tmp_path}/") for complaint in complaints(tmp_path)] == [
        "a.pdf",
        "b.md:3",
        "c.vtt:3",
        "d/corpus.jsonl:1",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (b"# T\n\nCaf\xe9.\n", ":3: byte 8 (0xe9) is not UTF-8"),
        ("# T\n\nWords.\n".encode("utf-16"), ":1: the file is UTF-16"),
        (b"# T\n\nA\x00B\n", ":3: there is a NUL byte"),
        (b"# T\n\n" + b"a" * (MAX_TEXT_CHARS + 1), "more than 200,000"),
    ],
)
def test_a_file_that_is_no_text_of_a_sane_size_is_a_complaint(tmp_path: Path, content: bytes, said: str) -> None:
    (complaint,) = complaints(write(tmp_path, "a.md", content))

    assert said in complaint


def test_a_file_larger_than_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", "# T")
    os.truncate(path, MAX_FILE_BYTES + 1)

    assert complaints(path) == [f"{path}: the file is larger than 20 MB. Split it into several files."]


def test_an_id_belongs_to_one_source(tmp_path: Path) -> None:
    write(tmp_path, "a/sky.md", "# T\n\nWords.\n")
    write(tmp_path, "b/sky.vtt", VOICES)

    assert complaints(tmp_path) == [
        f"{tmp_path}/b/sky.vtt: id 'sky' is also that of {tmp_path}/a/sky.md. Rename one of the two, or remove it."
    ]


def test_a_path_that_is_not_there_or_holds_nothing_is_a_complaint(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert complaints(tmp_path / "nowhere", tmp_path / "empty") == [
        f"{tmp_path}/nowhere: the file cannot be opened (No such file or directory). "
        "Check its name and its permissions.",
        f"{tmp_path}/empty: there is nothing to read. "
        "Use .md, .txt, .vtt, .srt, .html or corpus.jsonl, or move the file out of the corpus.",
    ]


def test_a_folder_that_holds_itself_is_walked_once(tmp_path: Path) -> None:
    write_explainer(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)

    assert read_one(tmp_path).id == "weather-diary"


def test_an_interview_may_be_named_by_its_card_or_its_folder(tmp_path: Path) -> None:
    folder = write_interview(tmp_path, VOICES)

    assert read_one(folder / "interview.md").turns == read_one(folder).turns


def test_names_that_cannot_be_in_a_link_become_ids_that_can(tmp_path: Path) -> None:
    assert read_one(write(tmp_path, "My Talk (Final)!.vtt", VOICES)).id == "my-talk-final"
    assert "nothing that can be in a link" in complaints(write(tmp_path, "雨.vtt", VOICES))[0]
