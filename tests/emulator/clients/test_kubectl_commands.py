"""kubectl's commands beyond reading and writing one object, as people use them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.emulator.clients.kubectl import Kubectl

TWO = """
apiVersion: v1
kind: ConfigMap
metadata: {name: a, labels: {app: x}}
data: {k: v1}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: b, labels: {app: x}}
data: {k: v1}
"""
ONE = TWO.split("---")[0].replace("v1}", "v2}")
DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: nginx, envFrom: [{configMapRef: {name: conf}}]}]}
"""
KUSTOMIZATION = """
namePrefix: dev-
resources: [web.yaml]
configMapGenerator: [{name: conf, literals: [a=b]}]
images: [{name: nginx, newTag: "1.27"}]
"""


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text)
    return str(folder / name)


def test_get_watches(kubectl: Kubectl) -> None:
    kubectl("run", "first", "--image=nginx")
    with kubectl.start("get", "pods", "--watch") as talk:
        talk.says("first ")  # it has listed: from here on it misses nothing
        kubectl("run", "p", "--image=busybox", "--restart=Never", "--", "sh", "-c", "sleep 0.2")
        for state in ("Pending", "ContainerCreating", "Running", "Completed"):
            talk.says(state)
    with kubectl.start("get", "pods", "--watch", "--output-watch-events") as talk:
        talk.says("ADDED      p ")
        kubectl("label", "pod", "p", "a=b")
        talk.says("MODIFIED   p ")
        kubectl("delete", "pod", "p", "--now")
        talk.says("DELETED    p ")


def test_top_says_that_there_are_no_metrics(kubectl: Kubectl) -> None:
    for what in ("pods", "nodes"):
        done = kubectl.run("top", what)
        assert (done.stderr, done.returncode) == ("error: Metrics API not available\n", 1)


def test_explain(kubectl: Kubectl) -> None:
    told = kubectl("explain", "pods.spec", "--recursive")
    assert told.startswith("KIND:       Pod\nVERSION:    v1\n\nFIELD: spec <PodSpec>\n")
    for line in (
        "  containers\t<[]Container> -required-",
        "    livenessProbe\t<Probe>",
        "      httpGet\t<HTTPGetAction>",
    ):
        assert line in told
    assert "ENUM:\n    Recreate\n    RollingUpdate\n" in kubectl("explain", "deployment.spec.strategy.type")
    wrong = kubectl.run("explain", "pods.spec.nope")
    assert wrong.stderr == 'error: field "nope" does not exist\n'


def test_diff_tells_by_its_exit_code(kubectl: Kubectl, tmp_path: Path) -> None:
    file = write(tmp_path, "one.yaml", ONE)
    assert kubectl.run("diff", "-f", file).returncode == 1
    kubectl("apply", "-f", file)
    assert kubectl.run("diff", "-f", file).returncode == 0
    changed = kubectl.run("diff", "-f", write(tmp_path, "one.yaml", ONE.replace("v2", "v3")))
    assert changed.returncode == 1
    assert "-  k: v2\n+  k: v3\n" in changed.stdout


def test_apply_prunes_what_is_not_said_any_more(kubectl: Kubectl, tmp_path: Path) -> None:
    assert kubectl("apply", "-f", write(tmp_path, "a.yaml", TWO)) == "configmap/a created\nconfigmap/b created\n"
    allowed = "--prune-allowlist=core/v1/ConfigMap"
    pruned = kubectl("apply", "--prune", allowed, "-l", "app=x", "-f", write(tmp_path, "a.yaml", ONE))
    assert pruned == "configmap/a configured\nconfigmap/b pruned\n"
    assert "configmap/b" not in kubectl("get", "configmaps", "-o", "name")


def test_kustomize_and_rollouts(kubectl: Kubectl, tmp_path: Path) -> None:
    write(tmp_path, "web.yaml", DEPLOYMENT)
    write(tmp_path, "kustomization.yaml", KUSTOMIZATION)
    assert "deployment.apps/dev-web created" in kubectl("apply", "-k", str(tmp_path))
    web = "deployment/dev-web"
    assert kubectl("rollout", "status", web).endswith('deployment "dev-web" successfully rolled out\n')
    image = ("get", web, "-o", "jsonpath={.spec.template.spec.containers[0].image}")
    assert kubectl(*image) == "nginx:1.27"
    kubectl("set", "image", web, "c=nginx:1.26")
    kubectl("rollout", "status", web)
    assert re.findall(r"^(\d)", kubectl("rollout", "history", web), re.MULTILINE) == ["1", "2"]
    assert kubectl("rollout", "undo", web) == "deployment.apps/dev-web rolled back\n"
    kubectl("rollout", "restart", web)
    assert kubectl("rollout", "status", web).endswith("successfully rolled out\n")
    assert kubectl(*image) == "nginx:1.27"
    assert kubectl("rollout", "pause", web) == "deployment.apps/dev-web paused\n"
    assert "cannot rollback a paused deployment" in kubectl.run("rollout", "undo", web).stderr
    assert kubectl("rollout", "resume", web) == "deployment.apps/dev-web resumed\n"
    assert "ScalingReplicaSet" in kubectl("events", "--for", web)


def test_wait(kubectl: Kubectl) -> None:
    kubectl("run", "p", "--image=nginx")
    assert kubectl("wait", "--for=condition=Ready", "pod/p") == "pod/p condition met\n"
    with kubectl.start("wait", "--for=create", "configmap/late") as talk:
        kubectl("create", "configmap", "late", "--from-literal=k=v")
        talk.says("configmap/late condition met")
    assert kubectl("wait", "--for=jsonpath={.data.k}=v", "configmap/late") == "configmap/late condition met\n"
    done = kubectl.run("wait", "--for=delete", "configmap/late", "--timeout=0.2s")
    # client-go may warn first of a watch that was so short
    assert done.stderr.endswith("error: timed out waiting for the condition on configmaps/late\n")
    kubectl("run", "stubborn", "--image=busybox", "--", "sleep", "1000")
    kubectl("wait", "--for=condition=Ready", "pod/stubborn")
    kubectl("delete", "pod", "stubborn", "--grace-period=1", "--wait=false")
    assert kubectl("wait", "--for=delete", "pod/stubborn") == "pod/stubborn condition met\n"


