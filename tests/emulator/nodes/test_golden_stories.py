"""The stories of pods as a real kubelet told them, where its recordings are at hand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from k8slab.emulator.clock import settle
from tests.emulator.world import SPACE, World

GOLDEN = Path("/work/shared/golden/node")
STORIES = sorted(p.stem for p in GOLDEN.glob("[!_]*.json")) if GOLDEN.exists() else []
CONDITION = ("type", "status", "reason", "message")


def blurred(text: str) -> str:
    """Without what differs from run to run."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", "<uid>", text)
    text = re.sub(r"10\.244\.\d+\.\d+", "<podip>", text)
    text = re.sub(r"node-\d", "worker-1", text.replace(f"{SPACE}/", "facts/").replace(f"_{SPACE}(", "_facts("))
    return re.sub(r"failed to do request: .*", "failed to do request: <network error>", text)


def state_of(status: dict[str, Any]) -> Any:
    """A container's state, its last one and what it counts; times and ids apart."""
    dropped = {"startedAt", "finishedAt", "containerID"}
    shown = {}
    for field in ("state", "lastState"):
        for kind, detail in status[field].items():
            shown[field] = (kind, {k: blurred(str(v)) for k, v in detail.items() if k not in dropped})
    return shown, status["ready"], status["started"], status["restartCount"]


@pytest.mark.skipif(not STORIES, reason="the recordings are not here")
@pytest.mark.parametrize("story", STORIES)
async def test_the_story_is_the_recorded_one(world: World, story: str) -> None:
    golden = json.loads((GOLDEN / f"{story}.json").read_text())
    spec = {k: v for k, v in golden["spec"].items() if k not in ("nodeName", "serviceAccount", "serviceAccountName")}
    spec["volumes"] = [v for v in spec["volumes"] if not v["name"].startswith("kube-api-access")]
    for container in [*spec.get("initContainers", []), *spec["containers"]]:
        container["volumeMounts"] = [m for m in container["volumeMounts"] if "kube-api-access" not in m["name"]]
    world.api.create("pods", {"metadata": {"name": story}, "spec": spec}, SPACE)
    await settle()
    await world.clock.advance(122)
    status = world.get("pods", story)["status"]
    expected = golden["status"]
    assert status["phase"] == expected["phase"]
    assert status.get("reason") == expected.get("reason")
    assert status.get("message") == expected.get("message")
    assert [[c.get(k) for k in CONDITION] for c in status["conditions"]] == [
        [c.get(k) for k in CONDITION] for c in expected["conditions"]
    ]
    for field in ("initContainerStatuses", "containerStatuses"):
        assert [state_of(s) for s in status.get(field, [])] == [state_of(s) for s in expected.get(field, [])]
    told = {(e["type"], e["reason"], blurred(e["message"])) for e in world.all("events")}
    assert told == {(e["type"], e["reason"], blurred(e["message"])) for e in golden["events"]}
