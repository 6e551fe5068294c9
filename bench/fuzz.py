"""Damaged sources put to the readers: ``python -m bench.fuzz --minutes 60 FOLDER…``.

Files of the folders are cut, doubled, mixed and sprinkled with what is hard to read, and each is read and chunked as
``ingest`` would. Whatever comes of it must be sources, or a complaint that names the file. Anything else, or a file
that takes longer than a second for each ten thousand characters, is printed with the seed that makes it again, and
kept in a folder.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.errors import CorpusError, CorpusErrors
from bot.reading.chunk import passages_of
from bot.reading.corpus import read_corpus

ENDINGS = {".md", ".txt", ".vtt", ".srt", ".html", ".htm", ".jsonl"}
MOST_BYTES = 60_000
SLOW_S_PER_CHAR = 1 / 10_000
# What readers trip over: marks of each format, broken encodings, odd spaces, directions, depths.
HARD = [
    b"---\n",
    b"---",
    b": ",
    b"- ",
    b"#",
    b"###### ",
    b"|",
    b"[",
    b"](",
    b"<!--",
    b"-->",
    b"<script>",
    b"</p>",
    b"<table>",
    b"&#x110000;",
    b"&nbsp",
    b"WEBVTT\n\n",
    b"NOTE ",
    b"STYLE\n",
    b"00:00:00.000 --> 00:00:01.000\n",
    b"--> ",
    b"99:99:99,999",
    b"<v Anna>",
    b"<00:00:01.000>",
    b"<c.x>",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x00",
    b"\x80",
    b"\xed\xa0\x80",
    "\u202e".encode(),
    "\u200b".encode(),
    "\ufeff".encode(),
    "e\u0301\u0327\u0489".encode(),
    "\U0001f9ec".encode(),
    b"\r",
    b"\r\n",
    b"\t",
    b"\x0c",
    b"{",
    b"}",
    b'"',
    b"\\u",
    b"\\",
    b"[" * 400,
    b"*" * 400,
    b"> " * 200,
    b"<b>" * 300,
    b"a" * 5000,
    b"1" * 400,
    b"title: &a [*a, *a]\n",
    b"!!python/object ",
    b"Dr. e.g. Fig. 2. ",
]


def main() -> None:
    """Print what was read, what was refused, and what broke."""
    options = _options()
    paths = _samples(options.folder)
    samples = [path.read_bytes()[:MOST_BYTES] for path in paths]
    until, seed, outcomes = time.monotonic() + 60 * options.minutes, options.seed, Counter[str]()
    with TemporaryDirectory() as scratch:
        while time.monotonic() < until:
            draw = random.Random(seed)
            at = draw.randrange(len(samples))
            # An explainer is called by its id; of other documents only this name is read.
            name = "corpus.jsonl" if paths[at].suffix == ".jsonl" else paths[at].name
            path = Path(scratch) / name
            path.write_bytes(_damaged(samples, at, draw))
            outcome = _outcome(path)
            outcomes[outcome.splitlines()[0]] += 1
            if outcome not in {"read", "refused"}:
                kept = options.keep / f"{seed}-{name}"
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_bytes(path.read_bytes())
                print(f"seed {seed}, kept as {kept}: {outcome}", flush=True)
            path.unlink()
            seed += 1
    print(f"{sum(outcomes.values()):,} files in {options.minutes:g} minutes from seed {options.seed}: {dict(outcomes)}")
    sys.exit(bool(outcomes.keys() - {"read", "refused"}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="*", default=[Path("corpus"), Path("tests")])
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("var/fuzz"), help="where files that break something are kept")
    return parser.parse_args()


def _samples(folders: Sequence[Path]) -> list[Path]:
    found = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in ENDINGS)
    if not found:
        raise SystemExit(f"no file to damage in {', '.join(map(str, folders))}")
    return found


def _damaged(samples: Sequence[bytes], at: int, draw: random.Random) -> bytes:
    text = bytearray(samples[at])
    ways: list[Callable[[bytearray], None]] = [
        lambda text: text.__setitem__(slice(*_span(text, draw)), b""),
        lambda text: text.__setitem__(slice(*[_place(text, draw)] * 2), draw.choice(HARD)),
        lambda text: text.__setitem__(slice(*[_place(text, draw)] * 2), text[slice(*_span(text, draw))]),
        lambda text: text.__setitem__(slice(*_span(text, draw)), _piece(draw.choice(samples), draw)),
        lambda text: text.__setitem__(slice(*_span(text, draw, most=3)), draw.randbytes(draw.randint(1, 3))),
        lambda text: text.__delitem__(slice(_place(text, draw), None)),
    ]
    for _ in range(draw.choice((1, 1, 2, 4, 8, 20))):
        draw.choices(ways, weights=(3, 6, 2, 3, 3, 1))[0](text)
    return bytes(text[: 2 * MOST_BYTES])


def _place(text: bytes | bytearray, draw: random.Random) -> int:
    # Half of all damage is at the beginning, where formats say what they are.
    return draw.randint(0, min(len(text), 400) if draw.random() < 0.5 else len(text))


def _span(text: bytes | bytearray, draw: random.Random, most: int = 400) -> tuple[int, int]:
    begin = _place(text, draw)
    return begin, begin + draw.randint(1, most)


def _piece(text: bytes, draw: random.Random) -> bytes:
    return text[slice(*_span(text, draw))]


def _outcome(path: Path) -> str:
    began = time.perf_counter()
    try:
        for source in read_corpus([path]):
            list(passages_of(source))
        outcome = "read"
    except (CorpusErrors, CorpusError):
        outcome = "refused"
    except Exception as error:  # noqa: BLE001 - whatever else comes out is what is looked for
        outcome = f"{type(error).__name__}\n{traceback.format_exc(limit=-4)}"
    allowed = 1 + path.stat().st_size * SLOW_S_PER_CHAR
    taken = time.perf_counter() - began
    return outcome if taken < allowed else f"slow\n{taken:.1f} s for {path.stat().st_size:,} bytes"


if __name__ == "__main__":
    main()
