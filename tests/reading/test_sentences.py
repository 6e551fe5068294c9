from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.sentences import sentence_spans


@pytest.mark.parametrize(
    "sentences",
    [
        ["Dr. Lowe spoke first.", "Then Prof. Ray of St. Jude answered."],
        ["See Fig. 2 for the gene.", "It is shown in figs. 3 and 4, e.g. in mice."],
        ["It affects many organs, e.g. the heart, i.e. it is everywhere.", "Ask your doctor."],
        ["The U.S. Food and Drug Administration approved it.", "Many families waited."],
        ['"Is it safe?" she asked.', "Nobody knew."],
        ["Ada Lowe, Psy.D. is a psychologist.", "She has a Ph.D. in biology."],
        ["The dose was 1.5 mg per kg vs. 2.0 mg in others.", "It works."],
        ["Lowe et al. found that it matters.", "No. 4 was different."],
        ["The drug (see Sec. 3.2) is approx. 5 times stronger.", "It was made by Acme Inc. in 1999."],
        ["Was it safe?", "No.", "They said it was not."],
        ["These are the signs of hepatitis B.", "They vary."],
        ["She took vitamin K.", "Then she slept."],
        ["We open at 9 a.m.", "Come early."],
        ["This may be a sign of cancer.", "Tests can tell."],
        ["There is no cure for MS.", "Treatment helps."],
        ["It was gone within 24 h.", "In mice it stayed."],
        ["The blood protein is called factor V.", "It stops bleeding."],
        ["It is approx. Dr. Lowe's age.", "So what?"],
        ["The variant c.1234A>G (p.Arg412Gly) is rare.", "It is new."],
        ["Visit www.example.org or example.org/a.b.c for more.", "Thanks."],
        ["It costs $3.5 million.", "Insurers often pay."],
        ["It rained (at last.)", "We rested."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences: list[str]) -> None:
    text = " ".join(sentences)

    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


def test_a_sentence_glued_to_a_quotation_mark_is_its_own() -> None:
    text = '"That\'s not weak."But others cry.'

    assert [text[start:end] for start, end in sentence_spans(text)] == ['"That\'s not weak."', "But others cry."]


def test_a_line_break_ends_a_sentence() -> None:
    text = "You need:\na pencil\n\na window"

    assert [text[start:end] for start, end in sentence_spans(text)] == ["You need:", "a pencil", "a window"]


@pytest.mark.parametrize("text", ["", " ", "\n\n \n"])
def test_where_nothing_is_written_there_is_no_sentence(text: str) -> None:
    assert sentence_spans(text) == []


_WORDS = st.sampled_from(
    ["Dr.", "e.g.", "No.", "a.m.", "Fig.", "It", "is.", "“So?”", '"Yes!"But', "…", "\n", "\n\n", "  "]
)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(_WORDS, max_size=40).map(" ".join)))
def test_sentences_cover_all_that_is_written_and_never_overlap(text: str) -> None:
    spans = sentence_spans(text)
    gaps = [
        text[end:start]
        for end, start in zip([0, *(end for _, end in spans)], [s for s, _ in spans] + [len(text)], strict=True)
    ]

    assert all(start < end for start, end in spans)
    assert spans == sorted(spans)
    assert not re.sub(r"\s", "", "".join(gaps))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
