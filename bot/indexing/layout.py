"""Define the file names of a Build, and which text of a passage or source is indexed, for writer and reader alike."""

from __future__ import annotations

from bot.records import Passage, Source

SOURCES, PASSAGES, LABELS, VOCABULARY = "sources.jsonl", "passages.jsonl", "labels.jsonl", "vocabulary.jsonl"
COMMON_WORDS, QUESTIONS = "common_words.jsonl", "questions.jsonl"
PASSAGE_TABLE, LABEL_TABLE, WINDOWS = "passage_rows", "label_rows", "windows"
LEXICAL, ENCODER = "lexical", "encoder"
SOURCE_OF_ROW, LABEL_ENTRIES, TOKEN_IDF = "source_of_row.npy", "label_entries.npy", "token_idf.npy"
PASSAGE_GRAPH, LABEL_GRAPH = "passages.hnsw.faiss", "labels.hnsw.faiss"

# A source with more labels than this is a data error; the first ones are kept.
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
    """Return the labels of a source: its title, other names, key terms, and the questions it is said to answer.

    :returns: 1 to ``MAX_LABELS`` distinct non-empty texts; the id if there are none.
    """
    terms = [name for term in source.key_terms for name in (term.term, *term.synonyms)]
    labels = (source.title, *source.synonyms, *terms, *source.questions)
    different = dict.fromkeys(text.strip() for text in labels)
    return [label for label in different if label][:MAX_LABELS] or [source.id]
