"""Fetching over https goes to the address that was checked and still asks for the certificate of the name."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.syncing.published import Desk, Server, json_feed, serving

NAME = "talks.example"
FEED = json_feed({"id": "a", "title": "Harbours", "content_text": "Boats rest here."})


def write_certificate(path: Path) -> None:
    """A key with a certificate for the name, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that speaks TLS under the name, which the resolver knows and whose certificate is trusted."""
    certificate = tmp_path / "certificate.pem"
    write_certificate(certificate)
    spoken = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    spoken.load_cert_chain(certificate)

    class Secure(ThreadingHTTPServer):
        def server_activate(self) -> None:
            super().server_activate()
            self.socket = spoken.wrap_socket(self.socket, server_side=True)

        def handle_error(self, request: object, client_address: object) -> None:
            return

    monkeypatch.setattr("tests.syncing.published.ThreadingHTTPServer", Secure)
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(httpx2, "HTTPTransport", partial(httpx2.HTTPTransport, verify=trusting))
    resolve = socket.getaddrinfo

    def known(host: str, *more: object, **named: object) -> object:
        return resolve("127.0.0.1" if host.endswith(".example") else host, *more, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(socket, "getaddrinfo", known)
    with serving() as running:
        running.serve("/feed", FEED)
        yield running


@pytest.mark.parametrize(("name", "status"), [(NAME, 0), ("others.example", 1)])
def test_the_certificate_must_be_that_of_the_name(desk: Desk, secure: Server, name: str, status: int) -> None:
    ran = desk.sync(f"https://{name}:{secure.port}/feed", "--trust", f"{name}:{secure.port}")
    assert ran.exit_code == status
    assert ("certificate" in ran.stderr) == (status == 1)
