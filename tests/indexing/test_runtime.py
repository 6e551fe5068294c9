"""Sessions: one thread, and nothing sent to anybody."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.indexing.late import write_dot_model
from tests.patience import PATIENCE_S

OPEN = """
import os, sys
from pathlib import Path
from bot.indexing.runtime import open_session
open_session(Path(sys.argv[1]))
print(len(os.listdir("/proc/self/task")))
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="Only Linux lists the threads of a process.")
def test_a_session_starts_no_thread_and_leaves_no_file_at_home(tmp_path: Path) -> None:
    write_dot_model(tmp_path / "dot.onnx", 4)
    home = tmp_path / "home"
    home.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "XDG_"))}
    ran = subprocess.run(
        [sys.executable, "-c", OPEN, str(tmp_path / "dot.onnx")],
        env=environment | {"HOME": str(home), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )
    assert ran.stdout.strip() == "1"
    assert list(home.iterdir()) == []
