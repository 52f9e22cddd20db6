"""kubectl's streams: exec, attach, run, debug, port-forward, logs, cp, proxy."""

from __future__ import annotations

import http.client
import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.emulator.clients.kubectl import SPDY, WEBSOCKETS, Kubectl
from tests.emulator.clients.process import Emulator

CARRIERS = pytest.mark.parametrize("carrier", [WEBSOCKETS, SPDY], ids=["websockets", "spdy"])
TWO = """
apiVersion: v1
kind: Pod
metadata: {name: two}
spec:
  containers:
  - {name: a, image: busybox, command: [sh, -c, "echo I am a; sleep 1000"]}
  - {name: b, image: busybox, command: [sh, -c, "echo I am b; exit 1"]}
"""
LOUD = "for i in 1 2 3; do echo line $i; done; echo bad >&2; sleep 1000"


def start_pod(kubectl: Kubectl, name: str, image: str, *command: str) -> None:
    kubectl("run", name, f"--image={image}", "--restart=Never", *(["--command", "--", *command] if command else []))
    kubectl("wait", "--for=jsonpath={.status.phase}=Running", f"pod/{name}")


@CARRIERS
def test_exec_carries_all_streams_and_the_exit_code(kubectl: Kubectl, carrier: dict[str, str]) -> None:
    start_pod(kubectl, "p", "busybox", "sleep", "1000")
    done = kubectl.run("exec", "-i", "p", "--", "sh", "-c", "cat; echo bad >&2; exit 7", typed="a\nb\n", **carrier)
    assert (done.stdout, done.returncode) == ("a\nb\n", 7)
    assert done.stderr == "bad\ncommand terminated with exit code 7\n"
    large = "0123456789abcdef" * 20_000
    assert kubectl("exec", "-i", "p", "--", "cat", typed=large, **carrier) == large


@CARRIERS
def test_exec_at_a_terminal(kubectl: Kubectl, carrier: dict[str, str]) -> None:
    start_pod(kubectl, "p", "nginx")
    with kubectl.at_terminal("exec", "-it", "p", "--", "bash", **carrier) as talk:
        talk.says("root@p:/# ").types("cd /etc; stty size\r").says("stty size\r\n30 100\r\n").says("root@p:/etc# ")
        talk.resizes(120, 40).types("sleep 0.2; stty size\r").says("40 120\r\n").says("# ")
        talk.types("sleep 1000\r").says("sleep 1000\r\n").types("\x03").says("^C").says("root@p:/etc# ")
        talk.types("echo $?\r").says("\r\n130\r\n").types("exit 3\r")
        assert talk.ends() == 3


@CARRIERS
def test_exec_is_refused_in_the_real_words(kubectl: Kubectl, carrier: dict[str, str]) -> None:
    start_pod(kubectl, "p", "busybox", "sleep", "1000")
    kubectl("run", "unpulled", "--image=nowhere/nothing:1")
    kubectl("wait", "--for=jsonpath={.spec.nodeName}", "pod/unpulled")
    said = {
        name: kubectl.run("exec", *words, **carrier).stderr.strip()
        for name, words in {
            "no pod": ("nope", "--", "ls"),
            "no container": ("p", "-c", "nope", "--", "ls"),
            "not running": ("unpulled", "--", "ls"),
            "no program": ("p", "--", "nosuch"),
        }.items()
    }
    assert said["no pod"] == 'Error from server (NotFound): pods "nope" not found'
    assert said["no container"] == "Error from server (BadRequest): container nope is not valid for pod p"
    assert said["not running"] == 'error: unable to upgrade connection: container not found ("unpulled")'
    assert said["no program"].endswith(
        'unable to start container process: exec: "nosuch": executable file not found in $PATH'
    )
    prefix = "error: " + "Internal error occurred: " * (2 if carrier is WEBSOCKETS else 1)
    assert said["no program"].startswith(f"{prefix}error executing command in container: failed to exec")


