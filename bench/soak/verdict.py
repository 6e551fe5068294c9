"""The ledger, what is stored and what the log says -> a report, and whether anything must not have been.

In: all that was noticed. Out: lines to print, and what is wrong, in words. It must not know how it came about.
"""

from __future__ import annotations

from dataclasses import dataclass

from bench.soak.faults import CUT_OFF_DURING, NOT_LOGGED_DURING, NOT_STORED_DURING
from bench.soak.ledger import Call
from bench.soak.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Verdict(Outcome):
    """What came of it, and answers of ours that failed."""

    not_stored_during = NOT_STORED_DURING

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

    @property
    def refused(self) -> int:
        """Calls that were refused as too many: each is another client's, and all together are fewer than a site may."""
        return sum(call.ended.startswith("429") for call in self.ledger.calls)

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
        if self.refused:
            found.append(f"{self.refused} calls were refused as too many, and nobody asked too much")
        return found + self.ledger.wrong

    def told(self) -> list[str]:
        """Return the report: who was answered how and how fast, what failed when, and what became of turns."""
        return [*self.calls_told(), "", *self._faults(), "", *self.turns_told(), *self._more()]

    def _faults(self) -> list[str]:
        rows = ["| fault | times | longest until well, s |", "|---|---|---|"]
        for name in dict.fromkeys(fault.name for fault in self.ledger.faults):
            times = [fault.ended - fault.began for fault in self.ledger.faults if fault.name == name]
            rows.append(f"| {name} | {len(times)} | {max(times):.1f} |")
        return rows

    def _more(self) -> list[str]:
        cut = [call for call in self.ledger.calls if call.ended == "cut off"]
        unforeseen = [c for c in cut if not self.ledger.during(c.began, c.began + c.seconds, CUT_OFF_DURING)]
        return [
            f"{len(cut)} calls were cut off, {len(unforeseen)} of them while nothing was killed.",
            f"Causes of 500 in the log: {dict(self.causes) or 'none'}.",
            f"Messages in a crisis: {sum(c.kind == 'crisis' for c in self.ledger.calls)}, "
            f"{len(self.ledger.without_numbers)} answered without numbers.",
        ]
