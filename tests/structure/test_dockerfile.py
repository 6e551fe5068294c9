"""The image serves a Build made on the way, without torch and without root.

There need not be a Docker engine where the tests run, so the file is read and linted, not built.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from dockerfile_parse import DockerfileParser

from tests.patience import PATIENCE_S
from tests.structure.tree import TOP


class Step(NamedTuple):
    instruction: str
    value: str


def stages(path: Path) -> list[list[Step]]:
    """The instructions of each stage, in order."""
    found: list[list[Step]] = []
    for entry in DockerfileParser(path=str(path)).structure:
        if entry["instruction"] == "FROM":
            found.append([])
        if found and entry["instruction"] != "COMMENT":
            found[-1].append(Step(entry["instruction"], entry["value"]))
    return found


def values(stage: list[Step], instruction: str) -> list[str]:
    return [step.value for step in stage if step.instruction == instruction]


@pytest.fixture(scope="module")
def last(tmp_path_factory: pytest.TempPathFactory) -> list[Step]:
    return stages(TOP / "Dockerfile")[-1]


def test_the_build_is_made_by_an_earlier_stage() -> None:
    first = stages(TOP / "Dockerfile")[0]
    assert any("requirements.txt" in run for run in values(first, "RUN"))
    assert any("python -m bot ingest" in run for run in values(first, "RUN"))


def test_the_last_stage_takes_the_build_and_the_serving_packages_and_installs_nothing(last: list[Step]) -> None:
    copies = values(last, "COPY")
    assert any(copy.startswith("--from=build") and "indexes" in copy for copy in copies)
    assert any(copy.startswith("--from=packages") for copy in copies)
    assert not any("pip install" in run for run in values(last, "RUN"))


def test_the_serving_packages_come_from_the_short_list_alone() -> None:
    packages = next(stage for stage in stages(TOP / "Dockerfile") if stage[0].value.endswith("AS packages"))
    installs = [run for run in values(packages, "RUN") if "pip install" in run]
    assert len(installs) == 1
    assert installs[0].endswith("pip install --require-hashes -r requirements-serve.txt")


def test_every_stage_is_of_one_image_that_a_release_names_by_its_digest() -> None:
    """No registry of images could be asked for a digest when this was written: it is an argument, and documented."""
    text = (TOP / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"^ARG PYTHON_IMAGE=(.+)$", text, re.MULTILINE) == ["python:3.11-slim"]
    assert {value.split(" AS ")[0] for stage in stages(TOP / "Dockerfile") for value in values(stage, "FROM")} == {
        "${PYTHON_IMAGE}"
    }
    told = (TOP / "docs" / "security" / "dependencies.md").read_text(encoding="utf-8")
    assert "--build-arg PYTHON_IMAGE=python:3.11-slim@sha256:" in told


def test_the_server_is_not_root(last: list[Step]) -> None:
    (user,) = values(last, "USER")
    assert user.isdigit()
    assert int(user) > 0
    order = [step.instruction for step in last]
    assert order.index("USER") < order.index("CMD")


def test_health_is_asked_at_healthz_on_the_port_in_use(last: list[Step]) -> None:
    (check,) = values(last, "HEALTHCHECK")
    command = json.loads(check[check.index("[") :])
    assert "/healthz" in command[-1]
    assert "os.environ['PORT']" in command[-1]
    compile(command[-1], "HEALTHCHECK", "exec")


def test_the_command_is_run_without_a_shell_and_honours_the_port(last: list[Step]) -> None:
    (command,) = values(last, "CMD")
    assert json.loads(command) == ["gunicorn", "-c", "gunicorn.conf.py", "bot.wsgi:app"]
    assert any("PORT=8000" in env for env in values(last, "ENV"))


def test_everything_copied_from_the_tree_is_let_in_and_nothing_private_is() -> None:
    allowed = {
        line[1:] for line in (TOP / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")
    }
    copied = {
        word.removeprefix("./")
        for stage in stages(TOP / "Dockerfile")
        for copy in values(stage, "COPY")
        if not copy.startswith("--from")
        for word in copy.split()[:-1]
    }
    assert copied <= allowed
    assert not allowed & {".env", "var", ".git", "indexes", "tests"}


def test_a_linter_of_dockerfiles_has_nothing_to_say() -> None:
    linter = Path(sys.executable).with_name("hadolint")
    ran = subprocess.run([linter, "--no-color", TOP / "Dockerfile"], capture_output=True, text=True, timeout=PATIENCE_S)
    assert (ran.returncode, ran.stdout) == (0, "")
