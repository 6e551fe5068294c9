"""A Build opened and asked; one that is damaged is found, said, and the one before it serves."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.errors import IndexMismatch, IndexUnavailable
from bot.indexing.index import load_build, open_current
from bot.indexing.manifest import MANIFEST_FILE, SEAL_FILE, Counts, read_manifest, write_manifest
from bot.indexing.store import BuildStore
from bot.records import BankQuestion
from tests.factories import FakeEncoder, corpus, make_build, passages, source

TEXTS = ("common_words", "labels", "passages", "questions", "sources", "vocabulary")
# What a Build of the tiny corpus consists of; that the list is whole is tested below.
FILES = [
    MANIFEST_FILE,
    SEAL_FILE,
    *(f"encoder/{name}" for name in ("encoder.json", "model.onnx", "products.onnx", "tokenizer.json")),
    *(f"lexical/{name}.csc.index.npy" for name in ("data", "indices", "indptr")),
    "lexical/params.index.json",
    "lexical/vocab.index.json",
    *(f"{table}/{name}.bin" for table in ("label_rows", "passage_rows") for name in ("scales", "token_ids", "values")),
    *(f"{table}/{name}.bin" for table in ("label_rows", "passage_rows") for name in ("token_sentences", "vectors")),
    *(f"{table}/digests.npy" for table in ("label_rows", "passage_rows")),
    *(f"{table}/{kind}_offsets.npy" for table in ("label_rows", "passage_rows") for kind in ("sentence", "token")),
    "passage_rows/sentence_vectors.bin",
    *(f"windows/{name}" for name in ("vectors.bin", "digests.npy")),
    *(f"windows/bank{name}" for name in (".bin", "_digests.npy", "_ends.npy", "_rows.npy")),
    *(f"{name}.jsonl" for name in TEXTS),
    *(f"{name}.offsets.npy" for name in TEXTS),
    "label_entries.npy",
    "source_of_row.npy",
    "token_idf.npy",
]


@pytest.fixture(scope="module")
def two_builds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two Builds, to be copied."""
    folder = tmp_path_factory.mktemp("builds")
    asked, *others = corpus()
    # "A gene is a line of a recipe." is what answers it.
    bank = (BankQuestion("What is a gene made of?", ((0, 29),)),)
    make_build(folder)
    make_build(folder, [replace(asked, bank=bank), *others])
    return folder


@pytest.fixture
def builds(two_builds: Path, tmp_path: Path) -> Path:
    """A copy of two Builds that a test may damage."""
    return Path(shutil.copytree(two_builds, tmp_path / "builds"))


def flip(path: Path, position: int) -> None:
    """Change one bit of a byte; a negative position counts from the end."""
    content = bytearray(path.read_bytes())
    content[position] ^= 0x01
    path.write_bytes(content)


def test_the_list_of_files_that_are_damaged_here_is_whole(two_builds: Path) -> None:
    build = BuildStore(two_builds).builds()[-1]
    found = {path.relative_to(build).as_posix() for path in build.rglob("*") if path.is_file() and path.stat().st_size}
    assert found == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_flipped_byte_is_found_and_said_and_the_build_before_serves(builds: Path, name: str) -> None:
    older, newer = BuildStore(builds).builds()
    for position in (0, (newer / name).stat().st_size // 2, -1):
        flip(newer / name, position)
        index, rejected = open_current(BuildStore(builds))
        assert index.build_id == older.name
        assert [entry.build for entry in rejected] == [newer.name]
        assert name in rejected[0].reason or "manifest" in rejected[0].reason
        flip(newer / name, position)
    assert open_current(BuildStore(builds))[1] == []


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_missing_or_cut_short_is_found(builds: Path, name: str) -> None:
    newer = BuildStore(builds).builds()[-1]
    whole = (newer / name).read_bytes()
    (newer / name).write_bytes(whole[:-1])
    with pytest.raises(IndexMismatch):
        load_build(newer)
    (newer / name).unlink()
    with pytest.raises(IndexMismatch):
        load_build(newer)


def test_when_no_build_is_whole_all_reasons_are_said(builds: Path) -> None:
    for build in BuildStore(builds).builds():
        flip(build / "sources.jsonl", 5)
    with pytest.raises(IndexUnavailable, match=r"sources\.jsonl") as raised:
        open_current(BuildStore(builds))
    assert all(build.name in str(raised.value) for build in BuildStore(builds).builds())


def test_without_a_build_the_cure_is_said(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="python -m bot ingest"):
        open_current(BuildStore(tmp_path / "none"))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"format_version": 99}, "format version"),
        ({"dimension": 9}, "dimension"),
        ({"model_sha256": "0" * 64}, "weights"),
        ({"counts": Counts(4, 10, 16, 133, 7)}, "number of sources"),
        ({"counts": Counts(5, 11, 16, 133, 7)}, "number of passages"),
        ({"counts": Counts(5, 10, 17, 133, 7)}, "number of sentence"),
        ({"counts": Counts(5, 10, 16, 134, 7)}, "number of tokens"),
        ({"counts": Counts(5, 10, 16, 133, 8)}, "number of labels"),
        ({"counts": Counts(5, 10, 16, 133, 7, 2)}, "number of questions of the bank"),
    ],
)
def test_a_manifest_that_is_sealed_but_not_true_is_refused(builds: Path, changed: dict[str, object], said: str) -> None:
    newer = BuildStore(builds).builds()[-1]
    write_manifest(newer, replace(read_manifest(newer), **changed))
    with pytest.raises(IndexMismatch, match=said):
        load_build(newer)


