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
    from bot.training.reader import HeldOut

# Of messages that must not be answered, by hands that the heads did not learn from: the share that may get a quote, and
# the share that may be offered passages. A quote is taken for the answer, an offer is not.
_SHOWN_OF_REFUSALS, _NEAR_OF_REFUSALS = 0.035, 0.25
# Of the heads' hands every third line, which is enough for fifteen weights.
_EACH = 3
# The other shares to report on, and the seed that draws halves of the corpus.
_SHARES, _SEED = (0.01, 0.02, 0.03, 0.035, 0.04, 0.06, 0.08), 5


def fit_packaged_reader(
    settings: Settings, hands: Sequence[str], sentence_hands: Sequence[str], talks: Sequence[str]
) -> str:
    """Fit the reader on the current Build, write it, and return a report as text.

    :param hands: their questions and refusals show how likely an answer is; the heads must not have learned from them.
    :param sentence_hands: their marked sentences are learned from too.
    :param talks: hands of conversations, whose turns show how likely a follow-up is answered.
    """
    from bot.training.conversations import lines_of, read_talks
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
    asked = judged(lines_of(read_talks(talks), fragments=True), index.sources)
    marked = [line for line in judged(read_families(sentence_hands), index.sources) if line.quotes][::_EACH]
    run = f"train reader on hands {', '.join((*hands, *talks))}"
    fitted = fit_reader([*lines, *asked], marked, [whole, *halves], packaged_reader(), run)
    alone = list(zip(fitted.confidences, fitted.right, lines, strict=False))
    sure, near = choose_thresholds(alone, shown_of_refusals=_SHOWN_OF_REFUSALS, near_of_refusals=_NEAR_OF_REFUSALS)
    model = msgspec.structs.replace(fitted.model, sure=sure, near=near)
    with resources.as_file(resources.files("bot.models").joinpath("reader.json")) as path:
        Path(path).write_text(_one_line_a_list(msgspec.to_builtins(model)) + "\n", encoding="utf-8")
    judged_talks = list(zip(fitted.confidences[len(lines) :], fitted.right[len(lines) :], asked, strict=True))
    report = [
        *(
            _point(alone, choose_thresholds(alone, shown_of_refusals=share, near_of_refusals=share)[0])
            for share in _SHARES
        ),
        *(
            f"{kind}: {_point([one for one in judged_talks if one[2].kind == kind], sure)}"
            for kind in sorted({line.kind for line in asked})
        ),
        f"Fitted on {len(lines)} lines and {len(asked)} turns; sure from {sure}, near from {near}.",
        "Written: bot/models/reader.json",
    ]
    return "\n".join(report)


def _point(held_out: Sequence[HeldOut], sure: float) -> str:
    """Return what lines would get that nothing was learnt from."""
    quoted = {True: 0, False: 0, None: 0}
    for confidence, right, line in held_out:
        quoted[right if line.sources else None] += confidence >= sure
    asked = sum(bool(line.sources) for _, _, line in held_out)
    refused = len(held_out) - asked
    return (
        f"sure from {sure:.3f}: {quoted[None] / max(refused, 1):.3f} of {refused} refusals quoted; "
        f"of {asked} questions right {quoted[True] / max(asked, 1):.3f}, wrong {quoted[False] / max(asked, 1):.3f}"
    )


def _one_line_a_list(value: object, indent: str = "") -> str:
    """Return JSON in which the weights are easy to find, because a list of thousands of numbers is one line."""
    if not isinstance(value, dict):
        return json.dumps(value, separators=(",", ":"))
    inner = indent + " "
    lines = [f"{inner}{json.dumps(name)}: {_one_line_a_list(one, inner)}" for name, one in value.items()]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
