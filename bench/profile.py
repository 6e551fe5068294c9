"""Where an answer's processor time goes, step by step, under load: ``python -m bench.profile``.

The real service runs with one worker under gunicorn and is asked by a few connections. Its processor time is what the
kernel counts; py-spy looks many times a second at what its threads run, and each look goes to the innermost function of
``STEPS`` on the stack. py-spy changes no line of the service and sees what is not ours as well, such as gunicorn,
SQLAlchemy and what numpy does; clocks around functions would have to be put into the code, and a clock of a thread's
processor time takes as long as some of the steps.

The encoder's own pass is timed twice: within the service, and alone in a loop over as many questions.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from bench.load import measure
from bench.services import Service, ours, questions_of
from bot import wiring
from bot.indexing.encoder import OnnxEncoder
from bot.indexing.index import open_current
from bot.settings import read_environment

# A step and the functions, each behind its file, that are its own; the innermost one on the stack counts.
STEPS = {
    "read: language, greeting": "bot/dialogue/normalise.normalise",
    "look for danger": "bot/dialogue/danger.look_for_danger bot/dialogue/danger.refer",
    "encoder's pass": "bot/indexing/encoder._encode",
    "asked before": "bot/dialogue/recall.recall bot/dialogue/recall.keep",
    "small talk, more, story": "bot/dialogue/translate.translate bot/dialogue/talk.talk "
    "bot/dialogue/resume.resume bot/dialogue/contextualise.contextualise",
    "spelling, terms, names": "bot/answering/question.parse_question bot/answering/spelling.correct "
    "bot/answering/evidence.asked_of",
    "retrieval": "bot/answering/judge.look_up bot/answering/retrieve.retrieve",
    "late interaction": "bot/answering/retrieve._read_closely",
    "reading head: windows, bank": "bot/answering/judge._reading_of bot/answering/judge._nearest_rows "
    "bot/answering/judge._rank_by_reading",
    "features": "bot/answering/judge._read_passages bot/answering/evidence.weigh "
    "bot/answering/signals.signals_of_places",
    "reader": "bot/answering/judge._judge bot/answering/reader.probabilities",
    "approved answers": "bot/answering/curated.match bot/triage/curating/live.entries",
    "ask back": "bot/dialogue/decide.decide",
    "quoting": "bot/answering/answer.compose",
    "onward: terms, questions": "bot/answering/glossary.found_in bot/answering/onward.next_questions",
    "parts, in general, numbers": "bot/dialogue/parts.read_parts "
    "bot/dialogue/generalise.generalise bot/dialogue/accompany.accompany",
    "trace": "bot/answering/trace.told bot/storage/memory._packed",
    "answer as it is sent": "bot/web/wire.answer_on_wire",
    "personal details out": "bot/storage/remembering._without_details",
    "storing the turn": "bot/storage/memory.record",
    "telling triage": "bot/triage/tickets/intake.told bot/triage/tickets/intake._run",
    "JSON": "bot/storage/stored_answer.encode_answer bot/web/responses.json_response "
    "bot/web/parsing.chat_request bot/web/turn._record",
    "limits, site, metrics": "bot/web/callers.answering_site bot/web/rates._say bot/web/metrics._record",
    "a turn's other work": "bot/web/turn.take_turn",
    "Flask": "flask/app.wsgi_app",
    "gunicorn, Python": "",
}
_BY_FUNCTION = {function: step for step, functions in STEPS.items() for function in functions.split()}
ENCODING, _OTHERS = "encoder's pass", "gunicorn, Python"
# As py-spy writes a frame: the function, and where it is.
_FRAME = re.compile(r"(\S+) \((.+?)\.py(?::\d+)?\)")
# Where threads only wait; on a busy machine py-spy takes some that have just begun to for running.
_WAITING = ("threading.wait", "selectors.select", "concurrent/futures/thread._worker", "connections._watch")
_PASSES = 400


def main() -> None:
    """Print the table."""
    options = _options()
    settings = read_environment()
    index, _ = open_current(wiring.store_of(settings))
    question = questions_of(index)
    with TemporaryDirectory() as scratch, ours(Path(scratch), 1, index=settings.index) as service:
        _asked(service, question, options.connections, 2)
        before = service.processor_s()
        answers = _asked(service, question, options.connections, options.seconds)
        whole_ms = (service.processor_s() - before) * 1000 / answers
        stacks = _stacks(service, question, options, Path(scratch) / "stacks.txt")
    if options.stacks:
        options.stacks.write_text("".join(f"{stack} {count}\n" for stack, count in stacks.items()), encoding="utf-8")
    print(_table(cost_by_step(stacks, whole_ms), encoder_ms(index.encoder, question)))
    print(f"\n{answers} answers, {sum(stacks.values())} looks at {options.connections} connections")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=15.0, help="of the load, once counted and once looked at")
    parser.add_argument("--rate", type=int, default=500, help="looks a second")
    parser.add_argument("--stacks", type=Path, help="write what was seen, for a flame graph")
    return parser.parse_args()


def _asked(service: Service, question: Callable[[], str], connections: int, seconds: float) -> int:
    """Ask, and return how many answers came."""
    load = measure(service.port, lambda _: service.request(question()), connections=connections, seconds=seconds)
    if load.failed:
        raise SystemExit(f"{load.failed} of {load.answers} requests failed: the figures would be of something else")
    return load.answers


def _stacks(service: Service, question: Callable[[], str], options: argparse.Namespace, seen: Path) -> Counter[str]:
    """How often each stack of a running thread was seen while the service was asked."""
    (worker,) = service.workers()
    # Not stopping the worker at each look, which would cost it more than some of the steps.
    command = ["py-spy", "record", "--nonblocking", "--pid", str(worker.pid), "--rate", str(options.rate)]
    command += ["--duration", str(int(options.seconds)), "--format", "raw", "--full-filenames", "--output", str(seen)]
    with subprocess.Popen(
        [str(Path(sys.executable).with_name(command[0])), *command[1:]],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as spy:
        _asked(service, question, options.connections, options.seconds + 1)
        if spy.wait(timeout=60):
            raise SystemExit("py-spy saw nothing: it may need to run as the same user, or as root")
    found: Counter[str] = Counter()
    for line in seen.read_text(encoding="utf-8").splitlines():
        stack, _, count = line.rpartition(" ")
        if not _called(stack.rpartition(";")[2]).endswith(_WAITING):
            found[stack] += int(count)
    return found


def cost_by_step(stacks: Counter[str], whole_ms: float) -> dict[str, float]:
    """Return the milliseconds of each step: its share of what was seen of the whole."""
    seen = Counter(dict.fromkeys(STEPS, 0))
    for stack, count in stacks.items():
        seen[_step_of(stack)] += count
    return {step: whole_ms * count / seen.total() for step, count in seen.items()}


def _step_of(stack: str) -> str:
    """The step of the innermost function that is one's own; stacks begin with the outermost."""
    for frame in reversed(stack.split(";")):
        called = _called(frame)
        step = next((step for function, step in _BY_FUNCTION.items() if called.endswith(function)), None)
        if step is not None:
            return step
    return _OTHERS


