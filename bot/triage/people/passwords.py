"""Hash passwords, check them, and judge those that people choose.

Knows nothing of whose they are.
"""

from __future__ import annotations

import re
import secrets
from base64 import b64encode
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

# NIST SP 800-63B asks for a minimum of 8 and a maximum of at least 64; a sentence is easier to remember than symbols.
LEAST_CHARS, MOST_CHARS = 12, 200
# No 0, O, 1, l or I: it is read from one screen and typed into another.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_CHARS = 4, 5
# The words of the passwords that leak most, and of this service; longer ones first, so that none is cut by another.
_COMMON = (
    "administrator", "correcthorsebatterystaple", "rareexplainer", "explainer", "password", "passwort", "superman",
    "sunshine", "princess", "football", "baseball", "starwars", "whatever", "trustno", "iloveyou", "changeme",
    "welcome", "letmein", "computer", "internet", "michael", "jennifer", "liverpool", "charlie", "default", "console",
    "support", "access", "master", "dragon", "monkey", "shadow", "secret", "qwerty", "qwertz", "azerty", "summer",
    "winter", "spring", "autumn", "hello", "login", "admin", "staff", "test", "pass", "user", "abc", "love",
)  # fmt: skip
_ROWS = ("1234567890", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_LOOK_ALIKES = str.maketrans("0134578@$!", "oleastbasi")
# This many letters must be left when the common words are taken out.
_FEWEST_OWN = 4

# The second of the recommended settings of RFC 9106, which is argon2-cffi's default: 64 MiB, 3 passes.
_HASHER = PasswordHasher()


def _of_nobody(hasher: PasswordHasher) -> str:
    """Return a hash with the usual settings that belongs to no password.

    Hashing a real one would take a fifth of a second and 64 MiB at every start.
    """
    salt, digest = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=") for length in (hasher.salt_len, hasher.hash_len)
    )
    settings = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${settings}${salt}${digest}"


# What is compared when nobody has the name, so that it takes as long as when somebody has.
_NOBODY = _of_nobody(_HASHER)


def hash_password(password: str) -> str:
    """Return what is kept of a password: an Argon2id hash with its salt and settings."""
    return _HASHER.hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether a password matches a hash; without a hash false, after the same work.

    :param password_hash: from ``hash_password``; ``None`` if nobody has the name
    """
    try:
        _HASHER.verify(password_hash or _NOBODY, password[: MOST_CHARS + 1])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def fault_of(password: str, name: str) -> str | None:
    """Return a sentence that says what is wrong with a chosen password, or ``None`` if it can be used.

    :param name: of the account; a name of more than two characters must not be in the password
    """
    if len(password) < LEAST_CHARS:
        return f"Use at least {LEAST_CHARS} characters; a short sentence is a good password."
    if len(password) > MOST_CHARS:
        return f"Use at most {MOST_CHARS} characters."
    if len(set(password.casefold())) < 5 or (len(name) > 2 and name.casefold() in password.casefold()):
        return "That is easy to guess. Leave your name out and use different characters."
    if _is_common(password):
        return "That is among the first that others try. A sentence of four words that belong to nothing is a good one."
    return None


def _is_common(password: str) -> bool:
    """Whether a password is a common word with digits and symbols in or around it, or a row of keys."""
    folded = password.casefold()
    forms = (re.sub(r"[\W\d_]", "", form) for form in (folded, folded.translate(_LOOK_ALIKES)))
    return any(map(_is_padded, forms)) or _is_row(folded)


def _is_padded(letters: str) -> bool:
    """Whether hardly anything is left of the letters without the common words."""
    rest = letters
    for word in _COMMON:
        rest = rest.replace(word, "")
    return len(rest) < _FEWEST_OWN and (rest != letters or not letters)


def _is_row(password: str) -> bool:
    """Whether a password repeats a few keys, or is a run of neighbouring keys or letters."""
    repeats = any(password == (password[:size] * len(password))[: len(password)] for size in range(1, 7))
    steps = {ord(second) - ord(first) for first, second in pairwise(password)}
    return repeats or len(steps) == 1 or any(password[:8] in row or password[:8] in row[::-1] for row in _ROWS)


def new_password() -> str:
    """Return a password of 99 random bits that can be read aloud."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP_CHARS)) for _ in range(_GROUPS))
    return "-".join(groups)
