"""What a deployment keeps of a password; the other tests hash with less work (``quick_passwords``)."""

from __future__ import annotations

import subprocess
import sys

from argon2 import Parameters, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from tests.structure.tree import TOP

HASHED = "from bot.triage.people.passwords import hash_password; print(hash_password('seven calm herons'))"


def test_a_password_is_kept_with_the_work_that_rfc_9106_recommends() -> None:
    ran = subprocess.run([sys.executable, "-c", HASHED], cwd=TOP, capture_output=True, text=True, check=True)
    found: Parameters = extract_parameters(ran.stdout.strip())
    assert found == RFC_9106_LOW_MEMORY
