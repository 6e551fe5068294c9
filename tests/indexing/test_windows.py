"""The windows of sentences and the questions of the bank, in a Build."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bot.answering.reader import QuestionReading
from bot.indexing import layout
from bot.indexing.encoder import ReadingEncoder
from bot.indexing.index import Index, load_build
from bot.indexing.windows import Floats, WindowTable, window_texts
from bot.records import BankQuestion, Source, Span
from tests.factories import FakeEncoder, corpus, make_build, source

DIMENSION = FakeEncoder().card.dimension


def place(of: Source, quote: str) -> Span:
    """Where a quote stands."""
    begin = of.text.index(quote)
    return begin, begin + len(quote)


def asked(of: Source, **answered: Sequence[str]) -> Source:
    """A source that is asked these questions, a word each, that these quotes answer."""
    bank = [BankQuestion(text, tuple(place(of, quote) for quote in quotes)) for text, quotes in answered.items()]
    return replace(of, bank=tuple(bank))


def sources() -> list[Source]:
    """The tiny corpus with five questions, one of them a near miss and two that share a sentence."""
    genes, hearts, *others = corpus()
    return [
        asked(genes, gene=["It is read in every cell."], cell=["It is read in every cell.", "Doctors can find it."]),
        asked(hearts, heart=["The heart is a pump."], school=[], sleep=["It beats all day. It rests"]),
        *others,
    ]


def table_of(build: Path) -> WindowTable:
    return WindowTable(build / layout.WINDOWS, DIMENSION)


def asked_in(index: Index, question: Floats) -> Floats:
    """What each sentence of a Build is asked that is like a question."""
    reading = QuestionReading(index.windows, index.table, question)
    return reading.at(np.arange(len(index.windows.vectors)))[1]


def axis(index: Index, word: str) -> Floats:
    """The question that is this word."""
    return index.encoder.encode_question(word).reading


def sentences(index: Index) -> list[str]:
    """The words of every sentence, in the order of the passages."""
    return [
        passage.text[s.span[0] - passage.span[0] : s.span[1] - passage.span[0]]
        for passage in index.passages
        for s in passage.sentences
    ]


def answering(index: Index, cosines: Floats) -> dict[str, float]:
    """The sentences that a question of the bank says answer, with their cosines."""
    said = sentences(index)
    return {said[row]: round(float(cosines[row]), 3) for row in np.flatnonzero(cosines)}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return load_build(make_build(tmp_path_factory.mktemp("build"), sources()).path)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the reading encoder is given to read."""
    texts: list[str] = []
    really = ReadingEncoder.read

    def noting(self: ReadingEncoder, text: str) -> Floats:
        texts.append(text)
        return really(self, text)

    monkeypatch.setattr(ReadingEncoder, "read", noting)
    return texts


def test_a_window_has_the_title_the_heading_and_the_sentence_after(index: Index) -> None:
    first, *_ = index.passages
    assert list(window_texts(first)) == [
        "What Is a Gene?. What it is. A gene is a line of a recipe. It is read in every cell.",
        "What Is a Gene?. What it is. It is read in every cell.",
    ]


def test_rows_are_in_the_order_of_the_sentences_of_the_passages(index: Index) -> None:
    texts = [text for passage in index.passages for text in window_texts(passage)]
    expected = np.stack([index.encoder.encode_question(text).reading for text in texts])
    assert len(texts) == len(index.table.sentence_vectors) == len(index.windows.vectors)
    np.testing.assert_allclose(index.windows.vectors, expected, atol=1e-6)
    offsets = index.table.sentence_offsets
    assert np.diff(offsets).tolist() == [len(passage.sentences) for passage in index.passages]


def test_questions_point_to_the_sentences_that_their_quotes_touch_and_near_misses_are_left_out(index: Index) -> None:
    windows, said = index.windows, sentences(index)
    rows = [windows.bank_rows[b:e] for b, e in pairwise(windows.bank_ends)]
    assert [[said[row] for row in each] for each in rows] == [
        ["It is read in every cell."],
        ["It is read in every cell.", "Doctors can find it."],
        ["The heart is a pump."],
        ["It beats all day.", "It rests between two beats."],
    ]
    assert index.manifest.counts.bank == len(windows.bank) == 4
    np.testing.assert_allclose(windows.bank[0], axis(index, "gene"), atol=1e-6)


