"""kubectl label, annotate, scale, autoscale, set, patch, expose, delete, events: objects that are there change."""

from __future__ import annotations

import json

import pytest

from .conftest import Kubectl


@pytest.fixture
def web(run: Kubectl) -> Kubectl:
    run.ok("create deployment web --image=nginx:1.26 --port=80")
    return run


def _field(room: Kubectl, path: str, what: str = "deploy web") -> str:
    return room.ok(f"get {what} -o jsonpath={{{path}}}")


def test_label(web: Kubectl) -> None:
    assert web.ok("label deploy web a=b") == "deployment.apps/web labeled\n"
    assert web.ok("label deploy web a=b") == "deployment.apps/web not labeled\n"
    assert web("label deploy web a=c").err == "error: 'a' already has a value (b), and --overwrite is false\n"
    assert web.ok("label deploy/web a=c --overwrite") == "deployment.apps/web labeled\n"
    assert web.ok("label deploy --all a-") == "deployment.apps/web unlabeled\n"
    assert web.ok("label deploy web a-") == 'label "a" not found.\ndeployment.apps/web not labeled\n'
    assert web.ok("label deploy web --list") == "app=web\n"
    assert web("label deploy web").err == "error: at least one label update is required\n"
    assert web("label deploy web a=b a-").err == "error: can not both modify and remove a label in the same command\n"
    assert web("label deploy web 'a=b c'").err.startswith('error: invalid label value: "a=b c": a valid label must be')
    assert web("label deploy a=b").err == "error: resource(s) were provided, but no name was specified\n"
    assert web.ok("label deploy web x=y --dry-run=client") == "deployment.apps/web labeled (dry run)\n"
    assert _field(web, ".metadata.labels") == '{"app":"web"}'


def test_annotate(web: Kubectl) -> None:
    assert web.ok("annotate deploy web note='hello there'") == "deployment.apps/web annotated\n"
    assert _field(web, ".metadata.annotations.note") == "hello there"
    assert "'note' already has a value (hello there)" in web("annotate deploy web note=x").err
    assert web.ok("annotate deploy web note-") == "deployment.apps/web annotated\n"
    assert _field(web, ".metadata.annotations.note") == ""


def test_scale(web: Kubectl) -> None:
    assert web.ok("scale deploy web --replicas=2") == "deployment.apps/web scaled\n"
    assert web("scale deploy web --replicas=3 --current-replicas=5").err == "error: Expected replicas to be 5, was 2\n"
    assert web.ok("scale deploy/web --replicas=3 --current-replicas=2") == "deployment.apps/web scaled\n"
    assert _field(web, ".spec.replicas") == "3"
    assert web("scale deploy nope --replicas=1").err == (
        'error: no objects passed to scale deployments.apps "nope" not found\n'
    )
    assert web("scale deploy web --replicas=-1").err.startswith(
        "error: The --replicas=COUNT flag is required, and COUNT"
    )
    assert web("scale deploy web").err == 'error: required flag(s) "replicas" not set\n'


def test_autoscale(web: Kubectl) -> None:
    assert web.ok("autoscale deploy web --min=1 --max=3 --cpu-percent=50") == (
        "horizontalpodautoscaler.autoscaling/web autoscaled\n"
    )
    assert _field(web, ".spec.scaleTargetRef.name", "hpa web") == "web"
    assert web("autoscale deploy web --max=1 --min=3").err.startswith("error: --max=MAXPODS must be larger or equal to")


def test_set_image(web: Kubectl) -> None:
    assert web.ok("set image deploy/web nginx=nginx:1.27") == "deployment.apps/web image updated\n"
    assert web.ok("set image deploy/web nginx=nginx:1.27") == "", "nothing to change, nothing to say"
    assert web("set image deploy/web foo=nginx").err == 'error: unable to find container named "foo"\n'
    assert web("set image deploy/web").err == "error: at least one image update is required\n"
    assert web("set image cm/kube-root-ca.crt a=b").err.startswith(
        "error: configmaps/kube-root-ca.crt the object is not a"
    )
    assert web.ok("set image deploy --all '*=redis'") == "deployment.apps/web image updated\n"
    assert _field(web, ".spec.template.spec.containers[*].image") == "redis"


def test_set_env(web: Kubectl) -> None:
    web.ok("create cm settings --from-literal=color=blue")
    assert web.ok("set env deploy/web A=1 B=2") == "deployment.apps/web env updated\n"
    assert web.ok("set env deploy/web B- A=3") == "deployment.apps/web env updated\n"
    web.ok("set env deploy/web --from=configmap/settings --prefix=P_")
    assert web.ok("set env deploy/web --list") == (
        "# Deployment web, container nginx\nA=3\n# P_COLOR from configmap settings, key color\n"
    )
    assert "P_COLOR=blue" in web.ok("set env deploy/web --list --resolve")


