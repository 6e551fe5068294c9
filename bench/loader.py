"""The loader as partners get it, made of the loader as it is written: ``python -m bench.loader VERSION``.

Minify (https://github.com/tdewolff/minify, in Go, with one binary and no other package) shortens names and takes out
what no browser needs. A version that partners have never changes, so a change that they must take is a new one.
"""

from __future__ import annotations

import argparse
import gzip
import re
import sys
from pathlib import Path

import brotli
import minify

from bot.web.loaders import LOADER_FOLDER, WRITTEN

_STYLE = re.compile(r"(?<=const CSS = `)[^`]*(?=`)")


def main() -> None:
    """Write a version and print how large it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version", help="such as 1.0.0")
    path = LOADER_FOLDER / f"{parser.parse_args().version}.js"
    path.write_text(small(WRITTEN.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{path.name}: {sizes_of(path)}\n")


def small(written: str) -> str:
    """Return what is published of a loader as it is written.

    :param written: its source, with its style sheet in the text ``CSS``.
    :returns: a script that does the same.
    """
    styled = _STYLE.sub(lambda found: minify.string("text/css", found[0]), written)
    return f"{minify.string('text/javascript', styled)}\n"


def sizes_of(path: Path) -> str:
    """Return the bytes of a file as it is, and as servers send it."""
    content = path.read_bytes()
    packed = {"gzip": len(gzip.compress(content, 9)), "Brotli": len(brotli.compress(content))}
    return ", ".join(f"{size:,} bytes {name}" for name, size in {"raw": len(content), **packed}.items())


if __name__ == "__main__":
    main()
