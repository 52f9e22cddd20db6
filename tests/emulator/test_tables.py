"""What `kubectl get` shows of the kinds that administrators set up."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.asgi import Client

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
STORAGE, ADMISSION = "/apis/storage.k8s.io/v1", "/apis/admissionregistration.k8s.io/v1"
RULES = {"resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}]}
HOOK = {
    "name": "a.example.com",
    "clientConfig": {"url": "https://hooks.example.com/"},
    "sideEffects": "None",
    "admissionReviewVersions": ["v1"],
}


def named(name: str, **rest: Any) -> Any:
    return {"metadata": {"name": name}, **rest}


SHOWN: list[tuple[str, Any, dict[str, Any]]] = [
    (
        "/api/v1/namespaces/team/podtemplates",
        named(
            "t",
            template={
                "metadata": {"labels": {"b": "2", "a": "1"}},
                "spec": {"containers": [{"name": "x", "image": "nginx"}, {"name": "y", "image": "redis"}]},
            },
        ),
        {"Name": "t", "Containers": "x,y", "Images": "nginx,redis", "Pod Labels": "a=1,b=2"},
    ),
    ("/apis/node.k8s.io/v1/runtimeclasses", named("gvisor", handler="runsc"), {"Name": "gvisor", "Handler": "runsc"}),
    (
        f"{STORAGE}/csidrivers",
        named("d.example.com", spec={"attachRequired": False, "tokenRequests": [{"audience": "vault"}]}),
        {"AttachRequired": False, "PodInfoOnMount": False, "TokenRequests": "vault", "Modes": "Persistent"},
    ),
    (f"{STORAGE}/csinodes", named("n", spec={"drivers": [{"name": "d", "nodeID": "n"}]}), {"Drivers": 1}),
    (
        f"{STORAGE}/volumeattachments",
        named("va", spec={"attacher": "d", "nodeName": "n", "source": {"persistentVolumeName": "pv"}}),
        {"Name": "va", "Attacher": "d", "PV": "pv", "Node": "n", "Attached": False},
    ),
    (
        f"{STORAGE}/storageclasses",
        {
            "metadata": {"name": "s", "annotations": {"storageclass.beta.kubernetes.io/is-default-class": "true"}},
            "provisioner": "d",
        },
        {"Name": "s (default)", "Provisioner": "d"},
    ),
    (f"{ADMISSION}/validatingwebhookconfigurations", named("w", webhooks=[HOOK]), {"Name": "w", "Webhooks": 1}),
    (
        f"{ADMISSION}/validatingadmissionpolicies",
        named(
            "p",
            spec={
                "matchConstraints": RULES,
                "paramKind": {"apiVersion": "v1", "kind": "ConfigMap"},
                "validations": [{"expression": "true"}],
            },
        ),
        {"Name": "p", "Validations": 1, "ParamKind": "v1/ConfigMap"},
    ),
    (
        f"{ADMISSION}/validatingadmissionpolicybindings",
        named(
            "b",
            spec={
                "policyName": "p",
                "validationActions": ["Deny"],
                "paramRef": {"name": "limits", "parameterNotFoundAction": "Deny"},
            },
        ),
        {"PolicyName": "p", "ParamRef": "*/limits"},
    ),
]


@pytest.mark.parametrize(("place", "body", "cells"), SHOWN, ids=[place.rpartition("/")[2] for place, _, _ in SHOWN])
async def test_the_columns_are_the_kinds_own(client: Client, place: str, body: Any, cells: dict[str, Any]) -> None:
    made = await client.post(place, body)
    assert made.status == 201, made.json
    table = (await client.get(f"{place}/{body['metadata']['name']}", accept=TABLE)).json
    names = [column["name"] for column in table["columnDefinitions"]]
    row = dict(zip(names, table["rows"][0]["cells"], strict=True))
    assert {name: row[name] for name in cells} == cells


async def test_an_events_source_is_who_reported_it(client: Client) -> None:
    place = "/api/v1/namespaces/team/events"
    reported = {
        "involvedObject": {"kind": "Pod", "namespace": "team", "name": "p"},
        "reportingComponent": "default-scheduler",
        "reportingInstance": "default-scheduler-control",
        "eventTime": "2026-01-01T00:00:00.000000Z",
        "reason": "Scheduled",
        "action": "Binding",
        "type": "Normal",
    }
    made = await client.post(place, named("p.1", **reported))
    assert made.status == 201, made.json
    table = (await client.get(f"{place}/p.1", accept=TABLE)).json
    names = [column["name"] for column in table["columnDefinitions"]]
    assert table["rows"][0]["cells"][names.index("Source")] == "default-scheduler, default-scheduler-control"
