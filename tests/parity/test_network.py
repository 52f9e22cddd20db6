"""Ingress and NetworkPolicy: what is stored of them, and what a cluster with a network of its own makes of policies."""

from __future__ import annotations

from typing import Any

import pytest

from k8slab.kube.errors import Invalid
from tests.parity.manifests import BUSYBOX, FOREVER, Obj, container, pod, service
from tests.parity.space import Space
from tests.parity.waiting import eventually

PATH = {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "web", "port": {"number": 80}}}}


def ingress(rules: list[Obj], **spec: Any) -> Obj:
    body = {"rules": rules, **spec}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "front"}, "spec": body}


def policy(name: str, **spec: Any) -> Obj:
    body = {"podSelector": {}, **spec}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": name}, "spec": body}


def test_an_ingress_is_kept_as_it_was_said(space: Space) -> None:
    made = space.create(ingress([{"host": "shop.example.com", "http": {"paths": [PATH]}}], ingressClassName="nginx"))
    assert made["spec"]["rules"][0]["http"]["paths"] == [PATH]
    assert made["status"] == {"loadBalancer": {}}


@pytest.mark.parametrize(
    ("rule", "field", "message"),
    [
        ({"host": "*.*.org"}, "host", "a wildcard DNS-1123 subdomain must start with '*.'"),
        ({"http": {"paths": [{**PATH, "path": "shop"}]}}, "http.paths[0].path", "must be an absolute path"),
        ({"http": {"paths": [{**PATH, "path": "/a//b"}]}}, "http.paths[0].path", "must not contain '//'"),
        ({"http": {"paths": [{**PATH, "pathType": "Regex"}]}}, "http.paths[0].pathType", "Unsupported value"),
        (
            {"http": {"paths": [{**PATH, "backend": {}}]}},
            "http.paths[0].backend",
            'Invalid value: "": resource or service backend is required',
        ),
    ],
)
def test_rules_that_lead_nowhere(space: Space, rule: Obj, field: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        space.create(ingress([rule]))
    (cause,) = refused.value.causes
    assert cause.field == f"spec.rules[0].{field}"
    assert message in cause.message


@pytest.mark.parametrize(
    ("block", "field", "message"),
    [
        (
            {"cidr": "10.0.0.1/8"},
            "cidr",
            'Invalid value: "10.0.0.1/8": must not have bits set beyond the prefix length',
        ),
        ({"cidr": "10.0.0.0/8", "except": ["11.0.0.0/16"]}, "except[0]", "must be a strict subset of `cidr`"),
    ],
)
def test_blocks_that_are_none(space: Space, block: Obj, field: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        space.create(policy("wrong", ingress=[{"from": [{"ipBlock": block}]}]))
    (cause,) = refused.value.causes
    assert cause.field == f"spec.ingress[0].from[0].ipBlock.{field}"
    assert message in cause.message


def test_a_policy_lets_in_whom_it_names(space: Space) -> None:
    quiet = container("c", BUSYBOX, command=FOREVER)
    space.create(pod("web"))
    space.create(service("web", "web"))
    for name, role in (("friend", "friend"), ("stranger", "stranger")):
        space.create(pod(name, quiet, labels={"app": name, "role": role}))
    for name in ("web", "friend", "stranger"):
        space.running(name)
    fetch = ("wget", "-qO-", "-T", "1", "http://web/")
    space.answers("stranger", *fetch, says="nginx")
    if not enforces(space):
        pytest.skip("this cluster's network does not know policies")
    allowed = [{"from": [{"podSelector": {"matchLabels": {"role": "friend"}}}]}]
    space.create(policy("friends", podSelector={"matchLabels": {"app": "web"}}, ingress=allowed))
    space.answers("stranger", *fetch, says="timed out", code=1)
    space.answers("friend", *fetch, says="nginx")


def enforces(space: Space) -> bool:
    """A policy that lets nobody in is tried first; it goes again."""
    space.create(policy("nobody", policyTypes=["Ingress"]))
    try:
        eventually(lambda: space.run("stranger", "wget", "-qO-", "-T", "1", "http://web/")[0] != 0, within=5)
    except AssertionError:
        return False
    finally:
        space.delete("NetworkPolicy", "nobody")
    return True
