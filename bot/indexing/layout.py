"""The file names of a Build, and what is read of a passage and of a source: one place for writer and reader."""

from __future__ import annotations

from bot.records import Passage, Source

SOURCES, PASSAGES, LABELS, VOCABULARY = "sources.jsonl", "passages.jsonl", "labels.jsonl", "vocabulary.jsonl"
COMMON_WORDS, QUESTIONS = "common_words.jsonl", "questions.jsonl"
PASSAGE_TABLE, LABEL_TABLE, WINDOWS = "passage_rows", "label_rows", "windows"
LEXICAL, ENCODER = "lexical", "encoder"
SOURCE_OF_ROW, LABEL_ENTRIES, TOKEN_IDF = "source_of_row.npy", "label_entries.npy", "token_idf.npy"
PASSAGE_GRAPH, LABEL_GRAPH = "passages.hnsw.faiss", "labels.hnsw.faiss"

# A source with more names than this is a data error of somebody's; the first ones are kept.
MAX_LABELS = 64


def embedded_text(passage: Passage) -> tuple[str, int]:
    """Return what the encoder reads for a passage, and where the passage's own text begins in it.

    :returns: "title. heading. text" and the number of characters before the text.
    """
    before = "".join(f"{part}. " for part in (passage.source_title, *passage.headings) if part)
    return before + passage.text, len(before)


def lexical_text(passage: Passage) -> str:
    """Return what BM25 reads for a passage: its names and synonyms with the text."""
    return " ".join((passage.source_title, *passage.synonyms, *passage.headings, passage.text))


def labels_of(source: Source) -> list[str]:
    """Return the labels of a source: its title, its other names, its key terms, and the questions it is said to answer.

    :returns: different non-empty texts, 1 to ``MAX_LABELS``; the id where there is none.
    """
    terms = [name for term in source.key_terms for name in (term.term, *term.synonyms)]
    labels = (source.title, *source.synonyms, *terms, *source.questions)
    different = dict.fromkeys(text.strip() for text in labels)
    return [label for label in different if label][:MAX_LABELS] or [source.id]
