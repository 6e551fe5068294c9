"""Ten thousand random bodies: nothing but answers and refusals, and nothing is left behind."""

from __future__ import annotations

import json
import random
from collections import Counter

from .factories import chat, client
from .fake_answerer import FakeAnswerer

BODIES = 10_000
SEED = 20261123
FRAGMENTS = (
    '"message"', '"conversation_id"', '"site"', '"default"', "{", "}", "[", "]", ":", ",", "null", "true", "NaN",
    "1e999", '"\\ud800"', '"\\u0000"', '"\N{HEDGEHOG}"', '"<script>"', "\"' OR 1=1 --\"", '"', "\\", " ", "-0", "0x1",
    '"twin"', '"What is a digital twin?"',
)  # fmt: skip


def test_random_bodies_get_200_or_a_problem_and_change_nothing() -> None:
    answerer = FakeAnswerer()
    here = client(answerer)
    extensions = dict(here.application.extensions)
    chance = random.Random(SEED)
    outcomes: Counter[int] = Counter()
    for _ in range(BODIES):
        response = here.post("/api/v1/chat", data=random_body(chance), content_type="application/json")
        outcomes[response.status_code] += 1
        assert response.status_code == 200 or response.content_type == "application/problem+json"
        assert response.status_code < 500
    assert outcomes[200] == answerer.asked > 100
    assert sum(outcomes.values()) == BODIES
    assert here.application.extensions == extensions
    assert chat(here).json["snippets"] == chat(client()).json["snippets"]


def random_body(chance: random.Random) -> bytes:
    """Bytes, pieces of JSON, a broken request, or a request with a random message."""
    kind = chance.randrange(4)
    if kind == 0:
        return chance.randbytes(chance.randrange(200))
    if kind == 1:
        return "".join(chance.choices(FRAGMENTS, k=chance.randrange(1, 30))).encode("utf-8", "surrogatepass")
    message = "".join(chr(chance.choice((chance.randrange(0x80), chance.randrange(0x110000)))) for _ in range(20))
    body = json.dumps({"message": message}, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    if kind == 2:
        position = chance.randrange(len(body))
        return body[:position] + chance.randbytes(chance.randrange(3)) + body[position + 1 :]
    return body
