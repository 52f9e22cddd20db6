"""The stories of pods as a real kubelet told them, where its recordings are at hand."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from k8slab.emulator.clock import settle
from k8slab.emulator.ports import LogRequest
from k8slab.emulator.status import ApiError
from tests.emulator.world import SPACE, Io, World

GOLDEN = Path(__file__).parents[4] / "shared" / "golden" / "node"  # beside the checkout
STORIES = sorted(p.stem for p in GOLDEN.glob("[!_]*.json")) if GOLDEN.exists() else []
ONCE = {"Scheduled", "Created", "Started", "Killing", "Pulling"}  # as often as it happened; others repeat at each look
CONDITION = ("type", "status", "reason", "message")


def blurred(text: str) -> str:
    """Without what differs from run to run."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", "<uid>", text)
    text = re.sub(r"10\.244\.\d+\.\d+", "<podip>", text)
    text = re.sub(r"node-\d", "worker-1", text.replace(f"{SPACE}/", "facts/").replace(f"_{SPACE}(", "_facts("))
    text = text.replace(f"{SPACE}.svc.", "facts.svc.")
    return re.sub(r"failed to do request: .*", "failed to do request: <network error>", text)


def state_of(status: dict[str, Any]) -> Any:
    """A container's state, its last one and what it counts; times and ids apart."""
    dropped = {"startedAt", "finishedAt", "containerID"}
    shown = {}
    for field in ("state", "lastState"):
        for kind, detail in status[field].items():
            shown[field] = (kind, {k: blurred(str(v)) for k, v in detail.items() if k not in dropped})
    return shown, status["ready"], status["started"], status["restartCount"]


async def tell(world: World, story: str) -> dict[str, Any]:
    """The recorded pod, begun here; what was recorded of it."""
    golden: dict[str, Any] = json.loads((GOLDEN / f"{story}.json").read_text())
    spec = {k: v for k, v in golden["spec"].items() if k not in ("nodeName", "serviceAccount", "serviceAccountName")}
    spec["volumes"] = [v for v in spec["volumes"] if not v["name"].startswith("kube-api-access")]
    for container in [*spec.get("initContainers", []), *spec["containers"]]:
        container["volumeMounts"] = [m for m in container["volumeMounts"] if "kube-api-access" not in m["name"]]
    world.api.create("pods", {"metadata": {"name": story}, "spec": spec}, SPACE)
    await settle()
    return golden


def counts(events: Iterable[Any]) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = {}
    for event in events:
        found.setdefault((event["reason"], blurred(event["message"])), []).append(event.get("count") or 1)
    return found


async def said(call: Awaitable[str]) -> str:
    """What it gives, or the message with which it is refused."""
    try:
        return await call
    except ApiError as error:
        return error.message


def recorded(output: Mapping[str, Any]) -> str:
    """Without what kubectl adds."""
    lines = [line for line in output["stderr"].splitlines() if not line.startswith("Defaulted container")]
    text = output["stdout"] + "\n".join(lines)
    return re.sub(r"^(error: |Error from server( \(\w+\))?: )+", "", text)


@pytest.mark.skipif(not STORIES, reason="the recordings are not here")
@pytest.mark.parametrize("story", STORIES)
async def test_the_story_is_the_recorded_one(world: World, story: str) -> None:
    golden = await tell(world, story)
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
    mine = counts(world.all("events"))
    for (reason, message), numbers in counts(golden["events"]).items():
        if reason in ONCE:
            assert sorted(mine[reason, message]) == sorted(numbers), reason
        elif reason != "DeadlineExceeded":  # repeated at each look while the pod ends
            assert sum(mine[reason, message]) == pytest.approx(sum(numbers), rel=0.25), (reason, message)
    first = golden["spec"]["containers"][0]
    if not first["image"].startswith("busybox"):
        return  # the recorded server said nothing; nginx itself logs its start and each request
    name = first["name"]
    for field, previous in (("logs", False), ("logs_previous", True)):
        log = await said(log_of(world, story, name, previous=previous))
        assert log == recorded(golden[field])


async def log_of(world: World, pod: str, container: str, **options: Any) -> str:
    lines = world.nodes.logs(world.get("pods", pod), container, LogRequest(**options))
    return b"".join([part async for part in lines]).decode()


async def execute(world: World, pod: str, container: str, words: list[str]) -> str:
    io = Io()
    code = await world.nodes.exec(world.get("pods", pod), container, words, io)
    return io.both.decode() + (f"command terminated with exit code {code}" if code else "")


COMMANDS = json.loads((GOLDEN / "_commands.json").read_text()) if STORIES else []
ELSEWHERE = ("nosuchpod", "-l nope=1", "completed pod", "exit code 139")  # kubectl's, the API server's, a broken wget
ASKED = [entry for entry in COMMANDS if not any(word in f"{entry['cmd']} {entry['stderr']}" for word in ELSEWHERE)]


def plain(text: str) -> str:
    """Without numbers of processes, digests and times; the environment's order is not determined."""
    text = re.sub(r"[0-9a-f]{64}", "<digest>", blurred(text))
    text = re.sub(r"(?m)^ *\d+ root", "<pid> root", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT\S+Z", "<time>", text)
    text = re.sub("unable to upgrade connection: |(Internal error occurred: )+", "", text)
    if "KUBERNETES_PORT=" in text:  # the recorded image had a path of its own
        return "\n".join(sorted(line for line in text.splitlines() if not line.startswith("PATH=")))
    return text


@pytest.mark.skipif(not STORIES, reason="the recordings are not here")
@pytest.mark.parametrize("entry", ASKED, ids=[entry["cmd"].removeprefix("kubectl ") for entry in ASKED])
async def test_a_command_says_what_was_recorded(world: World, entry: dict[str, Any]) -> None:
    line, _, command = entry["cmd"].partition(" -- ")
    _, verb, story, *options = line.split()
    golden = await tell(world, story)
    await world.clock.advance(122)
    container = golden["spec"]["containers"][0]["name"]
    if "-c" in options:
        container = options[options.index("-c") + 1]
    if verb == "exec":
        words = ["sh", "-c", command.removeprefix("sh -c ")] if command.startswith("sh -c ") else command.split()
        answer = await said(execute(world, story, container, words))
    else:
        tail = 1 if "--tail=1" in options else None
        answer = await said(log_of(world, story, container, tail_lines=tail, timestamps="--timestamps" in options))
    assert plain(answer) == plain(recorded(entry))
