"""What families get, by set, hand and voice: ``python -m bench.families --data FOLDER``.

FOLDER holds ``family_dev``, ``out_of_scope_dev``, ``stories_dev``, ``conversations_dev``, ``routing_dev``, ``talks``
and ``ordinary``; what is not there is left out. Every message goes through the whole dialogue, as over HTTP. Prints
Markdown; ``--json FILE`` keeps the figures that tests hold, ``--list SET`` prints each message with what it gets.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from sklearn.metrics import roc_auc_score

from bench.conversations import conversations, talks
from bench.got import URGENT, Got
from bench.sets import Lines, read_set
from bot import wiring
from bot.dialogue import Dialogue
from bot.settings import read_environment
from bot.statuses import AnswerStatus
from bot.training.lines import read_messages

PERSONAL = AnswerStatus.PERSONAL_MEDICAL


def main() -> None:
    """Print the tables."""
    options = _options()
    dialogue, _ = wiring.open_dialogue(wiring.store_of(read_environment()))
    figures = figures_of(dialogue, options.data, listed=options.list)
    if not options.list:
        figures.update(_bank(dialogue))
        print("| figure | value |\n|---|---|")
        print("\n".join(f"| {name} | {value:.3f} |" for name, value in figures.items()))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def figures_of(dialogue: Dialogue, data: Path, only: Sequence[str] = (), listed: str = "") -> dict[str, float]:
    """Return the figures of the sets in a folder by their names, to four places.

    :param only: the sets to measure; all without it.
    :param listed: a set of which every message is printed; then no other is measured.
    """
    figures: dict[str, float] = {}
    for name in only or _MEASURES:
        lines = read_set(data, name)
        if lines is None or (listed and listed != name):
            continue
        measured = _MEASURES[name](dialogue, lines, bool(listed))
        figures.update({f"{name}.{key}": round(value, 4) for key, value in measured.items()})
    return figures


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--json", type=Path, default=None, help="where to write the figures")
    parser.add_argument("--list", default="", help="print every message of one set with what it gets")
    return parser.parse_args()


def _ask(dialogue: Dialogue, lines: Lines, listed: bool) -> list[Got]:
    found = []
    for line in lines:
        one = Got(line, dialogue.reply(line["text"]).answer)
        found.append(one)
        if listed:
            print(f"\n{line['_id']} [{line.get('voice') or line.get('kind') or line.get('label')}] {line['text']}")
            mark = "right" if line.get("expect") and one.is_right else ""
            print(f"  -> {one.answer.status} {one.answer.confidence:.2f} {mark} {one.answer.message or ''}")
            for snippet in one.shown:
                sign = "*" if snippet.source.id in line.get("expect", ()) else " "
                print(f"   {sign}{snippet.source.id} / {snippet.source.section}: {snippet.text!r}")
    return found


def _share(got: Iterable[Got], is_so: Callable[[Got], bool]) -> float:
    values = [is_so(one) for one in got]
    return sum(values) / len(values) if values else 0.0


def _questions(got: Sequence[Got]) -> dict[str, float]:
    return {
        "answered": _share(got, lambda one: bool(one.answer.snippets)),
        "right source first": _share(got, lambda one: one.is_right),
        "quote holds the fact": _share(got, lambda one: one.has_fact),
        "wrong source shown as the answer": _share(got, lambda one: one.is_wrong),
        "right source shown, near ones too": _share(got, lambda one: one.is_shown),
        "urgent card": _share(got, lambda one: one.is_urgent),
        "personal": _share(got, lambda one: one.answer.status == PERSONAL),
        "personal without a quote": _share(got, lambda one: one.answer.status == PERSONAL and not one.shown),
    }


def _families(dialogue: Dialogue, lines: Lines, listed: bool) -> dict[str, float]:
    got = _ask(dialogue, lines, listed)
    figures = _questions(got)
    by_voice: dict[str, list[Got]] = defaultdict(list)
    for one in got:
        by_voice[one.line["voice"]].append(one)
    for voice, said in sorted(by_voice.items(), key=lambda entry: _share(entry[1], lambda one: one.is_right)):
        figures[f"right source first, voice {voice}"] = _share(said, lambda one: one.is_right)
    figures.update(_rankings(dialogue, got))
    figures.update(_reliability(got))
    _FAMILY_CONFIDENCES[:] = [one.answer.confidence for one in got if not one.is_urgent]
    return figures


_FAMILY_CONFIDENCES: list[float] = []


def _rankings(dialogue: Dialogue, got: Sequence[Got]) -> dict[str, float]:
    """Where the right source stands among all, whatever is shown."""
    places = []
    for one in got:
        looked = dialogue.answerer.retrieve(one.line["text"])
        ranked = list(dict.fromkeys(dialogue.answerer.source_ids_of(looked.looked)))
        places.append(next((n for n, source in enumerate(ranked) if source in one.line["expect"]), len(ranked)))
    return {
        f"ranking: right source {name}": sum(place < depth for place in places) / len(places)
        for name, depth in (("first", 1), ("within three", 3), ("within twelve", 12))
    }


def _reliability(got: Sequence[Got]) -> dict[str, float]:
    """The share that is right of the answers of like confidence."""
    answered = [one for one in got if one.answer.status == "answered"]
    bins = ((0.4, 0.6), (0.6, 0.8), (0.8, 0.9), (0.9, 1.01))
    return {
        f"reliability: right, of those answered at {low} to {min(high, 1.0)}": _share(
            [one for one in answered if low <= one.answer.confidence < high], lambda one: one.is_right
        )
        for low, high in bins
    }


def _refusals(dialogue: Dialogue, lines: Lines, listed: bool) -> dict[str, float]:
    got = _ask(dialogue, lines, listed)
    by_kind: dict[str, list[Got]] = defaultdict(list)
    for one in got:
        by_kind[one.line["kind"]].append(one)
    figures: dict[str, float] = {}
    for kind, said in by_kind.items():
        figures[f"{kind}: quoted as the answer"] = _share(said, lambda one: bool(one.answer.snippets))
        figures[f"{kind}: offered as near"] = _share(said, lambda one: bool(one.answer.near))
        if _FAMILY_CONFIDENCES:
            scores = [*_FAMILY_CONFIDENCES, *(one.answer.confidence if one.shown else 0.0 for one in said)]
            truth = [1] * len(_FAMILY_CONFIDENCES) + [0] * len(said)
            figures[f"{kind}: AUROC"] = float(roc_auc_score(truth, scores))
    return figures


def _stories(dialogue: Dialogue, lines: Lines, listed: bool) -> dict[str, float]:
    got = _ask(dialogue, lines, listed)
    general = [one for one in got if one.line["label"] == "general"]
    figures = {f"general: {name}": value for name, value in _questions(general).items()}
    for label in ("emergency", "crisis"):
        asked = [one for one in got if one.line["label"] == label]
        figures[f"{label}: urgent card"] = _share(asked, lambda one: one.is_urgent)
    return figures


def _routing(dialogue: Dialogue, lines: Lines, listed: bool) -> dict[str, float]:
    got = _ask(dialogue, lines, listed)
    figures: dict[str, float] = {}
    table = Counter((one.line["label"], one.answer.status) for one in got)
    for label, status in (("emergency", URGENT[0]), ("crisis", URGENT[1]), ("personal_medical", PERSONAL)):
        number = sum(count for (is_label, _), count in table.items() if is_label == label)
        urgent = sum(table[label, one] for one in URGENT)
        figures[f"{label}: urgent card"] = urgent / number
        figures[f"{label}: its own card"] = table[label, status] / number
    for kind in ("family frame", "look-alike", "emotion"):
        said = [one for one in got if one.line["label"] == "general" and one.line["note"].startswith(kind)]
        figures[f"{kind}: urgent card"] = _share(said, lambda one: one.is_urgent)
        figures[f"{kind}: personal"] = _share(said, lambda one: one.answer.status == PERSONAL)
    return figures


def _ordinary(dialogue: Dialogue, lines: Lines, listed: bool) -> dict[str, float]:
    """Messages that are all to be answered, hard themes in their natural share."""
    got = _ask(dialogue, lines, listed)
    return {
        "urgent card": _share(got, lambda one: one.is_urgent),
        "personal": _share(got, lambda one: one.answer.status == PERSONAL),
        "answered": _share(got, lambda one: bool(one.answer.snippets)),
        "answered or offered": _share(got, lambda one: bool(one.shown)),
    }


def _bank(dialogue: Dialogue) -> dict[str, float]:
    """Every fourth question of the bank: its own source and section, and one of its quotes.

    What a person took for danger has a card for an answer, and is left out.
    """
    danger = {line.text for line in read_messages() if line.label in {"emergency", "crisis"}}
    asked = [
        (source, question)
        for source in dialogue.answerer.sources()
        for question in source.bank
        if question.spans and question.text not in danger
    ]
    source_right = section_right = quote_right = urgent = 0
    sample = asked[::4]
    for source, question in sample:
        answer = dialogue.reply(question.text).answer
        urgent += answer.status in URGENT
        first = [s.source for s in answer.snippets if s.source.id == source.id]
        source_right += bool(first)
        sections = [part.span for part in source.sections]
        wanted = {span for span in sections for begin, _ in question.spans if span[0] <= begin < span[1]}
        section_right += any(b <= shown.span[0] < e for shown in first for b, e in wanted)
        quote_right += any(shown.span[0] < e and b < shown.span[1] for shown in first for b, e in question.spans)
    number = max(len(sample), 1)
    return {
        "bank.right source": source_right / number,
        "bank.right section": section_right / number,
        "bank.one of its quotes": quote_right / number,
        "bank.urgent card": urgent / number,
    }


_MEASURES: dict[str, Callable[[Dialogue, Lines, bool], dict[str, float]]] = {
    "family_dev": _families,
    "out_of_scope_dev": _refusals,
    "stories_dev": _stories,
    "routing_dev": _routing,
    "conversations_dev": conversations,
    "talks": talks,
    "ordinary": _ordinary,
}

if __name__ == "__main__":
    main()
