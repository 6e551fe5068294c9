"""What ships is measured on questions of hands that nothing was learnt from, and the figures are held."""

from __future__ import annotations

import json

import pytest

from bench.families import figures_of
from bot import wiring
from bot.settings import Settings
from tests.structure.tree import TOP

pytestmark = [pytest.mark.model, pytest.mark.slow]

BLIND = TOP / "bench" / "questions" / "blind"
SETS = ("family_dev", "out_of_scope_dev", "talks", "ordinary")
# Vectors of int8 differ a little from processor to processor: about two messages of a set.
LEEWAY = 0.034
RECORD = "record it: python -m bench.families --data bench/questions/blind, into bench/questions/blind/figures.json"


def test_the_figures_are_those_that_are_recorded_and_better_ones_are_recorded(shipped: Settings) -> None:
    dialogue, _ = wiring.open_dialogue(wiring.store_of(shipped))
    measured = figures_of(dialogue, BLIND, SETS)
    recorded = json.loads((BLIND / "figures.json").read_text(encoding="utf-8"))
    changed = {
        name: (value, measured[name]) for name, value in recorded.items() if abs(value - measured[name]) > LEEWAY
    }
    assert not changed, f"(recorded, measured) differ; is it worse, find out why, is it better, {RECORD}"
