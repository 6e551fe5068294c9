"""Print the walk of one message through the files of bot/: ``python -m bench.walk "how does it work?"``.

What is walked is the dialogue: every call that a module of bot/dialogue makes, to a module of its own room or of
another, but not what that other room then does for itself. A *return* is a call into a file that was left before; a
*climb* is a call against the imports, into a module that imports the one that calls it (a callback).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from bot import wiring
from bot.dialogue.history import turn_of
from bot.settings import read_environment

TOP = Path(__file__).parents[1]
BOT = str(TOP / "bot") + "/"
ROOMS = ("dialogue",)


@dataclass
class Walk:
    """The files that calls went into, one after another."""

    steps: list[tuple[int, str, str]] = field(default_factory=list)
    climbs: list[str] = field(default_factory=list)

    @property
    def files(self) -> list[str]:
        """Every file once, in the order of the first visit."""
        return list(dict.fromkeys(name for _, name, _ in self.steps))

    @property
    def returns(self) -> int:
        """How often a call went into a file that had been left before."""
        seen, last, count = set[str](), "", 0
        for _, name, _ in self.steps:
            count += name != last and name in seen
            seen.add(name)
            last = name
        return count


def main() -> None:
    """Print the walk and its counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("message")
    parser.add_argument("--before", help="a message before it, which it may lean on")
    options = parser.parse_args()
    dialogue, _ = wiring.open_dialogue(wiring.store_of(read_environment()))
    history = []
    if options.before:
        first = dialogue.reply(options.before)
        history = [turn_of(options.before, first.reading, first.answer)]
    # Once before, so that what is read from files only the first time is not part of the walk.
    dialogue.traced_reply(options.message, history)
    with walked() as walk:
        dialogue.traced_reply(options.message, history)
    for depth, name, function in walk.steps:
        print(f"{'  ' * depth}{name}: {function}")
    print(f"\n{len(walk.files)} files, {walk.returns} returns to a file left before, {len(walk.climbs)} climbs")
    print("\n".join(walk.climbs))


@contextmanager
def walked() -> Iterator[Walk]:
    """Yield the walk of what is called meanwhile."""
    walk = Walk()
    sys.setprofile(_recorder(walk))
    try:
        yield walk
    finally:
        sys.setprofile(None)


def _recorder(walk: Walk) -> Callable[[FrameType, str, object], None]:
    def note(frame: FrameType, event: str, _: object) -> None:
        if event != "call" or not frame.f_code.co_filename.startswith(BOT):
            return
        above = list(_frames_above(frame))
        if any(not _is_dialogue(one) for one in above):
            return
        name = _name(frame)
        if above and _name(above[0]) == name:
            return
        if frame.f_code.co_name.startswith("<"):
            return
        if above and _imports(frame, above[0]):
            walk.climbs.append(f"{_name(above[0])} calls {name}: {frame.f_code.co_qualname}")
        walk.steps.append((len({_name(one) for one in above}), name, frame.f_code.co_qualname))

    return note


def _frames_above(frame: FrameType) -> Iterator[FrameType]:
    above = frame.f_back
    while above is not None:
        if above.f_code.co_filename.startswith(BOT):
            yield above
        above = above.f_back


def _name(frame: FrameType) -> str:
    return frame.f_code.co_filename.removeprefix(BOT)


def _is_dialogue(frame: FrameType) -> bool:
    return _name(frame).split("/")[0] in ROOMS


def _imports(frame: FrameType, caller: FrameType) -> bool:
    """Whether the module of a call imports the module that it is called from."""
    wanted = "bot." + _name(caller).removesuffix(".py").replace("/", ".")
    waiting, seen = [frame.f_globals["__name__"]], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        loaded = vars(sys.modules[name]).values() if name in sys.modules else ()
        used = {getattr(value, "__module__", None) or getattr(value, "__name__", None) for value in loaded}
        waiting += [str(one) for one in used if str(one).startswith("bot.")]
    return wanted in seen and wanted != frame.f_globals["__name__"]


if __name__ == "__main__":
    main()
