"""List the passages found for a question, best first, for staff's tools and tests.

Knows nothing of how answers are cut.
"""

from __future__ import annotations

from itertools import islice

from bot.answering.curated import CuratedReader
from bot.answering.retrieved import RetrievalResult
from bot.indexing.index import Index
from bot.records import Hit

_SIGNALS = ("dense", "lexical", "label", "late")


def hits_of(result: RetrievalResult, index: Index, curated: CuratedReader, k: int) -> list[Hit]:
    """Return the best passages of a lookup.

    :param curated: makes the passage of an approved answer that the question gets; it comes first and scores no lower
        than the next hit. Its only signal, "approved", is how near the question is to one of its wordings.
    :param k: the most hits to return.
    :returns: hits, best first.
    """
    found, match = result.looked.candidates, result.approved
    hits = [
        Hit(
            passage=index.passages[int(found.rows[i])],
            score=float(found.score[i]),
            signals={name: float(getattr(found, name)[i]) for name in _SIGNALS},
        )
        for i in range(min(k, len(found)))
    ]
    if match is None:
        return hits
    score = max([match.similarity, *(hit.score for hit in hits[:1])])
    return list(islice([Hit(curated.passage(match), score, {"approved": match.similarity}), *hits], k))
