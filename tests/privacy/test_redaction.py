"""Personal details are taken out of a message before it is kept; words of medicine stay."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from bot.privacy.redaction import redact

LINES = Path(__file__).parents[2] / "bench" / "questions" / "redaction" / "lines.jsonl"


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("My daughter Ava has Rett syndrome", "My daughter [name] has Rett syndrome"),
        ("my son jake cant sleep", "my son [name] cant sleep"),
        ("our son is called Tomasz Nowak.", "our son is called [name]."),
        ("Kofi's seizures are back. Is Kofi ok?", "[name]'s seizures are back. Is [name] ok?"),
        ("write to a.b@example.org or (415) 555-0132", "write to [e-mail] or [phone]"),
        ("+44 20 7946 0123 is my number", "[phone] is my number"),
        ("born 3/4/2019, MRN 00482913", "born [birth date], MRN [record number]"),
        ("her birthday is May 3rd 2018", "her birthday is [birth date]"),
        ("we live in SW1A 1AA", "we live in [postcode]"),
        ("Austin, TX 78701", "Austin, TX [postcode]"),
    ],
)
def test_personal_details_are_replaced_by_their_kind(message: str, kept: str) -> None:
    assert redact(message) == kept


@pytest.mark.parametrize(
    "message",
    [
        "What is Williams syndrome?",
        "Angelman, Dravet and Phelan-McDermid: what do they share",
        "SHANK3 c.1234A>G p.Arg255Ter NM_033517.1 chr22:51113070 rs12345 NCT02461420",
        "2.5 mg/kg twice a day, 1000 mg at most",
        "Will gene therapy help? May I hope?",
        "call 911 or 988",
        "my daughter is 3 and was diagnosed in 2019",
        "",
    ],
)
def test_what_is_no_personal_detail_stays(message: str) -> None:
    assert redact(message) == message


def test_most_of_what_families_give_away_is_found() -> None:
    there, gone = Counter[str](), Counter[str]()
    for line in map(json.loads, LINES.read_text(encoding="utf-8").splitlines()):
        kept = redact(line["text"])
        for span in line["spans"]:
            marked = sum(other["text"] == span["text"] for other in line["spans"])
            there[span["kind"]] += 1
            gone[span["kind"]] += kept.count(span["text"]) <= line["text"].count(span["text"]) - marked
    for kind in ("email", "phone", "birth_date", "record_number", "postcode"):
        assert gone[kind] / there[kind] >= 0.95, kind
    assert gone["name"] / there["name"] >= 0.8
