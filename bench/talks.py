"""Conversations as families have them, over HTTP, to be read from top to bottom: ``python -m bench.talks``.

The real service with the current Build, or the one at ``--at``. Printed is what a family sees of each turn. What needs
no reading is told at the end of each conversation: a quotation that is shown twice, a question that is offered and was
asked before, a link that leads nowhere.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urljoin

from bench.running import running_in

TALKS = Path(__file__).parent / "questions" / "talks" / "families.jsonl"


def main() -> None:
    """Print each conversation and what is wrong with it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ids", nargs="*", help="conversations; all of them by default")
    parser.add_argument("--at", help="address of a running service")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        service = options.at or stack.enter_context(running_in(folder))
        for line in TALKS.read_text(encoding="utf-8").splitlines():
            talk = json.loads(line)
            if talk["_id"] in options.ids or not options.ids:
                _have(service, talk)


def _have(service: str, talk: dict[str, Any]) -> None:
    sys.stdout.write(f"\n# {talk['_id']}: {talk['who']}\n")
    answers: list[dict[str, Any]] = []
    for question in talk["turns"]:
        conversation = answers[-1]["conversation_id"] if answers else None
        answers.append(_ask(service, question, conversation))
        sys.stdout.write("\n".join([f"\n> {question}", *_seen(answers[-1])]) + "\n")
    faults = [*_faults(talk["turns"], answers), *_dead_links(service, answers)]
    sys.stdout.write("\n".join(["", *(f"!! {fault}" for fault in faults), f"{len(faults)} faults"]) + "\n")


def _ask(service: str, message: str, conversation: str | None) -> dict[str, Any]:
    body = json.dumps({"message": message, "conversation_id": conversation}).encode()
    request = urllib.request.Request(f"{service}/api/v1/chat", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return dict(json.load(response))


def _seen(answer: dict[str, Any]) -> Iterator[str]:
    """What a family sees of an answer, a line each."""
    yield f"  [{answer['status']} {answer['confidence']:.2f}]"
    yield from (f"  ({one['kind']}) {one['text']}" for one in answer["notices"])
    if answer["message"]:
        yield f"  {answer['message']}"
    for kind, found in (("“", answer["snippets"]), ("? “", answer.get("near", []))):
        yield from (f"  {kind}{one['text']}” {one['source']['title']} · {one['source']['section']}" for one in found)
    yield from (f"  = {one['term']}" for one in answer["terms"])
    yield from (f"  -> {one}" for one in answer["suggestions"])


def _faults(asked: list[str], answers: list[dict[str, Any]]) -> Iterator[str]:
    quoted: dict[str, int] = {}
    for turn, answer in enumerate(answers, 1):
        for one in answer["snippets"]:
            if one["text"] in quoted:
                yield f"turn {turn} quotes what turn {quoted[one['text']]} quoted"
            quoted.setdefault(one["text"], turn)
        known = {question.casefold() for question in asked[:turn]}
        yield from (f"turn {turn} offers what was asked" for one in answer["suggestions"] if one.casefold() in known)
        if not (answer["snippets"] or answer["message"] or answer.get("near")):
            yield f"turn {turn} shows nothing"


def _dead_links(service: str, answers: list[dict[str, Any]]) -> Iterator[str]:
    shown = [one["source"] for answer in answers for one in (*answer["snippets"], *answer.get("near", ()))]
    links = {one["url"] for one in (*shown, *(card for answer in answers for card in answer["related"]))}
    for link in sorted(one for one in links if one.startswith("/")):
        try:
            urllib.request.urlopen(urljoin(service, link.partition("#")[0]), timeout=30).close()
        except urllib.error.HTTPError as error:
            yield f"{link} is answered with {error.code}"


if __name__ == "__main__":
    main()
