from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.reading.chunk import MAX_WORDS, passages_of
from bot.reading.corpus import read_corpus
from bot.reading.sentences import sentence_spans
from bot.records import Source
from tests.reading.corpus_files import read_one, write, write_beir, write_explainer, write_interview
from tests.reading.test_captions import NAMED, SCROLLING, VOICES
from tests.reading.test_transcript import LABELLED
from tests.reading.test_webpage import COPIED, SAVED

if TYPE_CHECKING:
    from pathlib import Path

    from bot.records import Passage


def article(text: str) -> Source:
    return Source(id="a", kind="article", title="T", text=text, path="a.txt", digest="")


def words(count: int, ending: str = ".") -> str:
    return "Word" + " word" * (count - 1) + ending


def sizes(passages: list[Passage]) -> list[int]:
    return [len(passage.text.split()) for passage in passages]


def test_a_text_that_fits_is_one_passage_and_one_word_more_makes_two() -> None:
    fits = " ".join([words(MAX_WORDS - 10), words(10)])
    exceeds = " ".join([words(MAX_WORDS - 10), words(11)])

    assert sizes(passages_of(article(fits))) == [MAX_WORDS]
    assert sizes(passages_of(article(exceeds))) == [MAX_WORDS - 10, 11]


def test_a_long_text_becomes_parts_of_even_size() -> None:
    assert sizes(passages_of(article(" ".join([words(10)] * 26)))) == [130, 130]


def test_a_part_ends_with_a_paragraph_if_one_is_near() -> None:
    text = " ".join([words(10)] * 12) + "\n\n" + " ".join([words(10)] * 14)

    assert sizes(passages_of(article(text))) == [120, 140]


def test_a_sentence_longer_than_a_passage_stands_alone() -> None:
    text = " ".join([words(10), words(MAX_WORDS + 50), words(10)])

    assert sizes(passages_of(article(text))) == [10, MAX_WORDS + 50, 10]


def test_no_text_has_no_passage() -> None:
    assert passages_of(article("")) == []


def test_passages_follow_sections(tmp_path: Path) -> None:
    passages = passages_of(read_one(write_explainer(tmp_path)))

    assert [(passage.id, passage.headings, passage.url) for passage in passages] == [
        ("weather-diary#0", (), "/explainers/weather-diary"),
        (
            "weather-diary#1",
            ("Plain-English explanation",),
            "/explainers/weather-diary#plain-english-explanation",
        ),
        ("weather-diary#2", ("Why it matters",), "/explainers/weather-diary#why-it-matters"),
        ("weather-diary#3", ("How it works",), "/explainers/weather-diary#how-it-works"),
    ]
    assert [passage.role for passage in passages] == ["what", "what", "why", "how"]


def test_a_question_and_its_answer_are_in_one_passage(tmp_path: Path) -> None:
    turns = "\n\n".join(f"**Ada:** {words(12, '?')}\n\n**Ben:** {words(9)} {words(60)}" for _ in range(20))

    passages = passages_of(read_one(write(tmp_path, "talk.md", turns)))

    assert len(passages) > 5
    assert not [passage for passage in passages if passage.text.endswith("?")]
    assert all(passage.speaker == "Ben" for passage in passages)


def test_a_long_turn_is_cut_between_sentences(tmp_path: Path) -> None:
    turn = f"**Ada:** {' '.join([words(30)] * 20)}\n\n**Ben:** Oh.\n\n**Ada:** Yes.\n"

    passages = passages_of(read_one(write(tmp_path, "talk.md", turn)))

    assert max(sizes(passages)) <= MAX_WORDS
    assert min(sizes(passages)) >= 60


def test_spoken_sentences_know_who_and_when(tmp_path: Path) -> None:
    (passage,) = passages_of(read_one(write(tmp_path, "talk.vtt", VOICES)))

    assert (passage.speaker, passage.start_s, passage.url) == ("Ada Lowe", 1.0, "/interviews/talk#t=1")
    # "They float." begins in the first cue and ends in the second.
    assert [(sentence.speaker, sentence.start_s) for sentence in passage.sentences] == [
        ("Ada Lowe", 1.0),
        ("Ada Lowe", 1.0),
        ("Ben Ray", 6.5),
        ("Ada Lowe", 6.5),
        (None, 8.0),
    ]


def test_captions_without_a_full_stop_are_cut_where_a_caption_begins(tmp_path: Path) -> None:
    times = [f"00:{second // 60:02d}:{second % 60:02d}.000 --> 01:00:00.000" for second in range(600)]
    cues = "\n\n".join(f"{time}\nand so it goes to number{number}" for number, time in enumerate(times))

    passages = passages_of(read_one(write(tmp_path, "talk.vtt", f"WEBVTT\n\n{cues}\n")))

    assert max(sizes(passages)) <= MAX_WORDS
    assert all(passage.text.startswith("and so it goes") for passage in passages)
    assert passages[1].start_s is not None


def test_synonyms_go_with_every_passage(tmp_path: Path) -> None:
    write_beir(tmp_path, {"_id": "a", "title": "Sky", "text": "Up.", "synonyms": ["heaven"]})

    assert passages_of(read_one(tmp_path))[0].synonyms == ("heaven",)


def everything(folder: Path) -> list[Source]:
    write_explainer(folder)
    write_interview(folder, LABELLED, name="transcript.md")
    write(folder, "loose/voices.vtt", VOICES)
    write(folder, "loose/named.srt", NAMED)
    write(folder, "loose/scrolling.vtt", SCROLLING)
    write(folder, "loose/twin.txt", COPIED)
    write(folder, "loose/sky.html", SAVED)
    write_beir(folder / "beir", {"_id": "one", "text": " ".join([words(7)] * 90)}, {"_id": "two", "title": "T"})
    return read_corpus([folder])


@pytest.mark.parametrize("max_words", [1, 5, 20, MAX_WORDS])
def test_every_passage_and_sentence_is_a_slice_and_every_word_is_in_one(tmp_path: Path, max_words: int) -> None:
    for source in everything(tmp_path):
        check(source, max_words)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(alphabet="aB .?!\n\"'é", max_size=400), st.integers(1, 30))
def test_the_same_holds_for_any_text(text: str, max_words: int) -> None:
    check(article(text), max_words)


def check(source: Source, max_words: int) -> None:
    passages = passages_of(source, max_words=max_words)
    spans = [span for passage in passages for span in (sentence.span for sentence in passage.sentences)]

    assert [passage.id for passage in passages] == [f"{source.id}#{number}" for number in range(len(passages))]
    assert all(passage.text == source.text[slice(*passage.span)] for passage in passages)
    assert all(passage.span == (passage.sentences[0].span[0], passage.sentences[-1].span[1]) for passage in passages)
    assert spans == sorted(spans)
    assert "".join("".join(source.text[slice(*span)].split()) for span in spans) == "".join(source.text.split())
    if not source.turns and not source.sections:
        assert spans == sentence_spans(source.text)
    for passage in passages:
        assert len(passage.text.split()) <= max_words or len(passage.sentences) == 1
