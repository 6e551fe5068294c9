"""Give each command one line in a list of commands, short enough for 80 columns.

A command whose own help begins with a sentence that fits needs no line here.
"""

from __future__ import annotations

import click

_LINES = {
    "bank": "What families may ask of each source.",
    "bank add": "Add questions to a source.",
    "bank carry-over": "Show where the quotes of a changed text go.",
    "builds": "See the Builds, and carry them between machines.",
    "builds list": "List the Builds that can be gone back to.",
    "builds pull": "Fetch the Build that all machines should serve.",
    "builds push": "Put the current Build where others fetch it.",
    "check": "Say what is to be mended in the corpus.",
    "close": "Close the chat on every site.",
    "conversations": "Judge conversations in files, turn by turn.",
    "coverage": "Say which questions find nothing.",
    "digest": "Mail staff what waits and what is to be approved.",
    "evaluate": "Measure retrieval and answers on judged questions.",
    "ingest": "Read the corpus and switch to the new Build.",
    "new": "Begin a source with all its fields and sections.",
    "open": "Open the chat again after `close`.",
    "references": "List every page that the corpus cites.",
    "review": "Write down who reviewed a source, and when.",
    "review-sheet": "Print a source for a clinician to read and sign.",
    "safety": "Judge what becomes of messages in files.",
    "seed": "Fill an empty database with a made-up half year.",
    "site disable": "Switch a site off.",
    "site numbers": "Count a site's questions by week, without words.",
    "site rotate": "Give a site a new key, which is printed once.",
    "site show": "Show a site and what is known of its keys.",
    "staff reseal": "Seal what is kept with the first of the secrets.",
    "staff reset": "Give an account a new password.",
    "sync": "Take new sources from a feed into the corpus.",
    "train": "Train the project's own small models.",
    "train carry-over": "Show where the hands' quotes of a text go.",
    "train languages": "Learn danger in other languages.",
    "train reader": "Fit which sentence answers, and how likely.",
    "train safety": "Train the head that tells danger.",
}


def one_line_each(group: click.Group, above: str = "") -> None:
    """Set the lines of the commands in a group, and of those in its subgroups."""
    for name, command in group.commands.items():
        words = f"{above}{name}"
        command.short_help = _LINES.get(words, command.short_help)
        if isinstance(command, click.Group):
            one_line_each(command, f"{words} ")
