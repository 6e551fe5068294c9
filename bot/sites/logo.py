"""A file that an operator names as a site's logo -> the picture as it is kept, or what is wrong with it.

In: bytes. Out: the same with the name that they are found by. A picture of points can run nothing and load nothing,
which is not so of a drawing (SVG), and its size is in its head.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass

from bot.errors import SiteInvalid

MAX_BYTES = 64 * 1024
MAX_SIDE = 1024
_SIGNATURE, _END = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"IEND\xaeB`\x82"
_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture (PNG); ``digest`` is of its bytes and its name in addresses."""

    digest: str
    content: bytes


def logo_of(content: bytes) -> Logo:
    """Return a logo that can be kept.

    :raises SiteInvalid: when it is no PNG, or too large.
    """
    if len(content) > MAX_BYTES:
        raise _invalid(f"{len(content):,} bytes", "Save it smaller: 200 pixels wide are enough.")
    if not (content.startswith(_SIGNATURE) and content.endswith(_END)):
        raise _invalid("a file that is no PNG", "Save the logo as PNG; a drawing (SVG) is not taken.")
    width, height = struct.unpack(">II", content[len(_SIGNATURE) : len(_SIGNATURE) + 8])
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise _invalid(f"{width} x {height} pixels", "Save it smaller: 200 pixels wide are enough.")
    return Logo(hashlib.sha256(content).hexdigest()[:_DIGITS], content)


def _invalid(found: str, remedy: str) -> SiteInvalid:
    return SiteInvalid("logo", found, f"a PNG of at most {MAX_BYTES:,} bytes and {MAX_SIDE} pixels a side", remedy)
