"""Where the embedding model lies, and that it is the right one."""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from bot.errors import EncoderUnavailable
from bot.indexing.model import DEFAULT_MODEL, DEFAULT_MODEL_SHA256, find_model


def package_in(folder: Path, monkeypatch: pytest.MonkeyPatch, *, weights: bytes | None) -> None:
    """Make a package of the model with these weights be found instead of the one installed."""
    (folder / "model").mkdir()
    if weights is not None:
        (folder / "model" / "model.safetensors").write_bytes(weights)
    spec = ModuleSpec("package", None, is_package=True)
    spec.submodule_search_locations = [str(folder)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)


@pytest.mark.model
def test_the_default_model_is_the_official_one() -> None:
    assert find_model(DEFAULT_MODEL).sha256 == DEFAULT_MODEL_SHA256


@pytest.mark.model
def test_finding_the_model_does_not_import_torch() -> None:
    code = f"import sys; from bot.indexing.model import find_model; find_model({DEFAULT_MODEL!r})\n"
    code += "print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def test_other_weights_under_the_default_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package_in(tmp_path, monkeypatch, weights=b"other")
    with pytest.raises(EncoderUnavailable, match=DEFAULT_MODEL_SHA256):
        find_model(DEFAULT_MODEL)


def test_a_package_without_weights_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package_in(tmp_path, monkeypatch, weights=None)
    with pytest.raises(EncoderUnavailable, match="no such file"):
        find_model(DEFAULT_MODEL)


def test_a_package_that_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EncoderUnavailable, match="make install"):
        find_model(DEFAULT_MODEL)


def test_a_folder_is_known_by_its_weights(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"one")
    one = find_model(str(tmp_path))
    (tmp_path / "model.safetensors").write_bytes(b"two")
    two = find_model(str(tmp_path))
    assert one.location == two.location == str(tmp_path)
    assert one.sha256 != two.sha256


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable, match="without weights"):
        find_model(str(tmp_path))


def test_a_hub_name_is_known_by_the_weights_in_the_local_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"weights")
    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", lambda name, file: str(weights))
    found = find_model("somebody/some-model")
    assert found.location == "somebody/some-model"
    assert found.sha256 == hashlib.sha256(b"weights").hexdigest()
