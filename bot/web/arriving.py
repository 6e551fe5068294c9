"""Follow the bytes of a request as they arrive, and say whether all of it is there.

A thread can then read the request without waiting. Knows nothing of sockets. gunicorn reads the same bytes again and
alone decides what they mean, so this reader cannot make two readers disagree about where a request ends.
"""

from __future__ import annotations

import re
from enum import Enum

# Browsers send one to four KiB. gunicorn's own limits on a line and on the number of fields hold as well.
MAX_HEAD_BYTES = 65536

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n", re.IGNORECASE)
_HOST = re.compile(rb"\r\nhost:[ \t]*([^\r\n]*)(?=\r\n)", re.IGNORECASE)
_NEEDS_HOST = re.compile(rb"\A[^\r\n]* HTTP/1\.1\r\n")
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r\n]*chunked", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,15})[ \t]*(?:;[^\r\n]*)?")
# A longer chunk-size line is malformed.
_MAX_SIZE_LINE = 256


class Arrived(Enum):
    """How much of a request has arrived."""

    PART = "part"
    WHOLE = "whole"
    LONG_HEAD = "long head"
    LONG_BODY = "long body"
    MALFORMED = "malformed"


class ArrivingRequest:
    """A request that is still arriving."""

    def __init__(self, max_body_bytes: int) -> None:
        """Start with no bytes.

        :param max_body_bytes: a longer body is not waited for
        """
        self.received = bytearray()
        self._max_body = max_body_bytes
        self._searched = 0
        self._body_at = 0
        self._body_end: int | None = None
        self._next_chunk = 0
        self._in_trailers = False
        self._expects = False
        self._is_malformed = False

    def add(self, data: bytes) -> Arrived:
        """Add ``data`` and return how much has arrived; no byte is searched twice."""
        self.received += data
        if not self._body_at:
            at = self.received.find(_END_OF_HEAD, self._searched)
            self._searched = max(0, len(self.received) - 3)
            if max(at, 0) > MAX_HEAD_BYTES or (at < 0 and len(self.received) > MAX_HEAD_BYTES):
                return Arrived.LONG_HEAD
            if at < 0:
                return Arrived.PART
            self._read_head(at + len(_END_OF_HEAD))
        return Arrived.MALFORMED if self._is_malformed else self._body_arrived()

    def asks_to_go_on(self) -> bool:
        """Say whether the client waits for a 100 before it sends the body; true only once."""
        asks, self._expects = self._expects, False
        return asks

    def _read_head(self, body_at: int) -> None:
        head = bytes(self.received[:body_at])
        self._body_at = self._next_chunk = body_at
        self._expects = bool(_EXPECTS.search(head))
        # RFC 9112 section 3.2: an HTTP/1.1 request has exactly one Host, or gets a 400.
        self._is_malformed = bool(_NEEDS_HOST.match(head)) and len(_HOST.findall(head)) != 1
        if not _CHUNKED.search(head):
            length = _LENGTH.search(head)
            self._body_end = body_at + (int(length[1]) if length else 0)

    def _body_arrived(self) -> Arrived:
        if self._body_end is None and self._follow_chunks():
            return Arrived.MALFORMED if self._is_malformed else Arrived.WHOLE
        end = len(self.received) if self._body_end is None else self._body_end
        if end - self._body_at > self._max_body:
            return Arrived.LONG_BODY
        return Arrived.PART if self._body_end is None or len(self.received) < end else Arrived.WHOLE

    def _follow_chunks(self) -> bool:
        """Whether the end has arrived, or a malformed chunk after which nothing can be read."""
        while not self._in_trailers:
            line_end = self.received.find(b"\r\n", self._next_chunk, self._next_chunk + _MAX_SIZE_LINE)
            if line_end < 0:
                self._is_malformed = len(self.received) >= self._next_chunk + _MAX_SIZE_LINE
                return self._is_malformed
            size = _CHUNK_SIZE.fullmatch(self.received, self._next_chunk, line_end)
            if size is None or self._ends_elsewhere():
                self._is_malformed = True
                return True
            self._in_trailers = not int(size[1], 16)
            # The trailers begin at the end of this line, so that an immediate empty line ends them.
            self._next_chunk = line_end if self._in_trailers else line_end + 2 + int(size[1], 16) + 2
        return self.received.find(_END_OF_HEAD, self._next_chunk) >= 0

    def _ends_elsewhere(self) -> bool:
        """Whether the previous chunk, if any, is longer or shorter than it says."""
        at = self._next_chunk
        return at > self._body_at and self.received[at - 2 : at] != b"\r\n"
