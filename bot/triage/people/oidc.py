"""Sign in through the deployment's own provider (OpenID Connect).

The browser is sent there and returns with a code, which is exchanged for who somebody is once every claim is checked.
Knows nothing of accounts or cookies.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.errors import BotError
from bot.triage.people.account import ROLES, Role

_TIMEOUT_S = 5.0
_LEEWAY_S = 60
# Signatures that only the provider can make: never one with a shared secret, and never none.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_BYTES = 32


class NotSignedIn(BotError):
    """The provider did not say who somebody is, or not in a way that can be trusted."""

    def __init__(self, found: str) -> None:
        super().__init__(f"Sign-in with the provider failed: {found}. See docs/console.md, BOT_OIDC_ISSUER.")
        self.found = found


@dataclass(frozen=True, slots=True)
class Provider:
    """What a deployment says about its provider: ``roles`` has, for each role, the claim value that gives it."""

    issuer: str
    client_id: str
    client_secret: str
    roles: Mapping[Role, str]
    role_claim: str = "roles"
    name_claim: str = "preferred_username"


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in in progress: where the browser goes, and what it must bring back."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Known:
    """Who somebody is for the provider; ``role`` is ``None`` if they have none here."""

    subject: str
    name: str
    role: Role | None


class OpenIdConnect:
    """A client of one provider, by the authorization code flow with PKCE."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._reading = threading.Lock()
        self._said: dict[str, Any] | None = None

    def begin(self, back: str) -> Begun:
        """Begin a sign-in.

        :param back: the address to which the provider sends the browser back
        :raises NotSignedIn: if the provider cannot be reached
        """
        state, nonce, verifier = (secrets.token_urlsafe(_BYTES) for _ in range(3))
        address = prepare_grant_uri(
            self._metadata()["authorization_endpoint"],
            self.provider.client_id,
            "code",
            redirect_uri=back,
            scope="openid profile",
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return Begun(address, state, nonce, verifier)

    def finish(self, code: str, back: str, *, nonce: str, verifier: str) -> Known:
        """Return who came back with a code.

        :param back: as in ``begin``
        :raises NotSignedIn: unless every check passes
        """
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        login = (self.provider.client_id, self.provider.client_secret)
        answer = _asked("POST", self._metadata()["token_endpoint"], data=form, auth=login)
        claims = self._checked(str(answer.get("id_token", "")), nonce, answer.get("access_token"))
        return Known(f"{self.provider.issuer}|{claims['sub']}", self._name_in(claims), self._role_in(claims))

    def _checked(self, id_token: str, nonce: str, access_token: object) -> CodeIDToken:
        keys = _asked("GET", self._metadata()["jwks_uri"])
        try:
            token = jwt.decode(id_token, KeySet.import_key_set(cast(Any, keys)), algorithms=_ALGORITHMS)
            must = {
                "iss": {"essential": True, "value": self.provider.issuer},
                "aud": {"essential": True, "value": self.provider.client_id},
                "nonce": {"essential": True, "value": nonce},
            }
            said = {"client_id": self.provider.client_id, "nonce": nonce, "access_token": access_token}
            claims = CodeIDToken(token.claims, token.header, must, said)
            claims.validate(leeway=_LEEWAY_S)
        except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
            # The error's text may hold claims.
            raise NotSignedIn(f"its token is not good ({type(error).__name__})") from error
        return claims

    def _metadata(self) -> dict[str, Any]:
        with self._reading:
            if self._said is None:
                said = _asked("GET", get_well_known_url(self.provider.issuer, external=True))
                if said.get("issuer") != self.provider.issuer:
                    raise NotSignedIn("it calls itself by another name than BOT_OIDC_ISSUER")
                self._said = said
            return self._said

    def _name_in(self, claims: Mapping[str, Any]) -> str:
        return str(claims.get(self.provider.name_claim) or claims.get("email") or claims["sub"])

    def _role_in(self, claims: Mapping[str, Any]) -> Role | None:
        """Return the highest role for which somebody has a value; the claim is a list or space-separated words."""
        given = claims.get(self.provider.role_claim, ())
        values = set(given.split()) if isinstance(given, str) else set(map(str, given))
        return next((role for role in reversed(ROLES) if self.provider.roles.get(role) in values), None)


def _asked(method: str, address: str, **rest: Any) -> dict[str, Any]:
    """Return the provider's response; redirects are not followed."""
    try:
        answer = httpx2.request(method, address, timeout=_TIMEOUT_S, follow_redirects=False, trust_env=False, **rest)
        said = answer.raise_for_status().json()
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        raise NotSignedIn(f"it did not answer ({type(error).__name__})") from error
    if not isinstance(said, dict):
        raise NotSignedIn("it answered something else than an object")
    return said