@CARRIERS
def test_streams_need_the_right_to_create_them(kubectl: Kubectl, carrier: dict[str, str]) -> None:
    start_pod(kubectl, "p", "busybox", "sleep", "1000")
    kubectl("create", "serviceaccount", "reader")
    account = f"system:serviceaccount:{kubectl.namespace}:reader"
    kubectl("create", "role", "reader", "--verb=get", "--resource=pods,pods/exec,pods/portforward")
    kubectl("create", "rolebinding", "reader", "--role=reader", f"--serviceaccount={kubectl.namespace}:reader")
    refused = kubectl.run("exec", "p", "--as", account, "--", "ls", **carrier).stderr
    assert f'User "{account}" cannot create resource "pods/exec"' in refused
    refused = kubectl.run("port-forward", "p", ":80", "--as", account, **carrier).stderr
    assert f'User "{account}" cannot create resource "pods/portforward"' in refused


@CARRIERS
def test_run_at_a_terminal_and_remove(kubectl: Kubectl, carrier: dict[str, str]) -> None:
    with kubectl.at_terminal("run", "-it", "--rm", "once", "--image=busybox", "--", "sh", **carrier) as talk:
        talk.says("If you don't see a command prompt, try pressing enter.").types("\r").says("/ # ")
        talk.types("hostname\r").says("hostname\r\nonce\r\n").types("exit\r").says('pod "once" deleted')
        assert talk.ends() == 0
    assert "not found" in kubectl.run("get", "pod", "once").stderr


def test_run_tells_the_exit_code_of_the_pod(kubectl: Kubectl) -> None:
    done = kubectl.run(
        "run", "x", "--rm", "-i", "--restart=Never", "--image=busybox", "--", "sh", "-c", "cat; exit 5", typed="hi\n"
    )
    assert "hi" in done.stdout
    assert done.returncode == 5


@CARRIERS
def test_attach_hears_what_comes(kubectl: Kubectl, carrier: dict[str, str]) -> None:
    start_pod(kubectl, "p", "busybox", "sh", "-c", "while true; do echo tick; sleep 0.05; done")
    with kubectl.start("attach", "p", **carrier) as talk:
        talk.says("tick\ntick\n")
    kubectl("delete", "pod", "p", "--now", "--wait=false")
    refused = kubectl.run("attach", "nope", **carrier)
    assert refused.stderr == 'Error from server (NotFound): pods "nope" not found\n'


@CARRIERS
@pytest.mark.parametrize("target", ["pod/web", "service/web", "deployment/web"])
def test_port_forward_brings_the_page(kubectl: Kubectl, carrier: dict[str, str], target: str) -> None:
    if target == "pod/web":
        start_pod(kubectl, "web", "nginx")
    else:
        kubectl("create", "deployment", "web", "--image=nginx", "--replicas=2")
        kubectl("rollout", "status", "deployment/web")
        kubectl("expose", "deployment", "web", "--port=8000", "--target-port=80")
    remote = 8000 if target == "service/web" else 80
    with kubectl.start("port-forward", target, f":{remote}", **carrier) as talk:
        talk.says("Forwarding from 127.0.0.1:").says(" -> 80\n")
        port = re.findall(r"127\.0\.0\.1:(\d+)", talk.all)[0]
        for _ in range(3):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
                assert "Welcome to nginx!" in answer.read().decode()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/nope", timeout=10)


@CARRIERS
def test_port_forward_to_a_port_where_nobody_listens(kubectl: Kubectl, carrier: dict[str, str]) -> None:
    start_pod(kubectl, "web", "nginx")
    with kubectl.start("port-forward", "web", ":81", **carrier) as talk:
        talk.says("Forwarding from 127.0.0.1:").says(" -> 81\n")
        port = re.findall(r"127\.0\.0\.1:(\d+)", talk.all)[0]
        with pytest.raises((OSError, http.client.HTTPException)):  # closed at once
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10)
        talk.says("an error occurred forwarding").says("error forwarding port 81 to pod").says("connection refused")
        talk.says("error: lost connection to pod")


def test_port_forward_to_a_pod_that_does_not_run(kubectl: Kubectl) -> None:
    kubectl("run", "p", "--image=nowhere/nothing:1")
    kubectl("wait", "--for=jsonpath={.spec.nodeName}", "pod/p")
    refused = kubectl.run("port-forward", "pod/p", ":80")
    assert refused.stderr == "error: unable to forward port because pod is not running. Current status=Pending\n"


