"""The ledger, what is stored and what the log says -> which turns are lost, and the lines that every report has.

In: all that was noticed. Out: lines to print. It must not know what was done to the service, nor what must not be.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

from bench.soak.ledger import Ledger

_CAUSE = re.compile(r"unforeseen (\w+ at \S+)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of turns and calls; ``counted`` is of how many turns the service said that it could not store them."""

    ledger: Ledger
    stored: frozenset[str]
    log: str
    counted: float
    # While these last, answers go on and need not be stored.
    not_stored_during: ClassVar[frozenset[str]] = frozenset()

    @property
    def missing(self) -> list[str]:
        """Turns that families have the answer of, and that are not there though nobody had them removed."""
        return [turn for turn in self.ledger.acknowledged if turn not in self.stored | self.ledger.taken_back]

    @property
    def lost(self) -> list[str]:
        """Those of them that were answered while the database was well: none may be."""
        kept = self.ledger.acknowledged
        return [turn for turn in self.missing if not self.ledger.during(*kept[turn], self.not_stored_during)]

    @property
    def causes(self) -> Counter[str]:
        """What the log names as the cause of an answer that failed."""
        return Counter(_CAUSE.findall(self.log))

    def calls_told(self) -> list[str]:
        """Return a table of who was answered how and how fast."""
        rows = ["| who | calls | ended | median ms | 99 of 100 ms | worst ms |", "|---|---|---|---|---|---|"]
        for kind in dict.fromkeys(call.kind for call in self.ledger.calls):
            endings = self.ledger.endings(kind)
            median, most, worst = self.ledger.times(kind)
            ended = ", ".join(f"{count} × {ending}" for ending, count in sorted(endings.items()))
            rows.append(f"| {kind} | {endings.total()} | {ended} | {median:.0f} | {most:.0f} | {worst:.0f} |")
        return rows

    def turns_told(self) -> list[str]:
        """Return what became of turns."""
        excused = len(self.missing) - len(self.lost)
        return [
            f"{len(self.ledger.acknowledged)} turns acknowledged, {len(self.stored)} stored, "
            f"{len(self.ledger.taken_back)} removed by their families, {len(self.lost)} lost.",
            f"{excused} were answered while the database was away and are not stored; the service counted "
            f"{self.counted:.0f} of all that it could not store.",
        ]
