"""A process that is killed in the middle of an ingest, at a chosen touch of the file system.

For each number read from standard input it forks a child that ingests into the folder given; the child sends itself
SIGKILL just before its Nth touch (opening, making, renaming, removing), or ends if there are fewer. The line written
back is -9 when it was killed, and else how many touches there were and which of them were renamings. Forking spares
the seconds of importing for every kill.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from bot.indexing import lexical
from tests.factories import corpus, make_build, source

TOUCHES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree")


def killed_ingest(folder: Path, touch: int) -> list[int]:
    """Ingest a corpus that differs from the last one, up to the touch; return how many there were if it got through."""
    left, renamings = touch, []

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in TOUCHES or (event == "open" and str(arguments[0]).startswith(str(folder))):
            if event == "os.rename":
                renamings.append(touch - left)
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    make_build(folder, [*corpus(), source("more", f"The heart of number {touch}.")])
    return [touch - left, *renamings]


def main() -> None:
    folder = Path(sys.argv[1])
    lexical.terms_of("imports what is imported late")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            print(*killed_ingest(folder, int(line)), flush=True)  # noqa: T201
            os._exit(0)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            print(-signal.SIGKILL, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
