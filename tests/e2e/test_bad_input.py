"""Whatever a student hands in: a clear message with its line, never a 500, never a stuck page, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest

from k8slab.supervisor.stack import Stack

from .student import Student

pytestmark = pytest.mark.e2e

THREE = "three-ready"
POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\nspec:\n  containers:\n    - name: c\n      image: nginx\n"
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)

# name → text, the code it is told by, its line
BAD: dict[str, tuple[str, str, int]] = {
    "empty": ("", "empty", 0),
    "blank": ("  \n\n# only a comment\n---\n", "empty", 0),
    "tabs": ("apiVersion: v1\nkind: Pod\nmetadata:\n\tname: web\n", "tab", 4),
    "not YAML": ("kind: Pod\nmetadata: {name: [web\n", "yaml-bracket", 2),
    "bomb": (BOMB, "aliases", 0),
    "scalar": ("just words\n", "not-an-object", 1),
    "list": ("- a\n- b\n", "not-an-object", 1),
    "NUL": ("apiVersion: v1\nkind: Pod\0\n", "", 0),
    "old apiVersion": (
        "# once it was so\nkind: Deployment\napiVersion: extensions/v1beta1\nmetadata: {name: d}\n",
        "old-api-version",
        3,
    ),
    "unknown kind": ("apiVersion: v1\nkind: Podd\nmetadata: {name: web}\n", "unknown-kind", 2),
    "no kind": ("apiVersion: v1\nmetadata: {name: web}\n", "no-kind", 1),
    "no name": ("apiVersion: v1\nkind: Pod\nspec: {}\n", "no-metadata", 1),
    "another namespace": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n  namespace: kube-system\n",
        "wrong-namespace",
        5,
    ),
    "cluster-scoped": ("apiVersion: v1\nkind: Node\nmetadata:\n  name: mine\n", "cluster-scoped", 2),
    "another's name": ("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: mine\n", "wrong-prefix", 4),
    "unknown field": (POD.format(name="web") + "      imagee: nginx\n", "unknown-field", 9),
    "ill-typed": (POD.format(name="web") + "      ports: yes\n", "ill-typed", 9),
    "invalid name": (POD.format(name="Web_1"), "invalid", 4),
    "bad quantity": (
        POD.format(name="web") + "      resources:\n        requests:\n          cpu: lots\n",
        "bad-quantity",
        11,
    ),
    "required": (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: c\n",
        "required",
        7,
    ),
    "privileged": (
        POD.format(name="web") + "      securityContext:\n        privileged: true\n",
        "pod-security",
        0,
    ),
    "more than the quota": (
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c}\nspec:\n  accessModes: [ReadWriteOnce]\n"
        "  resources: {requests: {storage: 999Ti}}\n",
        "quota",
        0,
    ),
    "a right that students lack": (
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: root}\n",
        "forbidden",
        2,
    ),
    "500 documents": ("---\n".join(POD.format(name=f"p{n}") for n in range(500)), "too-many-documents", 0),
}


@pytest.fixture(scope="module")
def student(stack: Stack) -> Student:
    """One guest for all of them: what came before must not spoil what comes after."""
    newcomer = Student(stack.url)
    newcomer.begin_as_guest()
    newcomer.open("deployment", THREE)
    newcomer.act(THREE, "start")
    return newcomer


def problems_of(attempt: dict[str, Any]) -> list[dict[str, Any]]:
    submission = attempt["submission"]
    return [*submission["problems"], *(p for outcome in submission["outcomes"] for p in outcome["problems"])]


@pytest.mark.parametrize("name", BAD)
def test_it_is_told_with_its_line(student: Student, name: str) -> None:
    text, code, line = BAD[name]
    with student.page() as page:
        ended = page.ended(student.submit(THREE, text))
    assert ended["submission"]["phase"] == "decided"
    problems = problems_of(ended)
    assert problems, "no word about it"
    if code:
        assert code in {problem["code"] for problem in problems}, problems
    if line:
        assert line in {problem["line"] for problem in problems}, problems
    for problem in problems:
        assert problem["message"], problem
        assert "{" not in problem["message"], problem


def test_two_megabytes_are_refused_and_nothing_is_lost(student: Student) -> None:
    student.ask("PUT", f"/api/exercises/{THREE}/draft", {"text": "kind: Kept"})
    answer = student.act(THREE, "submit", "a" * 2_000_000)
    assert answer.status == 413
    assert answer.json()["message"]
    assert "kind: Kept" in student.open("deployment", THREE).text


def test_a_body_that_is_no_json_is_a_400(student: Student) -> None:
    answer = student.ask("POST", f"/api/exercises/{THREE}/submit", form={"text": "kind: Pod"})
    assert answer.status == 400
    assert answer.json()["message"]


def test_without_the_csrf_token_nothing_happens(student: Student) -> None:
    for token in ("", "f" * 32):
        assert student.ask("POST", f"/api/exercises/{THREE}/submit", {"text": "kind: Pod"}, token=token).status == 403


def test_a_loop_is_told_to_be_slower(stack: Stack) -> None:
    hasty = Student(stack.url)
    hasty.begin_as_guest()
    hasty.open("deployment", THREE)
    answers = [hasty.act(THREE, "submit", "kind: Pod") for _ in range(25)]
    assert {answer.status for answer in answers} == {202, 429}
    assert answers[-1].json()["message"]


def test_an_unknown_exercise_is_a_404(student: Student) -> None:
    assert student.act("no-such-exercise", "start").status == 404
    assert student.open("deployment", "no-such-exercise").status == 404
    assert student.open("no-such-lesson", THREE).status == 404


def test_somebody_who_is_not_logged_in_is_told_so(stack: Stack) -> None:
    stranger = Student(stack.url)
    stranger.ask("GET", "/")
    answer = stranger.ask("GET", f"/api/exercises/{THREE}/state")
    assert answer.status == 401
    assert answer.json()["message"]


def test_the_message_is_in_the_students_language(stack: Stack) -> None:
    learner = Student(stack.url)
    learner.begin_as_guest()
    learner.ask("POST", "/account/language/", form={
        "csrfmiddlewaretoken": learner.cookie("csrftoken"), "language": "ko", "next": "/",
    })  # fmt: skip
    learner.open("deployment", THREE)
    with learner.page() as page:
        learner.act(THREE, "start")
        ended = page.ended(learner.submit(THREE, "apiVersion: v1\nkind: Podd\nmetadata: {name: web}\n"))
    (problem,) = problems_of(ended)
    assert any("가" <= letter <= "힣" for letter in problem["message"]), problem
