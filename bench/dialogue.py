"""What looking for danger and reading a question in its conversation add: ``python -m bench.dialogue``.

Each question is answered alone and as a message of a conversation, in turns and in changing order, each time without
what the encoder remembers of it. The medians of the pairs' differences are printed.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bot import wiring
from bot.answering.answer import Answerer
from bot.dialogue import Dialogue
from bot.dialogue.history import History, turn_of
from bot.safety.danger import SafetyClassifier, packaged_thresholds
from bot.safety.languages import urgent_by_words
from bot.settings import read_environment

QUESTIONS = Path(__file__).parent / "questions" / "families" / "queries.jsonl"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, default=QUESTIONS, help="lines of {text}")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    dialogue, _ = wiring.open_dialogue(wiring.store_of(read_environment()))
    texts = [json.loads(line)["text"] for line in options.questions.read_text("utf-8").splitlines()]
    first = "what is gene therapy?"
    reply = dialogue.reply(first)
    before = [turn_of(first, reply.reading, reply.answer)]
    watch = SafetyClassifier(packaged_thresholds(), dialogue.answerer.message_kinds, urgent_by_words)
    ways: dict[str, Callable[[str], object]] = {
        "the answer alone": dialogue.answerer.answer,
        "first message of a conversation": dialogue.reply,
        "second message of a conversation": lambda text: _after(dialogue, first, text, before),
        "second message, the first one forgotten": lambda text: dialogue.reply(text, before),
        "looking for danger, after encoding": lambda text: watch.look(text, dialogue.answerer.vectors_of),
    }
    spent = _measured(dialogue, texts * options.rounds, ways)
    alone = spent["the answer alone"]
    print("| what | median ms | more than the answer alone, median of pairs |\n|---|---:|---:|")
    for name, times in spent.items():
        more = "" if name.startswith(("the answer", "looking")) else f"{median(map(float.__sub__, times, alone)):.2f}"
        print(f"| {name} | {median(times):.2f} | {more} |")
    print(f"\n{len(texts)} questions, {options.rounds} rounds")


def _measured(dialogue: Dialogue, texts: list[str], ways: dict[str, Callable[[str], object]]) -> dict[str, list[float]]:
    draw = random.Random(7)
    found: dict[str, list[float]] = {name: [] for name in ways}
    for text in texts:
        for name in draw.sample(list(ways), len(ways)):
            _forget(dialogue.answerer)
            if name.startswith("looking"):
                dialogue.answerer.vectors_of(text)
            began = time.perf_counter()
            told = ways[name](text)
            seconds = told if isinstance(told, float) else time.perf_counter() - began
            found[name].append(seconds * 1000)
    return found


def _after(dialogue: Dialogue, first: str, text: str, before: History) -> object:
    """A second message at a worker that has answered the first one."""
    dialogue.answerer.vectors_of(first)
    began = time.perf_counter()
    dialogue.reply(text, before)
    return time.perf_counter() - began


def _forget(answerer: Answerer) -> None:
    """Let the encoder forget the texts it has seen lately, by showing it as many others as it keeps."""
    answerer._index.encoder._lately.cache_clear()


if __name__ == "__main__":
    main()