def test_rows_are_the_same_passage_everywhere(tmp_path: Path) -> None:
    make_build(tmp_path)
    index, _ = open_current(BuildStore(tmp_path))
    expected = [passage for each in corpus() for passage in passages(each)]
    assert list(index.passages) == expected
    assert [index.passages[row] for row in range(len(expected))] == expected
    assert [index.sources.ids[number] for number in index.source_of_row] == [entry.source_id for entry in expected]
    assert [index.sources[identifier] for identifier in index.sources] == corpus()
    for row, passage in enumerate(expected):
        text = f"{passage.source_title}. What it is. {passage.text}"
        assert index.table.vectors[row] == pytest.approx(FakeEncoder().encode_texts([text])[0].vector)


def test_a_question_finds_the_passage_of_its_topic(tmp_path: Path) -> None:
    make_build(tmp_path)
    index, _ = open_current(BuildStore(tmp_path))
    for question, source_id in (("What is a gene?", "genes"), ("about the heart", "hearts"), ("a trial", "trials")):
        rows, cosines = index.dense.search(index.encoder.encode_question(question).vector, 2)
        assert index.passages[int(rows[0])].source_id == source_id
        assert cosines[0] > 0.7


def test_rows_of_a_source_are_those_of_its_passages(tmp_path: Path) -> None:
    make_build(tmp_path)
    index, _ = open_current(BuildStore(tmp_path))
    for number, source_id in enumerate(index.sources.ids):
        rows = index.rows_of_source(number)
        assert [index.passages[int(row)].source_id for row in rows] == [source_id] * len(rows)
    assert sum(len(index.rows_of_source(number)) for number in range(len(index.sources))) == len(index.passages)


def test_a_source_is_found_by_any_of_its_names_and_questions(tmp_path: Path) -> None:
    make_build(tmp_path)
    index, _ = open_current(BuildStore(tmp_path))
    assert index.labels.of_source(0) == ["What Is a Gene?", "hereditary unit", "Is a gene made of letters?"]
    gene, sleep = np.eye(FakeEncoder().card.dimension, dtype=np.float32)[[0, 3]]
    assert index.labels.nearest_sources(gene, 2).tolist() == [0]
    best = index.labels.best_cosines(gene, index.labels.runs_of(np.array([2, 0, 0])))
    assert best == pytest.approx([0, best[1], best[1]], abs=1e-6)
    assert best[1] > 0.9
    assert index.labels.best_token_cosines(
        np.stack([gene, sleep]), index.labels.runs_of(np.array([0, 1]))
    ) == pytest.approx(np.array([[1, 0], [0, 0]]), abs=0.01)


def test_sources_that_share_a_name_are_all_found_by_it(tmp_path: Path) -> None:
    make_build(tmp_path, [source("a", title="Gene"), source("b", title="Heart"), source("c", title="Gene")])
    index, _ = open_current(BuildStore(tmp_path))
    gene = np.eye(FakeEncoder().card.dimension, dtype=np.float32)[0]
    assert index.labels.nearest_sources(gene, 1).tolist() == [0, 2]
    assert index.labels.best_cosines(gene, index.labels.runs_of(np.array([0, 1, 2]))) == pytest.approx(
        [1, 0, 1], abs=1e-6
    )


def test_a_source_without_a_title_does_not_take_the_labels_of_another(tmp_path: Path) -> None:
    make_build(tmp_path, [source("a", title="Heart"), source("b", title=" "), source("c", title="Gene")])
    index, _ = open_current(BuildStore(tmp_path))
    gene = np.eye(FakeEncoder().card.dimension, dtype=np.float32)[0]
    assert index.labels.best_cosines(gene, index.labels.runs_of(np.array([0, 1, 2]))) == pytest.approx(
        [0, 0, 1], abs=1e-6
    )


def test_token_weights_add_to_one_and_rare_words_weigh_more(tmp_path: Path) -> None:
    make_build(tmp_path)
    index, _ = open_current(BuildStore(tmp_path))
    ids = index.encoder.encode_question("the gene school ?").token_ids
    the, gene, school, mark = index.token_weights(ids)
    assert the < gene < school
    assert mark == 0
    assert the + gene + school == pytest.approx(1)


def test_reading_passages_does_not_read_them_all(tmp_path: Path) -> None:
    make_build(tmp_path)
    index, _ = open_current(BuildStore(tmp_path))
    assert index.passages[3] is index.passages[3]
    with pytest.raises(IndexError):
        index.passages[len(index.passages)]
    with pytest.raises(IndexError):
        index.passages[-1]
