"""The JSON of a stored answer is read in one module, so that its shape can change in one place."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.storage import stored_answer
from bot.storage.stored_answer import StoredAnswer, decode_answer, encode_answer, fields_of, with_our_words
from bot.web import wire
from tests.structure.tree import TOP, python_files

READER = TOP / "bot" / "storage" / "stored_answer.py"
# What is sent has the same fields; nothing is decoded into it but by way of the reader.
SENT = TOP / "bot" / "web" / "wire.py"
ANSWERS_FIELDS = {"snippets", "near"}


def answers_decoded_in(source: str) -> Iterator[str]:
    """Calls that decode something called an answer, and structs with the fields of one."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("decode") and node.args:
            if "answer" in ast.unparse(node.args[0]).lower():
                yield f"{node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.ClassDef) and any("Struct" in ast.unparse(base) for base in node.bases):
            fields = {
                ast.unparse(one.target) for one in node.body if isinstance(one, ast.AnnAssign) and _is_several(one)
            }
            if fields & ANSWERS_FIELDS:
                yield f"{node.lineno}: {node.name}"


def _is_several(field: ast.AnnAssign) -> bool:
    return "[" in ast.unparse(field.annotation)


def test_no_other_module_decodes_a_stored_answer() -> None:
    found = {
        str(path.relative_to(TOP)): calls
        for path in python_files("bot")
        if path not in {READER, SENT} and (calls := list(answers_decoded_in(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


def test_a_module_that_decodes_one_is_seen() -> None:
    assert list(answers_decoded_in("msgspec.json.decode(turn.answer)")) == ["1: msgspec.json.decode(turn.answer)"]
    assert list(answers_decoded_in("class Kept(msgspec.Struct):\n    near: list[str] = []")) == ["1: Kept"]
    assert list(answers_decoded_in("msgspec.json.decode(row.wordings)")) == []


def test_what_is_sent_is_read_again_field_by_field() -> None:
    """Every field that is stored is one that is sent, under the same name."""
    pairs = [(StoredAnswer, wire.Answer), (stored_answer.StoredSnippet, wire.Snippet),
             (stored_answer.StoredSource, wire.SnippetSource), (stored_answer.StoredNotice, wire.Notice),
             (stored_answer.StoredAction, wire.Action), (stored_answer.StoredTerm, wire.Term)]  # fmt: skip
    for stored, sent in pairs:
        assert set(stored.__struct_fields__) <= set(sent.__struct_fields__)


def test_a_sent_answer_goes_there_and_back_without_its_token() -> None:
    notice = wire.Notice("spelling", "I looked for that.", [])
    sent = wire.Answer("c", "t", "token", "b", "answered", "Words.", 0.5, [], [], [], ["More?"], [], [notice])
    kept = encode_answer(sent)
    assert "token" not in kept
    read = decode_answer(kept)
    assert read is not None
    assert (read.status, read.message, read.suggestions, read.notices[0].text) == (
        "answered", "Words.", ("More?",), "I looked for that.",
    )  # fmt: skip
    assert wire.kept_before(kept, "token") == sent


def test_answers_kept_by_earlier_versions_are_read() -> None:
    assert decode_answer(None) is None
    assert decode_answer("{}") == StoredAnswer()
    assert fields_of('{"status":"answered"}') == {"status": "answered", "near": []}


def test_only_our_own_words_are_changed_in_what_is_kept() -> None:
    kept = '{"message":"Sofi","snippets":[{"text":"Sofi"}],"notices":[{"kind":"k","text":"Sofi"}],"later":1}'
    changed = with_our_words(kept, lambda text: text.replace("Sofi", "…"))
    assert changed == '{"message":"…","snippets":[{"text":"Sofi"}],"notices":[{"kind":"k","text":"…"}],"later":1}'
