"""A Build and the lines of families -> the packaged reader, fitted anew, with what it was seen to do."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import msgspec

from bot.answering.judge import Judge
from bot.answering.reader import ReaderModel, packaged_reader
from bot.answering.spelling import Speller
from bot.indexing.index import open_current
from bot.settings import Settings
from bot.wiring.builds import store_of

# Of messages that must not be answered, by hands that the heads did not learn from, the share that may be quoted, and
# the share that may be offered passages: a quote is taken for the answer, an offer is not.
_SHOWN_OF_REFUSALS, _NEAR_OF_REFUSALS = 0.04, 0.25


def fit_packaged_reader(settings: Settings, hands: Sequence[str], sentence_hands: Sequence[str]) -> str:
    """Fit the reader on the current Build, write it, and return what was done as text.

    :param settings: name the Build.
    :param hands: whose questions and refusals say how likely an answer is; the heads must not have learnt from them.
    :param sentence_hands: whose marked sentences are learnt from too.
    :returns: one line for people.
    """
    from bot.training.lines import read_families
    from bot.training.reader import choose_thresholds, confidences_of, fit_reader, judged

    index, _ = open_current(store_of(settings))
    speller = Speller(index.vocabulary, index.common_words)

    def judge_of(model: ReaderModel) -> Judge:
        return Judge(index, model, speller)

    lines = judged(read_families(hands), index.sources)
    marked = [line for line in judged(read_families(sentence_hands), index.sources) if line.quotes]
    model = fit_reader(lines, marked, judge_of, packaged_reader(), f"train reader on hands {', '.join(hands)}")
    sure, near = choose_thresholds(
        lines,
        confidences_of(lines, judge_of(model)),
        shown_of_refusals=_SHOWN_OF_REFUSALS,
        near_of_refusals=_NEAR_OF_REFUSALS,
    )
    model = msgspec.structs.replace(model, sure=sure, near=near)
    with resources.as_file(resources.files("bot.models").joinpath("reader.json")) as path:
        Path(path).write_bytes(msgspec.json.format(msgspec.json.encode(model), indent=1) + b"\n")
    return f"Fitted on {len(lines)} lines; sure from {sure}, near from {near}. Written: bot/models/reader.json"
