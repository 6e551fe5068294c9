"""Who works in the console.

In: nothing. Out: records and the order of roles. It must not know how they are kept.
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
    """An account. ``must_change`` holds until the password is one that the person chose; ``is_federated`` if they sign
    in with the deployment's own provider, whose second factor it is."""

    id: str
    name: str
    role: Role
    must_change: bool
    disabled: bool
    has_second_factor: bool
    created_at: datetime
    is_federated: bool = False

    def may(self, role: Role) -> bool:
        """Return whether this account may do what a role may."""
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that is still good, and whose it is; ``session_id`` names it without letting anybody in."""

    staff: Staff
    session_id: str


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One row of the list of a person's own sessions."""

    id: str
    browser: str
    begun_at: datetime
    seen_at: datetime
