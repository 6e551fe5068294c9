"""Examples and weights -> a logistic regression: the one solver behind every fit of confidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array
from scipy.special import expit

Floats = NDArray[np.float64]


def regress(
    features: Floats | csr_array, right: NDArray[np.bool_], weights: Floats, *, penalty: float = 1.0
) -> tuple[float, Floats]:
    """Return intercept and slopes of the lowest weighted loss and squared slopes.

    :param features: (n, k), on like scales; sparse where most are 0.
    :param right: (n,) what is to be told.
    :param weights: (n,) how much each example counts.
    :param penalty: weight of half the squared slopes.
    :returns: the intercept and (k,) slopes.
    """
    sign = np.where(right, 1.0, -1.0)

    def loss(chosen: Floats) -> tuple[float, Floats]:
        reach = sign * (features @ chosen[1:] + chosen[0])
        pull = -weights * sign * expit(-reach)
        held = penalty * np.concatenate([[0.0], chosen[1:]])
        slope = np.concatenate([[pull.sum()], features.T @ pull])
        return float(weights @ np.logaddexp(0, -reach) + held @ chosen / 2), slope + held

    found = minimize(loss, np.zeros(features.shape[1] + 1), jac=True, method="L-BFGS-B").x
    return float(found[0]), np.asarray(found[1:])


def balanced(sides: Sequence[str], say: Floats | float = 1.0) -> Floats:
    """Return weights by which each side counts as much as any other, times its say.

    :param sides: (n,) the name of each example's side.
    :param say: (n,) or one number.
    :returns: (n,) weights whose mean is 1.
    """
    counts = Counter(sides)
    weights = np.asarray([1 / counts[side] for side in sides]) * say
    return np.asarray(weights * len(weights) / weights.sum())
