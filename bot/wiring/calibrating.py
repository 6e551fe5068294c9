"""Judged questions in, the calibration that ships with the project out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

import bot
from bot.answering.answer import Answerer
from bot.answering.confidence import Calibration
from bot.settings import Settings
from bot.wiring.builds import ingest, open_answerer, store_of

if TYPE_CHECKING:
    from bot.measuring.calibration import CalibrationResult

# Sources that calibration also indexes one by one, and of how many off-topic texts one is put to each.
_ALONE, _FEWER = 10, 10

Questions = Sequence[tuple[str, frozenset[str]]]


def calibrate(
    settings: Settings,
    left_out: Path,
    data: Sequence[Path],
    off_topic: Path,
    corpus: Path,
    starter: Sequence[Path],
    work: Path,
    progress: Callable[[str, int, int], None],
) -> CalibrationResult:
    """Fit the confidence: half of one set left out, others whole, our own corpus, also source by source, and chatter
    put to all of them.

    :param settings: the deployment's settings; Builds go to ``work``.
    :param left_out: BEIR folder of which half is indexed.
    :param data: BEIR folders that are indexed whole.
    :param off_topic: lines of texts that nothing answers.
    :param corpus: our corpus.
    :param starter: folders of judged questions about our corpus; of several splits the one named ``dev``.
    :param work: folder for Builds; embeddings in it are reused.
    :param progress: as for ``ingest``.
    :returns: the calibration and its shares.
    """
    from bot.measuring.calibration import ONE_SOURCE, collect
    from bot.measuring.calibration import calibrate as choose
    from bot.measuring.gold import read_gold
    from bot.measuring.protocol import read_off_topic, read_own, with_sources, write_half

    chatter = [(text, frozenset[str]()) for text in read_off_topic(off_topic)]
    examples = []

    def ask(name: str, corpora: Sequence[Path], folder: str, questions: Questions) -> Answerer:
        chosen = replace(settings, index=work / f"{folder}-builds", keep_builds=1)
        ingest(chosen, corpora, progress)
        answerer, _ = open_answerer(store_of(chosen))
        examples.extend(collect(answerer, name, questions, lambda source: answerer.source(source) is not None))
        return answerer

    half = work / f"{left_out.name}-half"
    write_half(left_out, half)
    ask(f"{left_out.name} (half)", [half], half.name, with_sources(read_gold(left_out)))
    for folder in data:
        answerer = ask(folder.name, [folder], folder.name, with_sources(read_gold(folder)))
        examples += collect(answerer, f"off topic, {folder.name}", chatter, lambda _: False)
    own = {folder.name: with_sources(read_own(folder)) for folder in starter}
    for name, questions in own.items():
        answerer = ask(name, [corpus], "starter", questions)
    examples += collect(answerer, "off topic, starter", chatter, lambda _: False)
    alone = sorted(corpus.glob("explainers/*.md"))[:_ALONE]
    for path in alone:
        answerer = ask(ONE_SOURCE, [path], f"alone-{path.stem}", [entry for found in own.values() for entry in found])
        examples += collect(answerer, f"off topic, {ONE_SOURCE}", chatter[::_FEWER], lambda _: False)
    sha = answerer.model_sha256
    return choose(examples, sha, fitted_on=", ".join([left_out.name, *(folder.name for folder in [*data, *starter])]))


def write_calibration(calibration: Calibration) -> Path:
    """Replace the calibration that ships with the project.

    :param calibration: as from ``calibrate``.
    :returns: the file.
    """
    path = Path(bot.__file__).parent / "answering" / "calibration.json"
    temporary = path.with_suffix(".partial")
    temporary.write_bytes(msgspec.json.format(msgspec.json.encode(calibration), indent=2) + b"\n")
    temporary.replace(path)
    return path
