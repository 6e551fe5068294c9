"""An Index and tags -> the same Index in which only the sources with one of the tags can be seen.

What is outside is never proposed, so that a small collection inside a large corpus finds as much as one that was
indexed alone. Statistics of words stay those of the whole corpus: a passage has the same score for a question on every
site, and a name that only other sources have is still known, not "corrected" to that of another disease.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from bot.indexing.index import Index


def narrowed(index: Index, tags: Collection[str]) -> Index:
    """Return what can be seen of a Build by those who may see some tags.

    :param tags: in any case; without any, all is seen.
    :returns: an index that shares everything large with the one given.
    """
    wanted = {tag.casefold() for tag in tags}
    if not wanted:
        return index
    tagged = (source for source in index.sources.values() if any(tag.casefold() in wanted for tag in source.tags))
    return narrowed_to(index, {source.id for source in tagged}, wanted)


def narrowed_to(index: Index, identifiers: Collection[str], tags: Collection[str] = ()) -> Index:
    """Return a Build in which only some sources can be seen.

    :param identifiers: of the sources; those that cannot be seen stay so.
    :param tags: in small letters; each of them has one, where they were chosen so.
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
