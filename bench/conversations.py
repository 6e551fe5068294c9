"""What the turns of judged conversations get, by page and by sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from bench.got import URGENT, Got
from bench.sets import Lines
from bot.dialogue import Dialogue
from bot.dialogue.history import EarlierTurn, turn_of
from bot.records import Snippet


def conversations(dialogue: Dialogue, lines: Lines, listed: bool) -> dict[str, float]:
    """Conversations labelled by page: the shares of turns that show and that quote a right one."""
    right: dict[bool, list[bool]] = {True: [], False: []}
    quoted: dict[bool, list[bool]] = {True: [], False: []}
    repeated = 0
    for conversation in lines:
        history: list[EarlierTurn] = []
        seen: set[str] = set()
        for turn in conversation["turns"]:
            replied = dialogue.reply(turn["text"], history)
            history.append(turn_of(turn["text"], replied.reading, replied.answer))
            one = Got(turn, replied.answer)
            texts = {snippet.text for snippet in replied.answer.snippets}
            repeated += bool(texts & seen)
            seen |= texts
            if turn["expect"]:
                right[turn["needs_context"]].append(one.is_shown)
                quoted[turn["needs_context"]].append(
                    any(s.source.id in turn["expect"] for s in replied.answer.snippets)
                )
            if listed:
                print(f"{conversation['_id']} {turn['text']!r} ({replied.reading}) -> {replied.answer.status}", end=" ")
                print([snippet.source.id for snippet in one.shown], turn["expect"][:2])
    both, all_quoted = right[True] + right[False], quoted[True] + quoted[False]
    return {
        "right source shown, all turns": sum(both) / len(both),
        "right source shown, turns that need context": sum(right[True]) / len(right[True]),
        "right source quoted, all turns": sum(all_quoted) / len(all_quoted),
        "right source quoted, turns that need context": sum(quoted[True]) / len(quoted[True]),
        "turns that quote a sentence again": repeated / len(both),
    }


def talks(dialogue: Dialogue, lines: Lines, listed: bool) -> dict[str, float]:
    """Conversations with the sentences that answer each turn: of a page that is talked about, most do not."""
    got: dict[str, list[dict[str, bool]]] = defaultdict(list)
    for talk in lines:
        history: list[EarlierTurn] = []
        for turn in talk["turns"]:
            replied = dialogue.reply(turn["text"], history)
            history.append(turn_of(turn["text"], replied.reading, replied.answer))
            right = [
                (turn["source"], turn["quotes"]),
                *((one["source"], one["quotes"]) for one in turn.get("also", ())),
            ]
            quoted, near = (
                [_holds(one, right) for one in shown] for shown in (replied.answer.snippets, replied.answer.near)
            )
            kind = ("leans" if turn["leans"] else "stands alone") if turn["quotes"] else "has no answer"
            got[kind].append(
                {
                    "answered": bool(quoted),
                    "a right sentence quoted": any(quoted),
                    "answered without one": bool(quoted) and not any(quoted),
                    "a right sentence shown": any(quoted) or any(near),
                    "urgent card": replied.answer.status in URGENT,
                }
            )
            if listed:
                print(f"\n{talk['_id']} [{kind}] {turn['text']} ({replied.reading}) = {turn['meant']}")
                print(f"  -> {replied.answer.status} {replied.answer.confidence:.2f}")
                for snippet in (*replied.answer.snippets, *replied.answer.near):
                    print(f"  {'*' if _holds(snippet, right) else ' '} {snippet.source.id}: {snippet.text}")
    return {
        f"{kind}: {name}": sum(one[name] for one in turns) / len(turns)
        for kind, turns in sorted(got.items())
        for name in (turns[0] if kind != "has no answer" else ("answered", "urgent card"))
    }


def _holds(snippet: Snippet, right: Iterable[tuple[str | None, Sequence[str]]]) -> bool:
    """Whether a snippet holds one of the sentences that answer, or a part of one."""
    return any(
        snippet.source.id == source and any(quote in snippet.text or snippet.text in quote for quote in quotes)
        for source, quotes in right
    )
