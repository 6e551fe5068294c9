"""Check the file that an operator gives as a site's logo, and name it by its digest.

Only PNG is taken: a bitmap can run and load nothing, unlike SVG, and its size is in its header.
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
    """A PNG; ``digest`` is the hash of its bytes and its name in addresses."""

    digest: str
    content: bytes


def logo_of(content: bytes) -> Logo:
    """Return the logo in the form in which it is kept.

    :raises SiteInvalid: when it is not a PNG, or too large.
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
