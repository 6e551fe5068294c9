"""Exemplars and judged messages -> the safety model, and how well it tells danger.

The model is learnt from the exemplars alone; the floors are chosen on judged messages that others wrote. In: texts with
kinds. Out: weights, and a confusion table. It must not know how a referral is worded.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.answering.grams import Gram, letter_grams, plain, rarities, word_grams
from bot.conversing.safety import danger as danger_module
from bot.conversing.safety.danger import Danger, SafetyModel, VectorOf, Watch, Weights, parts_of
from bot.conversing.safety.features import row_of
from bot.conversing.safety.patterns import packaged_patterns
from bot.errors import CorpusError
from bot.measuring.regression import Floats, regress

FOLDER = Path(danger_module.__file__).parent
NONE = "none"
LABELS: dict[str, str] = {"emergency": "emergency", "crisis": "crisis", "personal_medical": "personal", NONE: NONE}

# Run "safety", five-fold over 2,372 exemplars: .03, .1, .3 and 1 find .834, .839, .847 and .820 of what is urgent at
# 2 % false alarms; without runs of words and letters .70.
_PENALTY = 0.3
_DIGITS = 3
# Runs that fewer exemplars have are left out.
_FEWEST = {"w": 2, "c": 3}
# The share of harmless messages that may be referred, of those that floors are chosen on.
_FALSE_ALARMS = {"urgent": 0.02, "personal": 0.05}
# A sentence out of its message has lost what takes danger back, so more must speak for it. Development messages found
# at 2 % false alarms: .692 with .7, .758 with 1.5, .800 with sentences not read at all; but then danger at the end of
# a long story goes unseen.
_SENTENCE_MORE = 1.5


class JudgedMessage(msgspec.Struct, frozen=True, rename={"id": "_id"}):
    """A message, and what it is."""

    id: str
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class SafetyReport:
    """What became of judged messages: ``table`` counts pairs of what a message is and what it was taken for; ``wrong``
    are those taken for something else, with the danger that was seen."""

    table: Counter[tuple[str, str]]
    wrong: tuple[tuple[JudgedMessage, Danger | None], ...]

    def share(self, of: Iterable[str], taken_for: Iterable[str]) -> float:
        """Return the share of some messages that was taken for something.

        :param of: what they are.
        :param taken_for: what for.
        :returns: 0..1; 0 without such messages.
        """
        labels, wanted = set(of), set(taken_for)
        number = sum(count for (label, _), count in self.table.items() if label in labels)
        found = sum(count for (label, taken), count in self.table.items() if label in labels and taken in wanted)
        return found / number if number else 0.0


def read_messages(paths: Sequence[Path]) -> list[JudgedMessage]:
    """Return the judged messages of files.

    :param paths: files with one JSON object a line: ``_id``, ``text``, ``label``.
    :returns: messages in the order of the files.
    :raises CorpusError: for a line that is none, or has another label than those of ``LABELS``.
    """
    messages = []
    for path in paths:
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            try:
                message = msgspec.json.decode(line, type=JudgedMessage)
            except msgspec.DecodeError as error:
                raise CorpusError(str(path), number, f"this is no judged message: {error}", _CURE) from error
            if message.label not in LABELS:
                raise CorpusError(str(path), number, f"the label is {message.label!r}", _CURE)
            messages.append(message)
    return messages


_CURE = f"Write {{_id, text, label}} with a label of {', '.join(LABELS)}."


def read_exemplars(questions: Sequence[str]) -> list[tuple[str, str]]:
    """Return all exemplars, with questions of families that are none of danger's business.

    :param questions: ordinary questions.
    :returns: texts with their kinds.
    """
    groups = [group for path in _files() for group in _load(path)["group"]]
    return [
        *((message, group["kind"]) for group in groups for message in group["messages"]),
        *((question, NONE) for question in questions),
    ]


def learnt_from() -> str:
    """Return a digest of what the model is learnt from, so that a test can tell when it is out of date.

    :returns: hexadecimal digits.
    """
    digest = hashlib.sha256()
    for path in [*_files(), FOLDER / "patterns.toml"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def fit_safety(
    exemplars: Sequence[tuple[str, str]], dev: Sequence[JudgedMessage], vector_of: VectorOf, model_sha256: str
) -> SafetyModel:
    """Return the model learnt from exemplars, with floors chosen on judged messages.

    :param exemplars: from ``read_exemplars``.
    :param dev: judged messages that the floors are chosen on.
    :param vector_of: gives a text's vector.
    :param model_sha256: of the model that it is from.
    :returns: the model.
    """
    texts, kinds = [text for text, _ in exemplars], np.asarray([kind for _, kind in exemplars])
    grams = grams_in(texts)
    rows = rows_of(texts, vector_of, grams)
    urgent = np.isin(kinds, ("emergency", "crisis"))
    rarities = {run: gram.rarity for run, gram in grams.items()}
    model = SafetyModel(
        model_sha256,
        learnt_from(),
        rarities,
        urgent=_fit(rows, urgent),
        crisis=_fit(rows[urgent], kinds[urgent] == "crisis"),
        personal=_fit(rows[~urgent], kinds[~urgent] == "personal"),
    )
    harmless = [message.text for message in dev if LABELS[message.label] == NONE]
    return replace(
        model,
        urgent=_with_floor("urgent", model.urgent, harmless, vector_of, grams),
        personal=_with_floor("personal", model.personal, harmless, vector_of, grams),
    )


def grams_in(texts: Sequence[str]) -> dict[str, Gram]:
    """Return the runs of words and letters that several texts have.

    :param texts: exemplars.
    :returns: runs in alphabetical order.
    """
    read = [plain(text) for text in texts]
    found = rarities([[*word_grams(one), *letter_grams(one)] for one in read], _FEWEST)
    return {run: Gram(place, rarity) for place, (run, rarity) in enumerate(found.items())}


def judge_messages(
    messages: Sequence[JudgedMessage], model: SafetyModel, vector_of: VectorOf, model_sha256: str
) -> SafetyReport:
    """Return what becomes of judged messages.

    :param messages: judged messages.
    :param model: the model.
    :param vector_of: gives a text's vector.
    :param model_sha256: of the model that it is from.
    :returns: counts, and the messages that were taken for something else.
    """
    watch = Watch(model, model_sha256)
    table: Counter[tuple[str, str]] = Counter()
    wrong = []
    for message in messages:
        seen = watch.look(message.text, vector_of).danger
        label, taken = LABELS[message.label], seen.kind if seen else NONE
        table[label, taken] += 1
        if label != taken:
            wrong.append((message, seen))
    return SafetyReport(table, tuple(wrong))


def write_model(model: SafetyModel, path: Path = FOLDER / "model.json") -> Path:
    """Replace the model that ships with the project.

    :param model: from ``fit_safety``.
    :param path: the file.
    :returns: the file.
    """
    temporary = path.with_suffix(".partial")
    temporary.write_bytes(msgspec.json.encode(model) + b"\n")
    temporary.replace(path)
    return path


def _fit(rows: Floats, right: NDArray[np.bool_]) -> Weights:
    weights = np.where(right, 0.5 / right.sum(), 0.5 / (~right).sum()) * len(right)
    intercept, slopes = regress(rows, right, weights, penalty=_PENALTY)
    return Weights(round(intercept, _DIGITS), tuple(slopes.round(_DIGITS).tolist()))


def _with_floor(
    name: str, weights: Weights, harmless: Sequence[str], vector_of: VectorOf, grams: dict[str, Gram]
) -> Weights:
    """The lowest floor at which no more harmless messages are referred than may be."""
    scores = sorted((_score(text, weights, vector_of, grams) for text in harmless), reverse=True)
    floor = round(scores[int(_FALSE_ALARMS[name] * len(scores))] + 0.01, _DIGITS)
    return replace(weights, floor=floor, sentence_floor=round(floor + _SENTENCE_MORE, _DIGITS))


def _score(text: str, weights: Weights, vector_of: VectorOf, grams: dict[str, Gram]) -> float:
    """The log-odds of a message, or of its worst sentence less what a sentence must have more."""
    scores = weights.intercept + rows_of(parts_of(text), vector_of, grams) @ np.asarray(weights.slopes)
    return float(max([scores[0], *(scores[1:] - _SENTENCE_MORE)]))


def rows_of(texts: Sequence[str], vector_of: VectorOf, grams: dict[str, Gram]) -> Floats:
    """Return what texts are judged by.

    :param texts: as typed.
    :param vector_of: gives a text's vector.
    :param grams: the runs that are looked for.
    :returns: one row a text.
    """
    book = packaged_patterns()
    return np.asarray([row_of(text, vector_of(text), book, grams)[0] for text in texts], dtype=np.float64)


def _files() -> list[Path]:
    return sorted(FOLDER.glob("exemplars*.toml"))


def _load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
