"""Ingest: what is embedded, what is reused, what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.errors import CorpusError, EncoderUnavailable
from bot.indexing import layout
from bot.indexing.embed import embeddable
from bot.indexing.encoder import TextVectors
from bot.indexing.index import load_build
from bot.indexing.manifest import read_manifest
from bot.indexing.store import BuildStore
from bot.records import Source
from tests.factories import FakeEncoder, corpus, make_build, source

# What differs between two Builds of the same corpus.
NAMES_AND_TIMES = {"manifest.json", "manifest.sha256"}


def contents(build: Path) -> dict[str, bytes]:
    """Every file of a Build but the manifest."""
    files = (path for path in build.rglob("*") if path.is_file())
    return {path.relative_to(build).as_posix(): path.read_bytes() for path in files if path.name not in NAMES_AND_TIMES}


def changed_corpus() -> list[Source]:
    """The tiny corpus with one source changed, one removed, one new and another order."""
    genes, hearts, _, meals, trials = corpus()
    shorter = source("meals", meals.text.replace("Water counts.", "Tea counts."), title=meals.title)
    return [trials, source("cells", "A cell is small. A cell divides."), shorter, genes, hearts]


def test_a_first_build_embeds_everything(tmp_path: Path) -> None:
    report = make_build(tmp_path)
    assert (report.embedded, report.reused, report.removed) == (10, 0, 0)
    assert (report.counts.sources, report.counts.passages, report.counts.sentences) == (5, 10, 16)
    assert BuildStore(tmp_path).pointed() == report.path
    assert set(report.seconds) >= {"embed", "lexical index", "publish"}
    assert all(spent >= 0 for spent in report.seconds.values())


def test_an_unchanged_corpus_embeds_nothing(tmp_path: Path) -> None:
    make_build(tmp_path)
    encoder = FakeEncoder()
    report = make_build(tmp_path, encoder=encoder)
    assert (report.embedded, report.reused, report.removed) == (0, 10, 0)
    assert encoder.embedded == []


def test_an_unchanged_corpus_makes_no_build_so_that_going_back_leads_to_other_content(tmp_path: Path) -> None:
    store = BuildStore(tmp_path)
    first = make_build(tmp_path).path
    second = make_build(tmp_path, changed_corpus()).path
    for _ in range(3):
        again = make_build(tmp_path, changed_corpus())
        assert (again.path, again.build) == (second, second.name)
    assert store.builds() == [first, second]
    with store.writing():
        assert store.rollback() == first
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] in ([], [".lock"])


def test_only_what_changed_is_embedded(tmp_path: Path) -> None:
    make_build(tmp_path)
    encoder = FakeEncoder()
    report = make_build(tmp_path, changed_corpus(), encoder=encoder)
    assert (report.embedded, report.reused, report.removed) == (2, 7, 3)
    assert sorted(encoder.embedded) == [
        "Cells",
        "Cells. What it is. A cell is small. A cell divides.",
        "Meals. What it is. Tea counts.",
    ]


def test_an_incremental_build_is_byte_for_byte_a_full_one(tmp_path: Path) -> None:
    make_build(tmp_path / "one")
    incremental = make_build(tmp_path / "one", changed_corpus())
    full = make_build(tmp_path / "two", changed_corpus())
    assert (incremental.reused, full.reused) == (7, 0)
    assert contents(incremental.path) == contents(full.path)


def test_another_title_is_a_change_of_every_passage(tmp_path: Path) -> None:
    make_build(tmp_path, [source("a")])
    assert make_build(tmp_path, [source("a", title="Other")]).reused == 0


def test_text_sentences_and_encoder_tell_what_can_be_reused_apart() -> None:
    ways = [
        ("A. B.", [(0, 2), (3, 5)], "x"),
        ("A. B.", [(0, 5)], "x"),
        ("A. B.", [(0, 5)], "y"),
        ("A. C.", [(0, 5)], "x"),
    ]
    assert len({embeddable(*way).digest for way in ways}) == len(ways)
    assert embeddable(*ways[0]) == embeddable(*ways[0])


def test_another_model_embeds_everything_again(tmp_path: Path) -> None:
    make_build(tmp_path)
    report = make_build(tmp_path, encoder=FakeEncoder("another"))
    assert (report.embedded, report.reused) == (10, 0)
    assert load_build(report.path).encoder.card.name == "another"


def test_the_same_model_with_another_limit_embeds_everything_again(tmp_path: Path) -> None:
    make_build(tmp_path)
    assert make_build(tmp_path, encoder=FakeEncoder(max_tokens=32)).reused == 0


def test_another_way_of_exporting_exports_again_but_reuses_vectors(tmp_path: Path) -> None:
    make_build(tmp_path)
    encoder = FakeEncoder()
    encoder.card = replace(encoder.card, export_version=9)
    report = make_build(tmp_path, encoder=encoder)
    assert report.reused == 10
    assert load_build(report.path).encoder.card.export_version == 9


@pytest.mark.parametrize("name", ["passage_rows/values.bin", "label_rows/vectors.bin", "encoder/model.onnx"])
def test_nothing_is_taken_from_a_damaged_build_and_it_is_said(tmp_path: Path, name: str) -> None:
    good = contents(make_build(tmp_path).path)
    damaged = make_build(tmp_path, changed_corpus())
    with (damaged.path / name).open("r+b") as file:
        file.write(b"\x07")
    report = make_build(tmp_path)
    assert contents(report.path) == good
    assert report.reused == 10
    assert [name in reason and damaged.build in reason for reason in report.distrusted] == [True]


def test_an_empty_corpus_is_refused_and_the_old_build_stays(tmp_path: Path) -> None:
    before = make_build(tmp_path)
    with pytest.raises(CorpusError, match="no passage"):
        make_build(tmp_path, [])
    assert BuildStore(tmp_path).pointed() == before.path


class BrokenEncoder(FakeEncoder):
    """Gives one number instead of every number of one kind of vector."""

    def __init__(self, kind: str, number: float) -> None:
        super().__init__()
        self._kind, self._number = kind, number

    def encode_texts(self, texts: Sequence[str]) -> list[TextVectors]:
        return [
            replace(found, **{self._kind: np.full_like(getattr(found, self._kind), self._number)})
            for found in super().encode_texts(texts)
        ]


@pytest.mark.parametrize("number", [0, np.nan, np.inf])
@pytest.mark.parametrize("kind", ["vector", "tokens"])
def test_vectors_that_cannot_be_searched_are_refused(tmp_path: Path, kind: str, number: float) -> None:
    before = make_build(tmp_path)
    with pytest.raises(EncoderUnavailable, match="not finite"):
        make_build(tmp_path, [source("a")], encoder=BrokenEncoder(kind, number))
    assert BuildStore(tmp_path).builds() == [before.path]


def test_every_token_knows_its_sentence_and_the_heading_has_none(tmp_path: Path) -> None:
    report = make_build(tmp_path, [source("a", "A gene, here. The cell and the heart!", title="Diet")])
    rows = load_build(report.path).table.rows_of(0)
    # "Diet. What it is." then "A gene here" then "The cell and the heart", punctuation left out.
    assert rows.token_sentences.tolist() == [-1] * 4 + [0] * 3 + [1] * 5
    gene, cell, heart = rows.sentence_vectors[0, 0], rows.sentence_vectors[1, 1], rows.sentence_vectors[1, 2]
    assert (gene, cell, heart) == pytest.approx((0.98, 0.7, 0.7), abs=0.02)
    assert np.linalg.norm(rows.sentence_vectors.astype(np.float32), axis=1) == pytest.approx([1, 1], abs=1e-3)


def test_a_sentence_beyond_what_the_encoder_reads_has_its_passages_vector(tmp_path: Path) -> None:
    long = source("a", " ".join(["gene"] * 70) + ". The heart.")
    index = load_build(make_build(tmp_path, [long]).path)
    assert index.table.rows_of(0).sentence_vectors[1] == pytest.approx(index.table.vectors[0], abs=1e-3)


def test_a_passage_of_nothing_but_signs_can_be_indexed(tmp_path: Path) -> None:
    index = load_build(make_build(tmp_path, [source("a", "The gene."), source("b", "??? , ,", title="?")]).path)
    assert len(index.passages) == len(index.table) == 2


def test_progress_is_told_to_its_end(tmp_path: Path) -> None:
    from bot.indexing.build import build_index
    from tests.factories import passages

    told: list[tuple[str, int, int]] = []
    store = BuildStore(tmp_path)
    with store.writing():
        build_index(
            corpus(),
            [passage for each in corpus() for passage in passages(each)],
            encoder=FakeEncoder(),
            store=store,
            passage_max_words=20,
            progress=lambda step, done, total: told.append((step, done, total)),
        )
    assert ("Embedding passages", 10, 10) in told
    for step in ("Embedding passages", "Embedding names"):
        steps = [done for name, done, _ in told if name == step]
        assert steps == sorted(steps)
    assert all(done <= total for _, done, total in told)


def test_the_manifest_says_what_the_build_is(tmp_path: Path) -> None:
    report = make_build(tmp_path)
    manifest = read_manifest(report.path)
    assert (manifest.build, manifest.metric, manifest.normalized) == (report.path.name, "cosine", True)
    assert (manifest.model, manifest.dimension, manifest.passage_max_words) == ("fake", 8, 20)
    assert report.path.name.endswith(manifest.corpus_digest[:8])
    assert layout.PASSAGES in {file.path for file in manifest.files}
    changed = read_manifest(make_build(tmp_path, changed_corpus()).path)
    assert changed.corpus_digest != manifest.corpus_digest
