from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from k8slab.emulator.controllers.batch import schedule
from tests.emulator.world import World


async def cron(world: World, command: str = "true", when: str = "* * * * *", **spec: Any) -> None:
    container = {"name": "c", "image": "busybox:1.36", "command": ["sh", "-c", command]}
    template = {"spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [container]}}}}
    await world.create("cronjobs.batch", "cj", {"schedule": when, "jobTemplate": template, **spec})


def status(world: World) -> dict[str, Any]:
    held: dict[str, Any] = world.get("cronjobs.batch", "cj")["status"]
    return held


async def test_it_works(world: World) -> None:
    await cron(world, "sleep 5")
    assert world.names("jobs.batch") == []
    await world.clock.advance(61)
    name = f"cj-{int(world.clock.now()) // 60}"
    assert world.names("jobs.batch") == [name]
    assert ("SuccessfulCreate", f"Created job {name}") in world.events("cj")
    assert [held["name"] for held in status(world)["active"]] == [name]
    await world.clock.advance(30)
    assert "active" not in status(world)
    assert status(world)["lastSuccessfulTime"]
    assert ("SawCompletedJob", f"Saw completed job: {name}, condition: Complete") in world.events("cj")


async def test_the_history_stays_short(world: World) -> None:
    await cron(world, successfulJobsHistoryLimit=2)
    await world.clock.advance(60 * 6)
    finished = [job for job in world.all("jobs.batch") if job["status"].get("succeeded")]
    assert len(finished) == 2
    assert any(reason == "SuccessfulDelete" for reason, _ in world.events("cj"))


async def test_forbid_waits_and_replace_replaces(world: World) -> None:
    await cron(world, "sleep 3600", concurrencyPolicy="Forbid")
    await world.clock.advance(200)
    assert len(world.names("jobs.batch")) == 1
    assert "JobAlreadyActive" in {reason for reason, _ in world.events("cj")}
    before = world.names("jobs.batch")
    await world.change("cronjobs.batch", "cj", {"spec": {"concurrencyPolicy": "Replace"}})
    await world.clock.advance(61)
    assert len(world.names("jobs.batch")) == 1
    assert world.names("jobs.batch") != before


async def test_a_suspended_one_is_idle_and_runs_what_it_missed_when_resumed(world: World) -> None:
    await cron(world, "sleep 3600", when="*/10 * * * *", suspend=True)
    await world.clock.advance(60 * 25)
    assert world.names("jobs.batch") == []
    await world.change("cronjobs.batch", "cj", {"spec": {"suspend": False}})
    assert len(world.names("jobs.batch")) == 1


async def test_a_start_that_is_too_late_is_left_out(world: World) -> None:
    await cron(world, when="0 * * * *", suspend=True, startingDeadlineSeconds=60)
    await world.clock.advance(3600 + 600)
    await world.change("cronjobs.batch", "cj", {"spec": {"suspend": False}})
    assert world.names("jobs.batch") == []


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("* * * * *", None, "2026-01-01 00:01"),
        ("*/15 3 * * *", None, "2026-01-01 03:00"),
        ("0 0 29 2 *", None, "2028-02-29 00:00"),
        ("30 4 15 * FRI", None, "2026-01-02 04:30"),
        ("0 9 * * 1-5", "Europe/Berlin", "2026-01-01 08:00"),
        ("@monthly", None, "2026-02-01 00:00"),
        ("@every 1h30m", None, "2026-01-01 01:30"),
    ],
)
def test_when_a_schedule_comes(text: str, zone: str | None, expected: str) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    found = schedule.parse(text, zone).after(start)
    assert found is not None
    assert datetime.fromtimestamp(found, UTC).strftime("%Y-%m-%d %H:%M") == expected


def test_a_long_silence_is_no_long_walk() -> None:
    now = datetime(2026, 1, 1, 0, 0, 30, tzinfo=UTC).timestamp()
    found, missed = schedule.latest(schedule.parse("* * * * *"), now - 86400 * 400, now)
    assert found == now - 30
    assert missed > 100


@pytest.mark.parametrize("text", ["* * * *", "61 * * * *", "@often", "a * * * *", "*/0 * * * *"])
def test_what_is_no_schedule(text: str) -> None:
    with pytest.raises(schedule.BadSchedule):
        schedule.parse(text)
