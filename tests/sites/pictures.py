"""Pictures for tests, drawn here."""

from __future__ import annotations

import struct
import zlib


def a_png(width: int = 120, height: int = 32) -> bytes:
    """A purple field; browsers show it."""
    rows = b"".join(b"\x00" + b"\x7a\x1f\x5c" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
