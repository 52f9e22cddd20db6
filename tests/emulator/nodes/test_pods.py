from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from k8slab.emulator.clock import settle
from k8slab.emulator.status import ApiError
from tests.emulator.world import World, open_world


async def test_it_works(world: World) -> None:
    await world.pod("p", "nginx:1.25")
    status = world.get("pods", "p")["status"]
    assert status["phase"] == "Running"
    assert status["podIP"].startswith("10.244.")
    assert [c["status"] for c in status["conditions"]] == ["True"] * 5


async def test_it_backs_off_twice_as_long_each_time(world: World) -> None:
    await world.pod("p", command=["sh", "-c", "echo crash; exit 1"])
    seen = []
    for _ in range(7):
        waiting = world.state("p").get("waiting", {})
        seen.append(waiting.get("message", "").partition(" restarting")[0])
        await world.clock.advance(60)
    assert [text for text in dict.fromkeys(seen) if text] == [
        "back-off 10s",
        "back-off 40s",
        "back-off 1m20s",
        "back-off 2m40s",
        "back-off 5m0s",
    ]
    assert await world.log("p", previous=True) == "crash\n"


async def test_an_obedient_process_ends_at_once_and_a_stubborn_one_with_the_grace(world: World) -> None:
    await world.pod("web", "nginx:1.25")
    await world.pod("stubborn", command=["sleep", "3600"])
    await world.delete("pods", "web")
    await world.delete("pods", "stubborn")
    assert world.find("pods", "web") is None
    assert ("Killing", "Stopping container c") in world.events("stubborn")
    await world.clock.advance(29)
    assert world.find("pods", "stubborn") is not None
    await world.clock.advance(2)
    assert world.find("pods", "stubborn") is None


async def test_the_last_command_of_a_shell_takes_its_place(world: World) -> None:
    await world.pod("p", command=["sh", "-c", "echo started; sleep 3600"])
    assert "    1 root     sleep 3600\n" in await world.sh("p", "ps; true")
    await world.pod("web", "nginx:1.25", ["sh", "-c", "echo hi; nginx -g 'daemon off;'"])
    await world.delete("pods", "web")
    assert world.find("pods", "web") is None


async def test_a_trap_runs_before_the_end(world: World) -> None:
    script = "trap 'echo bye; exit 0' TERM; while true; do sleep 1; done"
    await world.pod("p", command=["sh", "-c", script])
    follow = asyncio.ensure_future(world.log("p", follow=True))
    await world.delete("pods", "p")
    await world.clock.advance(3)
    assert world.find("pods", "p") is None
    assert await follow == "bye\n"


async def test_variables_and_arguments_are_expanded(world: World) -> None:
    world.api.create("configmaps", {"metadata": {"name": "cm"}, "data": {"KEY": "from map", "n": "1"}}, "t")
    env = [
        {"name": "A", "value": "a"},
        {"name": "B", "value": "$(A)$(NOPE)"},
        {"name": "C", "valueFrom": {"configMapKeyRef": {"name": "cm", "key": "n"}}},
        {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
    ]
    container = {"env": env, "envFrom": [{"configMapRef": {"name": "cm"}}], "args": ["$(B) $(C)"]}
    await world.pod("p", command=["echo"], container=container, restartPolicy="Never")
    assert await world.log("p") == "a$(NOPE) 1\n"
    await world.pod("q", command=["sleep", "9"], container=container | {"args": []})
    ip = world.get("pods", "q")["status"]["podIP"]
    assert await world.sh("q", "echo $KEY $IP") == f"from map {ip}\n"


async def test_a_missing_key_is_found_when_it_comes(world: World) -> None:
    env = [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]
    await world.pod("p", "nginx:1.25", container={"env": env})
    assert world.state("p") == {"waiting": {"message": 'secret "s" not found', "reason": "CreateContainerConfigError"}}
    world.api.create("secrets", {"metadata": {"name": "s"}, "stringData": {"k": "v"}}, "t")
    await world.clock.advance(10)
    assert "running" in world.state("p")


async def test_a_mounted_map_follows_its_changes_and_is_not_written(world: World) -> None:
    world.api.create("configmaps", {"metadata": {"name": "cm"}, "data": {"f": "1"}}, "t")
    container = {"volumeMounts": [{"name": "v", "mountPath": "/etc/conf"}]}
    volumes = [{"name": "v", "configMap": {"name": "cm"}}]
    await world.pod("p", command=["sleep", "3600"], container=container, volumes=volumes)
    assert await world.sh("p", "cat /etc/conf/f") == "1"
    await world.change("configmaps", "cm", {"data": {"f": "2"}})
    assert await world.sh("p", "cat /etc/conf/f") == "2"
    assert "Read-only file system" in await world.sh("p", "echo x > /etc/conf/f")


async def test_readiness_follows_the_probe(world: World) -> None:
    probe = {"readinessProbe": {"exec": {"command": ["cat", "/tmp/ok"]}, "periodSeconds": 1, "failureThreshold": 1}}
    await world.pod("p", command=["sleep", "3600"], container=probe)

    def ready() -> bool:
        return bool(world.get("pods", "p")["status"]["containerStatuses"][0]["ready"])

    assert not ready()
    await world.sh("p", "touch /tmp/ok")
    await world.clock.advance(1)
    assert ready()
    await world.sh("p", "rm /tmp/ok")
    await world.clock.advance(1)
    assert not ready()


async def test_logs_can_be_followed_and_cut(world: World) -> None:
    await world.pod("p", command=["sh", "-c", "for i in 1 2 3; do echo $i; sleep 1; done"], restartPolicy="Never")
    follow = asyncio.ensure_future(world.log("p", follow=True))
    await world.clock.advance(5)
    assert await follow == "1\n2\n3\n"
    assert await world.log("p", tail_lines=1) == "3\n"
    assert (await world.log("p", tail_lines=1, timestamps=True)).endswith("Z 3\n")
    with pytest.raises(ApiError, match='previous terminated container "c" in pod "p" not found'):
        await world.log("p", previous=True)


async def test_exec_needs_a_running_container(world: World) -> None:
    await world.pod("p", "nosuch.example/none:1")
    with pytest.raises(ApiError, match="container not found"):
        await world.run("p", "ls")
    await world.pod("q", command=["sleep", "9"])
    with pytest.raises(ApiError, match="executable file not found"):
        await world.run("q", "nosuch")


async def test_a_runaway_loop_lets_the_others_run(world: World) -> None:
    await world.pod("p", command=["sh", "-c", "while true; do :; done"])
    await world.pod("q", "nginx:1.25")
    await settle()
    assert world.get("pods", "q")["status"]["phase"] == "Running"
    assert "running" in world.state("p")


async def test_a_forced_deletion_frees_everything(world: World) -> None:
    await world.pod("p", command=["sleep", "3600"])
    await world.delete("pods", "p", grace_seconds=0)
    assert world.find("pods", "p") is None
    await world.pod("p", command=["sleep", "3600"])
    assert world.get("pods", "p")["status"]["phase"] == "Running"


async def test_what_ran_runs_on_when_the_emulator_starts_again(tmp_path: Path) -> None:
    async with open_world(1, tmp_path) as world:
        await world.pod("p", "nginx:1.25")
        before = world.get("pods", "p")["status"]
        told = world.events("p")
    async with open_world(1, tmp_path) as world:
        assert world.get("pods", "p")["status"] == before
        assert world.events("p") == told
        assert "Welcome" in await world.sh("p", "curl -s localhost")
