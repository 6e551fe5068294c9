"""The ledger, what is stored and what the log says -> a report, and whether anything must not have been.

In: all that was noticed. Out: lines to print, and what is wrong, in words. It must not know how it came about.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from bench.soak.faults import CUT_OFF_DURING, NOT_LOGGED_DURING, NOT_STORED_DURING
from bench.soak.ledger import Call, Ledger

CAUSE = re.compile(r"unforeseen (\w+ at \S+)")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it: turns that were acknowledged, and are there or not, and answers of ours that failed."""

    ledger: Ledger
    stored: frozenset[str]
    log: str
    counted: float

    @property
    def missing(self) -> list[str]:
        """Turns that families have the answer of, and that are not there though nobody had them removed."""
        return [turn for turn in self.ledger.acknowledged if turn not in self.stored | self.ledger.taken_back]

    @property
    def lost(self) -> list[str]:
        """Those of them that were answered while the database was well: none may be."""
        kept = self.ledger.acknowledged
        return [turn for turn in self.missing if not self.ledger.during(*kept[turn], NOT_STORED_DURING)]

    @property
    def causes(self) -> Counter[str]:
        """What the log names as the cause of an answer that failed."""
        return Counter(CAUSE.findall(self.log))

    @property
    def unnamed(self) -> list[Call]:
        """Answers with 500 that the log has no cause of; while it could not be written, none is asked of it."""
        failed = [
            call
            for call in self.ledger.calls
            if call.ended.startswith("500")
            and not self.ledger.during(call.began, call.began + call.seconds, NOT_LOGGED_DURING)
        ]
        return failed[self.causes.total() :]

    def wrong(self) -> list[str]:
        """Return what must not be, in words; nothing if all is well."""
        found = []
        if self.lost:
            found.append(f"{len(self.lost)} acknowledged turns are lost, such as {self.lost[0]}")
        if self.unnamed:
            found.append(
                f"{len(self.unnamed)} answers with 500 have no cause in the log, such as to {self.unnamed[0].kind}"
            )
        if self.ledger.without_numbers:
            first = self.ledger.without_numbers[0]
            found.append(f"{len(self.ledger.without_numbers)} messages in a crisis got nobody to call, such as {first}")
        return found + self.ledger.wrong

    def told(self) -> list[str]:
        """Return the report: who was answered how and how fast, what failed when, and what became of turns."""
        return [*self._calls(), "", *self._faults(), "", *self._turns()]

    def _calls(self) -> list[str]:
        rows = ["| who | calls | ended | median ms | 99 of 100 ms | worst ms |", "|---|---|---|---|---|---|"]
        for kind in dict.fromkeys(call.kind for call in self.ledger.calls):
            endings = self.ledger.endings(kind)
            median, most, worst = self.ledger.times(kind)
            ended = ", ".join(f"{count} × {ending}" for ending, count in sorted(endings.items()))
            rows.append(f"| {kind} | {endings.total()} | {ended} | {median:.0f} | {most:.0f} | {worst:.0f} |")
        return rows

    def _faults(self) -> list[str]:
        rows = ["| fault | times | longest until well, s |", "|---|---|---|"]
        for name in dict.fromkeys(fault.name for fault in self.ledger.faults):
            times = [fault.ended - fault.began for fault in self.ledger.faults if fault.name == name]
            rows.append(f"| {name} | {len(times)} | {max(times):.1f} |")
        return rows

    def _turns(self) -> list[str]:
        cut = [call for call in self.ledger.calls if call.ended == "cut off"]
        unforeseen = [c for c in cut if not self.ledger.during(c.began, c.began + c.seconds, CUT_OFF_DURING)]
        excused = len(self.missing) - len(self.lost)
        return [
            f"{len(self.ledger.acknowledged)} turns acknowledged, {len(self.stored)} stored, "
            f"{len(self.ledger.taken_back)} removed by their families, {len(self.lost)} lost.",
            f"{excused} were answered while the database was away and are not stored; the service counted "
            f"{self.counted:.0f} of all that it could not store.",
            f"{len(cut)} calls were cut off, {len(unforeseen)} of them while nothing was killed.",
            f"Causes of 500 in the log: {dict(self.causes) or 'none'}.",
            f"Messages in a crisis: {sum(c.kind == 'crisis' for c in self.ledger.calls)}, "
            f"{len(self.ledger.without_numbers)} answered without numbers.",
        ]
