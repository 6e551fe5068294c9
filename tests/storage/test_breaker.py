"""A call that failed slowly is not made again by those who wait, until somebody else found that it works."""

from __future__ import annotations

import logging

import pytest

from bot.storage.breaker import CircuitBreaker


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker("The database", clock=clock)


def test_it_lets_calls_through_until_one_failed_and_again_when_one_worked(breaker: CircuitBreaker) -> None:
    assert breaker.allows()
    breaker.trip("slow")
    assert not any(breaker.allows() for _ in range(10))
    breaker.reset()
    assert breaker.allows()


def test_where_nobody_tries_beside_the_calls_one_of_them_is_let_through_to_see(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    breaker.trip("slow")
    clock.now += 10
    assert [breaker.allows() for _ in range(3)] == [True, False, False]
    breaker.trip("slow")
    clock.now += 1
    assert not breaker.allows()


def test_where_somebody_tries_again_and_again_no_call_ever_has_to(breaker: CircuitBreaker, clock: Clock) -> None:
    breaker.trip("slow")
    for _ in range(100):
        clock.now += 3
        assert breaker.is_due()
        assert not breaker.allows()
        breaker.trip("slow")


def test_what_was_not_there_at_the_start_is_waited_for_however_long(breaker: CircuitBreaker, clock: Clock) -> None:
    breaker.hold("refused")
    clock.now += 3600
    assert breaker.is_due()
    assert not breaker.allows()
    breaker.reset()
    assert breaker.allows()
    assert not breaker.held


def test_what_fails_again_soon_after_it_worked_is_tried_less_often(breaker: CircuitBreaker, clock: Clock) -> None:
    def pause_s() -> float:
        breaker.trip("slow")
        began = clock.now
        while not breaker.is_due():
            clock.now += 0.5
        breaker.reset()
        return clock.now - began

    pauses = [pause_s() for _ in range(8)]
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]
    clock.now += 60
    assert pause_s() == 1


def test_the_log_says_once_when_it_opens_and_once_when_it_closes(
    breaker: CircuitBreaker, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="bot"):
        for _ in range(5):
            breaker.trip("OperationalError")
            clock.now += 12
        breaker.reset()
        breaker.reset()
    first, last = caplog.messages
    assert "OperationalError" in first
    assert last == "The database answers again, after 60 s"
