"""Find turns of phrase that are tiresome if repeated: only a limited share of the explainers may use one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.editing.limits import FORMULA_SHARE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.editing.finding import Finding
    from bot.editing.sourcefile import SourceFile

_FORMULAS = {"matters because": re.compile(r"\bmatters?\s+because\b", re.IGNORECASE)}
_NAMED = 5


def check_formulas(files: Sequence[SourceFile]) -> Iterator[Finding]:
    """Yield a formula that too many explainers use, once for the whole corpus, at its first place."""
    explainers = [file for file in files if file.source.kind == "explainer"]
    most = int(len(explainers) * FORMULA_SHARE)
    for name, formula in _FORMULAS.items():
        using = [(file, match.start()) for file in explainers if (match := formula.search(file.source.text))]
        # A corpus of a few texts has no share to speak of.
        if len(using) > max(most, 1):
            first, at = using[0]
            others = ", ".join(file.source.id for file, _ in using[1 : _NAMED + 1])
            more = " and others" if len(using) > _NAMED + 1 else ""
            found = f"“{name}” is in {len(using)} of {len(explainers)} explainers, also in {others}{more}"
            cure = f"Say it otherwise in all but {most}: begin with what it does for the child or the family."
            yield first.in_words("formulas", found, cure, at=at)
