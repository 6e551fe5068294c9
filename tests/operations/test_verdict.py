"""What the soak calls wrong: a turn that is lost, a 500 without a cause, a crisis without numbers; and nothing else."""

from __future__ import annotations

from bench.soak.ledger import Call, Fault, Ledger
from bench.soak.verdict import Verdict


def ledger(*turns: str, faults: tuple[Fault, ...] = ()) -> Ledger:
    """Turns that were acknowledged in the tenth second."""
    return Ledger(acknowledged=dict.fromkeys(turns, (10.0, 10.1)), faults=list(faults))


def wrong(noticed: Ledger, *stored: str, log: str = "") -> list[str]:
    return Verdict(noticed, frozenset(stored), log, 0.0).wrong()


def test_turns_that_are_all_there_are_well() -> None:
    assert wrong(ledger("a", "b"), "a", "b", "other") == []


def test_a_turn_that_was_answered_and_is_not_there_is_lost() -> None:
    (said,) = wrong(ledger("a", "b"), "a")
    assert said == "1 acknowledged turns are lost, such as b"


def test_a_turn_that_its_family_removed_is_not_lost() -> None:
    noticed = ledger("a", "b")
    noticed.take_back({"b"})
    assert wrong(noticed, "a") == []


def test_a_turn_that_was_answered_while_the_database_was_away_is_not_lost_and_one_before_it_is() -> None:
    assert wrong(ledger("a", faults=(Fault("database paused", 10.05, 20.0),))) == []
    assert wrong(ledger("a", faults=(Fault("database paused", 11.0, 20.0),))) != []


def test_while_anything_else_fails_nothing_may_be_lost() -> None:
    assert wrong(ledger("a", faults=(Fault("all killed", 9.0, 20.0),))) != []


def test_a_500_needs_its_cause_in_the_log() -> None:
    noticed = ledger()
    noticed.calls.append(Call("family", 1.0, 0.1, "500 internal"))
    assert wrong(noticed) == ["1 answers with 500 have no cause in the log, such as to family"]
    assert wrong(noticed, log="unforeseen KeyError at bot.web.turn:12 turn=x") == []


def test_while_the_log_could_not_be_written_no_cause_is_asked_for() -> None:
    noticed = ledger(faults=(Fault("service's disk full", 0.5, 2.0),))
    noticed.calls.append(Call("family", 1.0, 0.1, "500 internal"))
    assert wrong(noticed) == []


def test_a_crisis_without_numbers_is_wrong_and_so_is_what_nobody_foresaw() -> None:
    noticed = ledger()
    noticed.leave_without_numbers("500 b''")
    noticed.go_wrong("after worker killed: TimeoutError: not ready")
    first, second = wrong(noticed)
    assert first == "1 messages in a crisis got nobody to call, such as 500 b''"
    assert "not ready" in second


def test_the_report_has_who_was_answered_how_what_failed_and_what_became_of_turns() -> None:
    noticed = ledger("a", faults=(Fault("worker killed", 0.5, 2.0),))
    noticed.calls += [Call("family", 1.0, 0.1, "200"), Call("family", 1.0, 0.3, "cut off")]
    told = "\n".join(Verdict(noticed, frozenset("a"), "", 2.0).told())
    assert "| family | 2 | 1 × 200, 1 × cut off | 200 | 300 | 300 |" in told
    assert "| worker killed | 1 | 1.5 |" in told
    assert "1 turns acknowledged, 1 stored, 0 removed by their families, 0 lost." in told