def test_edit_with_the_editor_of_the_environment(kubectl: Kubectl, tmp_path: Path) -> None:
    kubectl("create", "configmap", "a", "--from-literal=k=old")
    editor = Path(write(tmp_path, "editor", '#!/bin/sh\nsed -i "s/k: old/k: new/" "$1"\n'))
    editor.chmod(0o755)
    assert kubectl("edit", "configmap", "a", EDITOR=str(editor)) == "configmap/a edited\n"
    assert kubectl("get", "configmap", "a", "-o", "jsonpath={.data.k}") == "new"
    assert kubectl("edit", "configmap", "a", EDITOR="true") == ""


def test_server_side_apply_tells_conflicts(kubectl: Kubectl, tmp_path: Path) -> None:
    file = write(tmp_path, "one.yaml", ONE)
    assert kubectl("apply", "--server-side", "-f", file) == "configmap/a serverside-applied\n"
    other = (
        "apply",
        "--server-side",
        "--field-manager=other",
        "-f",
        write(tmp_path, "b.yaml", ONE.replace("v2", "v3")),
    )
    refused = kubectl.run(*other)
    assert refused.returncode == 1
    assert refused.stderr.startswith('error: Apply failed with 1 conflict: conflict with "kubectl": .data.k\n')
    assert kubectl(*other, "--force-conflicts") == "configmap/a serverside-applied\n"
    managers = kubectl(
        "get", "configmap", "a", "--show-managed-fields", "-o", "jsonpath={.metadata.managedFields[*].manager}"
    )
    assert managers.split() == ["kubectl", "other"]


def test_can_i(kubectl: Kubectl) -> None:
    account = ("--as", f"system:serviceaccount:{kubectl.namespace}:default")
    assert kubectl("auth", "can-i", "delete", "pods") == "yes\n"
    refused = kubectl.run("auth", "can-i", "delete", "pods", *account)
    assert (refused.stdout, refused.returncode) == ("no\n", 1)
    kubectl("create", "role", "reader", "--verb=get,list", "--resource=pods", "--resource-name=one")
    kubectl("create", "rolebinding", "r", "--role=reader", f"--serviceaccount={kubectl.namespace}:default")
    lines = [line.split() for line in kubectl("auth", "can-i", "--list", *account).splitlines()]
    assert ["pods", "[]", "[one]", "[get", "list]"] in lines
    assert ["[/healthz]", "[]", "[get]"] in lines
    assert "kubernetes-admin" in kubectl("auth", "whoami")


def test_what_the_server_tells_of_itself(kubectl: Kubectl) -> None:
    rows = {line.split()[0]: line.split()[1:] for line in kubectl("api-resources", "--no-headers").splitlines()}
    assert rows["deployments"] == ["deploy", "apps/v1", "true", "Deployment"]
    assert rows["nodes"] == ["no", "v1", "false", "Node"]
    assert "networking.k8s.io/v1" in kubectl("api-versions").splitlines()
    assert "Kubernetes control plane" in kubectl("cluster-info")
    assert "readyz check passed" in kubectl("get", "--raw", "/readyz?verbose")
    assert json.loads(kubectl("get", "--raw", "/version"))["gitVersion"].startswith("v1.36")
    assert kubectl.run("get", "--raw", "/nope").stderr.startswith(
        "Error from server (NotFound): the server could not find"
    )


def test_config_and_tokens(kubectl: Kubectl) -> None:
    assert kubectl("config", "current-context") == "k8slab\n"
    assert "token: REDACTED" in kubectl("config", "view")
    assert kubectl("create", "token", "default", "--duration=10m").count(".") == 2


def test_jobs_from_cron_jobs_and_drained_nodes(kubectl: Kubectl) -> None:
    kubectl("create", "cronjob", "c", "--image=busybox", "--schedule=0 0 1 1 *", "--", "echo", "hi")
    kubectl("create", "job", "once", "--from=cronjob/c")
    kubectl("wait", "--for=condition=Complete", "job/once")
    assert kubectl("logs", "job/once") == "hi\n"
    kubectl("create", "deployment", "web", "--image=nginx")
    kubectl("rollout", "status", "deployment/web")
    node = kubectl("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[0].spec.nodeName}")
    drained = kubectl("drain", node, "--pod-selector=app=web", "--ignore-daemonsets", "--delete-emptydir-data")
    assert drained.endswith(f"node/{node} drained\n")
    assert kubectl("uncordon", node) == f"node/{node} uncordoned\n"


def test_replace_and_dry_runs(kubectl: Kubectl, tmp_path: Path) -> None:
    file = write(tmp_path, "one.yaml", ONE)
    assert kubectl("create", "-f", file, "--dry-run=server") == "configmap/a created (server dry run)\n"
    assert "not found" in kubectl.run("get", "configmap", "a").stderr
    kubectl("create", "-f", file)
    again = kubectl.run("create", "-f", file).stderr
    assert again == f'Error from server (AlreadyExists): error when creating "{file}": configmaps "a" already exists\n'
    assert kubectl("replace", "-f", file) == "configmap/a replaced\n"
    assert kubectl("replace", "--force", "-f", file) == 'configmap "a" deleted\nconfigmap/a replaced\n'
