"""The solver behind every fit of confidence, and what tells questions from chatter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.measuring.regression import balanced, regress
from bot.measuring.topicality import fit_topicality, out_of_fold

DIMENSION = 8


@dataclass(frozen=True, slots=True)
class Text:
    group: str
    text: str
    vector: NDArray[np.float32]


def texts(group: str, axis: int, count: int, seed: int) -> list[Text]:
    """Unit vectors near one axis, told apart by a number."""
    noise = np.random.default_rng(seed).normal(scale=0.2, size=(count, DIMENSION))
    noise[:, axis] += 1
    rows = (noise / np.linalg.norm(noise, axis=1, keepdims=True)).astype(np.float32)
    return [Text(group, f"{group} {number}", row) for number, row in enumerate(rows)]


def test_a_signal_that_speaks_for_an_answer_gets_a_weight_above_zero_and_noise_hardly_any() -> None:
    draw = np.random.default_rng(0)
    features = draw.normal(size=(400, 2))
    intercept, slopes = regress(features, features[:, 0] > 0.5, np.ones(400))
    assert slopes[0] > 2
    assert abs(slopes[1]) < 0.5
    assert intercept < 0


def test_each_side_weighs_as_much_as_any_other_times_its_say() -> None:
    weights = balanced(["a", "a", "a", "b"])
    assert weights[:3].sum() == pytest.approx(weights[3])
    assert weights.mean() == pytest.approx(1)
    assert balanced(["a", "b"], np.array([1.0, 0.1]))[1] == pytest.approx(
        balanced(["a", "b"], np.array([1.0, 0.1]))[0] / 10
    )


def test_questions_are_told_from_chatter_also_when_their_text_was_not_seen() -> None:
    examples = [*texts("families", 0, 40, 0), *texts("off topic, here", 1, 200, 1)]
    scores = out_of_fold(examples, "model")
    assert min(scores[:40]) > max(scores[40:])


def test_with_another_model_nothing_is_said() -> None:
    examples = [*texts("families", 0, 40, 0), *texts("off topic, here", 1, 40, 1)]
    found = fit_topicality(examples, "model")
    assert found.score(examples[0].text, examples[0].vector, "model") > 0
    assert found.score(examples[0].text, examples[0].vector, "another") == 0
