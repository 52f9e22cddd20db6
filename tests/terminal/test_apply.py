"""kubectl create -f, apply, replace, diff: files to objects."""

from __future__ import annotations

import json

import pytest
import yaml

from .conftest import Kubectl

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  a: '1'\n"
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: first
        image: nginx
        env: [{name: A, value: "1"}, {name: B, value: "2"}]
      - {name: second, image: redis}
"""
CHANGED = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  strategy: {type: Recreate}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: third, image: busybox}
      - name: first
        image: nginx:1.27
        env: [{name: B, value: "2"}, {name: C, value: "3"}]
"""


def test_it_works(run: Kubectl) -> None:
    run.files.texts["c.yaml"] = CONFIG
    assert run.ok("apply -f c.yaml") == "configmap/c created\n"
    assert run.ok("apply -f c.yaml") == "configmap/c unchanged\n"
    assert run.ok("apply -f -", CONFIG.replace("'1'", "'2'")) == "configmap/c configured\n"
    assert run.ok("get cm c -o jsonpath={.data.a}") == "2"
    applied = yaml.safe_load(run.ok("apply view-last-applied cm/c"))
    assert applied["data"] == {"a": "2"}


def test_three_way_merge(run: Kubectl) -> None:
    run.files.texts |= {"old.yaml": DEPLOYMENT, "new.yaml": CHANGED}
    run.ok("apply -f old.yaml")
    run.ok("scale deploy web --replicas=3")
    run.ok("label deploy web kept=yes")
    assert run.ok("apply -f new.yaml") == "deployment.apps/web configured\n"
    obj = json.loads(run.ok("get deploy web -o json"))
    spec, pod = obj["spec"], obj["spec"]["template"]["spec"]
    assert [(c["name"], c["image"]) for c in pod["containers"]] == [("third", "busybox"), ("first", "nginx:1.27")]
    assert [entry["name"] for entry in pod["containers"][1]["env"]] == ["B", "C"]
    assert spec["strategy"] == {"type": "Recreate"}, "what the server had filled in for the other type is gone"
    assert spec["replicas"] == 1, "a field that left the file falls back to its default"
    assert obj["metadata"]["labels"] == {"kept": "yes"}, "what the file never named stays"
    assert run.ok("apply -f new.yaml") == "deployment.apps/web unchanged\n"


def test_custom_resources_are_merged_as_json(run: Kubectl) -> None:
    group = f"{run.namespace}.example.com"
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"things.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"plural": "things", "singular": "thing", "kind": "Thing", "shortNames": ["th"]},
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": schema}],
        },
    }
    run.ok("create -f -", json.dumps(definition))
    run.ok("wait --for=condition=established crd --all --timeout=10s")
    thing = {
        "apiVersion": f"{group}/v1",
        "kind": "Thing",
        "metadata": {"name": "t"},
        "spec": {"a": 1, "b": [{"name": "x"}]},
    }
    assert run.ok("apply -f -", json.dumps(thing)) == f"thing.{group}/t created\n"
    thing["spec"] = {"b": [{"name": "y"}]}
    assert run.ok("apply -f -", json.dumps(thing)) == f"thing.{group}/t configured\n"
    assert json.loads(run.ok(f"get th.{group} t -o jsonpath={{.spec}}")) == {"b": [{"name": "y"}]}
    run.ok(f"delete crd things.{group}")


def test_several_objects_go_on_after_a_fault(run: Kubectl) -> None:
    run.files.texts["many.yaml"] = (
        f"{CONFIG}---\napiVersion: v1\nkind: Nope\nmetadata: {{name: x}}\n---\n" + CONFIG.replace("name: c", "name: d")
    )
    said = run("apply -f many.yaml")
    assert (said.out, said.code) == ("configmap/c created\nconfigmap/d created\n", 1)
    assert said.err == (
        'error: resource mapping not found for name: "x" namespace: "" from "many.yaml": no matches for kind "Nope" in '
        'version "v1"\nensure CRDs are installed first\n'
    )


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "kind: Pod\n",
            'error: error validating "x.yaml": error validating data: apiVersion not set; if you choose to ignore '
            "these errors, turn validation off with --validate=false\n",
        ),
        (
            "a: b: c\n",
            "error: error parsing x.yaml: error converting YAML to JSON: yaml: mapping values are not allowed in "
            "this context\n",
        ),
        (
            "a:\n- b\n c: d\n",
            "error: error parsing x.yaml: error converting YAML to JSON: yaml: line 3: mapping values are not allowed "
            "in this context\n",
        ),
        (
            "a:\n\tb: c\n",
            "error: error parsing x.yaml: error converting YAML to JSON: yaml: line 2: found character that cannot "
            "start any token\n",
        ),
        (
            '{"a":1,}',
            "error: error parsing x.yaml: json: offset 8: invalid character '}' looking for beginning of object",
        ),
        (
            CONFIG.replace("\ndata", "\ndat"),
            'Error from server (BadRequest): error when creating "x.yaml": ConfigMap in version "v1" cannot be handled '
            'as a ConfigMap: strict decoding error: unknown field "dat"\n',
        ),
        (
            CONFIG.replace("name: c", "name: c\n  labels: {version: 1}"),
            'error: unable to decode "x.yaml": json: cannot unmarshal number into Go struct field '
            "ObjectMeta.metadata.labels of type string\n",
        ),
        (
            CONFIG.replace("name: c", "name: B_ad"),
            'The ConfigMap "B_ad" is invalid: metadata.name: Invalid value: "B_ad": ',
        ),
        ("# nothing\n", "error: no objects passed to apply\n"),
        ("[" * 5000, "error: error parsing x.yaml: error converting YAML to JSON: yaml: "),
        ('{"a":' * 5000, "error: error parsing x.yaml: "),
    ],
)
def test_faulty_files(run: Kubectl, text: str, error: str) -> None:
    said = run("apply -f x.yaml", files={"x.yaml": text})
    assert (said.out, said.code) == ("", 1)
    assert said.err.startswith(error)


