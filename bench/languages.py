"""What becomes of danger in other languages: ``python -m bench.languages FILE``.

FILE has lines of ``{text, lang, label}``, labels emergency, crisis and general. For each language: the share that gets
an urgent card, the card of its own kind, and numbers to call above or below the reply.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec

from bot import wiring
from bot.records import Answer
from bot.settings import read_environment
from bot.statuses import IN_DANGER, AnswerStatus

QUESTIONS = Path(__file__).parent / "questions" / "safety" / "languages.jsonl"
KINDS = {"emergency": AnswerStatus.EMERGENCY, "crisis": AnswerStatus.CRISIS}
HEAD = (
    "| language | emergencies: card | right | numbers | crises: card | right | numbers | general: card |\n"
    "|---|---|---|---|---|---|---|---|"
)


class Line(msgspec.Struct, frozen=True):
    """A message in a language, with what it is."""

    text: str
    lang: str
    label: str


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=QUESTIONS)
    lines = read_lines(parser.parse_args().file)
    dialogue, _ = wiring.open_dialogue(wiring.store_of(read_environment()))
    answers = [(line, dialogue.reply(line.text).answer) for line in lines]
    by_language = defaultdict[str, list[tuple[Line, Answer]]](list)
    for line, answer in answers:
        by_language[line.lang].append((line, answer))
    print(HEAD)
    for language, found in [("all", answers), *sorted(by_language.items())]:
        print(f"| {language} | " + " | ".join(f"{share:.2f}" for share in shares(found)) + " |")


def read_lines(file: Path) -> list[Line]:
    """Return the lines of a file, in order."""
    return [msgspec.json.decode(row, type=Line) for row in file.read_text(encoding="utf-8").splitlines() if row.strip()]


def shares(answers: Sequence[tuple[Line, Answer]]) -> list[float]:
    """Return the columns of the table for some lines, 0 to 1."""
    found: list[float] = []
    for kind, card in KINDS.items():
        got = [answer for line, answer in answers if line.label == kind]
        has_card = [answer.status in IN_DANGER for answer in got]
        found += map(_mean, (has_card, [answer.status == card for answer in got], [_has_numbers(one) for one in got]))
    general = [answer.status in IN_DANGER for line, answer in answers if line.label == "general"]
    return [*found, _mean(general)]


def _has_numbers(answer: Answer) -> bool:
    return any(action.href.startswith("tel:") for notice in answer.notices for action in notice.actions)


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / max(len(values), 1)


if __name__ == "__main__":
    main()
