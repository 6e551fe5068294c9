"""The encoder of record and the one that serves are the same model: in their vectors, and in what they rank."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.errors import EncoderUnavailable
from bot.indexing.encoder import OnnxEncoder, ReadingEncoder
from bot.indexing.model import DEFAULT_MODEL, find_model
from bot.indexing.sentence_transformer import SentenceTransformerEncoder
from tests.factories import FakeEncoder, serving_encoder
from tests.indexing.agreement import QUESTIONS, STATEMENTS

TEXTS = [*STATEMENTS, *QUESTIONS]


@pytest.fixture(scope="module")
def record() -> SentenceTransformerEncoder:
    """The encoder of record, loaded once."""
    return SentenceTransformerEncoder(find_model(DEFAULT_MODEL))


@pytest.fixture(scope="module")
def served(record: SentenceTransformerEncoder, tmp_path_factory: pytest.TempPathFactory) -> OnnxEncoder:
    """The same, exported."""
    folder = tmp_path_factory.mktemp("encoder")
    record.save_for_serving(folder)
    return OnnxEncoder(folder)


def ndcg_at_10(questions: NDArray[np.float32], statements: NDArray[np.float32]) -> float:
    """The mean over the questions, of which each has one right statement: 1 / log2(1 + its place)."""
    order = np.argsort(-(questions @ statements.T), axis=1, kind="stable")
    right = np.array(list(QUESTIONS.values()))
    places = 1 + np.argmax(order == right[:, None], axis=1)
    return float(np.where(places <= 10, 1 / np.log2(1 + places), 0).mean())


def vectors_of(encoder: SentenceTransformerEncoder, texts: list[str]) -> NDArray[np.float32]:
    return np.stack([found.vector for found in encoder.encode_texts(texts)])


@pytest.mark.model
def test_both_encoders_give_nearly_the_same_vectors(record: SentenceTransformerEncoder, served: OnnxEncoder) -> None:
    cosines = (vectors_of(record, TEXTS) * served.encode(TEXTS)).sum(axis=1)
    assert cosines.mean() >= 0.99
    assert cosines.min() >= 0.98


@pytest.mark.model
def test_both_encoders_give_nearly_the_same_token_vectors(
    record: SentenceTransformerEncoder, served: OnnxEncoder
) -> None:
    for expected, text in zip(record.encode_texts(TEXTS), TEXTS, strict=True):
        found = served.encode_question(text)
        assert found.token_ids.tolist() == expected.token_ids.tolist()
        assert found.token_spans.tolist() == expected.token_spans.tolist()
        assert (found.tokens * expected.tokens).sum(axis=1).min() >= 0.97
        assert np.linalg.norm(found.tokens, axis=1) == pytest.approx(1, abs=1e-4)


@pytest.mark.model
def test_questions_rank_passages_as_the_encoder_of_record_does(
    record: SentenceTransformerEncoder, served: OnnxEncoder
) -> None:
    statements = vectors_of(record, STATEMENTS)
    of_record = ndcg_at_10(vectors_of(record, list(QUESTIONS)), statements)
    as_served = ndcg_at_10(served.encode(list(QUESTIONS)), statements)
    assert of_record > 0.8
    assert as_served == pytest.approx(of_record, abs=0.01)


@pytest.mark.model
def test_the_encoder_of_record_is_sentence_transformers_own_encode(record: SentenceTransformerEncoder) -> None:
    from sentence_transformers import SentenceTransformer

    texts = [*TEXTS, "word " * 400]
    own = SentenceTransformer(find_model(DEFAULT_MODEL).location, device="cpu").encode(texts, normalize_embeddings=True)
    assert (vectors_of(record, texts) * own).sum(axis=1) == pytest.approx(1, abs=1e-5)


@pytest.mark.model
def test_a_text_is_encoded_the_same_among_others_as_alone(
    record: SentenceTransformerEncoder, served: OnnxEncoder
) -> None:
    assert served.encode([TEXTS[0], "x " * 300])[0].tolist() == served.encode([TEXTS[0]])[0].tolist()
    together = record.encode_texts([TEXTS[0], "x " * 300])[0]
    alone = record.encode_texts([TEXTS[0]])[0]
    # To the byte: rows that another machine makes in other batches are the same Build.
    for one, other in zip(astuple(together), astuple(alone), strict=True):
        assert one.tobytes() == other.tobytes()


@pytest.mark.model
@pytest.mark.parametrize("text", ["", " ", "🧬", "\u0000", "a" * 5000, "word " * 2000, "?" * 300])
def test_any_text_has_a_unit_vector(record: SentenceTransformerEncoder, served: OnnxEncoder, text: str) -> None:
    for found in (record.encode_texts([text])[0], served.encode_question(text)):
        assert np.linalg.norm(found.vector) == pytest.approx(1, abs=1e-4)
        assert len(found.token_ids) == len(found.tokens) == len(found.token_spans) <= 256
        assert found.token_spans.max() <= len(text)


@pytest.mark.model
def test_the_serving_graph_is_int8_and_small(served: OnnxEncoder, record: SentenceTransformerEncoder) -> None:
    served.warm_up()
    folder = served._folder
    # 23 MB of int8 weights, and 5.4 MB for each of the two heads: three layers of 1.8 million weights.
    assert sum(path.stat().st_size for path in folder.iterdir()) < 36e6
    assert served.card == record.card
    assert sorted(path.name for path in folder.iterdir()) == [
        "encoder.json",
        "model.onnx",
        "products.onnx",
        "tokenizer.json",
    ]


@pytest.mark.model
def test_the_heads_read_every_text_beside_the_vectors_that_are_as_without_them(served: OnnxEncoder) -> None:
    assert set(served.card.heads) == {"reading", "routing"}
    for text in TEXTS[:5]:
        found = served.encode_question(text)
        assert np.linalg.norm(found.reading) == pytest.approx(1, abs=1e-4)
        assert float(found.reading @ found.vector) < 0.999
        assert len(found.kinds) == len(served.card.kinds)
        assert float(np.exp(found.kinds).sum()) == pytest.approx(1, abs=1e-4)


@pytest.mark.model
def test_ingest_reads_a_sentence_as_a_question_is_read(served: OnnxEncoder) -> None:
    reading = ReadingEncoder(served._folder)
    for text in TEXTS[:5]:
        assert reading.read(text) == pytest.approx(served.encode_question(text).reading, abs=1e-5)


@pytest.mark.model
def test_serving_needs_neither_torch_nor_transformers(served: OnnxEncoder) -> None:
    code = (
        "import sys, pathlib; from bot.indexing.encoder import OnnxEncoder\n"
        "OnnxEncoder(pathlib.Path(sys.argv[1])).warm_up()\n"
        "print(sorted({'torch', 'transformers', 'onnx'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(served._folder)], capture_output=True, text=True)
    assert (ended.stdout, ended.stderr) == ("[]\n", "")


@pytest.mark.model
def test_a_model_that_cannot_be_loaded_is_said(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(EncoderUnavailable, match="cannot load"):
        SentenceTransformerEncoder(find_model(str(tmp_path)))


def test_the_session_begins_with_the_first_question(tmp_path: Path) -> None:
    encoder = serving_encoder(tmp_path)
    assert encoder._session is None
    encoder.warm_up()
    assert encoder._session is not None


def test_the_fake_encoder_serves_what_it_embeds(tmp_path: Path) -> None:
    encoder = serving_encoder(tmp_path)
    for text in ("What is a gene?", "heart, cell and sleep"):
        expected, found = FakeEncoder().encode_texts([text])[0], encoder.encode_question(text)
        assert found.vector == pytest.approx(expected.vector, abs=1e-6)
        assert found.tokens == pytest.approx(expected.tokens)
        assert found.token_ids.tolist() == expected.token_ids.tolist()


def test_no_texts_are_no_rows(tmp_path: Path) -> None:
    assert serving_encoder(tmp_path).encode([]).shape == (0, 8)
