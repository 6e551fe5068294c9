"""A host that somebody makes up stands in no page, no file and no redirect, once the public address is set."""

from __future__ import annotations

from pathlib import Path

import pytest

from .desks import a_console
from .factories import chat, client

OURS = "https://answers.example.org"
EVIL = "evil.example"


@pytest.mark.parametrize(
    "path",
    ["/", "/ask", "/sitemap.xml", "/robots.txt", "/embed", "/topics", "/partners/preview", "/api/v1/openapi.json",
     "/api/v1/suggestions", "/nothing-here", "/explainers/digital-twins-in-medicine", "/problems", "/widget.js",
     "/api/v1/search?q=twin", "/glossary"],
)  # fmt: skip
def test_no_page_or_file_repeats_the_host_of_the_request(path: str) -> None:
    response = client(base_url=OURS).get(path, headers={"Host": EVIL, "X-Forwarded-Host": EVIL})

    assert EVIL not in response.text
    assert not any(EVIL in value for _, value in response.headers)


def test_deep_chat_and_answers_do_not_repeat_it() -> None:
    here = client(base_url=OURS)
    words = {"messages": [{"role": "user", "text": "What is a digital twin?"}]}

    told = here.post("/api/v1/chat", json=words, headers={"Host": EVIL})
    assert OURS in told.text
    assert EVIL not in told.text + chat(here).text


@pytest.mark.parametrize("base_url", [OURS, ""])
def test_a_redirect_to_another_spelling_names_no_host(tmp_path: Path, base_url: str) -> None:
    here = a_console(f"sqlite:///{tmp_path}/bot.sqlite3", base_url=base_url).app.test_client()

    response = here.get("/staff?status=any", headers={"Host": EVIL})

    assert response.status_code in {301, 308}
    assert response.headers["Location"] == "/staff/?status=any"
