"""A scene recorded from a cluster ends as the cluster does, and is small enough for a lesson's folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import CommandError

from k8slab.kube.client import Client
from k8slab.live import recording

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: c, image: "nginx:1.27"}]
"""
POD = {"apiVersion": "v1", "kind": "Pod"}
SCRIPT = {
    "setup": DEPLOYMENT,
    "steps": [
        {
            "say": {"en": "A pod goes.", "ko": "파드가 사라집니다."},
            "delete": {**POD, "labels": {"app": "web"}, "count": 1},
        },
        {
            "say": {"en": "Three are wanted.", "ko": "셋을 원합니다."},
            "patch": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "body": {"spec": {"replicas": 3}}},
        },
    ],
}


@pytest.fixture(autouse=True)
def soon_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "QUIET", 0.6)


def recorded(tmp_path: Path, emulator: Path, script: Any) -> dict[str, Any]:
    (tmp_path / "script.yaml").write_text(yaml.safe_dump(script), encoding="utf-8")
    call_command("scene", str(tmp_path / "script.yaml"), str(tmp_path / "scene.json"), kubeconfig=emulator)
    scene: dict[str, Any] = json.loads((tmp_path / "scene.json").read_text(encoding="utf-8"))
    return scene


def pods(items: Any) -> list[str]:
    return [item["state"] for item in items if item["kind"] == "Pod"]


def test_what_happens_is_recorded_from_the_beginning_on(tmp_path: Path, emulator: Path) -> None:
    scene = recorded(tmp_path, emulator, SCRIPT)
    assert scene["format"] == 1
    assert pods(scene["items"]) == ["ready", "ready"]
    assert "Node" in {item["kind"] for item in scene["items"]}
    items = {item["uid"]: item for item in scene["items"]}
    for step in scene["steps"]:
        items.pop(step["item"]["uid"], None)
        if step["change"] != "deleted":
            items[step["item"]["uid"]] = step["item"]
    assert pods(items.values()) == ["ready", "ready", "ready"]
    assert [note["en"] for note in scene["notes"]] == ["A pod goes.", "Three are wanted."]
    times = [step["t"] for step in scene["steps"]]
    assert times == sorted(times)
    assert scene["notes"][0]["t"] <= times[0] < scene["notes"][1]["t"] <= times[-1]
    assert (tmp_path / "scene.json").stat().st_size < 60_000


def test_its_namespace_is_gone_afterwards(tmp_path: Path, emulator: Path) -> None:
    recorded(tmp_path, emulator, {"steps": [{"apply": DEPLOYMENT}]})
    spaces = Client.from_kubeconfig(emulator).list("v1", "Namespace")["items"]
    left = [space for space in spaces if space["metadata"]["name"].startswith("scene-")]
    assert all(space["metadata"].get("deletionTimestamp") for space in left)


def test_a_script_that_asks_for_what_there_is_not_is_refused(tmp_path: Path, emulator: Path) -> None:
    with pytest.raises(CommandError, match="a step cannot explode"):
        recorded(tmp_path, emulator, {"steps": [{"explode": True}]})
