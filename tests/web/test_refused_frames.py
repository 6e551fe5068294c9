"""A frame that may not show the chat says why at once, and holds nothing of a family's."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.web.framing import is_framed_by_stranger

from .factories import client
from .partners import ORIGIN, Partnership

FRAME = {"Sec-Fetch-Dest": "iframe"}


def test_an_unknown_site_is_said_in_a_frame_that_any_page_may_show() -> None:
    response = client().get("/embed?site=site_none", headers={**FRAME, "Referer": "https://any.example/"})
    assert response.status_code == 404
    assert "names a site that we don&#39;t know" in response.text
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert "<explainer-chat" not in response.text
    assert "<form" not in response.text


@pytest.mark.parametrize(
    ("listed", "asks", "refused"),
    [
        ((ORIGIN,), f"{ORIGIN}/some/page", False),
        ((ORIGIN,), "https://other.example/", True),
        ((), f"{ORIGIN}/", True),
        (("https://*.clinic.example",), "https://www.clinic.example/", False),
        (("https://*.clinic.example",), "https://clinic.example/", True),
        (("https://*.clinic.example",), "https://evilclinic.example/", True),
        ((ORIGIN,), "http://localhost/partners/host", False),
        ((ORIGIN,), "", False),
    ],
)
def test_who_asks_for_a_frame_is_told_by_the_browser(
    tmp_path: Path, listed: tuple[str, ...], asks: str, refused: bool
) -> None:
    shop = Partnership(tmp_path)
    partner = shop.partner(origins=listed)
    headers = {**FRAME, "Referer": asks} if asks else FRAME
    page = shop.here.get(f"/embed?site={partner.id}", headers=headers)
    assert (page.status_code == 403) is refused
    assert ("<explainer-chat" in page.text) is not refused
    with shop.here.application.test_request_context(f"/embed?site={partner.id}", headers=headers):
        assert is_framed_by_stranger(partner.site) is refused


def test_a_page_of_its_own_is_not_a_frame(tmp_path: Path) -> None:
    shop = Partnership(tmp_path)
    partner = shop.partner()
    page = shop.here.get(
        f"/embed?site={partner.id}", headers={"Sec-Fetch-Dest": "document", "Referer": "https://other.example/"}
    )
    assert page.status_code == 200


def test_the_chat_may_be_framed_under_cross_origin_isolation(tmp_path: Path) -> None:
    shop = Partnership(tmp_path)
    headers = shop.frame(shop.partner()).headers
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
