"""Codes that families come back with, and what they find."""

from __future__ import annotations

import re

from bot.storage.codes import digest_of, new_code
from bot.storage.comeback import ComeBack
from bot.storage.handoff import HandedOff, HandoffStore
from bot.storage.memory import TurnStore
from tests.storage.stores import a_database, a_turn, rows


def a_code(handoffs: HandoffStore, turn_id: str = "turn-1") -> str:
    made = handoffs.hand_off(turn_id)
    assert isinstance(made, HandedOff)
    return made.come_back_code


def test_a_code_is_twelve_signs_that_are_not_mistaken_for_others_and_none_comes_twice() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(re.fullmatch(r"[2-9CDFGHJKMNPQRTVWX]{4}(-[2-9CDFGHJKMNPQRTVWX]{4}){2}", code) for code in codes)
    assert not any(sign in "8B" for code in codes for sign in code if sign == "B")


def test_a_code_is_known_however_it_is_typed_and_nothing_else_is() -> None:
    digest = digest_of("K7F4-MQ2X-9D58")
    assert digest is not None
    for typed in (
        " k7f4mq2x9d58 ",
        "K7F4 MQ2X 9D58",
        "K7F4\u2013MQ2X\u20139D58",
        "K7F4-MQZX-9DSB",
        "Ｋ７Ｆ４ＭＱ２Ｘ９Ｄ５８",
    ):
        assert digest_of(typed) == digest, typed
    for typed in ("", "K7F4", "K7F4-MQ2X-9D58-2", "K7F4-MQ2X-9D5A", "' OR 1=1 --", "\x00" * 12):
        assert digest_of(typed) is None, typed


def test_a_code_opens_its_conversation_until_that_is_removed_and_only_its_hash_is_kept(database_url: str) -> None:
    database = a_database(database_url)
    turns, handoffs, back = TurnStore(database), HandoffStore(database), ComeBack(database)
    turns.record(a_turn())
    code = a_code(handoffs)
    assert back.conversation_of(code.lower()) == "conversation-1"
    assert back.conversation_of(new_code()) is None
    (kept,) = rows(database_url, "come_back_code")
    assert code.replace("-", "") not in str(kept).upper()
    turns.forget("conversation-1")
    assert back.conversation_of(code) is None
    assert rows(database_url, "come_back_code") == []
    database.close()


def test_of_the_codes_of_one_wish_the_last_five_hold(database_url: str) -> None:
    database = a_database(database_url)
    TurnStore(database).record(a_turn())
    handoffs, back = HandoffStore(database), ComeBack(database)
    codes = [a_code(handoffs) for _ in range(7)]
    assert [back.conversation_of(code) is not None for code in codes] == [False] * 2 + [True] * 5
    database.close()
