"""An OpenID Connect provider on a real socket, whose people a test makes up."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "rare-explainer", "a secret of the provider"


@dataclass
class Identity:
    """What the provider says next: the claims of its token, and what is wrong with it."""

    issuer: str
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "one"}))
    signs_with: RSAKey | None = None
    begun: dict[str, list[str]] = field(default_factory=dict)

    def come_back(self, address: str) -> str:
        """The path that a browser comes back to which was sent to an address of the provider."""
        self.begun = parse_qs(urlsplit(address).query)
        return f"/staff/sign-in/oidc/back?state={self.begun['state'][0]}&code=the-code"

    def answers(self, path: str, form: dict[str, list[str]], login: str) -> dict[str, Any] | None:
        path, _, query = path.partition("?")
        if path == "/authorization":
            self.begun = parse_qs(query)
            back = f"{self.begun['redirect_uri'][0]}?state={self.begun['state'][0]}&code=the-code"
            return {"location": back}
        if path == "/.well-known/openid-configuration":
            ends = {f"{name}_endpoint": f"{self.issuer}/{name}" for name in ("authorization", "token")}
            return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **ends}
        if path == "/keys":
            return dict(KeySet([self.key]).as_dict(private=False))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"][0].encode()).digest()).decode()
        expected = base64.b64encode(f"{CLIENT}:{SECRET}".replace(" ", "%20").encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        fits = challenge.rstrip("=") == self.begun["code_challenge"][0] and login.split()[-1] in {expected, plain}
        return {"access_token": "t", "token_type": "Bearer", "id_token": self._token()} if fits else None

    def _token(self) -> str:
        now = int(time.time())
        said = {"iss": self.issuer, "aud": CLIENT, "sub": "one", "iat": now, "exp": now + 60}
        claims = said | {"nonce": self.begun["nonce"][0]} | self.claims
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signs_with or self.key)


@contextmanager
def an_identity() -> Iterator[Identity]:
    """A provider that listens until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            self._answer(parse_qs(self.rfile.read(length).decode()))

        def _answer(self, form: dict[str, list[str]]) -> None:
            said = identity.answers(self.path, form, self.headers.get("Authorization", ""))
            self.send_response(400 if said is None else 303 if "location" in said else 200)
            if said and "location" in said:
                self.send_header("Location", said["location"])
            self.end_headers()
            self.wfile.write(json.dumps(said or {}).encode())

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    identity = Identity(f"http://127.0.0.1:{server.server_address[1]}")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield identity
    server.shutdown()
    server.server_close()
    thread.join()
