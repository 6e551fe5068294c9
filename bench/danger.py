"""The curve of recall against false alarms: ``python -m bench.danger --data FOLDER``.

FOLDER holds ``routing_dev``, ``stories_dev`` and ``family_dev``, or some of them. Beside them: ordinary questions of
hands that the routing head did not learn from, and every fifth question of the bank. One line a threshold; those that
ship are in ``bot/models/safety.json``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import msgspec

from bot import wiring
from bot.indexing.encoder import TextVectors
from bot.safety.danger import SafetyClassifier, packaged_thresholds
from bot.safety.languages import urgent_by_words
from bot.settings import read_environment
from bot.training.lines import read_families

_ORDINARY_HANDS = ("f1", "f4", "g2")
_URGENT = (0.15, 0.2, 0.25, 0.27, 0.3, 0.4, 0.5)
_PERSONAL = (0.3, 0.4, 0.5, 0.6, 0.7)
_OTHER_TONGUES = ("Spanish", "French", "Portuguese")


def main() -> None:
    """Print the curves of urgent cards and of decisions about one person."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    sets = _sets(parser.parse_args().data)
    answerer, _ = wiring.open_answerer(wiring.store_of(read_environment()))
    vectors = {text: answerer.vectors_of(text) for texts in sets.values() for text in texts}
    for kinds, name, values in ((("emergency", "crisis"), "urgent", _URGENT), (("personal",), "personal", _PERSONAL)):
        print(f"| {name} from | " + " | ".join(sets) + " |\n|" + "---|" * (len(sets) + 1))
        for value in values:
            limits = msgspec.structs.replace(packaged_thresholds(), **{name: value})
            watch = SafetyClassifier(limits, answerer.message_kinds, urgent_by_words)
            shares = [_share(watch, texts, kinds, vectors) for texts in sets.values()]
            print(f"| {value} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")
        print()


def _share(watch: SafetyClassifier, texts: list[str], kinds: tuple[str, ...], vectors: dict[str, TextVectors]) -> float:
    seen = [watch.look(text, vectors.__getitem__).danger for text in texts]
    return sum(danger is not None and danger.kind in kinds for danger in seen) / max(len(texts), 1)


def _sets(data: Path) -> dict[str, list[str]]:
    routing, stories = _lines(data / "routing_dev"), _lines(data / "stories_dev")
    english = [line for line in routing if not any(tongue in line["note"] for tongue in _OTHER_TONGUES)]
    found = {
        f"{label}": [line["text"] for line in english if line["label"] == label]
        for label in ("emergency", "crisis", "personal_medical")
    }
    for kind in ("family frame", "look-alike", "emotion"):
        found[kind] = [line["text"] for line in english if line["label"] == "general" and line["note"].startswith(kind)]
    for label in ("emergency", "crisis", "general"):
        found[f"stories, {label}"] = [line["text"] for line in stories if line["label"] == label]
    found["family_dev"] = [line["text"] for line in _lines(data / "family_dev")]
    found["ordinary, f1 and f4"] = [line.text for line in read_families(_ORDINARY_HANDS) if line.sources]
    corpus = sorted(read_environment().corpus.glob("questions/*.jsonl"))
    bank = [json.loads(line)["text"] for path in corpus for line in path.read_text(encoding="utf-8").splitlines()]
    return {**found, "bank": bank[::5]}


def _lines(folder: Path) -> list[dict[str, str]]:
    file = next(folder.glob("*.jsonl"), None)
    if file is None:
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    main()
