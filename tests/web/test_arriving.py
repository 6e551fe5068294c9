"""A request is whole when its last byte is there, and not before, however it was cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.web.arriving import MAX_HEAD_BYTES, Arrived, ArrivingRequest

LIMIT = 100
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\n%s\r\n\r\n"
CHUNKED = POST % b"Transfer-Encoding: chunked"
WHOLE = [
    GET,
    POST % b"content-LENGTH:  5" + b"12345",
    POST % b"Content-Length: 0",
    CHUNKED + b"5\r\n12345\r\n0\r\n\r\n",
    CHUNKED + b"5;name=value\r\n0\r\n\r\n\r\nA \r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n",
    # The length does not count beside chunks; gunicorn refuses the two together.
    POST % b"Content-Length: 3\r\nTransfer-Encoding: chunked" + b"0\r\n\r\n",
]


def arrival_of(*pieces: bytes) -> list[Arrived]:
    arrival = ArrivingRequest(LIMIT)
    return [arrival.add(piece) for piece in pieces]


@pytest.mark.parametrize("request_bytes", WHOLE)
@settings(deadline=None)
@given(cuts=st.lists(st.integers(1, 120)))
def test_it_is_whole_with_its_last_byte_however_it_is_cut(request_bytes: bytes, cuts: list[int]) -> None:
    places = sorted({0, len(request_bytes), *(cut for cut in cuts if cut < len(request_bytes))})
    pieces = [request_bytes[start:end] for start, end in pairwise(places)]
    assert arrival_of(*pieces) == [Arrived.PART] * (len(pieces) - 1) + [Arrived.WHOLE]


@pytest.mark.parametrize("request_bytes", WHOLE)
def test_what_follows_is_not_waited_for(request_bytes: bytes) -> None:
    assert arrival_of(request_bytes + GET) == [Arrived.WHOLE]


def test_a_head_may_be_long_but_not_longer() -> None:
    longest = b"GET / HTTP/1.1\r\nHost: a\r\nA: ".ljust(MAX_HEAD_BYTES, b"a")
    assert arrival_of(longest, b"\r\n\r\n") == [Arrived.PART, Arrived.WHOLE]
    assert arrival_of(longest, b"a\r\n\r\n") == [Arrived.PART, Arrived.LONG_HEAD]
    assert arrival_of(longest, b"a") == [Arrived.PART, Arrived.LONG_HEAD]


@pytest.mark.parametrize(
    ("head", "longest", "longer"),
    [
        (POST % b"Content-Length: %d" % LIMIT, b"a" * LIMIT, None),
        (CHUNKED, b"10\r\n" + b"a" * 16 + b"\r\n" + b"40\r\n" + b"a" * 64 + b"\r\n0\r\n\r\n", b"ff\r\n" + b"a" * 255),
    ],
)
def test_a_body_may_be_as_long_as_the_application_takes(head: bytes, longest: bytes, longer: bytes | None) -> None:
    assert arrival_of(head + longest) == [Arrived.WHOLE]
    too_long = head + longer if longer else head.replace(b"%d" % LIMIT, b"%d" % (LIMIT + 1))
    assert arrival_of(too_long) == [Arrived.LONG_BODY]


@pytest.mark.parametrize("nonsense", [b"z\r\n", b"-1\r\n", b"\r\n", b"1" * 300])
def test_chunks_that_are_none_are_told_at_once(nonsense: bytes) -> None:
    assert arrival_of(CHUNKED + nonsense)[-1] in {Arrived.MALFORMED, Arrived.LONG_BODY}


@pytest.mark.parametrize("body", [b"3\r\n12345\r\n0\r\n\r\n", b"3\r\n123\n0\r\n\r\n", b"2\r\n12XX0\r\n\r\n"])
def test_a_chunk_is_as_long_as_it_says_or_malformed(body: bytes) -> None:
    assert arrival_of(CHUNKED + body)[-1] is Arrived.MALFORMED


@pytest.mark.parametrize(
    ("head", "arrived"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", Arrived.MALFORMED),
        (b"GET / HTTP/1.1\r\nX-Host: a\r\n\r\n", Arrived.MALFORMED),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", Arrived.MALFORMED),
        (b"GET / HTTP/1.1\r\nhost:a\r\n\r\n", Arrived.WHOLE),
        (b"GET / HTTP/1.0\r\n\r\n", Arrived.WHOLE),
    ],
)
def test_a_request_says_once_whom_it_is_for(head: bytes, arrived: Arrived) -> None:
    assert arrival_of(head) == [arrived]


def test_who_waits_to_be_asked_for_the_body_is_asked_once() -> None:
    arrival = ArrivingRequest(LIMIT)
    arrival.add(POST % b"Expect: 100-continue\r\nContent-Length: 5")
    assert [arrival.asks_to_go_on(), arrival.asks_to_go_on()] == [True, False]
