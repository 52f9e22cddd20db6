"""Service: endpoints follow the pods that its selector finds, an address and a name lead to them."""

from __future__ import annotations

from tests.parity.manifests import FOREVER, busybox, container, deployment, pod, service
from tests.parity.space import Space
from tests.parity.waiting import eventually


def client_pod() -> dict[str, object]:
    return pod("client", container(image="busybox:1.36", command=FOREVER))


def endpoint_addresses(space: Space, name: str) -> set[str]:
    slices = space.all("EndpointSlice", f"kubernetes.io/service-name={name}")
    return {
        address
        for one in slices
        for endpoint in one.get("endpoints") or ()
        if endpoint["conditions"]["ready"]
        for address in endpoint["addresses"]
    }


def addresses(space: Space, labels: str, count: int) -> set[str]:
    return {one["status"]["podIP"] for one in space.ready_pods(labels, count)}


def test_endpoints_follow_pods(space: Space) -> None:
    space.create(service("web", "web"))
    space.create(deployment("web", replicas=2))
    eventually(lambda: endpoint_addresses(space, "web") == addresses(space, "app=web", 2))
    space.patch("Deployment", "web", {"spec": {"replicas": 3}})
    eventually(lambda: endpoint_addresses(space, "web") == addresses(space, "app=web", 3))
    old = space.get("Endpoints", "web")
    assert {address["ip"] for subset in old["subsets"] for address in subset["addresses"]} == addresses(
        space, "app=web", 3
    )


def test_a_wrong_selector_finds_nobody(space: Space) -> None:
    space.create(pod("web"))
    space.running("web")
    space.create(service("web", "wbe"))
    (empty,) = eventually(lambda: space.all("EndpointSlice", "kubernetes.io/service-name=web"))
    assert not empty.get("endpoints")
    space.patch("Service", "web", {"spec": {"selector": {"app": "web"}}})
    eventually(lambda: endpoint_addresses(space, "web") == addresses(space, "app=web", 1))


def test_an_unready_pod_is_not_ready_as_an_endpoint(space: Space) -> None:
    probe = {"exec": {"command": ["cat", "/tmp/ready"]}, "periodSeconds": 1}
    space.create(pod("web", busybox("touch /tmp/ready; while true; do sleep 1; done", readinessProbe=probe)))
    space.create(service("web", "web"))
    eventually(lambda: len(endpoint_addresses(space, "web")) == 1)
    space.run("web", "rm", "/tmp/ready")
    eventually(lambda: not endpoint_addresses(space, "web"))


def test_address_and_names_answer(space: Space) -> None:
    space.create(deployment("web", replicas=1))
    made = space.create(service("web", "web", port=8080, target=80))
    space.create(client_pod())
    space.running("client")
    space.rolled_out("web")
    for host in (made["spec"]["clusterIP"], "web", f"web.{space.name}", f"web.{space.name}.svc.cluster.local"):
        url = f"http://{host}:8080/"

        def answers(url: str = url) -> bool:
            code, output = space.run("client", "wget", "-qO-", "-T", "2", url)
            assert code == 0, output
            return "nginx" in output

        eventually(answers)


def test_a_name_resolves_to_the_address(space: Space) -> None:
    made = space.create(service("web", "web"))
    space.create(client_pod())
    space.running("client")
    name = f"web.{space.name}.svc.cluster.local"

    def resolves() -> bool:
        code, output = space.run("client", "nslookup", name)
        return code == 0 and f"Address: {made['spec']['clusterIP']}" in output

    eventually(resolves)


def test_an_unknown_name_is_a_bad_address(space: Space) -> None:
    space.create(client_pod())
    space.running("client")
    code, output = space.run("client", "wget", "-qO-", "-T", "2", "http://nobody/")
    assert (code, output.strip()) == (1, "wget: bad address 'nobody'")


def test_no_endpoints_refuse(space: Space) -> None:
    space.create(service("web", "nobody"))
    space.create(client_pod())
    space.running("client")

    def refused() -> bool:
        code, output = space.run("client", "wget", "-qO-", "-T", "3", "http://web/")
        assert code == 1
        return "can't connect to remote host" in output and "Connection refused" in output

    eventually(refused)


def test_a_headless_service_names_its_pods(space: Space) -> None:
    space.create(deployment("web", replicas=2))
    made = space.create(service("web", "web", clusterIP="None"))
    assert made["spec"]["clusterIP"] == "None"
    space.create(client_pod())
    space.running("client")
    wanted = addresses(space, "app=web", 2)

    def both() -> bool:
        _, output = space.run("client", "nslookup", f"web.{space.name}.svc.cluster.local")
        return all(f"Address: {address}" in output for address in wanted)

    eventually(both)


def test_a_node_port_is_in_its_range(space: Space) -> None:
    made = space.create(service("web", "web", type="NodePort"))
    assert 30000 <= made["spec"]["ports"][0]["nodePort"] <= 32767
