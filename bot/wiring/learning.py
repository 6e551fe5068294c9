"""Fit the packaged reader anew on a Build and the lines of families, and report what it achieves."""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bot.answering.judge import CandidateScorer
from bot.answering.reader import packaged_reader
from bot.answering.spelling import Speller
from bot.indexing.collection import narrowed_to
from bot.indexing.index import open_current
from bot.settings import Settings
from bot.wiring.builds import store_of

if TYPE_CHECKING:
    from bot.training.lines import FamilyLine
    from bot.training.reader import Fitted

# Of messages that must not be answered, by hands that the heads did not learn from: the share that may get a quote, and
# the share that may be offered passages. A quote is taken for the answer, an offer is not.
_SHOWN_OF_REFUSALS, _NEAR_OF_REFUSALS = 0.035, 0.25
# The other shares to report on, and the seed that draws halves of the corpus.
_SHARES, _SEED = (0.01, 0.02, 0.03, 0.035, 0.04, 0.06, 0.08), 5


def fit_packaged_reader(settings: Settings, hands: Sequence[str], sentence_hands: Sequence[str]) -> str:
    """Fit the reader on the current Build, write it, and return a report as text.

    :param hands: their questions and refusals show how likely an answer is; the heads must not have learned from them.
    :param sentence_hands: their marked sentences are learned from too.
    """
    from bot.training.lines import read_families
    from bot.training.reader import CorpusView, choose_thresholds, fit_reader, judged

    index, _ = open_current(store_of(settings))
    speller = Speller(index.vocabulary, index.common_words)

    def view(known: Collection[str]) -> CorpusView:
        part = narrowed_to(index, known)
        return CorpusView(lambda model: CandidateScorer(part, model, speller), known)

    shuffled = random.Random(_SEED).sample(sorted(index.sources), len(index.sources))
    whole, *halves = view(shuffled), view(shuffled[::2]), view(shuffled[1::2])
    lines = judged(read_families(hands), index.sources)
    marked = [line for line in judged(read_families(sentence_hands), index.sources) if line.quotes]
    run = f"train reader on hands {', '.join(hands)}"
    fitted = fit_reader(lines, marked, [whole, *halves], packaged_reader(), run)
    sure, near = choose_thresholds(
        lines,
        fitted.confidences,
        shown_of_refusals=_SHOWN_OF_REFUSALS,
        near_of_refusals=_NEAR_OF_REFUSALS,
    )
    model = msgspec.structs.replace(fitted.model, sure=sure, near=near)
    with resources.as_file(resources.files("bot.models").joinpath("reader.json")) as path:
        Path(path).write_text(_one_line_a_list(msgspec.to_builtins(model)) + "\n", encoding="utf-8")
    curve = "\n".join(_point(lines, fitted, share) for share in _SHARES)
    return f"{curve}\nFitted on {len(lines)} lines; sure from {sure}, near from {near}. Written: bot/models/reader.json"


def _point(lines: Sequence[FamilyLine], fitted: Fitted, share: float) -> str:
    """Return what held-out lines would get if a share of the messages that must not be answered were."""
    from bot.training.reader import choose_thresholds

    sure, _ = choose_thresholds(lines, fitted.confidences, shown_of_refusals=share, near_of_refusals=share)
    asked = [(c >= sure, r) for c, r, line in zip(fitted.confidences, fitted.right, lines, strict=True) if line.sources]
    right, wrong = (sum(is_sure and is_right == wanted for is_sure, is_right in asked) for wanted in (True, False))
    shown = f"right source {right / len(asked):.3f}, wrong one {wrong / len(asked):.3f}"
    return f"sure from {sure:.3f}: {share:.0%} of refusals quoted; of questions {shown}"


def _one_line_a_list(value: object, indent: str = "") -> str:
    """Return JSON in which the weights are easy to find, because a list of thousands of numbers is one line."""
    if not isinstance(value, dict):
        return json.dumps(value, separators=(",", ":"))
    inner = indent + " "
    lines = [f"{inner}{json.dumps(name)}: {_one_line_a_list(one, inner)}" for name, one in value.items()]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