def test_flags_that_do_not_fit(run: Kubectl) -> None:
    run.files.texts["c.yaml"] = CONFIG
    assert run("apply").err == "error: must specify one of -f and -k\n"
    assert run("apply -f c.yaml --force-conflicts").err == "error: --force-conflicts only works with --server-side\n"
    assert run("apply -f c.yaml --dry-run=foo").err.startswith("error: Invalid dry-run value (foo).")
    assert "cannot be built" in run("apply -k .").err
    assert run("apply -f c.yaml --prune").err.startswith("error: all resources selected for prune")
    assert run(
        "apply -f c.yaml -n default", files={"c.yaml": CONFIG.replace("name: c", "name: c\n  namespace: x")}
    ).err == (
        'error: the namespace from the provided object "x" does not match the namespace "default". You must pass '
        "'--namespace=x' to perform this operation.\n"
    )


def test_dry_runs_leave_nothing(run: Kubectl) -> None:
    run.files.texts["c.yaml"] = CONFIG
    assert run.ok("apply -f c.yaml --dry-run=client") == "configmap/c created (dry run)\n"
    assert run.ok("apply -f c.yaml --dry-run=server") == "configmap/c created (server dry run)\n"
    assert run.ok("create -f c.yaml --dry-run=client -o name") == "configmap/c\n"
    assert run("get cm c").code == 1


def test_a_whole_folder(run: Kubectl) -> None:
    run.files.texts |= {"a.yaml": CONFIG, "b.yml": CONFIG.replace("name: c", "name: d"), "notes.txt": "a: b: c"}
    assert run.ok("apply -f .") == "configmap/c created\nconfigmap/d created\n"


def test_server_side(run: Kubectl) -> None:
    run.files.texts["c.yaml"] = CONFIG
    assert run.ok("apply --server-side -f c.yaml") == "configmap/c serverside-applied\n"
    said = run("apply --server-side --field-manager=other -f -", CONFIG.replace("'1'", "'2'"))
    assert said.err.startswith('error: Apply failed with 1 conflict: conflict with "kubectl": .data.a\nPlease review')
    forced = "apply --server-side --field-manager=other --force-conflicts -f -"
    assert run.ok(forced, CONFIG.replace("'1'", "'2'")) == "configmap/c serverside-applied\n"


def test_objects_that_were_made_otherwise(run: Kubectl) -> None:
    run.ok("create cm c --from-literal=a=0")
    said = run("apply -f -", CONFIG)
    assert said.out == "configmap/c configured\n"
    assert said.err.startswith(
        "Warning: resource configmaps/c is missing the kubectl.kubernetes.io/last-applied-config"
    )


def test_prune(run: Kubectl) -> None:
    text = CONFIG.replace("name: c", "name: c\n  labels: {app: x}")
    run.ok("apply -f -", text)
    run.ok("apply -f -", text.replace("name: c", "name: d"))
    assert "configmap/d pruned" in run.ok("apply -f - --prune -l app=x", text)
    assert run("get cm d").code == 1


def test_create_and_replace(run: Kubectl) -> None:
    run.files.texts["c.yaml"] = CONFIG
    assert run("replace -f c.yaml").err == (
        'Error from server (NotFound): error when replacing "c.yaml": configmaps "c" not found\n'
    )
    assert run.ok("create -f c.yaml") == "configmap/c created\n"
    assert run("create -f c.yaml").err == (
        'Error from server (AlreadyExists): error when creating "c.yaml": configmaps "c" already exists\n'
    )
    assert run.ok("replace -f -", CONFIG.replace("'1'", "'9'")) == "configmap/c replaced\n"
    assert run.ok("get cm c -o jsonpath={.data.a}") == "9"
    assert run.ok("replace --force -f c.yaml") == 'configmap "c" deleted\nconfigmap/c replaced\n'


def test_diff(run: Kubectl) -> None:
    run.files.texts["c.yaml"] = CONFIG
    run.ok("apply -f c.yaml")
    assert run("diff -f c.yaml") == run("diff -f c.yaml")
    assert run("diff -f c.yaml").code == 0
    said = run("diff -f -", CONFIG.replace("'1'", "'2'"))
    assert said.code == 1
    assert '\n-  a: "1"\n+  a: "2"\n' in said.out
    assert f"/v1.ConfigMap.{run.namespace}.c " in said.out
    assert run("diff").code == 2


def test_diff_hides_secrets(run: Kubectl) -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {pw: hunter2}\n"
    run.ok("create secret generic s --from-literal=pw=old --from-literal=other=1")
    said = run("diff -f -", secret)
    assert "+  pw: '*** (after)'" in said.out
    assert "aHVudGVyMg" not in said.out
