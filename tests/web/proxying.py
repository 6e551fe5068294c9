"""The reference proxy as it is shipped, with the addresses and the certificate of a test."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.patience import PATIENCE_S
from tests.structure.tree import TOP

SHIPPED = TOP / "deploy" / "nginx.conf"
# What nginx.conf of the system does around the shipped file; everything is written to the test's folder.
AROUND = """
{user}
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
worker_rlimit_nofile 4096;
events {{ worker_connections 2048; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/explainer.conf;
}}
"""


@dataclass(frozen=True)
class Proxy:
    """Where it listens, without and with TLS, and what it has logged."""

    plain: int
    tls: int
    folder: Path

    def logged(self) -> str:
        """Both logs."""
        return "".join(path.read_text(encoding="utf-8") for path in self.folder.glob("*.log"))


@contextmanager
def proxying(folder: Path, service_port: int) -> Iterator[Proxy]:
    """The shipped configuration in front of a service on this machine."""
    proxy = Proxy(_free_port(), _free_port(), folder)
    _write(proxy, service_port)
    command = [_nginx(), "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    subprocess.run([*command, "-t", "-q"], check=True, timeout=PATIENCE_S)
    with subprocess.Popen(command) as server:
        try:
            _wait_for(proxy.tls)
            yield proxy
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE_S)


def _nginx() -> str:
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert found, "nginx is not installed; `make test` gets it (.ci/proxy)"
    return found


def _write(proxy: Proxy, service_port: int) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    changes = {
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{service_port};",
        "listen 80;": f"listen 127.0.0.1:{proxy.plain};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{proxy.tls} ssl http2;",
        "/etc/ssl/explainer/": f"{proxy.folder}/",
        "/var/log/nginx/": f"{proxy.folder}/",
    }
    for shipped, tested in changes.items():
        assert shipped in text, f"{SHIPPED} no longer has {shipped!r}"
        text = text.replace(shipped, tested)
    (proxy.folder / "explainer.conf").write_text(text, encoding="utf-8")
    # Else its workers would be another user, who cannot enter the test's folder.
    user = "user root;" if os.geteuid() == 0 else ""
    (proxy.folder / "nginx.conf").write_text(AROUND.format(folder=proxy.folder, user=user), encoding="utf-8")
    _certify(proxy.folder)


def _certify(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "privkey.pem").write_bytes(private)


def _wait_for(port: int, patience_s: float = PATIENCE_S) -> None:
    until = time.monotonic() + patience_s
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
