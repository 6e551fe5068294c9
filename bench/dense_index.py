"""Exact search, an HNSW graph and inverted lists beside each other, from a thousand vectors to a million.

    python -m bench.dense_index [--sizes 1000,10000] [--kinds exact,ours] [--questions 200]

Prints a Markdown table. ``docs/bench-dense-index.md`` keeps the one that chose ``EXACT_ROWS``. The vectors are
synthetic, topics, groups within topics and noise, because there is no corpus of ours with a million passages.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import faiss
import numpy as np
from numpy.typing import NDArray

from bot.indexing.dense import GRAPH_BUILD_BREADTH, GRAPH_LINKS, DenseIndex, write_graph

Floats = NDArray[np.float32]
Search = Callable[[Floats, int], NDArray[np.int64]]

DIMENSION, NEIGHBOURS = 384, 100
# Noise against its centre: neighbours in a group have cosines about .7, groups of a topic .4, others near 0, much
# like passages about one disease, one field, and anything.
GROUP_SHARE, POINT_SHARE, GROUP_SIZE, GROUPS_A_TOPIC = 0.8, 0.65, 25, 40
MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to index: ``build`` writes a file, ``open`` gives a search over it and the mapped vectors."""

    name: str
    build: Callable[[Path, Floats], None]
    open: Callable[[Path, Floats], Search]


@dataclass(frozen=True, slots=True)
class Measured:
    """One row of the table. Memory is what one worker adds: ``private_mb`` its own, ``shared_mb`` mapped from files."""

    rows: NDArray[np.int64]
    median_ms: float
    p99_ms: float
    private_mb: float
    shared_mb: float
    open_s: float


