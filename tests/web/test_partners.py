"""The loader's versions and the page on which partners try the chat."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import re
from pathlib import Path

import brotli
import pytest

from bot.web.loaders import LOADER_FOLDER, WRITTEN, newest_version, versions

from .factories import client
from .partners import Partnership

# A version that was published never changes: pages out there name its hash. A change is a new file and a new line here.
PUBLISHED = {
    "1.0.0": "sha384-9/WEa17W25xBoFMpWx+lk+2tqtk8JWRxmRowuYKEVADeuYS6XWgft+mlCHYcoxvD",
}
# As Brotli sends it, and as gzip does.
BROTLI_BYTES, GZIP_BYTES = 3 * 1024, 3_420


def sha384(content: bytes) -> str:
    return f"sha384-{base64.b64encode(hashlib.sha384(content).digest()).decode()}"


def test_no_published_loader_has_changed() -> None:
    assert {version: sha384((LOADER_FOLDER / f"{version}.js").read_bytes()) for version in versions()} == PUBLISHED


def test_the_newest_loader_is_small() -> None:
    newest = (LOADER_FOLDER / f"{newest_version()}.js").read_bytes()
    assert len(brotli.compress(newest)) <= BROTLI_BYTES
    assert len(gzip.compress(newest, 9)) <= GZIP_BYTES


def test_the_newest_loader_is_made_of_the_one_that_is_written() -> None:
    maker = pytest.importorskip("bench.loader")
    newest = (LOADER_FOLDER / f"{newest_version()}.js").read_text(encoding="utf-8")
    assert newest == maker.small(WRITTEN.read_text(encoding="utf-8"))


def test_the_floating_address_is_the_newest_and_every_version_keeps_its_own_for_good() -> None:
    here = client()
    floating, pinned = here.get("/widget.js"), here.get(f"/widget/{newest_version()}.js")
    assert floating.data == pinned.data
    assert "immutable" in pinned.headers["Cache-Control"]
    assert "immutable" not in floating.headers["Cache-Control"]
    for response in (floating, pinned):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        response.close()
    assert here.get("/widget/0.0.0.js").status_code == 404


def test_the_preview_shows_lines_that_work(tmp_path: Path) -> None:
    shop = Partnership(tmp_path)
    partner = shop.partner()
    page = html.unescape(shop.here.get(f"/partners/preview?site={partner.id}").text)
    assert f'<script async src="http://localhost/widget.js" data-site="{partner.id}"></script>' in page
    (address, integrity) = re.findall(r'src="http://localhost(/widget/[^"]+)" integrity="([^"]+)"', page)[0]
    with shop.here.get(address) as loader:
        assert sha384(loader.data) == integrity
    assert "script-src http://localhost; frame-src http://localhost" in page


def test_the_preview_says_when_no_page_may_show_the_chat(tmp_path: Path) -> None:
    shop = Partnership(tmp_path)
    partner = shop.partner(origins=())
    assert "No page may show this chat yet" in shop.here.get(f"/partners/preview?site={partner.id}").text


@pytest.mark.parametrize("path", ["/partners/preview?site=site_none", "/partners/host?mode=other"])
def test_what_is_not_there_has_no_preview(path: str) -> None:
    assert client().get(path).status_code in {404, 422}


def test_only_we_show_the_ordinary_page_in_a_frame() -> None:
    here = client()
    assert "frame-ancestors 'self'" in here.get("/partners/host?mode=inline").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in here.get("/partners/preview").headers["Content-Security-Policy"]
