"""Lines in English and other languages, each with its kind -> the table that tells danger, and the language.

Logistic regressions over hashed letters, words and signs (``bot.safety.lettergrams``), one for what is urgent in other
languages, one for what is in English, one a kind, one a language in Latin letters. How sure is sure enough in other
languages is chosen by lines left out in turn.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.safety.languages import KINDS as KINDS
from bot.safety.languages import LanguagesCard, LanguagesTable
from bot.safety.lettergrams import PLACES, places_of, weighed
from bot.training.lines import read_families, read_messages

FOLDER = Path(__file__).parent / "data" / "languages"
ENGLISH = "en"
URGENT = ("emergency", "crisis")
# Run "languages" in docs/evaluation.md.
_LOOSENESS = 10.0
_FOLDS = 5
_RARITY_STEPS = 16


class Line(msgspec.Struct, frozen=True):
    """A message with its language, its kind and why it is of that kind."""

    text: str
    lang: str
    label: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CountedLine:
    """A share of lines: how many there were, how many got an urgent card, how many of those the right one."""

    lines: int
    urgent: int
    right: int


def read_lines(path: Path) -> list[Line]:
    """Return the lines of a hand.

    :returns: in their order.
    """
    return [msgspec.json.decode(line, type=Line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def packaged_hands() -> dict[str, list[Line]]:
    """Return the lines that ship with the project, by the hand that wrote them."""
    return {path.stem: read_lines(path) for path in sorted(FOLDER.glob("*.jsonl"))}


def fit_languages(lines: Sequence[Line], english: Sequence[Line], *, general_urgent: float, run: str) -> LanguagesTable:
    """Return the table that was learnt from lines.

    :param english: lines in English; without any, neither languages nor danger in English are learnt.
    :param general_urgent: which share of general lines may get an urgent card, at most.
    """
    latin = [line for line in lines if is_latin(line.text)]
    languages = (ENGLISH, *sorted({line.lang for line in latin})) if english else ()
    rarity = _rarity([line.text for line in (*lines, *english)])
    table = _matrix([line.text for line in lines], rarity)
    is_urgent = _urgent(lines)
    fitted = [_fit(table, is_urgent)]
    in_english = _matrix([line.text for line in english], rarity)
    # The column is there in any case; without lines it knows nothing.
    fitted += [_fit(in_english, _urgent(english)) if english else (np.zeros(PLACES), 0.0)]
    fitted += [_fit(table, np.asarray([line.label == kind for line in lines])) for kind in KINDS]
    spoken = [line.lang for line in (*latin, *english)]
    told = vstack([table[[is_latin(line.text) for line in lines]], in_english], format="csr")
    fitted += [_fit(told, np.asarray([name == code for name in spoken])) for code in languages]
    weights = np.stack([coefficients for coefficients, _ in fitted], axis=1)
    # A column of zeros has no scale of its own.
    scales = np.maximum(np.abs(weights).max(axis=0) / 127, 1e-12)
    card = LanguagesCard(languages, *_thresholds(table, is_urgent, lines, general_urgent), run)
    return LanguagesTable(
        card,
        np.round(weights / scales).astype(np.int8),
        scales.astype(np.float32),
        np.asarray([intercept for _, intercept in fitted], dtype=np.float32),
        rarity,
    )


def write_table(table: LanguagesTable, folder: Path) -> None:
    """Write a table where serving reads it.

    :param table: from ``fit_languages``.
    :param folder: ``bot/models``.
    """
    (folder / "languages.json").write_bytes(msgspec.json.format(msgspec.json.encode(table.card), indent=2) + b"\n")
    steps = np.round(table.rarity * _RARITY_STEPS).astype(np.uint8)
    kept: dict[str, Any] = {"weights": table.weights, "scales": table.scales, "intercepts": table.intercepts}
    np.savez_compressed(folder / "languages.npz", rarity=steps, **kept)


def counted(table: LanguagesTable, lines: Sequence[Line]) -> CountedLine:
    """Return how many lines get an urgent card, and how many of them the right one."""
    kinds = [danger.kind if (danger := table.look(line.text).danger) else None for line in lines]
    right = sum(kind == line.label for kind, line in zip(kinds, lines, strict=True))
    return CountedLine(len(lines), sum(kind is not None for kind in kinds), right)


def is_latin(text: str) -> bool:
    """Return whether most letters of a text are Latin ones."""
    letters = [character for character in text if character.isalpha()]
    return sum(character < "\u0250" for character in letters) * 2 > len(letters)


def english_lines(questions: Path, hands: Sequence[str]) -> list[Line]:
    """Return English messages: those that the routing head is learnt from, and questions of families as general ones.

    :param questions: a folder of question banks; every fifth question is left for measuring.
    :param hands: whose questions are learnt from.
    """
    messages = [Line(line.text, ENGLISH, line.label) for line in read_messages()]
    known = {line.text for line in messages}
    banks = (path.read_text(encoding="utf-8").splitlines() for path in sorted(questions.glob("*.jsonl")))
    asked = [str(json.loads(line)["text"]) for bank in banks for line in bank if line]
    ordinary = [text for number, text in enumerate(asked) if number % 5] + [line.text for line in read_families(hands)]
    return messages + [Line(text, ENGLISH, "general") for text in ordinary if text not in known]


def _urgent(lines: Sequence[Line]) -> NDArray[np.bool_]:
    return np.asarray([line.label in URGENT for line in lines])


# Many fits read the same lines.
_places = lru_cache(maxsize=None)(places_of)


def _rarity(texts: Sequence[str]) -> NDArray[np.float32]:
    having = np.zeros(PLACES)
    for text in texts:
        having[[place for place, _ in _places(text)]] += 1
    rarity = np.log((1 + len(texts)) / (1 + having)) + 1
    return np.asarray(np.round(rarity * _RARITY_STEPS) / _RARITY_STEPS, dtype=np.float32)


def _matrix(texts: Sequence[str], rarity: NDArray[np.float32]) -> Any:
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for number, text in enumerate(texts):
        places = _places(text)
        columns += [place for place, _ in places]
        values += weighed(places, [float(rarity[place]) for place, _ in places])
        rows += [number] * len(places)
    return csr_matrix((values, (rows, columns)), shape=(len(texts), PLACES))


def _fit(table: Any, is_it: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    learnt = LogisticRegression(C=_LOOSENESS, solver="liblinear", dual=True, tol=0.01, max_iter=200, random_state=0)
    learnt.fit(table, is_it)
    return learnt.coef_[0], float(learnt.intercept_[0])


def _thresholds(table: Any, is_urgent: Any, lines: Sequence[Line], share: float) -> tuple[float, float]:
    """Log-odds above which at most ``share``, and twice as many, of the general lines lie that were left out."""
    labels = np.asarray([line.label for line in lines])
    odds = np.zeros(len(lines))
    for learnt, left in StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(table, labels):
        coefficients, intercept = _fit(table[learnt], is_urgent[learnt])
        odds[left] = table[left] @ coefficients + intercept
    general = odds[labels == "general"]
    return round(float(np.quantile(general, 1 - share)), 3), round(float(np.quantile(general, 1 - 2 * share)), 3)
