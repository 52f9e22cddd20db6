from __future__ import annotations

from typing import Any

from k8slab.emulator.clock import settle
from k8slab.emulator.controllers.batch import indexes
from tests.emulator.world import World


async def job(world: World, command: str, restart: str = "Never", **spec: Any) -> dict[str, Any]:
    container = {"name": "c", "image": "busybox:1.36", "command": ["sh", "-c", command]}
    template = {"spec": {"restartPolicy": restart, "containers": [container]}}
    return await world.create("jobs.batch", "j", {"template": template, **spec})


def status(world: World) -> dict[str, Any]:
    held: dict[str, Any] = world.get("jobs.batch", "j")["status"]
    return held


def conditions(world: World) -> list[tuple[str, str]]:
    return [(c["type"], c["reason"]) for c in status(world).get("conditions") or ()]


async def test_it_works(world: World) -> None:
    await job(world, "sleep 5")
    assert status(world)["active"] == 1
    assert world.all("pods")[0]["metadata"]["finalizers"] == ["batch.kubernetes.io/job-tracking"]
    await world.clock.advance(30)
    assert conditions(world) == [("SuccessCriteriaMet", "CompletionsReached"), ("Complete", "CompletionsReached")]
    held = status(world)
    assert (held["succeeded"], held["ready"], held["terminating"]) == (1, 0, 0)
    assert held["uncountedTerminatedPods"] == {}
    assert "finalizers" not in world.all("pods")[0]["metadata"]
    assert ("Completed", "Job completed") in world.events("j")


async def test_a_failing_pod_is_replaced_later_and_later_until_the_limit(world: World) -> None:
    await job(world, "exit 3", backoffLimit=2)
    await world.clock.advance(5)
    assert status(world)["failed"] == 1
    assert len(world.all("pods")) == 1
    await world.clock.advance(12)
    assert len(world.all("pods")) == 2
    await world.clock.advance(60)
    assert conditions(world) == [("FailureTarget", "BackoffLimitExceeded"), ("Failed", "BackoffLimitExceeded")]
    assert status(world)["failed"] == 3
    assert ("BackoffLimitExceeded", "Job has reached the specified backoff limit") in world.events("j")


async def test_restarts_in_place_count_too(world: World) -> None:
    await job(world, "exit 1", restart="OnFailure", backoffLimit=1)
    await world.clock.advance(90)
    assert ("Failed", "BackoffLimitExceeded") in conditions(world)


async def test_a_deadline_ends_it(world: World) -> None:
    await job(world, "sleep 600", activeDeadlineSeconds=20)
    await world.clock.advance(21)
    assert conditions(world)[0] == ("FailureTarget", "DeadlineExceeded")
    await world.clock.advance(40)
    assert conditions(world)[-1] == ("Failed", "DeadlineExceeded")
    assert status(world)["failed"] == 1
    assert world.names("pods") == []


async def test_as_many_at_once_as_told(world: World) -> None:
    await job(world, "sleep 10", completions=5, parallelism=2)
    assert status(world)["active"] == 2
    await world.clock.advance(100)
    assert status(world)["succeeded"] == 5
    assert len(world.all("pods")) == 5


async def test_less_parallelism_takes_pods_away_uncounted(world: World) -> None:
    await job(world, "sleep 600", completions=5, parallelism=3)
    await world.change("jobs.batch", "j", {"spec": {"parallelism": 1}})
    await world.clock.advance(40)
    assert (status(world)["active"], status(world).get("failed")) == (1, None)


async def test_suspend_and_resume(world: World) -> None:
    await job(world, "sleep 600", suspend=True)
    assert world.names("pods") == []
    assert conditions(world) == [("Suspended", "JobSuspended")]
    await world.change("jobs.batch", "j", {"spec": {"suspend": False}})
    assert status(world)["active"] == 1
    assert conditions(world) == [("Suspended", "JobResumed")]
    assert {"Suspended", "Resumed"} < {reason for reason, _ in world.events("j")}


async def test_an_indexed_job_runs_each_index_once(world: World) -> None:
    await job(world, "echo $JOB_COMPLETION_INDEX", completions=4, parallelism=4, completionMode="Indexed")
    hosts = sorted(pod["spec"]["hostname"] for pod in world.all("pods"))
    assert hosts == ["j-0", "j-1", "j-2", "j-3"]
    await world.clock.advance(30)
    assert (status(world)["succeeded"], status(world)["completedIndexes"]) == (4, "0-3")


async def test_an_index_that_fails_too_often_fails_alone(world: World) -> None:
    command = 'test "$JOB_COMPLETION_INDEX" != 1'
    await job(world, command, completions=3, parallelism=3, completionMode="Indexed", backoffLimitPerIndex=1)
    await world.clock.advance(120)
    held = status(world)
    assert (held["completedIndexes"], held["failedIndexes"], held["failed"]) == ("0,2", "1", 2)
    assert conditions(world)[-1] == ("Failed", "FailedIndexes")


async def test_a_success_policy_ends_it_early(world: World) -> None:
    command = 'test "$JOB_COMPLETION_INDEX" = 0 || sleep 600'
    policy = {"rules": [{"succeededIndexes": "0"}]}
    await job(world, command, completions=2, parallelism=2, completionMode="Indexed", successPolicy=policy)
    await world.clock.advance(90)
    assert conditions(world) == [("SuccessCriteriaMet", "SuccessPolicy"), ("Complete", "SuccessPolicy")]


async def test_a_failure_policy_ends_it_or_looks_away(world: World) -> None:
    rule = {"action": "FailJob", "onExitCodes": {"operator": "In", "values": [42]}}
    await job(world, "exit 42", podFailurePolicy={"rules": [rule]})
    await world.clock.advance(30)
    assert conditions(world)[-1] == ("Failed", "PodFailurePolicy")
    pod = world.names("pods")[0]
    text = f"Container c for pod t/{pod} failed with exit code 42 matching FailJob rule at index 0"
    assert ("PodFailurePolicy", text) in world.events("j")


async def test_a_finished_job_goes_after_its_time(world: World) -> None:
    await job(world, "true", ttlSecondsAfterFinished=60)
    await world.clock.advance(30)
    assert world.find("jobs.batch", "j") is not None
    await world.clock.advance(90)
    assert world.find("jobs.batch", "j") is None
    assert world.names("pods") == []


async def test_pods_left_behind_are_not_held(world: World) -> None:
    await job(world, "sleep 600")
    await world.delete("jobs.batch", "j", propagation="Orphan")
    await settle()
    assert [pod["metadata"].get("finalizers") for pod in world.all("pods")] == [None]


def test_index_sets_as_text() -> None:
    assert indexes.render({0, 1, 2, 5, 7, 8}) == "0-2,5,7,8"
    assert indexes.parse("0-2,5,7,8") == {0, 1, 2, 5, 7, 8}


async def test_a_deleted_job_takes_its_pods_along(world: World) -> None:
    await job(world, "sleep 600", podReplacementPolicy="Failed")
    await world.delete("jobs.batch", "j", propagation="Foreground")
    await world.clock.advance(60)
    assert world.names("pods") == []
    assert world.find("jobs.batch", "j") is None
