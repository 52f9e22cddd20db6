"""kubectl's verbs that reach into containers and that wait: logs, exec, attach, wait, edit, port-forward, cp."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Callable, Iterator

import pytest

from k8slab.terminal.kubectl.program import kubectl
from k8slab.terminal.streams import Interrupted, Stop, Streams

from .conftest import Kubectl

DUO = """
apiVersion: v1
kind: Pod
metadata: {name: duo, labels: {app: duo}}
spec:
  initContainers: [{name: init, image: busybox, command: [sh, -c, "echo init"]}]
  containers:
  - {name: web, image: nginx}
  - {name: side, image: busybox, command: [sh, -c, "echo one; echo two; sleep 3600"]}
"""


@pytest.fixture
def duo(run: Kubectl) -> Kubectl:
    run.ok("apply -f -", DUO)
    run.ok("wait --for=condition=Ready pod/duo")
    return run


class Background:
    """A command that goes on until it is stopped; its output can be waited for."""

    def __init__(self, room: Kubectl, line: str) -> None:
        self.stop = Stop()
        self.text = ""
        self.code: int | None = None
        self.interrupted = False
        self._news = threading.Condition()
        self._words = shlex.split(line)
        self._room = room
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        streams = Streams(self._heard, self._heard, _Nothing(), self._room.files, self.stop)
        try:
            self.code = kubectl(self._words, self._room.client, self._room.namespace, streams)
        except Interrupted:
            self.interrupted = True

    def _heard(self, text: str) -> None:
        with self._news:
            self.text += text
            self._news.notify_all()

    def until(self, part: str) -> None:
        with self._news:
            assert self._news.wait_for(lambda: part in self.text, 15), self.text

    def over(self) -> int | None:
        """The exit code, once it has come to its own end."""
        self._thread.join(20)
        return self.code

    def end(self) -> None:
        self.stop.set()
        self._thread.join(10)
        assert not self._thread.is_alive()


class _Nothing:
    tty = False

    def read(self) -> str:
        return ""

    def chunks(self) -> Iterator[str]:
        return iter(())


def test_it_works(duo: Kubectl) -> None:
    said = duo("logs duo")
    assert (said.out, said.err) == ("", 'Defaulted container "web" out of: web, side, init (init)\n')
    assert duo("logs duo -c side").out == "one\ntwo\n"


def test_logs_of_several_containers_with_a_prefix(duo: Kubectl) -> None:
    assert duo("logs duo --all-containers --prefix").out == (
        "[pod/duo/init] init\n[pod/duo/side] one\n[pod/duo/side] two\n"
    )
    assert duo("logs -l app=duo -c side --tail=1").out == "two\n"
    assert duo("logs -l app=none").err == f"No resources found in {duo.namespace} namespace.\n"


def test_logs_of_a_deployment_say_which_pod(run: Kubectl) -> None:
    run.ok("create deployment web --image=busybox --replicas=2 -- sh -c 'echo hello; sleep 3600'")
    run.ok("wait --for=condition=Available deployment/web")
    said = run("logs deploy/web")
    assert said.out == "hello\n"
    assert said.err.startswith("Found 2 pods, using pod/web-")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("logs nope", 'error: error from server (NotFound): pods "nope" not found in namespace "{ns}"'),
        ("logs a b c", "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'."),
        ("logs a --tail=-5", "error: --tail must be greater than or equal to -1"),
        ("logs a -l b=c", "error: only a selector (-l) or a POD name is allowed"),
        ("logs a --since=5s --since-time=2020-01-01T00:00:00Z", "error: at most one of `sinceTime` or `sinceSeconds`"),
        ("logs a --since-time=abc", 'error: parsing time "abc" as "2006-01-02T15:04:05Z07:00": cannot parse "abc"'),
        ("exec", "error: pod, type/name or --filename must be specified"),
        ("exec a ls", "error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead"),
        ("exec a", "error: you must specify at least one command for the container"),
        ("exec nope -- ls", 'Error from server (NotFound): pods "nope" not found'),
        ("attach", "error: at least 1 argument is required for attach"),
        ("wait pod/a", 'error: unrecognized condition: ""'),
        ("wait pod --for=delete", "error: resource(s) were provided, but no name was specified"),
        ("wait --for=condition=Ready pod/nope", 'Error from server (NotFound): pods "nope" not found'),
        ("wait --for=condition=Ready pod -l a=b", "error: no matching resources found"),
        ("wait --for=jsonpath={.a}=b=c pod/a", "error: jsonpath wait format must be --for=jsonpath="),
        ("port-forward a", "error: TYPE/NAME and list of ports are required for port-forward"),
        ("port-forward svc/nope 80", 'Error from server (NotFound): services "nope" not found'),
        ("cp a b", "error: one of src or dest must be a remote file specification"),
        ("cp a b:/c", "error: kubectl cp is not part of this terminal"),
        ("edit pod/nope", 'Error from server (NotFound): pods "nope" not found'),
    ],
)
def test_refusals(run: Kubectl, line: str, problem: str) -> None:
    said = run(line)
    assert said.err.startswith(problem.format(ns=run.namespace)), said
    assert (said.out, said.code) == ("", 1)


def test_exec_gives_output_error_and_exit_code(duo: Kubectl) -> None:
    said = duo("exec duo -c side -- sh -c 'echo out; echo err >&2; exit 3'")
    assert (said.out, said.code) == ("out\n", 3)
    assert said.err == "err\ncommand terminated with exit code 3\n"
    assert duo("exec -i duo -c side -- cat", "from here").out == "from here"
    assert duo("exec duo -c side -t -i -- true").err == (
        "Unable to use a TTY - input is not a terminal or the right kind of file\n"
    )
    assert "container nope is not valid for pod duo" in duo("exec duo -c nope -- ls").err


def test_exec_finds_a_pod_of_a_service(run: Kubectl) -> None:
    run.ok("create deployment web --image=nginx")
    run.ok("expose deployment web --port=80")
    run.ok("wait --for=condition=Available deployment/web")
    assert run.ok("exec svc/web -- hostname").startswith("web-")


def test_ctrl_c_ends_what_goes_on(duo: Kubectl) -> None:
    following = Background(duo, "logs -f duo -c side")
    following.until("two\n")
    sleeping = Background(duo, "exec duo -c side -- sh -c 'echo begun; sleep 600'")
    waiting = Background(duo, "wait --for=delete pod/duo --timeout=600s")
    for each in (following, sleeping, waiting):
        each.end()
        assert each.interrupted or each.code is not None


def test_following_several_logs_at_once(run: Kubectl) -> None:
    for name in ("a", "b"):
        run.ok(f"run {name} --image=busybox --labels=app=two -- sh -c 'echo I am {name}; sleep 3600'")
        run.ok(f"wait --for=condition=Ready pod/{name}")
    following = Background(run, "logs -f -l app=two --prefix")
    following.until("[pod/a/a] I am a\n")
    following.until("[pod/b/b] I am b\n")
    following.end()
    assert "maximum allowed concurrency is 1" in run("logs -f -l app=two --max-log-requests=1").err


def test_wait_for_what_comes_and_goes(run: Kubectl) -> None:
    coming = Background(run, "wait --for=create configmap/late --timeout=30s")
    run.ok("create configmap late --from-literal=a=1")
    coming.until("configmap/late condition met\n")
    run.ok("run p --image=nginx")
    assert run.ok("wait --for=jsonpath={.status.phase}=Running pod/p") == "pod/p condition met\n"
    assert run("wait --for=condition=X pod/p --timeout=1s").err == (
        "error: timed out waiting for the condition on pods/p\n"
    )
    going = Background(run, "wait --for=delete pod/p --timeout=30s")
    run.ok("delete pod p --wait=false")
    assert going.over() == 0
    assert going.text in ("pod/p condition met\n", "")  # "" where the pod was quicker than the first look
    assert run("wait --for=delete pod/p").code == 0


def test_edit_changes_what_was_changed_and_nothing_else(run: Kubectl) -> None:
    run.ok("create configmap c --from-literal=sky=blue")
    shown: list[str] = []

    def edit(name: str, text: str) -> str | None:
        shown.append(text)
        return text.replace("blue", "grey")

    run.edit = edit
    assert run.ok("edit configmap c") == "configmap/c edited\n"
    assert run.ok("get cm c -o jsonpath={.data.sky}") == "grey"
    assert shown[0].startswith("# Please edit the object below. Lines beginning with a '#' will be ignored,\n")
    assert "managedFields" not in shown[0]
    assert run("edit configmap c").err == "Edit cancelled, no changes made.\n"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: None, "Edit cancelled, no changes made.\n"),
        (lambda text: "# nothing\n", "Edit cancelled, saved file was empty.\n"),
    ],
)
def test_an_edit_may_be_given_up(run: Kubectl, change: Callable[[str], str | None], says: str) -> None:
    run.ok("create configmap c --from-literal=a=1")
    run.edit = lambda name, text: change(text)
    assert run("edit cm c").err == says


def test_a_refused_edit_opens_again_with_the_reason(run: Kubectl) -> None:
    run.ok("create deployment web --image=nginx")
    texts: list[str] = []

    def edit(name: str, text: str) -> str | None:
        texts.append(text)
        return text.replace("replicas: 1", "replicas: -1") if len(texts) == 1 else text

    run.edit = edit
    said = run("edit deploy web")
    assert said.code == 1
    assert said.err.endswith("error: Edit cancelled, no valid changes were saved.\n")
    assert '# deployments.apps "web" was not valid:\n#  * spec.replicas: Invalid value: -1' in texts[1]
    assert "replicas: -1" in texts[1]


def test_text_that_is_no_yaml_opens_again_and_another_name_is_refused(run: Kubectl) -> None:
    run.ok("create configmap c --from-literal=a=1")
    texts: list[str] = []
    answers = iter(["a: [", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\n"])

    def edit(name: str, text: str) -> str | None:
        texts.append(text)
        return next(answers, text)

    run.edit = edit
    assert run("edit cm c").code == 1
    assert "# The edited file had a syntax error: " in texts[1]
    assert "# At least one of apiVersion, kind and name was changed" in texts[2]


def test_port_forward_gives_links(run: Kubectl) -> None:
    run.ok("create deployment web --image=nginx --port=80")
    run.ok("expose deployment web --port=8080 --target-port=80")
    run.ok("wait --for=condition=Available deployment/web")
    pod = run.ok("get pods -o name").strip().removeprefix("pod/")
    for line in (f"port-forward {pod} 8080:80", "port-forward svc/web 9090:8080", "port-forward deploy/web :80"):
        assert run.ok(line) == f"Forwarding from https://lab.example/pods/{pod}:80/ -> 80\n"
    assert run("port-forward svc/web 1:99").err == "error: Service web does not have a service port 99\n"
    assert run(f"port-forward {pod} x").err == f"error: Pod '{pod}' does not have a named port 'x'\n"
    assert "value out of range" in run(f"port-forward {pod} 70000").err


def test_as_somebody_else_is_refused_to_a_student(run: Kubectl) -> None:
    student = f"system:serviceaccount:{run.namespace}:student"
    run.client = run.client.as_user(student, ["system:serviceaccounts", "system:authenticated"])
    for line in ("get secrets -A --as=admin --as-group=system:masters", "get pods --as=system:admin"):
        said = run(line)
        assert said.code == 1
        assert f'is forbidden: User "{student}" cannot impersonate resource "users"' in said.err
