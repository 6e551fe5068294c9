"""A closed-loop HTTP load: so many keep-alive connections, each sending its next question when the last is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Load:
    """What a load showed. Latencies are in milliseconds."""

    median_ms: float
    p99_ms: float
    requests_a_second: float
    failed: int
    answers: int


def measure(port: int, requests: Callable[[int], bytes], *, connections: int, seconds: float) -> Load:
    """Return the latencies and the rate of a bounded load on this machine.

    :param port: where the service listens on 127.0.0.1.
    :param requests: the bytes of the n-th request.
    :param connections: how many at once.
    :param seconds: how long.
    :returns: the figures; an answer other than 200 counts as failed.
    """
    return asyncio.run(_measure(port, requests, connections, seconds))


async def _measure(port: int, requests: Callable[[int], bytes], connections: int, seconds: float) -> Load:
    latencies: list[float] = []
    failed = 0
    number = 0
    stop = time.perf_counter() + seconds

    async def worker() -> None:
        nonlocal failed, number
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < stop:
            number += 1
            began = time.perf_counter()
            writer.write(requests(number))
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if b"content-length" in line)
            await reader.readexactly(length)
            latencies.append((time.perf_counter() - began) * 1000)
            failed += b" 200 " not in head[:16]
            if b"connection: close" in head.lower():
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(connections)))
    spent = time.perf_counter() - began
    found = np.asarray(latencies)
    return Load(float(np.median(found)), float(np.quantile(found, 0.99)), len(found) / spent, failed, len(found))
