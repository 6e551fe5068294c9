"""Describe a source's page for search engines, in the words of schema.org.

The values go into a data block that no browser runs. An explainer is a MedicalWebPage, everything else an Article; only
what the source says of itself is included.
"""

from __future__ import annotations

from bot.reading.links import reader_path
from bot.reading.reviewing import dates_of
from bot.records import Source
from bot.web.service import current_service

_TYPES = {"explainer": "MedicalWebPage", "interview": "Article", "article": "Article"}


def structured_data(source: Source) -> dict[str, object]:
    """Return the schema.org description of a source's page as a JSON-LD object; unknown fields are left out."""
    service = current_service()
    known = {
        "@context": "https://schema.org",
        "@type": _TYPES[source.kind],
        "name": source.title,
        "headline": source.title,
        "description": source.summary,
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "url": f"{service.base_url}{reader_path(source)}" if service.base_url else None,
        "publisher": {"@type": "Organization", "name": service.publisher} if service.publisher else None,
        "keywords": ", ".join(source.tags) or None,
        "dateModified": source.updated_on,
        "citation": [entry.url for entry in source.references if entry.url] or None,
        **(_medical(source) if source.kind == "explainer" else {}),
    }
    return {name: value for name, value in known.items() if value is not None}


def _medical(source: Source) -> dict[str, object]:
    """Return what only a MedicalWebPage has: its audience, what it explains, and a review if a person has done one."""
    dates = dates_of(source.updated_on, source.reviewed_on, source.reviewed_by)
    return {
        "audience": {"@type": "MedicalAudience", "audienceType": "Patients and families"},
        "about": [{"@type": "DefinedTerm", "name": t.term, "description": t.definition} for t in source.key_terms]
        or None,
        "lastReviewed": dates.reviewed_on,
        "reviewedBy": {"@type": "Person", "name": dates.reviewed_by} if dates.reviewed_by else None,
    }
