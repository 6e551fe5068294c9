"""What a deployment keeps of a password; the other tests hash with less work (``quick_passwords``)."""

from __future__ import annotations

import subprocess
import sys

from argon2 import Parameters, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from tests.structure.tree import TOP

HASHED = "from bot.triage.people import passwords as p; print(p.hash_password('seven calm herons'), p._NOBODY)"


def test_a_password_is_kept_with_the_work_that_rfc_9106_recommends() -> None:
    ran = subprocess.run([sys.executable, "-c", HASHED], cwd=TOP, capture_output=True, text=True, check=True)
    kept, nobodys = ran.stdout.split()
    found: Parameters = extract_parameters(kept)
    assert found == RFC_9106_LOW_MEMORY
    # As much work for a name that nobody has, so that its refusal tells nothing.
    assert extract_parameters(nobodys) == found
