"""Files -> the same cut, doubled, mixed and sprinkled with what is hard to read, the same again from the same chance.

In: samples and chance. Out: bytes. It must not know who reads them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

MOST_BYTES = 60_000
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


def samples_in(folders: Sequence[Path], endings: set[str]) -> list[Path]:
    """Return the files that can be damaged, in a fixed order."""
    found = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in endings)
    if not found:
        raise SystemExit(f"no file to damage in {', '.join(map(str, folders))}")
    return found


def damaged(samples: Sequence[bytes], at: int, draw: random.Random) -> bytes:
    """Return one of the samples, damaged in some ways."""
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