def _called(frame: str) -> str:
    """The function of a frame behind its file."""
    found = _FRAME.fullmatch(frame)
    return f"{found[2]}.{found[1].rpartition('.')[2]}" if found else ""


def encoder_ms(encoder: OnnxEncoder, question: Callable[[], str]) -> float:
    """Return the processor milliseconds of the encoder's pass in a loop of its own, for questions of the same kind."""
    encoder.warm_up()
    questions = [question() for _ in range(_PASSES)]
    began = process_time()
    for text in questions:
        encoder.encode_question(text)
    return (process_time() - began) * 1000 / _PASSES


def _table(by_step: dict[str, float], alone_ms: float) -> str:
    whole, encoding = sum(by_step.values()), by_step[ENCODING]
    lines = ["| step | processor ms | share |", "|---|---:|---:|"]
    lines += [f"| {step} | {ms:.2f} | {ms / whole:.1%} |" for step, ms in by_step.items()]
    lines += [f"| an answer | {whole:.2f} | |", f"| the encoder's pass in a loop of its own | {alone_ms:.2f} | |", ""]
    return "\n".join(
        [*lines, f"An answer is {whole / encoding:.2f} times the pass, {whole / alone_ms:.2f} times that in a loop."]
    )


if __name__ == "__main__":
    main()
