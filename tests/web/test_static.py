"""What the files for browsers may not hold, and the words on screen."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.web.words import STRINGS_FOLDER, languages, read_words

WEB = STRINGS_FOLDER.parents[1]
SCRIPTS = sorted((WEB / "static").rglob("*.js"))
STYLES = sorted((WEB / "static").rglob("*.css"))
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
MARKUP_SINKS = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval(", "srcdoc")
# Keys that are put together from a status or a kind, by their beginnings.
COMPOSED = (
    *("kind_", "error_", "promise_", "missing_", "unavailable_", "fault_", "refused_"),
    *("care_", "sensitive_", "reason_", "proof_", "preview_", "comeback_", "check_", "need_", "start_"),
)
# Said by Python, and by a page about each language.
ELSEWHERE = {"date", "months", "language_name"}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_makes_markup_from_text(path: Path) -> None:
    assert [sink for sink in MARKUP_SINKS if sink in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_escape_everything_and_hold_nothing_inline(path: Path) -> None:
    template = path.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape|<style|\sstyle=|\son\w+=", template)
    # A data block for search engines is run by no browser; what stands in it is escaped by ``tojson``.
    scripts = template.replace(
        '<script type="application/ld+json">{{ source | structured_data | tojson }}</script>', ""
    )
    assert re.findall(r"<script(?![^>]*\ssrc=)", scripts) == []


@pytest.mark.parametrize("path", [*SCRIPTS, *STYLES, *TEMPLATES], ids=lambda path: path.name)
def test_nothing_is_loaded_from_elsewhere(path: Path) -> None:
    text = re.sub(r"^ *//.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert re.findall(r"(?:src=|url\(|@import|from \")\s*[\"']?https?:", text) == []


@pytest.mark.parametrize("language", languages())
def test_the_words_are_one_json_object_after_the_export(language: str) -> None:
    module = (STRINGS_FOLDER / f"strings.{language}.js").read_text(encoding="utf-8")
    match = re.fullmatch(r"(?://[^\n]*\n)*export default (\{.*\});\n", module, re.DOTALL)
    assert match is not None
    assert json.loads(match[1]) == read_words(language).sentences


@pytest.mark.parametrize("language", languages())
def test_no_language_lacks_a_word_or_a_value_in_it(language: str) -> None:
    english, there = read_words("en").sentences, read_words(language).sentences
    assert list(there) == list(english)
    places = {key: set(re.findall(r"\{\w+\}", words)) for key, words in english.items()}
    assert {key: set(re.findall(r"\{\w+\}", words)) for key, words in there.items()} == places
    assert all(words.strip() for words in there.values())


def test_every_word_that_is_said_exists_and_every_word_is_said() -> None:
    scripts = [path for path in SCRIPTS if not path.name.startswith("strings.")]
    code = "".join(path.read_text(encoding="utf-8") for path in [*scripts, *TEMPLATES])
    said = set(re.findall(r"""say\(\s*["'](\w+)["']\s*[,)]""", code))
    said |= set(re.findall(r"say\((?:answered \?|')\s*[\"']?(\w+)[\"']? (?::|if) ", code))
    keys = set(read_words("en").sentences)
    assert said - keys == set()
    unsaid = {key for key in keys - said - ELSEWHERE if f'"{key}"' not in code and f"'{key}'" not in code}
    assert {key for key in unsaid if not key.startswith(COMPOSED)} == set()


def test_a_missing_word_is_a_fault() -> None:
    with pytest.raises(KeyError):
        read_words("en").say("no_such_key")
    with pytest.raises(KeyError):
        read_words("en").say("reviewed")
