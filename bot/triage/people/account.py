"""Define the records of who works in the console, and the order of roles.

Knows nothing of how they are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

Role = Literal["agent", "editor", "admin"]
# Each may do what those before it may.
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Staff:
    """An account.

    ``must_change`` holds until the person has chosen the password. ``is_federated`` means that they sign in with the
    deployment's own provider, which is responsible for the second factor.
    """

    id: str
    name: str
    role: Role
    must_change: bool
    disabled: bool
    has_second_factor: bool
    created_at: datetime
    is_federated: bool = False

    def may(self, role: Role) -> bool:
        """Whether this account may do what a role may."""
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A valid session and its owner; ``session_id`` names it without granting access."""

    staff: Staff
    session_id: str


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One row of the list of a person's own sessions."""

    id: str
    browser: str
    begun_at: datetime
    seen_at: datetime
