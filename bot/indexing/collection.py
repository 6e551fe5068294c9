"""Narrow an Index to the sources that have one of some tags.

Other sources are never proposed, so that a small collection inside a large corpus finds as much as one indexed alone.
Word statistics stay those of the whole corpus: a passage has the same score for a question on every site, and a name
that only other sources have is still known, not "corrected" to that of another disease.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from bot.indexing.index import Index


def narrowed(index: Index, tags: Collection[str]) -> Index:
    """Return a Build narrowed to the sources that have one of some tags.

    :param tags: in any case; without any, the whole Build is visible.
    :returns: an index that shares everything large with the one given.
    """
    wanted = {tag.casefold() for tag in tags}
    if not wanted:
        return index
    tagged = (source for source in index.sources.values() if any(tag.casefold() in wanted for tag in source.tags))
    return narrowed_to(index, {source.id for source in tagged}, wanted)


def narrowed_to(index: Index, identifiers: Collection[str], tags: Collection[str] = ()) -> Index:
    """Return a Build in which only some sources are visible.

    :param identifiers: of the sources; any that were hidden stay so.
    :param tags: in lower case; each of the sources has one of them, if they were chosen by tags.
    :returns: an index that shares everything large with the one given.
    """
    there = [identifier in index.sources and identifier in identifiers for identifier in index.sources.ids]
    seen = np.asarray(there, dtype=bool)
    row_seen = seen[index.source_of_row]
    shelf = index.sources.only(seen)
    return replace(
        index,
        sources=shelf,
        rows=np.flatnonzero(row_seen),
        dense=index.dense.only(row_seen, tags),
        lexical=index.lexical.only(row_seen),
        labels=index.labels.only(seen),
        questions={owner: offered for owner, offered in index.questions.items() if owner in shelf},
    )
