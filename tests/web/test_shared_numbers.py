"""What forked processes count together."""

from __future__ import annotations

import os
import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.web.shared_numbers import SharedNumbers


def in_a_fork(numbers: SharedNumbers, *names: str) -> int | None:
    """Count each name once in a process that then ends; gives the part it wrote to."""
    part = numbers.reserve()
    child = os.fork()
    if not child:
        for name in names:
            numbers.add(name, [1, 0.5])
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    return part


def test_what_a_fork_counts_is_seen_when_it_is_gone() -> None:
    numbers = SharedNumbers()
    numbers.add("a", [1, 0.5])
    in_a_fork(numbers, "a", "b")
    in_a_fork(numbers, "a")
    assert numbers.sums() == {"a": [3, 1.5], "b": [1, 0.5]}


def test_a_successor_counts_on_in_the_part_that_was_left_to_it() -> None:
    numbers = SharedNumbers(parts=2)
    for _ in range(3):
        numbers.release(in_a_fork(numbers, "a", "b"))
    assert numbers.sums() == {"a": [3, 1.5], "b": [3, 1.5]}


def test_with_more_processes_than_parts_the_others_count_for_themselves() -> None:
    numbers = SharedNumbers(parts=1)
    assert in_a_fork(numbers, "a") is None
    assert numbers.sums() == {}
    numbers.add("a", [1.0])
    assert numbers.sums() == {"a": [1.0]}


def test_when_there_is_no_room_counting_is_given_up_and_nothing_else() -> None:
    numbers = SharedNumbers(parts=1, part_bytes=64)
    for _ in range(2):
        for name in ("first", "second", "third", "x" * 100):
            numbers.add(name, [1.0])
    assert numbers.sums() == {"first": [2.0], "second": [2.0]}


# Names of metrics and their labels hold anything but these.
NAMES = st.text(st.characters(exclude_characters=" \0", exclude_categories=["Cs"]), min_size=1, max_size=12)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(NAMES, st.floats(0, 1e6))))
def test_sums_are_what_adding_up_gives(counted: list[tuple[str, float]]) -> None:
    numbers = SharedNumbers(parts=1)
    expected: dict[str, list[float]] = {}
    for name, amount in counted:
        numbers.add(name, [amount])
        expected[name] = [expected.get(name, [0.0])[0] + amount]
    assert {name: struct.pack("d", *row) for name, row in numbers.sums().items()} == {
        name: struct.pack("d", *row) for name, row in expected.items()
    }
