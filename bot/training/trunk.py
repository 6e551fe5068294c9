"""The model of record in torch, cut in two: a frozen trunk of its first layers, and last layers that are trained again.

What the trunk gives for a text never changes, so it is kept: a training step costs the last layers alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import torch
from safetensors.torch import save
from transformers import AutoModel, AutoTokenizer

from bot.errors import EncoderUnavailable
from bot.indexing.heads import Head, HeadCard, HeadName, packaged_head
from bot.indexing.model import ModelFiles

# How many of the model's last layers a head has. Run "layers" in docs/evaluation.md.
HEAD_LAYERS = 3
# Texts of like length share a pass, so that little is spent on padding.
_PARTS, _SMALLEST_PART = 4, 12
_TRUNK_BATCH = 64
FOLDER = Path(__file__).parents[1] / "models"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to learn: ``steps``, the highest learning rate, how many texts of each sort a step has, and
    after how many steps all is kept."""

    steps: int
    rate: float
    batch: int
    seed: int = 7
    keep_every: int = 50


class Trunk:
    """The first layers of a model, frozen; what they give for a text is kept in half precision."""

    def __init__(self, files: ModelFiles) -> None:
        self._tokenizer = AutoTokenizer.from_pretrained(files.location)
        self._sha256 = files.sha256
        self._network = AutoModel.from_pretrained(files.location, attn_implementation="sdpa").eval()
        self._kept: dict[tuple[str, int], Any] = {}

    def new_head(self) -> Any:
        """Return the model's own last layers, to begin from."""
        return torch.nn.ModuleList(deepcopy(self._network.encoder.layer[-HEAD_LAYERS:]))

    def shipped_head(self, name: HeadName) -> Head:
        """Return the head that ships with the project, to go on from.

        :returns: layers, and the linear layer if it has one, that may be trained.
        :raises EncoderUnavailable: when there is none for this model.
        """
        head = packaged_head(name, self._sha256, self._network)
        if head is None:
            raise EncoderUnavailable(f"{name}_head", "none that belongs to this model", "Train it afresh.")
        return head

    def means(self, layers: Any, texts: Sequence[str], max_tokens: int) -> Any:
        """Return the mean of a head's last states for each text.

        :param texts: one or more.
        :param max_tokens: what lies beyond so many is not read.
        :returns: (n, d), in order, with gradients where torch keeps them.
        """
        self._fill([text for text in dict.fromkeys(texts) if (text, max_tokens) not in self._kept], max_tokens)
        states = [self._kept[text, max_tokens] for text in texts]
        order = sorted(range(len(states)), key=lambda number: len(states[number]))
        size = max(_SMALLEST_PART, -(-len(order) // _PARTS))
        parts = [order[start : start + size] for start in range(0, len(order), size)]
        found = torch.cat([self._means_of([states[number] for number in part], layers) for part in parts])
        back = torch.empty(len(order), dtype=torch.long)
        back[torch.tensor([number for part in parts for number in part])] = torch.arange(len(order))
        return found[back]

    def _means_of(self, states: Sequence[Any], layers: Any) -> Any:
        longest = max(len(one) for one in states)
        read = torch.zeros(len(states), longest, states[0].shape[1])
        mask = torch.zeros(len(states), longest, dtype=torch.bool)
        for row, one in enumerate(states):
            read[row, : len(one)] = one.float()
            mask[row, : len(one)] = True
        for layer in layers:
            read = _states_of(layer(read, mask[:, None, None, :]))
        weights = mask.unsqueeze(-1)
        return (read * weights).sum(1) / weights.sum(1)

    @torch.no_grad()
    def _fill(self, texts: Sequence[str], max_tokens: int) -> None:
        ordered = sorted(texts, key=len)
        for start in range(0, len(ordered), _TRUNK_BATCH):
            batch = ordered[start : start + _TRUNK_BATCH]
            encoded = self._tokenizer(batch, padding=True, truncation=True, max_length=max_tokens, return_tensors="pt")
            read = self._network.embeddings(
                input_ids=encoded["input_ids"], token_type_ids=torch.zeros_like(encoded["input_ids"])
            )
            mask = encoded["attention_mask"][:, None, None, :].bool()
            for layer in self._network.encoder.layer[:-HEAD_LAYERS]:
                read = _states_of(layer(read, mask))
            for row, text in enumerate(batch):
                count = int(encoded["attention_mask"][row].sum())
                self._kept[text, max_tokens] = read[row, :count].to(torch.float16)


def _states_of(output: Any) -> Any:
    """A layer's states: some versions of the library give them alone, some in a tuple."""
    return output[0] if isinstance(output, tuple) else output


def optimizer_for(groups: Sequence[dict[str, Any]], plan: Plan) -> tuple[Any, Any]:
    """Return AdamW and its schedule: a warm-up over a twelfth of the steps, then a straight line down."""
    optimizer = torch.optim.AdamW(groups, lr=plan.rate, weight_decay=0.01)
    warm = max(10, plan.steps // 12)

    def share(step: int) -> float:
        return (step + 1) / warm if step < warm else max(0.02, (plan.steps - step) / max(plan.steps - warm, 1))

    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, share)


def mean_with_shipped(name: HeadName, files: ModelFiles, layers: Any, classify: Any = None) -> None:
    """Set a head's weights to the mean of themselves and those of the head that ships.

    What new hands teach is then learnt with less of what the others taught forgotten (Wortsman et al., "Robust
    fine-tuning of zero-shot models", arXiv:2109.01903).
    """
    shipped = Trunk(files).shipped_head(name)
    for learnt, before in ((layers, shipped.layers), (classify, shipped.classify)):
        if learnt is not None:
            old = before.state_dict()
            learnt.load_state_dict({key: (value + old[key]) / 2 for key, value in learnt.state_dict().items()})


def write_head(name: HeadName, files: ModelFiles, layers: Any, classify: Any, kinds: Sequence[str]) -> HeadCard:
    """Write a head's weights in half precision, and its card, and return the card."""
    values = {f"layers.{key}": value for key, value in layers.state_dict().items()}
    if classify is not None:
        values |= {f"classify.{key}": value for key, value in classify.state_dict().items()}
    content = save({key: value.to(torch.float16).contiguous() for key, value in values.items()})
    card = HeadCard(hashlib.sha256(content).hexdigest(), files.sha256, HEAD_LAYERS, tuple(kinds))
    (FOLDER / f"{name}_head.safetensors").write_bytes(content)
    (FOLDER / f"{name}_head.json").write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n")
    return card


class Checkpoint:
    """What a stopped training goes on from: a file that is replaced as a whole."""

    def __init__(self, path: Path | None, parts: dict[str, Any]) -> None:
        self._path, self._parts = path, parts

    def resume(self) -> int:
        """Load what was kept, if there is any; return the step to go on with."""
        if self._path is None or not self._path.exists():
            return 0
        kept = torch.load(self._path, weights_only=True)
        for name, part in self._parts.items():
            part.load_state_dict(kept[name])
        return int(kept["step"])

    def keep(self, step: int) -> None:
        """Keep all parts as they are after some steps."""
        if self._path is None:
            return
        beside = self._path.with_suffix(".part")
        torch.save({"step": step, **{name: part.state_dict() for name, part in self._parts.items()}}, beside)
        beside.replace(self._path)


class Descent:
    """The steps of a training: the optimizer with its schedule, and the checkpoint that all of it is kept in."""

    def __init__(
        self, parts: dict[str, Any], groups: Sequence[dict[str, Any]], plan: Plan, checkpoint: Path | None
    ) -> None:
        self._plan = plan
        self._layers = parts["layers"]
        self._optimizer, self._schedule = optimizer_for(groups, plan)
        self._kept = Checkpoint(checkpoint, {**parts, "optimizer": self._optimizer, "schedule": self._schedule})

    def steps(self) -> range:
        """Return the numbers of the steps that are still to be taken."""
        return range(self._kept.resume(), self._plan.steps)

    def take(self, step: int, loss: Any) -> None:
        """Take one step down a loss, and keep what is reached now and then.

        :param step: its number, from 0.
        """
        self._optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._layers.parameters(), 1.0)
        self._optimizer.step()
        self._schedule.step()
        if (step + 1) % self._plan.keep_every == 0:
            self._kept.keep(step + 1)
