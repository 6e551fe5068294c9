"""The reference proxy that is shipped: started with a real nginx before a real service, and attacked."""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bench.slow_clients import BODY, HEAD, connect, connect_unverified_tls, holding
from tests.factories import make_build
from tests.live_server import Server, running
from tests.web.proxying import Proxy, proxying

pytestmark = pytest.mark.slow

# Many times the threads of the worker behind it.
CLIENTS = 60
PATIENCE_S = 300
SECRET = "my sons secret diagnosis"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("service")
    make_build(folder / "indexes")
    database = f"sqlite:///{folder}/bot.sqlite3"
    settings = {"BOT_TRUSTED_PROXIES": "1", "BOT_CLIENT_PER_MINUTE": "40"}
    with running(folder / "log", index=folder / "indexes", database_url=database, workers=1, **settings) as found:
        yield found


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory, service: Server) -> Iterator[Proxy]:
    with proxying(tmp_path_factory.mktemp("proxy"), service.port) as found:
        yield found


def call(proxy: Proxy, method: str, path: str, body: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
    """The status and the text that come through the proxy."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection("127.0.0.1", proxy.tls, timeout=PATIENCE_S, context=context)
    try:
        data = json.dumps(body) if body else None
        connection.request(method, path, data, {"Content-Type": "application/json", **headers})
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def fetched(proxy: Proxy, path: str, encoding: str = "gzip") -> tuple[http.client.HTTPResponse, bytes]:
    """What a browser gets, with the bytes that are sent."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with closing(
        http.client.HTTPSConnection("127.0.0.1", proxy.tls, timeout=PATIENCE_S, context=context)
    ) as connection:
        connection.request("GET", path, headers={"Accept-Encoding": encoding})
        response = connection.getresponse()
        return response, response.read()


def chat(proxy: Proxy, **headers: str) -> int:
    return call(proxy, "POST", "/api/v1/chat", {"message": "gene"}, **headers)[0]


@pytest.mark.parametrize("kind", ["idle", "half a head", "half a body", "dripping", "not reading", "not closing"])
@pytest.mark.parametrize("encrypted", [True, False])
def test_a_family_is_answered_through_the_proxy_while_others_hold_their_connections(
    proxy: Proxy, kind: str, encrypted: bool
) -> None:
    port, opened = (proxy.tls, connect_unverified_tls) if encrypted else (proxy.plain, connect)
    with holding(kind, ("127.0.0.1", port), CLIENTS, opened):
        assert chat(proxy) == 200


def test_what_a_client_says_of_its_own_address_is_not_believed(proxy: Proxy) -> None:
    """Else each question could come from another address, and no limit would hold."""
    found = {chat(proxy, **{"X-Forwarded-For": f"198.51.100.{number}"}) for number in range(45)}
    assert 429 in found


@pytest.mark.parametrize("path", ["/", "/topics", "/widget.js", "/embed", "/api/v1/openapi.json"])
def test_what_a_browser_fetches_is_packed_and_says_so_to_caches(proxy: Proxy, path: str) -> None:
    answer, packed = fetched(proxy, path)
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == ("gzip", "Accept-Encoding")
    plain, whole = fetched(proxy, path, "identity")
    assert plain.headers["Content-Encoding"] is None
    assert len(packed) < len(whole) / 2


def test_styles_and_scripts_of_a_page_are_packed(proxy: Proxy) -> None:
    _, page = fetched(proxy, "/embed", "identity")
    files = re.findall(r'"(/static/[^"]+[.](?:css|js))"', page.decode())
    assert {path.rpartition(".")[2] for path in files} == {"css", "js"}
    found = {path: fetched(proxy, path)[0].headers["Content-Encoding"] for path in files}
    assert {path: how for path, how in found.items() if how != "gzip"} == {}


def test_pages_of_staff_which_hold_the_token_of_a_session_are_not_packed(proxy: Proxy) -> None:
    answer, page = fetched(proxy, "/staff/sign-in")
    assert b"csrf" in page
    assert answer.headers["Content-Encoding"] is None


def test_numbers_are_not_shown_to_the_outside(proxy: Proxy) -> None:
    assert call(proxy, "GET", "/metrics")[0] == 404


def test_plain_http_is_sent_to_the_encrypted_address_and_only_there(proxy: Proxy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=PATIENCE_S)
    connection.request("GET", "/glossary?q=1", headers={"Host": "evil.example"})
    response = connection.getresponse()
    connection.close()
    assert (response.status, response.headers["Location"]) == (301, "https://explainer.example.org/glossary?q=1")


def test_the_proxy_logs_no_question_and_no_address(proxy: Proxy) -> None:
    call(proxy, "GET", f"/api/v1/search?q={SECRET.replace(' ', '+')}")
    with connect_unverified_tls(("127.0.0.1", proxy.tls)) as sock:
        sock.sendall(HEAD.replace(b"Content-Length: ", b"Content-Length: 99999") + BODY)
        assert b" 413 " in sock.recv(100)
    assert "diagnosis" not in proxy.logged()
    assert "127.0.0.1" not in proxy.logged()


def test_when_the_service_is_gone_the_proxy_says_whom_to_call(tmp_path: Path) -> None:
    with proxying(tmp_path, service_port=1) as alone:
        status, text = call(alone, "POST", "/api/v1/chat", {"message": SECRET})
    assert status == 503
    assert all(number in text for number in ("112", "999", "911", "988", "000"))
    assert "diagnosis" not in alone.logged()


@pytest.mark.parametrize(
    ("ciphers", "taken"), [("ECDHE-ECDSA-AES256-SHA", False), ("ECDHE-ECDSA-AES256-GCM-SHA384", True)]
)
def test_no_cipher_without_authenticated_encryption_is_taken(proxy: Proxy, ciphers: str, taken: bool) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(ciphers)
    with socket.create_connection(("127.0.0.1", proxy.tls), timeout=PATIENCE_S) as plain:
        if taken:
            context.wrap_socket(plain).close()
        else:
            with pytest.raises(ssl.SSLError):
                context.wrap_socket(plain)
