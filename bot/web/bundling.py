"""Bundle the chat's scripts and styles into single files when the service starts.

There is no build step and no second toolchain: the modules use only a few forms of import and export, and any other
form is an error at the start. A module becomes a function that is called once, so that its names stay its own. Comments
on lines of their own are dropped, and so are words that no module uses. Knows nothing of requests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.web.words import Words

# What the first screen needs, and what an answer needs, fetched while a family types.
_FIRST, _LATER = "explainer-chat-define", "later"
SCHEMES = ("light", "dark")
_IMPORT = re.compile(r'^import \{ ([^}]+) \} from "\./([\w-]+)\.js";\n', re.MULTILINE)
_WORDS = re.compile(r'^import words from "\./strings\.js";\n', re.MULTILINE)
_PASSED_ON = re.compile(r'^export \{ ([^}]+) \} from "\./([\w-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) ([\w$]+))", re.MULTILINE)
_ANY_OTHER = re.compile(r"^(?:import|export)\b(?!\().*", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*//[^\n]*\n", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)
# The rules for devices that prefer dark.
_DARK = re.compile(r"^@media \(prefers-color-scheme: dark\) \{\n(:root \{[^}]*\}\n)\}\n", re.MULTILINE)
_STYLE_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Module:
    """A module, the modules that it needs in order, and the names that it exports."""

    name: str
    body: str
    needs: tuple[str, ...]
    gives: tuple[str, ...]


def bundles(static: Path, languages: Iterable[Words]) -> dict[str, bytes]:
    """Return every bundle by name, in UTF-8.

    The names are ``{chat,later}.LANG.js``, ``chat[.SCHEME].css`` and ``page[-with-chat].css``.

    :param static: the folder with ``base.css``, ``pages.css`` and ``widget/``
    :raises ValueError: for a module that uses an unsupported form of import or export
    """
    made: dict[str, str] = {}
    for words in languages:
        made |= _scripts(static / "widget", words)
    base, page, chat = (_style(static / name) for name in ("base.css", "pages.css", "widget/chat.css"))
    made |= {"chat.css": base + chat, "page.css": base + page, "page-with-chat.css": base + page + chat}
    made |= {f"chat.{scheme}.css": _only(scheme, base + chat) for scheme in SCHEMES}
    return {name: text.encode() for name, text in made.items()}


def _scripts(folder: Path, words: Words) -> dict[str, str]:
    """Return the two scripts of a language; the later one adds its own words and shares what the first one has."""
    first = _needed(folder, _FIRST)
    there = {module.name for module in first}
    later = [module for module in _needed(folder, _LATER) if module.name not in there]
    said = _said(words.sentences, first)
    more = {key: text for key, text in _said(words.sentences, later).items() if key not in said}
    shared = ", ".join(["$strings", *(_variable(one.name) for one in first if one.gives)])
    start = f'import {{ {shared} }} from "./chat.{words.language}.js";\nObject.assign($strings,{_json(more)});\n'
    return {
        f"chat.{words.language}.js": f"const $strings={_json(said)};\n{_joined(first, words.language)}"
        f"export {{ {shared} }};\n",
        f"later.{words.language}.js": f"{start}{_joined(later, words.language)}export default $later;\n",
    }


def _needed(folder: Path, name: str) -> list[_Module]:
    """Return a module and everything that it needs, dependencies first."""
    found: dict[str, _Module] = {}

    def add(wanted: str) -> None:
        if wanted in found:
            return
        module = _read(folder, wanted)
        for other in module.needs:
            add(other)
        found[wanted] = module

    add(name)
    return [*found.values()]


def _read(folder: Path, name: str) -> _Module:
    written = _COMMENT.sub("", (folder / f"{name}.js").read_text(encoding="utf-8"))
    needs = [match[2] for pattern in (_IMPORT, _PASSED_ON) for match in pattern.finditer(written)]
    gives = [match[1] for match in _EXPORT.finditer(written)]
    body = _IMPORT.sub(lambda found: f"const {{ {found[1]} }} = {_variable(found[2])};\n", written)
    body = _WORDS.sub("const words = $strings;\n", body)
    for names, other in _PASSED_ON.findall(body):
        gives += [f"{one.strip()}: {_variable(other)}.{one.strip()}" for one in names.split(",")]
    body = _EXPORT.sub("", _PASSED_ON.sub("", body))
    strange = _ANY_OTHER.search(body)
    if strange:
        raise ValueError(f"{name}.js: found {strange[0]!r}, expected a form of import that bundling.py reads")
    return _Module(name, _INDENT.sub("", body), tuple(needs), tuple(gives))


def _joined(modules: Iterable[_Module], language: str) -> str:
    """Join the modules; only the one that is loaded later stays a file of its own."""
    code = "".join(
        f"const {_variable(one.name)}=(()=>{{\n{one.body}return {{ {', '.join(one.gives)} }};\n}})();\n"
        for one in modules
    )
    return code.replace('import("./later.js")', f'import("./later.{language}.js")')


def _said(sentences: Mapping[str, str], modules: Iterable[_Module]) -> dict[str, str]:
    """Return the words that the modules use, by a whole key or by the start of one."""
    code = "".join(one.body for one in modules)
    whole, begun = set(re.findall(r'"(\w+)"', code)), tuple(re.findall(r"`(\w+_)\$\{", code))
    return {key: text for key, text in sentences.items() if key in whole or key.startswith(begun)}


def _json(said: Mapping[str, str]) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _style(path: Path) -> str:
    return _INDENT.sub("", _STYLE_COMMENT.sub("", path.read_text(encoding="utf-8"))).lstrip("\n")


def _only(scheme: str, style: str) -> str:
    """Return the style sheet for one scheme whatever the device prefers, to match the page around the chat."""
    chosen = _DARK.sub(r"\1" if scheme == "dark" else "", style)
    return chosen.replace("color-scheme: light dark;", f"color-scheme: {scheme};")


def _variable(name: str) -> str:
    return f"${name.replace('-', '_')}"
