"""Names inside a cluster: services, headless ones and their pods, other namespaces, nobody."""

from __future__ import annotations

import pytest

from tests.parity.manifests import BUSYBOX, FOREVER, container, pod, service
from tests.parity.space import Space

QUIET = container("c", BUSYBOX, command=FOREVER)


@pytest.fixture
def asked(space: Space) -> Space:
    """With a pod `client` that asks, and a pod `web` with a name below a headless service."""
    space.create(pod("client", QUIET))
    space.create(pod("web", QUIET, labels={"app": "web"}, hostname="one", subdomain="sub"))
    space.create(service("sub", "web", clusterIP="None"))
    space.running("client")
    space.running("web")
    return space


def address(space: Space) -> str:
    return str(space.get("Pod", "web")["status"]["podIP"])


def lookup(space: Space, name: str, says: str, code: int = 0) -> None:
    space.answers("client", "nslookup", name, says=says, code=code)


def test_a_pod_below_its_subdomain(asked: Space) -> None:
    lookup(asked, f"one.sub.{asked.name}.svc.cluster.local", f"Address: {address(asked)}")


def test_a_headless_service_is_its_pods(asked: Space) -> None:
    lookup(asked, f"sub.{asked.name}.svc.cluster.local", f"Address: {address(asked)}")


def test_a_pod_by_its_address(asked: Space) -> None:
    dashed = address(asked).replace(".", "-")
    lookup(asked, f"{dashed}.{asked.name}.pod.cluster.local", f"Address: {address(asked)}")


def test_an_external_name_is_an_alias(asked: Space) -> None:
    spec = {"type": "ExternalName", "externalName": f"sub.{asked.name}.svc.cluster.local"}
    asked.create({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "alias"}, "spec": spec})
    lookup(asked, f"alias.{asked.name}.svc.cluster.local", f"canonical name = sub.{asked.name}.svc.cluster.local")


def test_the_search_path_shortens_names(asked: Space) -> None:
    made = asked.create(service("short", "web"))
    asked.answers("client", "sh", "-c", "cat /etc/resolv.conf", says=f"search {asked.name}.svc.cluster.local")
    code, _ = asked.run("client", "wget", "-T", "1", "-qO-", f"http://short.{asked.name}:1/")
    assert code == 1
    lookup(asked, f"short.{asked.name}.svc.cluster.local", f"Address: {made['spec']['clusterIP']}")


def test_the_api_server_has_a_name_in_another_namespace(asked: Space) -> None:
    found = asked.client.get("v1", "Service", "kubernetes", "default")["spec"]["clusterIP"]
    lookup(asked, "kubernetes.default.svc.cluster.local", f"Address: {found}")


def test_nobody_has_no_address(asked: Space) -> None:
    lookup(asked, f"nobody.{asked.name}.svc.cluster.local", "NXDOMAIN", code=1)
