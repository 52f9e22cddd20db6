"""What `lessons check` finds in objects and links, each at its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from k8slab.authoring.checking import check
from k8slab.authoring.images import known, typed
from k8slab.catalog.loader import load
from tests.catalog.small_course import change, put, write_course

EXERCISE = "10-basics/10-pods/exercises/first"
POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
spec:
  containers:
    - name: web
      image: nginx:1.27
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: COUNT
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "nginx:1.27"}]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_course(tmp_path)
    put(root, f"{EXERCISE}/solution.yaml", POD)
    put(root, f"{EXERCISE}/wrong/green.yaml", f"# fails: runs\n{POD}")
    return root


def found(root: Path) -> list[tuple[str, int, str]]:
    course = load(root)
    assert course.problems == ()
    return [(p.file.relative_to(root).as_posix(), p.line, p.message) for p in check(course, root)]


def test_it_works(root: Path) -> None:
    assert found(root) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("image:", "imago:", 7, "'imago' was unexpected"),
        ("v1", "v2", 2, "there is no Pod in v2; it is served by v1"),
        ("${name}", "${name}\n  namespace: kube-system", 5, "is not the student's"),
        ("1.27", "1.140.x", 8, "the embedded cluster knows no image 'nginx:1.140.x'"),
        ("nginx", "registry.example/none", 8, "knows no image"),
        (":1.27", "", 8, "name the version of the image 'nginx'"),
        ("  containers", "  hostNetwork: true\n  containers", 6, "forbids hostNetwork"),
        ("nginx:1.27", "nginx:1.27\n      securityContext: {privileged: true}", 9, "forbids privileged"),
        ("nginx:1.27", "nginx:1.27\n      securityContext: {capabilities: {add: [SYS_ADMIN]}}", 9, "SYS_ADMIN"),
        ("nginx:1.27", "nginx:1.27\n      ports: [{containerPort: 80, hostPort: 80}]", 9, "hostPort"),
        ("nginx:1.27", "nginx:1.27\n  volumes: [{name: d, hostPath: {path: /}}]", 9, "the capability host-path allows"),
        ("nginx:1.27", "nginx:1.27\n      resources: {requests: {cpu: 1}}", 9, "more cpu than its limit of 0.5"),
        ("nginx:1.27", "nginx:1.27\n      resources: {limits: {memory: 3Gi}}", 9, "may have 2Gi memory at most"),
    ],
)
def test_an_object_that_no_sandbox_takes(root: Path, old: str, new: str, line: int, words: str) -> None:
    change(root, f"{EXERCISE}/solution.yaml", old, new)
    [(file, at, message)] = found(root)
    assert (file, at) == (f"{EXERCISE}/solution.yaml", line)
    assert words in message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: x}\n", "students make no ServiceAccount"),
        (
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: '${namespace}-x'}\n",
            "needs the capability cluster-scoped",
        ),
    ],
)
def test_a_kind_that_is_not_the_students(root: Path, text: str, words: str) -> None:
    put(root, f"{EXERCISE}/setup.yaml", text)
    [(file, line, message)] = found(root)
    assert (file, line) == (f"{EXERCISE}/setup.yaml", 2)
    assert words in message


def test_what_is_outside_the_namespace_carries_its_name(root: Path) -> None:
    change(root, f"{EXERCISE}/exercise.yaml", "[exec]", "[exec, cluster-scoped]")
    put(root, f"{EXERCISE}/setup.yaml", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: team\n")
    assert found(root) == [(f"{EXERCISE}/setup.yaml", 4, "a Namespace is named '${namespace}-…'")]
    put(root, f"{EXERCISE}/setup.yaml", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}-team\n")
    assert found(root) == []


def test_a_node_path_is_allowed_where_the_exercise_is_about_that(root: Path) -> None:
    change(root, f"{EXERCISE}/exercise.yaml", "[exec]", "[exec, host-path]")
    change(root, f"{EXERCISE}/solution.yaml", "nginx:1.27", "nginx:1.27\n  volumes: [{name: d, hostPath: {path: /}}]")
    assert found(root) == []


@pytest.mark.parametrize(("count", "problems"), [(15, 0), (19, 1)])
def test_setup_and_solution_together_keep_within_the_quota(root: Path, count: int, problems: int) -> None:
    put(root, f"{EXERCISE}/setup.yaml", DEPLOYMENT.replace("COUNT", str(count)))
    told = found(root)
    assert len([message for _, _, message in told if "the quota 'pods'" in message]) == problems
    put(root, f"{EXERCISE}/solution.yaml", POD + "---\n" + DEPLOYMENT.replace("COUNT", "1"))
    assert found(root) == []  # it replaces the one of the setup


def test_a_wrong_solution_may_be_meant_to_be_refused(root: Path) -> None:
    put(root, f"{EXERCISE}/wrong/typo.yaml", "# fails: runs\n" + POD.replace("image:", "imago:"))
    [(file, line, _)] = found(root)
    assert (file, line) == (f"{EXERCISE}/wrong/typo.yaml", 8)
    change(root, f"{EXERCISE}/wrong/typo.yaml", "# fails: runs\n", "# fails: runs\n# refused: there is no such field\n")
    assert found(root) == []


def test_images_of_kubectl_lines(root: Path) -> None:
    put(root, f"{EXERCISE}/solution.yaml", "").unlink()
    put(root, f"{EXERCISE}/solution.sh", "kubectl run ${name} --image=nginx:1.27\nkubectl set image pod/x c=nginxx:1\n")
    [(file, line, message)] = found(root)
    assert (file, line) == (f"{EXERCISE}/solution.sh", 2)
    assert "'nginxx:1'" in message
    assert "end the line with '# no such image'" in message
    assert list(typed("kubectl set image deployment/d c=nginxx:1  # no such image")) == []
    assert list(typed("kubectl create deployment d --image nginx")) == [(1, "nginx")]


@pytest.mark.parametrize(
    ("image", "there"),
    [
        ("nginx", True),
        ("nginx:1.14.0", True),
        ("docker.io/library/nginx:1.14.0", True),
        ("kubegoldenguide/nginx-hostname:1.0.1", True),
        ("nginx:1.14.O", False),
        ("nginks", False),
        ("localhost:5000/nginx", False),
    ],
)
def test_images_are_known_by_repository_and_tag(image: str, there: bool) -> None:
    assert known(image) is there


def test_links_lead_somewhere(root: Path) -> None:
    links = "[a](https://x/) [b](#c) [d](/learn/pods/first/) [e](/learn/nowhere/) [f](picture.png)"
    change(root, "10-basics/10-pods/en.md", "Text.", links)
    told = found(root)
    assert [(file, line) for file, line, _ in told] == [("10-basics/10-pods/en.md", 3)] * 2
    assert "'/learn/nowhere/'" in told[0][2]
    assert "'picture.png'" in told[1][2]


def test_a_mirror_names_a_document_of_the_course(root: Path) -> None:
    put(root, "documents.yaml", "notes: [Pods]\n")
    assert found(root) == []
    put(root, "documents.yaml", "books: [Pods]\n")
    assert found(root) == [("10-basics/10-pods/lesson.yaml", 0, "mirrors 'notes', which documents.yaml does not have")]