def unit_vectors(count: int, seed: int) -> Floats:
    """Return (count, DIMENSION) float32 unit rows in groups within topics."""
    rng = np.random.default_rng(seed)
    groups = max(1, count // GROUP_SIZE)
    topics = _unit(rng.standard_normal((max(1, groups // GROUPS_A_TOPIC), DIMENSION), dtype=np.float32))
    centres = _around(topics[rng.integers(0, len(topics), groups)], GROUP_SHARE, rng)
    found = np.empty((count, DIMENSION), dtype=np.float32)
    for start in range(0, count, 100_000):
        stop = min(count, start + 100_000)
        found[start:stop] = _around(centres[rng.integers(0, groups, stop - start)], POINT_SHARE, rng)
    return found


def _around(centres: Floats, share: float, rng: np.random.Generator) -> Floats:
    noise = _unit(rng.standard_normal(centres.shape, dtype=np.float32))
    return _unit(centres + np.float32(share) * noise)


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def _open_exact(_: Path, vectors: Floats) -> Search:
    return lambda question, count: faiss.knn(question, vectors, count, metric=faiss.METRIC_INNER_PRODUCT)[1][0]


def _open_ours(path: Path, vectors: Floats) -> Search:
    index = DenseIndex(vectors, path)
    return lambda question, count: index.search(question[0], count)[0]


def _build_ours(path: Path, vectors: Floats) -> None:
    write_graph(path, vectors)


def _hnsw(links: int, build_breadth: int, search_breadth: int) -> Kind:
    def build(path: Path, vectors: Floats) -> None:
        graph = faiss.IndexHNSWFlat(DIMENSION, links, faiss.METRIC_INNER_PRODUCT)
        graph.hnsw.efConstruction = build_breadth
        graph.add(vectors)
        faiss.write_index(graph, str(path))

    def open_file(path: Path, _: Floats) -> Search:
        graph = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        graph.hnsw.efSearch = search_breadth
        return lambda question, count: graph.search(question, count)[1][0]

    return Kind(f"HNSW {links}/{build_breadth}/{search_breadth}", build, open_file)


def _ivf(share: float) -> Kind:
    """Inverted lists, about 4 times the root of n, of which a share is looked into."""

    def build(path: Path, vectors: Floats) -> None:
        lists = max(1, int(4 * len(vectors) ** 0.5))
        index = faiss.index_factory(DIMENSION, f"IVF{lists},Flat", faiss.METRIC_INNER_PRODUCT)
        index.train(vectors[:: max(1, len(vectors) // (lists * 50))])
        index.add(vectors)
        faiss.write_index(index, str(path))

    def open_file(path: Path, _: Floats) -> Search:
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP)
        index.nprobe = max(1, int(index.nlist * share))
        return lambda question, count: index.search(question, count)[1][0]

    return Kind(f"IVF {share:.0%}", build, open_file)


def kinds() -> dict[str, Kind]:
    """Return what is compared. A graph is named by its links and the breadths of building and searching, inverted lists
    by the share of them that is searched.
    """
    return {
        "exact": Kind("exact", lambda path, vectors: None, _open_exact),
        "ours": Kind(f"HNSW {GRAPH_LINKS}/{GRAPH_BUILD_BREADTH}/as needed", _build_ours, _open_ours),
        "light": _hnsw(32, 200, 256),
        "light-wide": _hnsw(32, 200, 512),
        "ivf": _ivf(0.05),
        "ivf-wide": _ivf(0.15),
    }


def _memory_mb() -> tuple[float, float]:
    """Memory of this process of its own, and mapped from files (Linux)."""
    found = dict.fromkeys(("Rss", "Anonymous"), 0)
    for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]:
        name, value, *_ = line.split()
        if name.rstrip(":") in found:
            found[name.rstrip(":")] = int(value) * 1024
    return found["Anonymous"] / MEGABYTE, (found["Rss"] - found["Anonymous"]) / MEGABYTE


def measure(kind: str, index_path: Path, vectors_path: Path, questions: Floats) -> Measured:
    """Open an index in this fresh process, ask it everything once with one thread, and say what it took."""
    faiss.omp_set_num_threads(1)
    before = _memory_mb()
    began = perf_counter()
    vectors = np.load(vectors_path, mmap_mode="r")
    search = kinds()[kind].open(index_path, vectors)
    opened = perf_counter() - began
    count = min(NEIGHBOURS, len(vectors))
    search(questions[:1], count)
    rows, times = [], []
    for question in questions:
        began = perf_counter()
        rows.append(search(question[None], count))
        times.append(perf_counter() - began)
    after = _memory_mb()
    return Measured(
        rows=np.stack(rows),
        median_ms=statistics.median(times) * 1e3,
        p99_ms=float(np.quantile(times, 0.99)) * 1e3,
        private_mb=after[0] - before[0],
        shared_mb=after[1] - before[1],
        open_s=opened,
    )


def _in_fresh_process(kind: str, index_path: Path, vectors_path: Path, questions: Floats) -> Measured:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure, kind, index_path, vectors_path, questions).result()


def _build_seconds(kind: Kind, path: Path, vectors: Floats) -> float:
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    began = perf_counter()
    kind.build(path, vectors)
    return perf_counter() - began


def table_rows(size: int, names: list[str], asked: int, folder: Path) -> Iterator[str]:
    """Yield the table's rows for one size; recall is against exact search of the same vectors."""
    everything = unit_vectors(size + asked, seed=size)
    order = np.random.default_rng(1).permutation(len(everything))
    questions = everything[order[:asked]]
    vectors_path = folder / "vectors.npy"
    np.save(vectors_path, everything[order[asked:]])
    vectors = np.load(vectors_path, mmap_mode="r")
    del everything
    truth = _in_fresh_process("exact", folder / "exact", vectors_path, questions).rows
    for name in names:
        kind, path = kinds()[name], folder / name
        seconds = _build_seconds(kind, path, np.asarray(vectors))
        found = _in_fresh_process(name, path, vectors_path, questions)
        recall = np.mean([len(np.intersect1d(a, b)) / len(b) for a, b in zip(found.rows, truth, strict=True)])
        size_mb = path.stat().st_size / MEGABYTE if path.exists() else 0
        yield (
            f"| {size:,} | {kind.name} | {recall:.4f} | {found.median_ms:.2f} | {found.p99_ms:.2f} | {seconds:.1f} "
            f"| {size_mb:.0f} | {found.private_mb:.0f} | {found.shared_mb:.0f} | {found.open_s:.2f} |"
        )
        path.unlink(missing_ok=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the dense index by size and kind.")
    parser.add_argument("--sizes", default="1000,10000,100000,1000000")
    parser.add_argument("--kinds", default="exact,ours,light,ivf")
    parser.add_argument("--questions", type=int, default=200)
    chosen = parser.parse_args()
    print("| rows | kind | recall@100 | median ms | p99 ms | build s | file MB | private MB | shared MB | open s |")
    print("|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for size in map(int, chosen.sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            for row in table_rows(size, chosen.kinds.split(","), chosen.questions, Path(folder)):
                print(row, flush=True)


if __name__ == "__main__":
    main()
