"""kubectl create … and kubectl run: objects from flags."""

from __future__ import annotations

import base64
import json

import pytest
import yaml

from .conftest import Kubectl

SAMPLES = [
    "create deployment web --image=a/nginx:1 --image=redis --port=80 -r 2",
    "create service clusterip web --tcp=80:8080 --tcp=443",
    "create service nodeport web --tcp=80 --node-port=30123",
    "create service loadbalancer web --tcp=80:http",
    "create service externalname web --external-name=example.com",
    "create configmap c --from-literal=a=b",
    "create secret generic s --from-literal=a=b",
    "create secret docker-registry s --docker-username=u --docker-password=p",
    "create job j --image=busybox -- echo hi",
    "create cronjob j --image=busybox --schedule='*/5 * * * *'",
    "create serviceaccount robot",
    "create role r --verb=get,list --resource=pods,deployments.apps,pods/log",
    "create rolebinding rb --role=r --serviceaccount=ns:robot --user=ann --group=all",
    "create quota q --hard=pods=2,cpu=1",
    "create ingress i --rule=a.com/x*=web:80,tls=t --default-backend=web:http --class=nginx",
    "create pdb p --selector=app=web --min-available=50%",
    "run web --image=nginx --port=80 --env=A=1 --labels=a=b",
]


@pytest.mark.parametrize("line", SAMPLES)
def test_it_works(run: Kubectl, line: str) -> None:
    """What is shown as YAML is what is created: the server takes it strictly."""
    shown = run.ok(
        line.replace(" -- ", " --dry-run=client -o yaml -- ") if " -- " in line else f"{line} --dry-run=client -o yaml"
    )
    obj = yaml.safe_load(shown)
    assert run.ok("create -f - --dry-run=server", shown).endswith(" created (server dry run)\n")
    assert run.ok(line) == f"{_kind(obj)}/{obj['metadata']['name']} created\n"


def _kind(obj: dict[str, str]) -> str:
    group = obj["apiVersion"].rpartition("/")[0]
    return f"{obj['kind'].lower()}.{group}" if group else obj["kind"].lower()


def test_json_has_its_fields_in_the_order_of_go(run: Kubectl) -> None:
    obj = json.loads(run.ok("create deployment web --image=nginx --dry-run=client -o json"))
    assert list(obj) == ["kind", "apiVersion", "metadata", "spec", "status"]
    assert obj["metadata"]["creationTimestamp"] is None


def test_data_from_files(run: Kubectl) -> None:
    run.files.texts |= {"app.conf": "x=1\n", "env.txt": "# no\nA=1\n B=two words\n"}
    run.ok("create configmap c --from-file=app.conf --from-file=other=app.conf")
    assert json.loads(run.ok("get cm c -o jsonpath={.data}")) == {"app.conf": "x=1\n", "other": "x=1\n"}
    run.ok("create secret generic s --from-env-file=env.txt")
    data = json.loads(run.ok("get secret s -o jsonpath={.data}"))
    assert {k: base64.b64decode(v).decode() for k, v in data.items()} == {"A": "1", "B": "two words"}


def test_job_from_cronjob(run: Kubectl) -> None:
    run.ok("create cronjob cj --image=busybox --schedule='0 0 1 1 *' -- date")
    assert run.ok("create job now --from=cronjob/cj") == "job.batch/now created\n"
    job = json.loads(run.ok("get job now -o json"))
    assert job["metadata"]["annotations"]["cronjob.kubernetes.io/instantiate"] == "manual"
    assert job["metadata"]["ownerReferences"][0]["name"] == "cj"


def test_tokens_are_the_accounts_own(run: Kubectl) -> None:
    run.ok("create serviceaccount robot")
    assert run.ok("create token robot").count(".") == 2
    assert run("create token nope").err == 'error: failed to create token: serviceaccounts "nope" not found\n'


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("create deployment web", 'error: required flag(s) "image" not set\n'),
        (
            "create deploy --image=nginx",
            "error: exactly one NAME is required, got 0\nSee 'kubectl create deployment -h'",
        ),
        (
            "create deployment web --image=a --replicas=x",
            'Error: invalid argument "x" for "-r, --replicas" flag: strconv',
        ),
        ("create service clusterip web", "error: at least one tcp port specifier must be provided\n"),
        ("create cm c --from-literal=a", "error: invalid literal source a, expected key=value\n"),
        ("create cm c --from-file=nope", "error: error reading nope: no such file or directory\n"),
        ("create job j", "error: either --image or --from must be specified\n"),
        ("create role r --verb=get", "error: at least one resource must be specified\n"),
        ("create rolebinding rb", "error: exactly one of clusterrole or role must be specified\n"),
        ("create ingress i", "error: not enough information provided: "),
        ("create pdb p", "error: a selector must be specified\n"),
        ("create secret tls t", "error: key and cert must be specified\n"),
        (
            "create service foo x",
            "error: unknown command \"foo x\"\nSee 'kubectl create service -h' for help and examples\n",
        ),
        ("create foo", "error: Unexpected args: [foo]\n"),
        ("create deployment W --image=nginx", 'error: failed to create deployment: Deployment.apps "W" is invalid: '),
        ("run web", 'error: required flag(s) "image" not set\n'),
        ("run web --image=nginx --rm", "error: --rm should only be used for attached containers\n"),
        ("run web --image=nginx --expose", "error: --port must be set when exposing a service\n"),
        ("run web --image=nginx --restart=Maybe", "error: invalid restart policy: Maybe\n"),
    ],
)
def test_errors(run: Kubectl, line: str, error: str) -> None:
    said = run(line)
    assert said.code == 1
    assert said.err.startswith(error)


def test_what_exists_already(run: Kubectl) -> None:
    run.ok("create cm c")
    assert run("create cm c").err == 'error: failed to create configmap: configmaps "c" already exists\n'


def test_run_with_a_service(run: Kubectl) -> None:
    assert run.ok("run web --image=nginx --port=80 --expose") == "service/web created\npod/web created\n"
    assert run.ok("get svc web -o jsonpath={.spec.selector.run}") == "web"


def test_run_attached_tells_the_command_and_goes(run: Kubectl) -> None:
    said = run("run -i --rm once --image=busybox --restart=Never -- echo hello")
    assert said.code == 0, said
    assert "hello\n" in said.out
    assert said.out.endswith('pod "once" deleted\n')
    assert run("get pod once").code == 1