def test_set_the_rest(web: Kubectl) -> None:
    assert web.ok("set resources deploy web --limits=cpu=1 --requests=cpu=500m") == (
        "deployment.apps/web resource requirements updated\n"
    )
    assert json.loads(_field(web, ".spec.template.spec.containers[0].resources"))["limits"] == {"cpu": "1"}
    assert web.ok("set sa deploy web default") == "deployment.apps/web serviceaccount updated\n"
    web.ok("expose deploy web")
    assert web.ok("set selector svc web a=b") == "service/web selector updated\n"
    assert _field(web, ".spec.selector", "svc web") == '{"a":"b"}'
    web.ok("create role r --verb=get --resource=pods")
    web.ok("create rolebinding rb --role=r --user=ann")
    assert web.ok("set subject rolebinding rb --user=ben") == (
        "rolebinding.rbac.authorization.k8s.io/rb subjects updated\n"
    )
    assert web("set foo").err == "error: unknown command \"foo\"\nSee 'kubectl set -h' for help and examples\n"


def test_patch(web: Kubectl) -> None:
    assert web.ok("""patch deploy web -p '{"spec":{"replicas":2}}'""") == "deployment.apps/web patched\n"
    web.ok("create cm c --from-literal=a=b")
    assert web.ok("""patch cm c -p 'data: {a: b}'""") == "configmap/c patched (no change)\n"
    side = """patch deploy web -p '{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"redis"}]}}}}'"""
    shown = web.ok(f"{side} --dry-run=client -o jsonpath='{{.spec.template.spec.containers[*].name}}'")
    web.ok(side)
    assert _field(web, ".spec.template.spec.containers[*].name") == shown == "side nginx"
    web.ok("""patch deploy web --type=json -p '[{"op":"replace","path":"/spec/replicas","value":1}]'""")
    assert _field(web, ".spec.replicas") == "1"
    assert web.ok("""patch deploy web --subresource=scale --type=merge -p '{"spec":{"replicas":4}}'""") == (
        "scale.autoscaling/web patched\n"
    )
    assert web("patch deploy web -p '{'").err == "Error from server (BadRequest): unexpected end of JSON input\n"
    assert web("patch deploy web").err.startswith("error: must specify --patch or --patch-file")
    assert (
        web("patch deploy web --type=x -p {}").err == 'error: --type must be one of [json merge strategic], not "x"\n'
    )


def test_expose(web: Kubectl) -> None:
    assert web.ok("expose deploy web --port=80 --target-port=8080 --type=NodePort") == "service/web exposed\n"
    assert json.loads(_field(web, ".spec.selector", "svc web")) == {"app": "web"}
    assert _field(web, ".spec.ports[0].targetPort", "svc web") == "8080"
    assert web("expose cm kube-root-ca.crt --port=80").err == "error: cannot expose a ConfigMap\n"
    web.ok("create deployment bare --image=nginx")
    assert web("expose deploy bare").err == "error: couldn't find port via --port flag or introspection\n"


def test_delete(web: Kubectl) -> None:
    web.ok("create cm a")
    web.ok("create cm b")
    said = web("delete cm/a cm/nope")
    assert (said.out, said.err) == (
        'configmap "a" deleted\n',
        'Error from server (NotFound): configmaps "nope" not found\n',
    )
    assert web.ok("delete cm nope --ignore-not-found") == ""
    assert web.ok("delete cm b --dry-run=server") == 'configmap "b" deleted (server dry run)\n'
    assert web.ok("delete cm b -o name") == "configmap/b\n"
    assert web.ok("delete deploy web --cascade=orphan") == 'deployment.apps "web" deleted\n'
    assert web.ok("get rs -o name").startswith("replicaset.apps/web-")
    assert web.ok("delete rs --all").startswith('replicaset.apps "web-')
    assert web.ok("delete svc --all") == "No resources found\n"
    assert web("delete cm").err == "error: resource(s) were provided, but no name was specified\n"
    assert web("delete cm x --cascade=y").err.startswith("error: invalid cascade value (y).")
    forced = web("delete pods --all --force")
    assert forced.err.startswith("Warning: Immediate deletion does not wait for confirmation")


def test_delete_waits_until_the_pod_is_gone(run: Kubectl) -> None:
    run.ok("run web --image=nginx")
    run.ok("wait --for=condition=Ready pod/web --timeout=20s")
    assert run.ok("delete pod web --now") == 'pod "web" deleted\n'
    assert run("get pod web").code == 1


def test_events(web: Kubectl) -> None:
    web.ok("wait --for=condition=Available deploy/web --timeout=20s")
    said = web.ok("events --for deploy/web")
    assert said.startswith("LAST SEEN   TYPE ")
    assert "Deployment/web   Scaled up replica set web-" in said
    assert json.loads(web.ok("events --for deploy/web -o json"))["kind"] == "EventList"
    assert web("events --for pod").err == "error: --for must be in resource/name form\n"
    assert web("events --types=Foo").err == "error: valid --types are Normal or Warning\n"
