"""What a quotation has lost: the page that a figure is from, and the subject of its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.editing.subjects import stands_for_another
from tests.editing.written import TODAY, body, corpus, cues, explainer, found, script, told

if TYPE_CHECKING:
    from pathlib import Path

OLD = {"updated_on": None, "reviewed_on": "2026-11-20", "reviewed_by": "unreviewed"}
FIGURES = [
    "About 12 percent of clouds rain.",
    "About 1.5% of clouds rain.",
    "About 1 in 100 clouds rain.",
    "About one in ten clouds rains.",
    "Rain fell on 8 of 10 days.",
    "Rain fell on 8 of the 10 days.",
    "Two out of three clouds rain.",
    "A cloud costs $300.",
    "A cloud costs 2 million euros.",
    "In 2024, rain was found.",
    "Rain has fallen since January 2025.",
]


def with_sentence(sentence: str) -> str:
    """A text that has this sentence in the middle of a section."""
    return body().replace("that is here.", f"that is here. {sentence}", 1)


@pytest.mark.parametrize("sentence", FIGURES)
def test_a_figure_or_a_dated_claim_without_a_reference_is_an_error(tmp_path: Path, sentence: str) -> None:
    (fault,) = found(corpus(tmp_path, with_sentence(sentence)), rule="figures")
    assert (fault.severity, sentence[:20] in fault.found) == ("error", True)
    lines = (tmp_path / "explainers" / "clouds.md").read_text(encoding="utf-8").split("\n")
    assert sentence in lines[fault.line - 1]


@pytest.mark.parametrize("sentence", FIGURES)
def test_a_mark_on_the_sentence_names_its_reference(tmp_path: Path, sentence: str) -> None:
    assert told(corpus(tmp_path, with_sentence(f"{sentence}[^2]")), rule="figures") == []


def test_a_mark_on_the_last_sentence_below_a_heading_is_for_all_below_it_and_no_other(tmp_path: Path) -> None:
    first = "## Plain-English explanation\n\nRain is 1 in 3. Sun is 2 in 3.\n\nClouds are grey.[^1]"
    text = f"{first}\n\n## Why it matters\n\nIn 2024, it rained."
    (fault,) = told(corpus(tmp_path, text), rule="figures")
    assert "In 2024" in fault


@pytest.mark.parametrize(
    "sentence",
    [
        "Did it rain in 2024?",
        "A cloud has 3 parts.",
        "Call 911 now.",
        "Phase 2 comes next.",
        "Wait 5 minutes.",
        "Rain is grey; half of it is wet.",
    ],
)
def test_a_question_and_a_plain_number_need_no_reference(tmp_path: Path, sentence: str) -> None:
    assert told(corpus(tmp_path, with_sentence(sentence)), rule="figures") == []


def test_a_figure_in_the_summary_is_found_in_the_front_matter(tmp_path: Path) -> None:
    (fault,) = found(corpus(tmp_path, summary="One in 3 clouds rains."), rule="figures")
    assert fault.line == 5
    assert found(corpus(tmp_path, summary="One in 3 clouds rains.[^1]"), rule="figures") == []


def test_what_is_said_in_a_script_names_its_reference_and_what_is_said_in_a_recording_is_left_alone(
    tmp_path: Path,
) -> None:
    said = cues("moon", words=1500) + "\n00:50:00.000 --> 00:50:03.000\n<v A nurse>In 2024, 1 in 3 came."
    (fault,) = told(script(tmp_path / "script", said), rule="figures")
    assert "In 2024" in fault
    assert told(script(tmp_path / "spoken", said, illustrative=None, recorded_on=f"{TODAY}"), rule="figures") == []


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("It can take years.", "It"),
        ("It's a gene.", "It's"),
        ("They help a child to talk.", "They"),
        ("This means more tests.", "This means"),
        ("That is why it works.", "That is"),
        ("These can hurt.", "These can"),
        ("Those help.", "Those help"),
        ("None is approved.", "None is"),
        ("Both are common.", "Both are"),
        ("Some of them fade.", "Some of them"),
        ("Such plans help families.", "Such"),
        ("This test shows a gene.", None),
        ("This diagnosis is rare.", None),
        ("This work is slow.", None),
        ("These medicines can hurt.", None),
        ("None of the tests is perfect.", None),
        ("Both parents can be tested.", None),
        ("Some children never talk.", None),
        ("Such as this.", None),
        ("It is normal to feel lost.", None),
        ("It's okay to ask again.", None),
        ("It helps to write questions down.", None),
        ("It may take months to get a result.", None),
        ("Italy pays for it.", None),
        ("Seizures can start at any age.", None),
    ],
)
def test_a_word_for_what_another_sentence_names_is_told_from_a_name(sentence: str, word: str | None) -> None:
    assert stands_for_another(sentence) == word


def test_a_sentence_without_its_subject_is_a_warning_that_shows_it(tmp_path: Path) -> None:
    (fault,) = told(corpus(tmp_path, with_sentence("It can rain for days.")), rule="subject")
    assert fault == "warning: “It” is named only in another sentence: “It can rain for days.”"


def test_the_beginning_of_a_section_is_told_once(tmp_path: Path) -> None:
    text = body().replace("## Why it matters\n\n", "## Why it matters\n\nIt can rain for days. ")
    assert [one.rule for one in found(corpus(tmp_path, text))] == ["phrases"]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.fda.gov/",
        "https://www.fda.gov",
        "https://www.ema.europa.eu/en",
        "https://www.ema.europa.eu/en/",
        "https://a.body.org/en-us/",
        "https://a.body.org/index.html",
        "https://a.body.org/en/home",
        "https://www.fda.gov/#top",
    ],
)
def test_a_bare_home_page_is_no_reference(tmp_path: Path, url: str) -> None:
    (fault,) = told(with_reference(tmp_path, url), rule="references")
    assert fault == f"error: {url} is a bare home page"


@pytest.mark.parametrize(
    "url",
    [
        "https://a.body.org/rain",
        "https://a.body.org/?id=12",
        "https://a.body.org/en/rain",
        "https://a.body.org/us-rain",
    ],
)
def test_a_page_with_a_path_or_a_query_is_a_reference(tmp_path: Path, url: str) -> None:
    assert told(with_reference(tmp_path, url), rule="references") == []


def with_reference(folder: Path, url: str) -> Path:
    """A corpus whose explainer has this among its references."""
    pages = [{"title": f"R{n}", "publisher": "A body", "url": f"https://b.body.org/{n}"} for n in (1, 2)]
    return corpus(folder, references=[*pages, {"title": "R3", "publisher": "A body", "url": url}])


def test_an_explainer_has_three_references_at_least(tmp_path: Path) -> None:
    pages = [{"title": f"R{n}", "publisher": "A body", "url": f"https://b.body.org/{n}"} for n in (1, 2)]
    assert told(corpus(tmp_path, references=pages)) == ["error: references has 2, and 3 is the minimum"]


def test_a_formula_in_more_than_a_tenth_of_the_explainers_is_one_error_for_the_corpus(tmp_path: Path) -> None:
    subjects = [f"cloud{letter}" for letter in "abcdefghijklmnopqrst"]
    for subject in subjects:
        explainer(tmp_path, subject, related=["cloudas", "cloudbs"] if subject > "cloudb" else ["cloudcs", "cloudds"])
    for subject in subjects[:2]:
        formula = f"Clouds of the kind {subject} matter because rain falls. "
        explainer(tmp_path, subject, body(subject).replace("The ", f"{formula}The ", 1), related=["cloudcs", "cloudds"])
    assert told(tmp_path, rule="formulas") == []
    explainer(tmp_path, "cloudc", f"{body('cloudc')} All matters because.", related=["cloudas", "cloudbs"])
    assert told(tmp_path, rule="formulas") == [
        "error: “matters because” is in 3 of 20 explainers, also in cloudbs, cloudcs"
    ]
