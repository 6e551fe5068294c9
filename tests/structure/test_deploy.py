"""The manifests for several nodes set what there is to set, share what is to be shared, and drain one at a time."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from bot.settings import Settings
from tests.structure.tree import TOP

DEPLOY = TOP / "deploy"
SHARED = {"DATABASE_URL", "BOT_RATE_STORAGE", "BOT_BUILDS", "BOT_SECRET_KEY"}
NOT_OURS = re.compile(r"AWS_[A-Z_]+|WEB_CONCURRENCY")
# gunicorn.conf.py: how long a request that has begun may go on.
(GRACE_S,) = map(int, re.findall(r"^graceful_timeout = (\d+)$", (TOP / "gunicorn.conf.py").read_text(), re.MULTILINE))


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return read


def kubernetes() -> dict[str, Any]:
    found = yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8"))
    return {each["kind"]: each for each in found}


def example() -> set[str]:
    text = (DEPLOY / "nodes.env.example").read_text(encoding="utf-8")
    return set(re.findall(r"^([A-Z_]+)=", text, re.MULTILINE))


def unknown(names: set[str]) -> set[str]:
    known = {setting.metadata["name"] for setting in fields(Settings)}
    return {name for name in names - known if not NOT_OURS.fullmatch(name)}


def test_every_name_that_is_set_is_a_setting() -> None:
    services = compose()["services"].values()
    web = kubernetes()["Deployment"]["spec"]["template"]["spec"]["containers"][0]
    names = {name for service in services for name in service["environment"]} | {each["name"] for each in web["env"]}
    assert unknown(names | example()) == set()


def test_all_nodes_share_the_database_the_counts_the_builds_and_the_secret() -> None:
    nodes = [service for name, service in compose()["services"].items() if name.startswith("node-")]
    assert len(nodes) > 1
    for node in nodes:
        # Compose itself stops where one of them is not given.
        assert all(node["environment"][name].startswith(f"${{{name}:?") for name in SHARED)
    assert example() >= SHARED
    pod = kubernetes()["Deployment"]["spec"]["template"]["spec"]
    assert all(each["envFrom"] == [{"secretRef": {"name": "explainer"}}] for each in pod["containers"])


def test_each_node_has_a_folder_of_builds_of_its_own_that_it_can_write_to() -> None:
    nodes = [service for name, service in compose()["services"].items() if name.startswith("node-")]
    assert len({volume for node in nodes for volume in node["volumes"]}) == len(nodes)
    assert {node["environment"]["BOT_INDEX"] for node in nodes} == {"var/indexes"}
    pod = kubernetes()["Deployment"]["spec"]["template"]["spec"]
    (web,) = pod["containers"]
    assert {"name": "BOT_INDEX", "value": "var/indexes"} in web["env"]
    assert {"name": "var", "mountPath": "/app/var"} in web["volumeMounts"]
    assert {"name": "var", "emptyDir": {}} in pod["volumes"]


def test_one_node_drains_at_a_time_and_has_the_time_to() -> None:
    deployment = kubernetes()["Deployment"]["spec"]
    assert deployment["replicas"] > 1
    assert deployment["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert kubernetes()["PodDisruptionBudget"]["spec"]["maxUnavailable"] == 1
    pod = deployment["template"]["spec"]
    waited = int(pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod["terminationGracePeriodSeconds"] > waited + GRACE_S
    for name, service in compose()["services"].items():
        if name.startswith("node-"):
            assert int(service["stop_grace_period"].removesuffix("s")) > GRACE_S


def linter(name: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name(name), *words]
    return subprocess.run(command, cwd=TOP, capture_output=True, text=True)


def test_the_manifest_is_as_kubernetes_has_it() -> None:
    told = linter("kubernetes-validate", "--strict", "deploy/kubernetes.yaml")
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stderr.count("passed") + told.stdout.count("passed") == len(kubernetes())


def test_the_linter_of_compose_files_finds_only_what_is_meant() -> None:
    found = json.loads(linter("compose-lint", "check", "--format", "json", "deploy/compose.yaml").stdout)["findings"]
    # Images are built where they run, so that no digest is known; what ingests writes into its own folder.
    meant = {("CL-0019", service) for service in compose()["services"]} | {("CL-0007", "ingest")}
    assert {(each["rule_id"], each["service"]) for each in found} == meant


def test_everything_selects_the_nodes() -> None:
    found = kubernetes()
    labels = found["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert found["Deployment"]["spec"]["selector"]["matchLabels"] == labels
    assert found["Service"]["spec"]["selector"] == labels
    assert found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels


def test_a_node_is_asked_whether_it_is_ready_before_it_is_sent_anybody() -> None:
    (web,) = kubernetes()["Deployment"]["spec"]["template"]["spec"]["containers"]
    assert web["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert web["startupProbe"]["httpGet"]["path"] == "/readyz"
    assert web["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert all(
        "/readyz" in str(service["healthcheck"]["test"])
        for name, service in compose()["services"].items()
        if name.startswith("node-")
    )
