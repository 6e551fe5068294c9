"""What may be a site's logo, and that it comes back as it was kept."""

from __future__ import annotations

import pytest

from bot.errors import SiteInvalid, SiteUnknown
from bot.sites.logo import MAX_BYTES, logo_of
from tests.sites.partners import a_store, add_partner

from .pictures import a_png

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (SVG, "no PNG"),
        (b"", "no PNG"),
        (a_png() + b"<script>", "no PNG"),
        (a_png(width=1025), "1025 x 32 pixels"),
        (a_png(height=0), "120 x 0 pixels"),
        (a_png() + bytes(MAX_BYTES), "bytes"),
    ],
)
def test_what_is_no_small_png_is_refused_with_what_to_do(content: bytes, found: str) -> None:
    with pytest.raises(SiteInvalid, match=found) as refused:
        logo_of(content)
    assert refused.value.field == "logo"
    assert "Save" in refused.value.remedy


def test_a_logo_is_kept_replaced_and_taken_away_with_its_site_alone(database_url: str) -> None:
    store = a_store(database_url)
    partner, other = add_partner(store), add_partner(store, name="Other")
    first, second = logo_of(a_png()), logo_of(a_png(width=60))
    assert store.set_logo(partner.id, first, by="tests").logo == first.digest
    store.set_logo(other.id, first, by="tests")
    assert store.find(partner.id).logo == first.digest
    assert store.logo(first.digest) == first.content
    store.set_logo(partner.id, second, by="tests")
    assert (store.logo(first.digest), store.logo(second.digest)) == (first.content, second.content)
    store.set_logo(other.id, None, by="tests")
    assert (store.logo(first.digest), store.find(other.id).logo) == (None, None)
    with pytest.raises(SiteUnknown):
        store.set_logo("site_none", first, by="tests")
    store.database.close()
