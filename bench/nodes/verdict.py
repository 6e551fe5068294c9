"""What was noticed over all nodes -> a report, and whether anything must not have been.

In: the ledger, the answers with their Builds, what is stored. Out: lines to print, and what is wrong, in words.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bench.nodes.people import Answered
from bench.soak.ledger import Call
from bench.soak.outcome import Outcome

# Limits count over a minute; less here, so that no window is met twice.
WINDOW_S = 50.0
NOT_STORED_DURING = frozenset({"the database restarts"})
CUT_OFF_DURING = frozenset({"a node is killed"})
NOT_COUNTED_DURING = frozenset({"Redis goes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict(Outcome):
    """What came of it. ``limit`` is that of one address; ``alone`` are how many count alone while Redis is away,
    ``within_s`` is how long an older Build may still answer."""

    answers: Sequence[Answered]
    taken: Sequence[float]
    published: Sequence[tuple[str, float]]
    bad: frozenset[str]
    within_s: float
    limit: int
    alone: int

    not_stored_during = NOT_STORED_DURING

    @property
    def wrong_builds(self) -> list[Answered]:
        """Answers from a Build that was bad, or that was replaced more than ``within_s`` before they were asked for."""
        ends = {name: at for (name, _), (_, at) in zip(self.published, self.published[1:], strict=False)}
        names = {name for name, _ in self.published}
        return [
            one
            for one in self.answers
            if one.build not in names or one.began > ends.get(one.build, one.began) + self.within_s
        ]

    @property
    def spread_s(self) -> list[float]:
        """For each Build after the first, how long after it was there the last question was asked that an older one
        answered.
        """
        names = [name for name, _ in self.published]
        return [
            max((one.began - at for one in self.answers if one.build in names[:number]), default=0.0)
            for number, (_, at) in enumerate(self.published[1:], start=1)
        ]

    @property
    def failed(self) -> list[Call]:
        """Calls that got no answer, or one that is neither good nor "too many"."""
        return [call for call in self.ledger.calls if not call.ended.startswith(("200", "429"))]

    @property
    def unexplained(self) -> list[Call]:
        """Those of them that nothing explains that was done."""
        return [
            call
            for call in self.failed
            if call.ended != "cut off" or not self.ledger.during(call.began, call.began + call.seconds, CUT_OFF_DURING)
        ]

    def most_taken(self, *, counted: bool) -> int:
        """Return the most questions of one address in ``WINDOW_S``, while all were counted together or not."""
        whole = sorted(at for at in self.taken if self.ledger.during(at - WINDOW_S, at, NOT_COUNTED_DURING) != counted)
        return max((bisect_right(whole, at + WINDOW_S) - number for number, at in enumerate(whole)), default=0)

    def wrong(self) -> list[str]:
        """Return what must not be, in words; nothing if all is well."""
        slowest, unexplained = max(self.spread_s, default=0.0), self._reasons(self.unexplained)
        found = [
            (self.lost, f"{len(self.lost)} acknowledged turns are lost"),
            (self.wrong_builds, f"{len(self.wrong_builds)} answers came from a wrong Build"),
            (unexplained, f"calls failed that nothing explains: {unexplained}"),
            (slowest >= self.within_s, f"a new Build was on all nodes after {slowest:.1f} s"),
            (self.most_taken(counted=True) > self.limit, "one address got more than its limit over all nodes"),
            (self.most_taken(counted=False) > self.limit * (self.alone + 2), "it got more than all alone allow"),
        ]  # fmt: skip
        return [said for is_so, said in found if is_so] + self.ledger.wrong

    def told(self) -> list[str]:
        """Return the report."""
        times = [f"{max(0.0, seconds):.1f}" for seconds in self.spread_s]
        return [
            *self.calls_told(), "", *self._faults(), "", *self.turns_told(),
            f"{len(self.wrong_builds)} answers from a wrong Build; "
            f"{sum(one.build in self.bad for one in self.answers)} from the bad one.",
            f"Seconds until the last question that an older Build answered: {', '.join(times)}.",
            f"One address got {self.most_taken(counted=True)} questions through in {WINDOW_S:.0f} s over all nodes "
            f"(limit {self.limit} a minute), {self.most_taken(counted=False)} about when Redis was away.",
            f"Failed: {self._reasons(self.failed) or 'none'}. Causes in the logs: {dict(self.causes) or 'none'}.",
        ]  # fmt: skip

    def _faults(self) -> list[str]:
        rows = ["| what was done | until all was well, s |", "|---|---|"]
        return rows + [f"| {fault.name} | {fault.ended - fault.began:.1f} |" for fault in self.ledger.faults]

    def _reasons(self, calls: Sequence[Call]) -> str:
        found: Counter[str] = Counter()
        for call in calls:
            ended = call.began + call.seconds
            during = [fault.name for fault in self.ledger.faults if fault.began <= ended and call.began <= fault.ended]
            found[f"{call.kind} {call.ended}, while {' and '.join(during) or 'all was well'}"] += 1
        return "; ".join(f"{count} × {reason}" for reason, count in found.most_common())
