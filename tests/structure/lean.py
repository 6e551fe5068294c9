"""An environment with the packages of requirements-serve.txt and no others, made without a network.

The packages are already installed, in the very versions, beside the others: their files are linked into an empty
environment of their own.
"""

from __future__ import annotations

import sysconfig
import venv
from importlib.metadata import Distribution, distribution
from pathlib import Path

from tests.structure.test_requirements import lines_of


def make_lean_environment(folder: Path) -> Path:
    """Make the environment and give its Python."""
    venv.create(folder, symlinks=True)
    packages = folder / Path(sysconfig.get_path("purelib")).relative_to(Path(sysconfig.get_path("data")))
    for line in lines_of("requirements-serve.txt"):
        name, version = line.split("==")
        found = distribution(name)
        assert found.version == version, f"{line} is not what is installed; run `make install`."
        _link(found, packages)
    return folder / "bin" / "python"


def _link(package: Distribution, packages: Path) -> None:
    for file in package.files or ():
        # What lies outside, such as scripts, belongs to the other environment.
        if file.parts[0] == "..":
            continue
        target = packages / file
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            target.symlink_to(Path(str(package.locate_file(file))).resolve())
