"""The chat's modules, made one file: the same code, without what no browser needs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.web.bundling import SCHEMES, bundles
from bot.web.words import STRINGS_FOLDER, Words, all_words

STATIC = STRINGS_FOLDER.parent
WORDS = Words("en", {"hello": "Hello", "error_a": "A", "error_b": "B", "unsaid": "Never"})


BASE = """:root {
  color-scheme: light dark;
  --paper: white;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: black;
  }
}
"""


def small(folder: Path, **modules: str) -> dict[str, str]:
    (folder / "widget").mkdir()
    for name, style in (
        ("base.css", BASE),
        ("pages.css", "p { margin: 0; }\n"),
        ("widget/chat.css", "/* Why. */\na { color: red; }\n"),
    ):
        (folder / name).write_text(style, encoding="utf-8")
    told = {"later": 'export { say } from "./words.js";\n', **modules}
    for name, code in told.items():
        (folder / "widget" / f"{name.replace('_', '-')}.js").write_text(code, encoding="utf-8")
    return {name: made.decode() for name, made in bundles(folder, [WORDS]).items()}


SAYING = 'import words from "./strings.js";\n// Why.\nexport function say(key) {\n  return words[key];\n}\n'


def test_a_module_comes_after_what_it_needs_and_keeps_its_names_to_itself(tmp_path: Path) -> None:
    code = 'import { say } from "./words.js";\nsay("hello");\nsay(`error_${1}`);\n'
    made = small(tmp_path, words=SAYING, explainer_chat_define=code)["chat.en.js"]
    assert made.index("const $words=") < made.index("const $explainer_chat_define=")
    assert "const { say } = $words;" in made
    assert "return { say };" in made
    assert "Why." not in made
    assert '{"hello":"Hello","error_a":"A","error_b":"B"}' in made


def test_what_is_asked_for_later_shares_what_is_there_already(tmp_path: Path) -> None:
    code = 'import { say } from "./words.js";\nsay("hello");\nimport("./later.js");\n'
    made = small(tmp_path, words=SAYING, explainer_chat_define=code)
    assert 'import("./later.en.js")' in made["chat.en.js"]
    assert 'import { $strings, $words } from "./chat.en.js";' in made["later.en.js"]
    assert "const $words=" not in made["later.en.js"]
    assert "return { say: $words.say };" in made["later.en.js"]


def test_another_form_of_import_stops_the_start_and_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"words\.js: found 'export default 1;'"):
        small(tmp_path, words="export default 1;\n", explainer_chat_define='import { a } from "./words.js";\n')


def test_the_styles_of_a_page_are_one_file_with_those_of_the_chat_or_without(tmp_path: Path) -> None:
    made = small(tmp_path, words=SAYING, explainer_chat_define='import { say } from "./words.js";\n')
    assert made["page.css"].endswith("}\n}\np { margin: 0; }\n")
    assert made["page-with-chat.css"] == f"{made['page.css']}a {{ color: red; }}\n"


def test_styles_are_one_file_and_one_for_each_scheme_that_a_page_asks_for(tmp_path: Path) -> None:
    made = small(tmp_path, words=SAYING, explainer_chat_define='import { say } from "./words.js";\n')
    light = ":root {\ncolor-scheme: light;\n--paper: white;\n}\n"
    assert made["chat.css"].endswith("}\n}\na { color: red; }\n")
    assert made["chat.light.css"] == f"{light}a {{ color: red; }}\n"
    assert made["chat.dark.css"] == (
        f"{light.replace('light', 'dark')}:root {{\n--paper: black;\n}}\na {{ color: red; }}\n"
    )


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_shipped_style_sheet_of_one_scheme_asks_the_device_nothing(scheme: str) -> None:
    style = bundles(STATIC, [])[f"chat.{scheme}.css"].decode()
    assert "prefers-color-scheme" not in style
    assert f"color-scheme: {scheme};" in style
    assert style.count("--paper:") == (2 if scheme == "dark" else 1)


def test_the_shipped_modules_are_bundled_for_every_language_and_no_import_is_left() -> None:
    made = bundles(STATIC, all_words().values())
    assert {f"{part}.{language}.js" for part in ("chat", "later") for language in all_words()} <= set(made)
    for name, code in made.items():
        left = re.findall(r"^import .*", code.decode(), re.MULTILINE)
        assert [line for line in left if "./chat." not in line] == [], name
