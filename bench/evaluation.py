"""Every retrieval number of the README in one run, the first half of ``make evaluate DATA=FOLDER``.

FOLDER holds BEIR-style folders. Each is ingested (an earlier run's embeddings are reused), ranked by the pipeline and
by its retrievers alone, and beside them by sentence-transformers and bm25s themselves, used as their own documents say.
What is answered is measured by ``bench.families``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from bot import wiring
from bot.cli.measuring import score_table
from bot.indexing.model import find_model
from bot.measuring import evaluation
from bot.measuring.gold import GoldSet, read_gold, read_lines
from bot.settings import Settings, read_environment

STARTER = Path(__file__).parent / "questions" / "starter"


def main() -> None:
    """Print the tables."""
    options = _options()
    settings = read_environment()
    rows: list[evaluation.ScoreRow] = []
    folders = sorted(path.parent for path in options.data.glob("*/corpus.jsonl"))
    for folder in [path for path in folders if (path / "qrels").is_dir() and path.name in options.sets]:
        gold = read_gold(folder, by="variant")
        answerer, _ = _build(settings, folder, options.work)
        rows += evaluation.evaluate(answerer, gold, baselines=True)
        if options.references:
            rows += _reference_rows(settings, folder, gold)
        print(f"{folder.name} done", file=sys.stderr)
    starter, _ = _build(settings, settings.corpus, options.work)
    rows += evaluation.evaluate(starter, read_gold(STARTER), baselines=True)
    print(score_table(rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of BEIR-style folders")
    parser.add_argument("--work", type=Path, default=Path("var/evaluation"), help="where Builds are kept")
    parser.add_argument("--sets", nargs="*", default=["covid_faq", "medquad_gard", "scifact_beir"], help="which sets")
    parser.add_argument("--no-references", dest="references", action="store_false", help="leave out the slow peers")
    return parser.parse_args()


def _build(settings: Settings, folder: Path, work: Path) -> tuple[wiring.Answerer, Settings]:
    chosen = replace(settings, index=work / folder.name, keep_builds=1)
    wiring.ingest(chosen, [folder], lambda step, done, total: None)
    answerer, _ = wiring.open_answerer(wiring.store_of(chosen))
    return answerer, chosen


def _reference_rows(settings: Settings, folder: Path, gold: GoldSet) -> Iterator[evaluation.ScoreRow]:
    """sentence-transformers and bm25s on whole documents, names and synonyms in front of the text as we index them."""
    documents = [record for _, record in read_lines(folder / "corpus.jsonl")]
    ids = [str(record["_id"]) for record in documents]
    plain = [f"{record.get('title') or ''} {record['text']}".strip() for record in documents]
    named = [" ".join([*(record.get("synonyms") or []), text]) for record, text in zip(documents, plain, strict=True)]
    questions = [question.text for question in gold.questions]
    for system, scores in (
        ("sentence-transformers, whole documents", _sentence_transformers(settings.model, plain, questions)),
        ("bm25s, whole documents", _bm25s(named, questions)),
    ):
        best = np.argsort(-scores, axis=1, kind="stable")[:, : evaluation.DEPTH]
        rankings = {
            question.id: [(ids[document], float(scores[row, document])) for document in best[row]]
            for row, question in enumerate(gold.questions)
        }
        yield from evaluation.score_by_group(gold, system, rankings)


def _sentence_transformers(model: str, texts: list[str], questions: list[str]) -> np.ndarray:
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(find_model(model).location, device="cpu")
    return np.asarray(
        encoder.encode(questions, normalize_embeddings=True) @ encoder.encode(texts, normalize_embeddings=True).T
    )


def _bm25s(texts: list[str], questions: list[str]) -> np.ndarray:
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    retriever = bm25s.BM25()
    retriever.index(bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)
    asked = bm25s.tokenize(questions, stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False)
    return np.stack([retriever.get_scores(terms) if terms else np.zeros(len(texts)) for terms in asked])


if __name__ == "__main__":
    main()
