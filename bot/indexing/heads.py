"""Load the heads: last layers of the model of record, trained again for one task, beside its own.

They read what the model's first layers give, so that one pass makes all vectors. The ``reading`` head was trained on
what families ask, the ``routing`` head on the kinds of messages. ``python -m bot train`` writes them; ``docs/models``
has their cards. A head belongs to one model and is not used with another.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Literal

import msgspec

from bot.errors import EncoderUnavailable

HeadName = Literal["reading", "routing"]


class HeadCard(msgspec.Struct, frozen=True):
    """The identity of a head.

    It has the SHA-256 of its weights and of the model it was trained over, its number of layers, and the kinds that it
    tells apart, if it is a routing head.
    """

    sha256: str
    model_sha256: str
    layers: int
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """A head in torch, ready to run.

    ``classify`` is the linear layer over its mean, or ``None`` if the head gives vectors.
    """

    card: HeadCard
    layers: Any
    classify: Any


def packaged_card(name: HeadName) -> HeadCard | None:
    """Return the card of a head that ships with the project, or ``None``."""
    card = _packaged(f"{name}_head.json")
    return msgspec.json.decode(card.read_bytes(), type=HeadCard) if card.is_file() else None


def packaged_head(name: HeadName, model_sha256: str, network: Any) -> Head | None:
    """Return a head that was trained over a model.

    :param network: the model's transformer, whose layers have the shape of the head's.
    :returns: ``None`` if the packaged head belongs to another model.
    :raises EncoderUnavailable: if the weights do not match the card.
    """
    card = packaged_card(name)
    if card is None or card.model_sha256 != model_sha256:
        return None
    from copy import deepcopy

    import torch
    from safetensors.torch import load

    file = f"{name}_head.safetensors"
    content = _packaged(file).read_bytes()
    if hashlib.sha256(content).hexdigest() != card.sha256:
        remedy = "Check the file out again, or train it: python -m bot train."
        raise EncoderUnavailable(file, "weights with another SHA-256 than the card's", remedy)
    values = {key: value.float() for key, value in load(content).items()}
    layers = deepcopy(network.encoder.layer[-card.layers :])
    layers.load_state_dict({key.removeprefix("layers."): v for key, v in values.items() if key.startswith("layers.")})
    classify = None
    if card.kinds:
        classify = torch.nn.Linear(int(network.config.hidden_size), len(card.kinds))
        classify.load_state_dict({part: values[f"classify.{part}"] for part in ("weight", "bias")})
    return Head(card, layers.eval(), classify)


def _packaged(name: str) -> Traversable:
    return resources.files("bot.models").joinpath(name)
