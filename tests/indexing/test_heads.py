"""The packaged heads: one belongs to the model that it was trained over, and its weights are those of its card."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from bot.errors import EncoderUnavailable
from bot.indexing import heads
from bot.indexing.heads import HeadName, packaged_card, packaged_head
from bot.indexing.model import DEFAULT_MODEL, find_model

MODELS = Path(heads.__file__).parents[1] / "models"
NAMES: tuple[HeadName, ...] = ("reading", "routing")


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the packaged heads that a test may damage."""
    for name in NAMES:
        for suffix in ("json", "safetensors"):
            (tmp_path / f"{name}_head.{suffix}").write_bytes((MODELS / f"{name}_head.{suffix}").read_bytes())
    monkeypatch.setattr(heads, "_packaged", tmp_path.joinpath)
    return tmp_path


@pytest.mark.parametrize("name", NAMES)
def test_a_head_that_ships_belongs_to_the_model_that_ships(name: HeadName) -> None:
    card = packaged_card(name)
    assert card is not None
    assert card.model_sha256 == find_model(DEFAULT_MODEL).sha256
    assert bool(card.kinds) is (name == "routing")


@pytest.mark.parametrize("name", NAMES)
def test_another_model_gets_no_head(name: HeadName) -> None:
    assert packaged_head(name, "0" * 64, network=None) is None


@pytest.mark.model
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("position", [100, -1])
def test_a_head_whose_weights_are_not_those_of_its_card_is_refused(models: Path, name: HeadName, position: int) -> None:
    card = packaged_card(name)
    assert card is not None
    content = bytearray((models / f"{name}_head.safetensors").read_bytes())
    content[position] ^= 0x01
    (models / f"{name}_head.safetensors").write_bytes(content)
    with pytest.raises(EncoderUnavailable, match=rf"{name}_head\.safetensors.*SHA-256.*bot train"):
        packaged_head(name, card.model_sha256, network=None)


def test_without_a_file_there_is_no_head(models: Path) -> None:
    (models / "reading_head.json").unlink()
    assert packaged_card("reading") is None
    assert packaged_head("reading", find_model(DEFAULT_MODEL).sha256, network=None) is None


def test_a_card_of_another_shape_is_refused(models: Path) -> None:
    (models / "reading_head.json").write_bytes(b'{"sha256": 1}')
    with pytest.raises(msgspec.ValidationError):
        packaged_card("reading")
