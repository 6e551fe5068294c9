"""Open onnxruntime sessions in the same way everywhere, without sending anything to anyone.

Each session has one thread: workers share the cores, and threads that spin for each other lose more than they gain. A
session therefore has no thread of its own, and may be made before a server forks.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# From 1.29 on, onnxruntime reports to its maker unless this is set before it is first imported.
_NO_REPORTS = "ORT_DISABLE_TELEMETRY"


def import_onnxruntime() -> Any:
    """Return the module ``onnxruntime`` with its reporting off: no thread, no file, no connection."""
    os.environ[_NO_REPORTS] = "1"
    import onnxruntime

    return onnxruntime


def open_session(model: Path | bytes, *, disabled_optimizers: Sequence[str] = ()) -> Any:
    """Return a session of one thread.

    :returns: an ``onnxruntime.InferenceSession`` on the CPU.
    """
    onnxruntime = import_onnxruntime()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(
        model if isinstance(model, bytes) else str(model),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=list(disabled_optimizers),
    )
