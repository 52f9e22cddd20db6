"""Exercises proven on an embedded cluster: those that hold what they promise, and those that do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from k8slab.authoring.proof import Proof, prove
from k8slab.catalog.course import Exercise, StartFile, Wrong
from k8slab.sandbox.cluster import app_client
from k8slab.sandbox.names import PREFIX
from k8slab.supervisor.plan import PERIODS
from tests.emulator_process import running_emulator

from .exercises import RED, RIGHT, RUNS, checks, like, pod


@pytest.fixture(autouse=True)
def cluster(emulator: Path, settings: Settings) -> None:
    settings.KUBECONFIG = str(emulator)


def proof_of(exercise: Exercise) -> Proof:
    [proof] = prove([exercise], 4, lambda proof: None)
    return proof


def sandboxes() -> list[str]:
    names = [each["metadata"]["name"] for each in app_client().list("v1", "Namespace")["items"]]
    return [name for name in names if name.startswith(f"{PREFIX}-right-")]


def test_it_works_and_leaves_nothing() -> None:
    proof = proof_of(RIGHT)
    assert (proof.faults, proof.outcome) == ((), "proven")
    assert 0 < proof.seconds < 20
    assert sandboxes() == []


@pytest.mark.parametrize(
    ("exercise", "fault"),
    [
        (like(files=(StartFile("answer.yaml", pod()),)), "start: red passes although nothing was done (handed in)"),
        (like(setup=pod()), "start: red passes although nothing was done (untouched)"),
        (like(solution=pod(color="blue")), "solution: red does not pass (handed in"),
        (like(wrong=(RIGHT.wrong[1], Wrong("blue", "red", pod()))), "wrong/blue: red should fail, but passes"),
        (like(wrong=(RIGHT.wrong[0], Wrong("blue", "runs", pod(color="blue")))), "runs should fail, but waits"),
        (like(checks=checks(RED, {**RUNS, "needs": [], "cel": "object.metadata.labels.color == 'red'"})), "fails too"),
        (like(wrong=RIGHT.wrong[:1]), "no wrong solution fails runs alone"),
        (like(setup="apiVersion: v1\nkind: Pood\nmetadata: {name: x}\n"), "start: setup.yaml is not accepted"),
    ],
    ids=["start", "untouched", "solution", "passes", "blocked", "two-fail", "idle-check", "setup"],
)
def test_a_promise_that_is_not_held_is_told(exercise: Exercise, fault: str) -> None:
    proof = proof_of(exercise)
    assert proof.outcome == "failed"
    assert any(fault in told for told in proof.faults), proof.faults


def test_what_the_cluster_said_is_told_with_it() -> None:
    proof = proof_of(like(solution=pod().replace("image", "imago")))
    assert any("refused: line 8: There is no field “imago” here" in told for told in proof.faults), proof.faults


def test_kubectl_lines_run_in_the_terminal() -> None:
    lines = (
        "# makes it\nkubectl run web --image=nginx:1.27 --labels=color=red\nkubectl wait --for=condition=Ready pod/web"
    )
    assert proof_of(like(solution=lines, solution_kind="kubectl")).faults == ()


def test_kubectl_lines_see_the_editors_files() -> None:
    files = (StartFile("answer.yaml", pod(color="green")),)
    lines = "kubectl apply -f answer.yaml\nkubectl label pod web color=red --overwrite\n"
    assert proof_of(like(files=files, solution=lines, solution_kind="kubectl")).faults == ()


def test_a_wrong_solution_may_be_kubectl_lines() -> None:
    wrong = Wrong("blue", "red", "kubectl run web --image=nginx:1.27 --labels=color=blue\n", "kubectl")
    assert proof_of(like(wrong=(wrong, RIGHT.wrong[1]))).faults == ()


def test_what_the_terminal_says_is_told_when_it_was_wrong() -> None:
    proof = proof_of(like(solution="kubectl run web\n", solution_kind="kubectl"))
    assert any("the terminal says: $ kubectl run web" in told for told in proof.faults), proof.faults


def test_things_outside_the_namespace_are_made_adopted_and_removed() -> None:
    space = "apiVersion: v1\nkind: Namespace\nmetadata: {name: '${namespace}-team'}\n"
    inside = pod().replace("name: web\n", "name: web\n  namespace: ${namespace}-team\n", 1)
    exercise = like(
        solution=f"{space}---\n{inside}",
        wrong=(Wrong("home", "made", pod()),),
        checks=checks({"id": "made", "object": {"apiVersion": "v1", "kind": "Namespace", "name": "${namespace}-team"}}),
        needs=("cluster-scoped",),
    )
    proof = proof_of(exercise)
    assert proof.faults == (), "\n".join(proof.faults)
    by_lines = "kubectl create namespace ${namespace}-team\n"
    assert proof_of(like(**{**_parts(exercise), "solution": by_lines, "solution_kind": "kubectl"})).faults == ()
    assert sandboxes() == []


def test_a_node_of_its_own_is_switched_off_by_a_line(tmp_path: Path, settings: Settings) -> None:
    away = "object.status.conditions.exists(c, c.type == 'Ready' && c.status != 'True')"
    node = {"apiVersion": "v1", "kind": "Node", "name": "${namespace}-node-2"}
    exercise = like(
        solution="# switch off ${namespace}-node-2\nkubectl get nodes\n",
        solution_kind="kubectl",
        wrong=(Wrong("pod", "off", pod()),),
        checks=checks({"id": "off", "within": "5s", "object": node, "cel": away}),
        needs=("private-nodes",),
        nodes=2,
    )
    periods = [word for pair in PERIODS.items() for word in pair]
    with running_emulator(tmp_path, *periods) as cluster:
        settings.KUBECONFIG = str(cluster.kubeconfig)
        assert proof_of(exercise).faults == ()


def test_what_the_cluster_cannot_do_is_no_failure() -> None:
    proof = proof_of(like(needs=("flying",)))
    assert (proof.outcome, proof.lacks, proof.faults) == ("not possible here", ("flying",), ())


def test_many_at_once_come_back_in_their_order() -> None:
    exercises = [like(id=f"right-{number}", checks=checks(RED, RUNS)) for number in range(3)]
    told: list[Proof] = []
    proofs = prove(exercises, 12, told.append)
    assert [proof.exercise.id for proof in proofs] == ["right-0", "right-1", "right-2"]
    assert sorted(proof.exercise.id for proof in told) == ["right-0", "right-1", "right-2"]
    assert {proof.outcome for proof in proofs} == {"proven"}


def _parts(exercise: Exercise) -> dict[str, object]:
    return {name: getattr(exercise, name) for name in ("wrong", "checks", "needs")}
