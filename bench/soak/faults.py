"""What is done to the service, each until it is well again: what fails on the bad days of a year, in an hour.

In: a stand with the service and its database. Out: the same, in order, however long that takes. What must not be lost
is said by the verdict.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
from collections.abc import Callable
from contextlib import suppress
from time import sleep
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from bench.soak.stand import Stand

# Not a byte more in any file; what is there stays and can be read.
_NO_ROOM = 0
# A zone that was set wrong, a day, and a battery that is empty.
_JUMPS_S = (3600, 86_400, 400 * 86_400)
# While the database is away, or cannot write, answers go on and are not stored: docs/runbooks/database-away.md.
NOT_STORED_DURING = frozenset({"database stopped", "database paused", "database restarted", "database's disk full"})
CLOCK_JUMPS = "clock jumps"
# While a disk is full, the log can be written no more.
NOT_LOGGED_DURING = frozenset({"service's disk full"})
CUT_OFF_DURING = frozenset({"worker killed", "all killed", "workers renewed"})


def worker_killed(stand: Stand, draw: random.Random) -> None:
    """One worker dies at once, as when the kernel needs its memory."""
    workers = psutil.Process(stand.pid).children()
    if workers:
        draw.choice(workers).kill()
    stand.wait_until_ready()


def all_killed(stand: Stand, draw: random.Random) -> None:
    """Every process of the service dies at once, and it is started anew."""
    with suppress(ProcessLookupError):
        os.killpg(stand.pid, signal.SIGKILL)
    stand.start_again()


def workers_renewed(stand: Stand, draw: random.Random) -> None:
    """HUP, as after a change of settings."""
    os.kill(stand.master().pid, signal.SIGHUP)
    sleep(draw.uniform(1, 3))
    stand.wait_until_ready()


def database_stopped(stand: Stand, draw: random.Random) -> None:
    """The database is gone as after a power cut, for a while."""
    stand.postgres.stop()
    sleep(draw.uniform(2, 12))
    stand.postgres.start()
    stand.wait_until_stored()


def database_restarted(stand: Stand, draw: random.Random) -> None:
    """The database is restarted, as for an update."""
    stand.postgres.stop()
    stand.postgres.start()
    stand.wait_until_stored()


def database_paused(stand: Stand, draw: random.Random) -> None:
    """The database takes connections and answers nothing."""
    stand.postgres.pause()
    sleep(draw.uniform(2, 12))
    stand.postgres.resume()
    stand.wait_until_stored()


def database_disk_full(stand: Stand, draw: random.Random) -> None:
    """The database can write no more; if that ends it, it is started when there is room again."""
    processes = stand.postgres_processes()
    _limit(processes, _NO_ROOM)
    sleep(draw.uniform(2, 10))
    _limit(stand.postgres_processes() or processes, resource.RLIM_INFINITY)
    stand.postgres_again()
    stand.wait_until_stored()


def service_disk_full(stand: Stand, draw: random.Random) -> None:
    """The service can write no more: not its log, not a file in its temporary folder."""
    processes = [psutil.Process(stand.pid), *psutil.Process(stand.pid).children(recursive=True)]
    _limit(processes, _NO_ROOM)
    sleep(draw.uniform(2, 10))
    # Those that were started meanwhile have the limit of their parent.
    _limit([*processes, *psutil.Process(stand.pid).children(recursive=True)], resource.RLIM_INFINITY)
    stand.wait_until_ready()


def temporary_files_gone(stand: Stand, draw: random.Random) -> None:
    """A cleaner takes everything out of the temporary folder, now and then the folder itself."""
    for path in stand.temporary.iterdir():
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    if draw.random() < 0.3:
        shutil.rmtree(stand.temporary, ignore_errors=True)
        sleep(draw.uniform(1, 5))
        stand.temporary.mkdir(exist_ok=True)
    stand.wait_until_ready()


def clock_jumps(stand: Stand, draw: random.Random) -> None:
    """The clock of the service's machine is put forward or back by an hour or more, and right again after a while."""
    stand.put_clock(draw.choice((-1, 1)) * draw.choice(_JUMPS_S))
    sleep(draw.uniform(2, 12))
    stand.put_clock(0)
    stand.wait_until_stored()


FAULTS: dict[str, Callable[[Stand, random.Random], None]] = {
    "worker killed": worker_killed,
    "database stopped": database_stopped,
    CLOCK_JUMPS: clock_jumps,
    "database paused": database_paused,
    "all killed": all_killed,
    "temporary files gone": temporary_files_gone,
    "database restarted": database_restarted,
    "service's disk full": service_disk_full,
    "workers renewed": workers_renewed,
    "database's disk full": database_disk_full,
}


def _limit(processes: list[psutil.Process], most_bytes: int) -> None:
    """Let processes write files of no more bytes; the hard limit stays, so that it can be lifted again."""
    for process in processes:
        with suppress(psutil.Error, OSError):
            process.rlimit(psutil.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))