def test_a_sentence_gets_the_cosine_of_the_nearest_question_that_it_answers(index: Index) -> None:
    question = (0.6 * axis(index, "gene") + 0.8 * axis(index, "cell")).astype(np.float32)
    found = answering(index, asked_in(index, question))
    assert found == {"It is read in every cell.": 0.8, "Doctors can find it.": 0.8}


def test_nobody_asked_what_is_like_no_question(index: Index) -> None:
    cosines = asked_in(index, axis(index, "school"))
    assert cosines.shape == (len(index.windows.vectors),)
    assert answering(index, cosines) == {}


def test_what_is_opposite_to_a_question_counts_as_not_asked(index: Index) -> None:
    assert answering(index, asked_in(index, -axis(index, "heart"))) == {}


def test_a_passage_is_as_near_as_its_nearest_sentence_and_asked_as_any_of_them(index: Index) -> None:
    question = (0.6 * axis(index, "gene") + 0.8 * axis(index, "cell")).astype(np.float32)
    found = QuestionReading(index.windows, index.table, question).of(index.rows[::-1])
    starts = index.table.sentence_offsets[:-1]
    near = np.maximum.reduceat(index.windows.vectors @ question, starts)
    np.testing.assert_allclose(found.window, near[::-1], atol=1e-6)
    np.testing.assert_allclose(found.asked, np.maximum.reduceat(asked_in(index, question), starts)[::-1])


def test_the_nearest_passages_are_found_among_those_that_can_be_seen(index: Index) -> None:
    question = axis(index, "cell")
    reading = QuestionReading(index.windows, index.table, question)
    near = np.maximum.reduceat(index.windows.vectors @ question, index.table.sentence_offsets[:-1])
    for rows in (index.rows, index.rows[1:], index.rows[:0]):
        assert reading.nearest(rows, 2).tolist() == rows[np.argsort(-near[rows], kind="stable")[:2]].tolist()


def test_the_passages_of_the_same_question_are_found_among_those_that_can_be_seen(index: Index) -> None:
    reading = QuestionReading(index.windows, index.table, axis(index, "cell"))
    asking = np.flatnonzero(reading.of(index.rows).asked >= 0.9)
    assert reading.asking(index.rows, 0.9).tolist() == asking.tolist() != []
    assert reading.asking(index.rows[:0], 0.9).tolist() == []


def test_a_build_without_questions_answers_that_nobody_asked(tmp_path: Path) -> None:
    index = load_build(make_build(tmp_path).path)
    assert index.windows.bank.shape == (0, DIMENSION)
    assert not asked_in(index, axis(index, "gene")).any()


def contents(build: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (build / layout.WINDOWS).iterdir()}


def test_nothing_is_read_again_when_nothing_changed(tmp_path: Path, read: list[str]) -> None:
    first = make_build(tmp_path, sources()).path
    assert len(read) == len(table_of(first).vectors) + len(table_of(first).bank)
    read.clear()

    second = make_build(tmp_path, sources()).path

    assert read == []
    assert contents(first) == contents(second)


def changed() -> Iterator[Source]:
    """The same corpus with a source in front of it, one changed sentence and one new question."""
    genes, hearts, *others = sources()
    yield source("cells", "A cell is small.", title="Cells")
    yield genes
    text = hearts.text.replace("It beats all day.", "It beats at night.")
    yield asked(
        source("hearts", text, title=hearts.title), heart=["The heart is a pump."], trial=["It beats at night."]
    )
    yield from others


def test_only_new_questions_and_changed_windows_are_read_and_all_rows_are_those_of_a_first_build(
    tmp_path: Path, read: list[str]
) -> None:
    make_build(tmp_path / "one", sources())
    read.clear()
    incremental = make_build(tmp_path / "one", list(changed())).path
    assert sorted(read) == [
        "Cells. What it is. A cell is small.",
        "The Heart. What it is. It beats at night.",
        "The Heart. What it is. The heart is a pump. It beats at night.",
        "trial",
    ]
    full = make_build(tmp_path / "two", list(changed())).path
    assert contents(incremental) == contents(full)


def test_another_encoder_reads_everything_again(tmp_path: Path, read: list[str]) -> None:
    make_build(tmp_path, sources())
    texts = sorted(read)
    read.clear()

    make_build(tmp_path, sources(), encoder=FakeEncoder("another"))

    assert sorted(read) == texts
