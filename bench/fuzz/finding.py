"""What an input did that none may do, with the input, so that it can be tried again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

# How many inputs were tried since the last of these, and what the last one broke, if anything.
Trial = tuple[int, "Finding | None"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was put to, what came of it, a name for the file, and the input itself."""

    part: str
    what: str
    name: str
    content: bytes

    def keep(self, folder: Path) -> Path:
        """Write the input into a folder of its part, and return where it is."""
        kept = folder / self.part / self.name
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(self.content)
        return kept
