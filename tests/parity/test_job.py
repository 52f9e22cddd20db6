"""Job: so many pods that end well, or an end to trying."""

from __future__ import annotations

import pytest

from k8slab.kube.errors import Invalid
from tests.parity.manifests import FOREVER, Obj, busybox, container, job
from tests.parity.space import Space, condition
from tests.parity.waiting import eventually

DONE = busybox("true")
FAILS = busybox("exit 3")


def status(space: Space, name: str = "work") -> Obj:
    return dict(space.get("Job", name).get("status") or {})


def test_it_completes(space: Space) -> None:
    space.create(job("work", busybox("echo done")))
    space.has("Job", "work", "Complete")
    found = space.get("Job", "work")
    assert (found["status"]["succeeded"], found["status"].get("active", 0)) == (1, 0)
    assert found["status"]["completionTime"] >= found["status"]["startTime"]
    assert condition(found, "SuccessCriteriaMet")["reason"] == "CompletionsReached"
    (pod,) = space.all("Pod", "job-name=work")
    assert pod["status"]["phase"] == "Succeeded"
    assert pod["metadata"]["labels"]["batch.kubernetes.io/job-name"] == "work"
    assert space.event("work", "Completed")["message"] == "Job completed"


def test_completions_and_parallelism(space: Space) -> None:
    space.create(job("work", DONE, completions=4, parallelism=2))
    space.has("Job", "work", "Complete")
    assert status(space)["succeeded"] == 4
    assert len(space.all("Pod", "job-name=work")) == 4


def test_no_more_tries_than_its_limit(space: Space) -> None:
    space.create(job("work", FAILS, backoffLimit=0))
    failed = space.has("Job", "work", "Failed")
    assert failed["reason"] == "BackoffLimitExceeded"
    assert failed["message"] == "Job has reached the specified backoff limit"
    assert status(space)["failed"] == 1
    assert space.event("work", "BackoffLimitExceeded")["type"] == "Warning"


def test_a_deadline_ends_it(space: Space) -> None:
    space.create(job("work", container("c", "busybox:1.36", command=FOREVER), activeDeadlineSeconds=1))
    failed = space.has("Job", "work", "Failed")
    assert failed["reason"] == "DeadlineExceeded"
    assert failed["message"] == "Job was active longer than specified deadline"


def test_an_exit_code_fails_it_at_once(space: Space) -> None:
    codes = {"containerName": "c", "operator": "In", "values": [3]}
    rules = [{"action": "FailJob", "onExitCodes": codes}]
    space.create(job("work", FAILS, backoffLimit=6, podFailurePolicy={"rules": rules}))
    failed = space.has("Job", "work", "Failed")
    assert failed["reason"] == "PodFailurePolicy"
    (pod,) = space.all("Pod", "job-name=work")
    where = f"{space.name}/{pod['metadata']['name']}"
    assert failed["message"] == f"Container c for pod {where} failed with exit code 3 matching FailJob rule at index 0"


def test_every_index_has_its_pod(space: Space) -> None:
    script = 'echo "$JOB_COMPLETION_INDEX"'
    space.create(job("work", busybox(script), completions=3, parallelism=3, completionMode="Indexed"))
    space.has("Job", "work", "Complete")
    assert status(space)["completedIndexes"] == "0-2"
    pods = {
        pod["metadata"]["annotations"]["batch.kubernetes.io/job-completion-index"]: pod
        for pod in space.all("Pod", "job-name=work")
    }
    assert sorted(pods) == ["0", "1", "2"]
    assert pods["1"]["metadata"]["labels"]["batch.kubernetes.io/job-completion-index"] == "1"
    assert pods["1"]["spec"]["hostname"] == "work-1"
    assert space.client.logs(space.name, pods["2"]["metadata"]["name"]) == "2\n"


def test_a_suspended_one_waits_and_resumes(space: Space) -> None:
    space.create(job("work", DONE, suspend=True))
    assert space.has("Job", "work", "Suspended")["message"] == "Job suspended"
    assert not space.all("Pod", "job-name=work")
    space.patch("Job", "work", {"spec": {"suspend": False}})
    space.has("Job", "work", "Complete")
    assert condition(space.get("Job", "work"), "Suspended")["message"] == "Job resumed"


def test_it_goes_some_time_after_its_end(space: Space) -> None:
    space.create(job("work", DONE, ttlSecondsAfterFinished=0))
    space.gone("Job", "work")
    eventually(lambda: not space.all("Pod", "job-name=work"))


def test_its_template_stays(space: Space) -> None:
    space.create(job("work", DONE))
    change = {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": "busybox:1.37"}]}}}}
    with pytest.raises(Invalid, match="field is immutable") as refused:
        space.patch("Job", "work", change, how="strategic")
    assert refused.value.causes[0].field == "spec.template"


def test_pods_that_always_begin_again_are_refused(space: Space) -> None:
    wrong = job("work", DONE)
    wrong["spec"]["template"]["spec"]["restartPolicy"] = "Always"
    with pytest.raises(Invalid) as refused:
        space.create(wrong)
    assert refused.value.causes[0].field == "spec.template.spec.restartPolicy"
    assert refused.value.causes[0].message == 'Required value: valid values: "OnFailure", "Never"'
