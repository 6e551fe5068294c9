"""List the common English words of a Build, which may be typed without being a name or a mistake."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

from bot.indexing.encoder import TOKENIZER_FILE

# symspellpy brings a list of 82,834 English words counted in books; its rarest tenth is left out.
_LIST = "frequency_dictionary_en_82_765.txt"
_LEAST_COUNT = 25_000


def common_words(encoder_folder: Path) -> list[str]:
    """Return the words of the English list and those that the tokenizer holds whole.

    Everyday words such as "wristband" are in the list; names of diseases, genes and drugs are hardly ever in either.

    :returns: lower-case words, ascending.
    """
    text = resources.files("symspellpy").joinpath(_LIST).read_text(encoding="utf-8-sig")
    counted = (line.split(" ")[:2] for line in text.splitlines() if line)
    words = {word for word, count in counted if int(count) >= _LEAST_COUNT and word.isalpha()}
    vocabulary = json.loads((encoder_folder / TOKENIZER_FILE).read_text(encoding="utf-8"))["model"]["vocab"]
    return sorted(words | {word for word in vocabulary if word.isalpha()})
