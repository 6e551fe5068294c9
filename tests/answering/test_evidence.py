"""What counts as a name, and what a passage must mention."""

from __future__ import annotations

import pytest

from bot.answering.evidence import MatchEvidence, asked_of, names_of, said_in, weigh
from bot.answering.spelling import Speller
from bot.records import Source
from tests.factories import passages, source

COMMON = frozenset(
    [
        "what",
        "is",
        "the",
        "are",
        "of",
        "symptoms",
        "treatment",
        "for",
        "a",
        "very",
        "rare",
        "disease",
        "does",
        "cause",
        "huntington",
        "bone",
    ]
)
SPELLER = Speller({"gene": 3, "therapy": 3, "antisense": 2, "phelan": 1, "mcdermid": 1}, COMMON)


def evidence(question: str, here: Source, *labels: str) -> MatchEvidence:
    """What the only passage of a source says of a question whose terms are all equally rare."""
    asked = asked_of(question, SPELLER)
    (passage,) = passages(here)
    return weigh(asked, said_in(passage, names_of(here, labels)), dict.fromkeys(asked.terms, 1.0))


def lacking(found: MatchEvidence) -> tuple[object, ...]:
    """What of the names a passage lacks: those it must mention, and the number of the others."""
    return (*found.unmentioned, *([found.unsaid] if found.unsaid else []))


@pytest.mark.parametrize(
    ("text", "disease"),
    [
        ("what are the symptoms of huntington disease", "huntington diseas"),
        ("How to diagnose Bartter syndrome?", "bartter syndrom"),
        ("what is osteopetrosis type 2", "osteopetrosi type 2"),
    ],
)
def test_a_disease_is_seen_in_the_words_that_name_it(text: str, disease: str) -> None:
    assert disease in {" ".join(phrase) for phrase in asked_of(text, SPELLER).diseases}


@pytest.mark.parametrize(
    ("text", "disease"),
    [
        ("is a keto diet useful against Lafora disease", "lafora diseas"),
        ("is sleep worse before Dravet syndrome is known", "dravet syndrom"),
        ("can stress worsen moyamoya disease", "moyamoya diseas"),
    ],
)
def test_verbs_and_prepositions_are_no_part_of_a_name(text: str, disease: str) -> None:
    assert disease in {" ".join(phrase) for phrase in asked_of(text, SPELLER).diseases}


@pytest.mark.parametrize(
    "word", ["didnt", "cant", "wont", "doesnt", "isnt", "im", "ive", "hes", "shes", "theyre", "wouldnt"]
)
def test_a_contraction_without_its_apostrophe_is_no_slip_and_no_name(word: str) -> None:
    speller = Speller({"didn": 9, "doesn": 9, "wouldn": 9, "there": 9}, frozenset())
    assert speller.correct(f"why {word} it") == (f"why {word} it", ())
    assert speller.is_common(word)


def test_a_slip_of_a_word_that_is_no_contraction_is_mended_still() -> None:
    assert Speller({"biopsy": 9}, frozenset()).correct("bipsy")[0] == "biopsy"


@pytest.mark.parametrize("text", ["our daughter loses the medicine", "how many doses are given", "for what purposes"])
def test_a_word_that_only_ends_like_a_disease_is_none(text: str) -> None:
    assert asked_of(text, SPELLER).diseases == ()


@pytest.mark.parametrize(
    "text", ["why is it a very rare disease", "what causes a genetic disorder", "my child has a fever"]
)
def test_a_disease_in_general_is_no_particular_one(text: str) -> None:
    assert asked_of(text, SPELLER).diseases == ()


@pytest.mark.parametrize("text", ["is a keto diet useful against epilepsy", "does autism run in families"])
def test_a_disease_in_everyday_english_need_not_be_mentioned(text: str) -> None:
    assert asked_of(text, SPELLER).diseases == ()


def test_letters_with_digits_rare_words_and_capitals_are_names() -> None:
    assert set(asked_of("does SHANK3 or nusinersen help Rett", SPELLER).names) >= {"shank3", "nusinersen", "rett"}


def test_a_passage_that_lacks_a_name_is_found_out_and_one_that_has_it_is_not() -> None:
    here = source("one", "Bartter syndrome is a kidney condition.")
    assert lacking(evidence("what is Bartter syndrome", here, "One")) == ()
    assert lacking(evidence("what is Gitelman syndrome", here, "One")) == ("gitelman syndrom", 1)


@pytest.mark.parametrize("name", ["SCN2A", "cdkl5", "22q13", "16p11", "nusinersen", "fenfluramine", "risdiplam"])
def test_genes_places_on_chromosomes_and_drugs_are_names_and_those_seen_by_their_form_must_be_mentioned(
    name: str,
) -> None:
    asked = asked_of(f"what is {name}", SPELLER)
    assert len(asked.names) == 1
    here = source("one", "A text about SHANK2 and valproate.")
    assert evidence(f"what is {name}", here, "One").unmentioned == asked.names


@pytest.mark.parametrize("text", ["is 20mg too much", "she wakes at 3am", "what is a zebrafish", "who is Marisol"])
def test_doses_times_and_other_rare_words_weigh_but_need_not_be_mentioned(text: str) -> None:
    assert evidence(text, source("one", "A text about SHANK2."), "One").unmentioned == ()


@pytest.mark.parametrize(
    ("asked", "said"), [("SHANK 3", "SHANK3"), ("SHANK3", "SHANK 3"), ("micro arrays", "microarray")]
)
def test_a_name_written_as_one_word_or_as_two_is_the_same_name(asked: str, said: str) -> None:
    here = source("one", f"A text about {said} here.")
    assert lacking(evidence(f"what is {asked}", here, "One")) == ()
    assert lacking(evidence(f"what is {asked}", source("one", "A text about SHANK2 here."), "One")) != ()


def test_a_disease_is_not_put_together_from_two_names() -> None:
    here = source("one", "A text.", synonyms=("Bartter", "syndrome of Rett"))
    assert "bartter syndrom" in evidence("what is Bartter syndrome", here, "Bartter", "syndrome of Rett").unmentioned


def test_a_label_is_what_is_asked_about_only_word_for_word() -> None:
    here = source("one", "It is a kidney condition.")

    def exactly(text: str, label: str) -> bool:
        return evidence(text, here, label).named_exactly

    assert exactly("what are the symptoms of Chiari malformation type 3", "Chiari malformation, type 3")
    assert not exactly("what are the symptoms of Chiari malformation type 2", "Chiari malformation type 3")
    assert not exactly("what is Huntington disease", "Juvenile Huntington disease")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("antisence therapy", "antisense therapy"),
        ("phelan mcdermit", "phelan mcdermid"),
        ("gene theropy", "gene therapy"),
    ],
)
def test_mistyped_words_are_put_right_and_said(typed: str, meant: str) -> None:
    corrected, corrections = SPELLER.correct(typed)
    assert corrected == meant
    assert len(corrections) == 1


@pytest.mark.parametrize("text", ["genes and therapies", "symptoms of bone disease", "SHANK3", "gnee", "xylophonist"])
def test_words_that_are_known_short_numbered_or_far_from_all_others_are_left_alone(text: str) -> None:
    assert SPELLER.correct(text) == (text, ())


def test_two_words_equally_near_are_not_chosen_between() -> None:
    assert Speller({"batten": 1, "batter": 1}, frozenset()).correct("battex")[1] == ()