def test_logs(kubectl: Kubectl) -> None:
    start_pod(kubectl, "p", "busybox", "sh", "-c", LOUD)
    assert kubectl("logs", "p") == "line 1\nline 2\nline 3\nbad\n"
    assert kubectl("logs", "p", "--tail=2") == "line 3\nbad\n"
    assert kubectl("logs", "p", "--since=1h", "--limit-bytes=9") == "line 1\nli"
    assert kubectl("logs", "p", "--since-time=2001-01-01T00:00:00Z", "--tail=1") == "bad\n"
    assert kubectl("logs", "p", "--since-time=2999-01-01T00:00:00Z") == ""
    stamped = kubectl("logs", "p", "--timestamps", "--tail=1")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z bad\n", stamped)
    assert kubectl("logs", "-l", "run=p", "--prefix", "--tail=1") == "[pod/p/p] bad\n"
    refused = kubectl.run("logs", "p", "--previous").stderr
    assert refused == 'Error from server (BadRequest): previous terminated container "p" in pod "p" not found\n'


def test_logs_of_the_run_before_and_of_all_containers(kubectl: Kubectl, tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(TWO)
    kubectl("apply", "-f", str(tmp_path / "two.yaml"))
    kubectl("wait", "--for=jsonpath={.status.containerStatuses[1].restartCount}=1", "pod/two")
    assert kubectl("logs", "two", "-c", "b", "--previous") == "I am b\n"
    assert sorted(kubectl("logs", "two", "--all-containers", "--prefix").splitlines()) == [
        "[pod/two/a] I am a",
        "[pod/two/b] I am b",
    ]
    done = kubectl.run("logs", "two")
    assert done.stderr == 'Defaulted container "a" out of: a, b\n'


def test_logs_are_followed_to_the_end(kubectl: Kubectl) -> None:
    start_pod(kubectl, "p", "busybox", "sh", "-c", "until [ -e /tmp/go ]; do sleep 0.05; done; echo one; echo two")
    with kubectl.start("logs", "-f", "p") as talk:
        kubectl("exec", "p", "--", "touch", "/tmp/go")
        talk.says("one\ntwo\n")
        assert talk.ends() == 0


def test_cp_both_ways(kubectl: Kubectl, tmp_path: Path) -> None:
    start_pod(kubectl, "web", "nginx")
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "a.txt").write_text("hello\n")
    kubectl("cp", str(tmp_path / "there"), "web:/tmp/here")
    assert kubectl("exec", "web", "--", "cat", "/tmp/here/a.txt") == "hello\n"
    kubectl("cp", "web:/etc/nginx", str(tmp_path / "back"))
    assert "server" in (tmp_path / "back" / "conf.d" / "default.conf").read_text()


def test_debug_with_an_ephemeral_container(kubectl: Kubectl) -> None:
    start_pod(kubectl, "web", "nginx")
    words = ("debug", "web", "-it", "--image=busybox", "--target=web", "--profile=general", "--container=d", "--", "sh")
    with kubectl.at_terminal(*words) as talk:
        talk.says("try pressing enter.").types("\r").says("/ # ")
        talk.types("ps\r").says("1 root     nginx").says("/ # ").types("wget -qO- localhost | head -4\r")
        talk.says("Welcome to nginx!").says("/ # ").types("exit\r")
        assert talk.ends() == 0
    kubectl(
        "wait", "--for=jsonpath={.status.ephemeralContainerStatuses[0].state.terminated.reason}=Completed", "pod/web"
    )
    assert "Ephemeral Containers:\n  d:" in kubectl("describe", "pod", "web")


def test_proxy_passes_the_api_and_services_on(kubectl: Kubectl) -> None:
    kubectl("create", "deployment", "web", "--image=nginx")
    kubectl("rollout", "status", "deployment/web")
    kubectl("expose", "deployment", "web", "--port=80")
    kubectl("wait", "--for=jsonpath={.subsets[0].addresses[0].ip}", "endpoints/web")
    with kubectl.start("proxy", "--port=0") as talk:
        url = "http://" + talk.says("Starting to serve on ").says("\n").all.split("on ")[1].strip()
        path = f"/api/v1/namespaces/{kubectl.namespace}/services/web/proxy/"
        with urllib.request.urlopen(url + path, timeout=10) as answer:
            assert "Welcome to nginx!" in answer.read().decode()


def test_nobody_else_passes_for_kubectls_proxy(emulator: Emulator) -> None:
    asked = urllib.request.Request(f"{emulator.url}/api/v1/namespaces", headers={"X-Forwarded-For": "127.0.0.1"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(asked, timeout=10)
