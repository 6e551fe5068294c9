"""Split the text of a Markdown file into its front matter, as checked fields, and its body.

Knows nothing of which fields a kind of source needs.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

import yaml
from frontmatter.default_handlers import YAMLHandler

from bot.errors import CorpusError
from bot.reading.fields import Fields
from bot.reading.textfile import line_of

if TYPE_CHECKING:
    from bot.reading.textfile import TextFile

KNOWN_FIELDS = (
    "id", "kind", "title", "summary", "url", "updated_on", "reviewed_on", "reviewed_by", "reviewed_sha256",
    "recorded_on", "guest", "role", "host", "video", "infographic", "infographic_alt", "illustrative", "transcript",
    "synonyms", "tags", "questions", "key_terms", "related", "references", "retired",
)  # fmt: skip
_FENCE = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)


class _PlainLoader(yaml.SafeLoader):
    """A YAML loader that keeps dates as text, so that a bad date is reported with its line and not as a ValueError."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_front_matter(file: TextFile) -> tuple[Fields | None, str, int]:
    """Return the fields, the body and the line on which the body begins.

    :returns: the fields are ``None`` if the file does not begin with ``---``
    :raises CorpusError: if the front matter is not closed, is not YAML, or has a field twice or misspelt
    """
    text = file.text.lstrip("\n")
    first = file.text.count("\n") - text.count("\n") + 1
    opening = _FENCE.match(text)
    if opening is None:
        return None, file.text, 1
    closing = _FENCE.search(text, opening.end())
    if closing is None:
        raise CorpusError(file.name, first, "the front matter has no end", "Put a line `---` after its last field.")
    fields = _fields(file.name, text[opening.end() : closing.start()], first)
    _check_names(fields)
    return fields, text[closing.end() :], first + line_of(text, closing.end()) - 1


def _fields(name: str, source: str, first: int) -> Fields:
    try:
        node = yaml.compose(source, Loader=_PlainLoader)
        values = YAMLHandler().load(source, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        line = first + (error.problem_mark.line if error.problem_mark else 0)
        found = f"the front matter is not YAML ({error.problem or 'unreadable'})"
        raise CorpusError(name, line, found, "Put text that has a colon or quotes in double quotes.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise CorpusError(name, first, "the front matter is not YAML", "Write lines of `field: value`.") from error
    if node is None:
        return Fields(name, {}, {})
    if not isinstance(node, yaml.MappingNode):
        raise CorpusError(name, first, "the front matter has no fields", "Write lines of `field: value`.")
    return Fields(name, values, _lines_of(node, name, first))


def _lines_of(node: yaml.MappingNode, name: str, first: int) -> dict[str, int]:
    lines: dict[str, int] = {}
    for key, value in node.value:
        line = first + key.start_mark.line
        if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
            raise CorpusError(name, line, "a field's name is not text", "Write lines of `field: value`.")
        if key.value in lines:
            raise CorpusError(name, line, f"{key.value} is there twice", "Keep one of them.")
        lines[key.value] = line
        items = value.value if isinstance(value, yaml.SequenceNode) else ()
        lines |= {f"{key.value}[{number}]": first + item.start_mark.line for number, item in enumerate(items)}
    return lines


def _check_names(fields: Fields) -> None:
    """Refuse names that look like a misspelt known field; all other fields are the editor's own and are left alone."""
    for field in fields.values:
        near = [] if field in KNOWN_FIELDS else difflib.get_close_matches(field.lower(), KNOWN_FIELDS, 1, cutoff=0.8)
        if near:
            raise fields.error(field, f"there is no field {field!r}", f"Did you mean {near[0]!r}?")
