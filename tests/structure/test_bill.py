"""The bill of materials has every package, and the audit says what is known or that nobody could be asked."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import types
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

from tests.patience import PATIENCE_S
from tests.structure.test_requirements import PINNED, hashes_of, lines_of
from tests.structure.tree import TOP

pytestmark = pytest.mark.slow

MAKEFILE = (TOP / "Makefile").read_text(encoding="utf-8")


def audit(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ".ci/audit", *options], cwd=TOP, capture_output=True, text=True, timeout=PATIENCE_S
    )


@contextmanager
def database(faults: dict[str, list[dict[str, object]]]) -> Iterator[str]:
    """A database of known faults, as osv.dev answers, with the faults of packages by name."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps({"vulns": faults.get(asked["package"]["name"], [])}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *told: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
        server.shutdown()


def fault_of_flask(version: str) -> dict[str, object]:
    affected = {"package": {"name": "flask", "ecosystem": "PyPI"}, "versions": [version], "ranges": [
        {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "999.0"}]}
    ]}  # fmt: skip
    return {"id": "PYSEC-2026-1", "summary": "made up", "affected": [affected], "published": "2026-01-01T00:00:00Z"}


def test_the_bill_of_what_serves_has_each_package_with_its_version_and_hashes(tmp_path: Path) -> None:
    tool = Path(sys.executable).with_name("cyclonedx-py")
    command = [tool, "requirements", "--pyproject", "pyproject.toml", "--output-reproducible", "requirements-serve.txt"]
    ran = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=PATIENCE_S, check=True)
    bill = json.loads(ran.stdout)
    assert bill["bomFormat"] == "CycloneDX"
    listed = {f"{part['name']}=={part['version']}" for part in bill["components"]}
    assert listed == set(lines_of("requirements-serve.txt"))
    hashes = hashes_of("requirements-serve.txt")
    assert all(json.dumps(part).count("SHA-256") >= len(hashes[part["name"]]) for part in bill["components"])


def test_make_sbom_and_make_audit_take_every_list() -> None:
    (loop,) = re.findall(r"^sbom:.*?for list in (.+?);", MAKEFILE, flags=re.MULTILINE | re.DOTALL)
    assert {f"{name}.txt" for name in loop.split()} == set(PINNED)
    text = (TOP / ".ci" / "audit").read_text(encoding="utf-8")
    assert all(f'"{name}"' in text for name in PINNED)


def test_an_audit_that_reaches_nobody_says_so_and_does_not_pass() -> None:
    ran = audit("--vulnerability-service", "osv", "--osv-url", "http://127.0.0.1:9/v1/query", "--timeout", "5")
    assert ran.returncode == 2, ran.stderr
    assert "could not be asked" in ran.stderr


def test_packages_that_the_database_does_not_know_are_not_audited(capsys: pytest.CaptureFixture[str]) -> None:
    """A mirror of the registry may have no advisories: it says of each package that there is none of that name."""
    script = SourceFileLoader("audit_script", str(TOP / ".ci" / "audit"))
    told = types.ModuleType(script.name)
    told.__file__ = script.path
    script.exec_module(told)
    assert told.told([{"name": "flask", "skip_reason": "Dependency not found on PyPI"}]) == 2
    assert "knows 1 of them not at all, such as flask" in capsys.readouterr().err


def test_an_audit_without_a_known_fault_passes_and_says_of_how_many_packages() -> None:
    with database({}) as url:
        ran = audit("--vulnerability-service", "osv", "--osv-url", url)
    assert ran.returncode == 0, ran.stderr
    assert "0 known faults" in ran.stderr


def test_a_known_fault_is_named_with_what_mends_it() -> None:
    (version,) = (line.split("==")[1] for line in lines_of("requirements-serve.txt") if line.startswith("flask=="))
    with database({"flask": [fault_of_flask(version)]}) as url:
        ran = audit("--vulnerability-service", "osv", "--osv-url", url)
    assert ran.returncode == 1, ran.stderr
    assert f"flask {version}: PYSEC-2026-1, mended in 999.0" in ran.stdout
