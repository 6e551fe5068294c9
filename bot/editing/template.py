"""Write the files of a new source, with placeholders for everything that ``check`` will ask for.

The templates are the plain files ``explainer.template.md`` and ``interview.template.md`` beside this one.
"""

from __future__ import annotations

import json
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Literal

from bot.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

NewKind = Literal["explainer", "interview"]
# The placeholder in a template.
TO_WRITE = "TODO"


def write_new_source(kind: NewKind, source_id: str, corpus: Path, *, today: date) -> Path:
    """Write a new source and return its file.

    :param source_id: lower-case letters and digits joined by hyphens.
    :param corpus: the folder that has the folders of explainers and interviews; made if it does not exist.
    :raises CorpusError: if there is a source of that kind and id, or the file cannot be written.
    """
    path = _place_of(kind, source_id, corpus)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Opened only to create: an existing file, or one made meanwhile, is never overwritten.
        with path.open("x", encoding="utf-8") as file:
            file.write(text_of_new_source(kind, source_id, today=today))
    except FileExistsError as error:
        raise CorpusError(str(path), None, "the file is there already", "Write in it, or choose another id.") from error
    except OSError as error:
        remedy = "Name a folder that can be written to with --corpus."
        raise CorpusError(str(path), None, f"the file cannot be written ({error.strerror})", remedy) from error
    return path


def text_of_new_source(kind: NewKind, source_id: str, *, today: date, questions: Sequence[str] = ()) -> str:
    """Return the initial text of a new source.

    :param questions: what families ask, if known.
    """
    template = Template((Path(__file__).parent / f"{kind}.template.md").read_text(encoding="utf-8"))
    title = source_id.replace("-", " ").capitalize()
    text = template.substitute(id=source_id, title=title, today=today.isoformat())
    # JSON's strings are YAML's too.
    listed = "".join(f"\n  - {json.dumps(question, ensure_ascii=False)}" for question in questions)
    return text.replace("\nquestions: []\n", f"\nquestions:{listed}\n") if questions else text


def _place_of(kind: NewKind, source_id: str, corpus: Path) -> Path:
    if kind == "interview":
        # Imported here because the console begins explainers and reads no interviews.
        from bot.reading.interview import CARD

        return corpus / "interviews" / source_id / CARD
    return corpus / "explainers" / f"{source_id}.md"
