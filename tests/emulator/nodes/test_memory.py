from __future__ import annotations

from typing import Any

from tests.emulator.world import World


def limited(memory: str, image: str, *words: str) -> dict[str, Any]:
    container: dict[str, Any] = {"image": image, "resources": {"limits": {"memory": memory}}}
    return {"container": {**container, **({"command": list(words)} if words else {})}, "restartPolicy": "Never"}


async def test_a_program_that_takes_more_than_its_limit_is_killed(world: World) -> None:
    hog = ("stress", "--vm", "1", "--vm-bytes", "250M", "--vm-hang", "1")
    await world.pod("big", **limited("200Mi", "polinux/stress", *hog))
    await world.pod("fits", **limited("300Mi", "polinux/stress", *hog))
    ended = world.state("big")["terminated"]
    assert (ended["reason"], ended["exitCode"]) == ("OOMKilled", 137)
    assert world.get("pods", "big")["status"]["phase"] == "Failed"
    assert "running" in world.state("fits")


async def test_what_an_image_needs_counts(world: World) -> None:
    spec = limited("64Mi", "mysql:8.4")
    spec["container"]["env"] = [{"name": "MYSQL_ROOT_PASSWORD", "value": "x"}]
    await world.pod("db", **{**spec, "restartPolicy": "Always"})
    assert world.state("db")["waiting"]["reason"] == "CrashLoopBackOff"
    (status,) = world.get("pods", "db")["status"]["containerStatuses"]
    assert status["lastState"]["terminated"]["reason"] == "OOMKilled"


async def test_a_command_from_outside_ends_the_container_too(world: World) -> None:
    await world.pod("p", **limited("100Mi", "busybox:1.36", "sleep", "999"))
    assert (await world.run("p", "tail", "/dev/zero"))[0] == 137
    await world.clock.advance(1)
    assert world.state("p")["terminated"]["reason"] == "OOMKilled"


async def test_stress_ends_when_it_is_told(world: World) -> None:
    await world.pod("p", **limited("100Mi", "polinux/stress", "stress", "--cpu", "1", "--timeout", "10s"))
    await world.clock.advance(11)
    assert world.state("p")["terminated"]["reason"] == "Completed"
    assert "successful run completed in 10s" in await world.log("p")
