"""Services, names, ingress and policies, as pods meet them."""

from __future__ import annotations

import asyncio
from typing import Any

from k8slab.emulator.clock import settle
from tests.emulator.world import SPACE, World

ECHO = "kubegoldenguide/nginx-hostname:1.0.1"
INGRESSES = "ingresses.networking.k8s.io"
POLICIES = "networkpolicies.networking.k8s.io"
ADDRESS = "172.18.255.254"


async def client(world: World, name: str = "client", node: str = "node-1", **spec: Any) -> None:
    where: dict[str, Any] = {"nodeSelector": {"kubernetes.io/hostname": node}}
    await world.pod(name, command=["sleep", "99999"], meta={"labels": {"app": name}}, **where, **spec)


async def echo(world: World, name: str, node: str = "node-1", app: str = "web") -> str:
    where: dict[str, Any] = {"nodeSelector": {"kubernetes.io/hostname": node}}
    await world.pod(name, ECHO, meta={"labels": {"app": app}}, **where)
    return str(world.get("pods", name)["status"]["podIP"])


async def wget(world: World, url: str, options: str = "", pod: str = "client") -> str:
    asked = asyncio.ensure_future(world.sh(pod, f"wget -qO- -T 1 {options} {url}"))
    await settle()
    if not asked.done():
        await world.clock.advance(10)
    return (await asked).strip()


async def test_ports_have_srv_records(world: World) -> None:
    await client(world)
    ports = [{"name": "http", "port": 80}, {"name": "admin", "port": 81, "targetPort": 8081}]
    await world.create("services", "web", {"selector": {"app": "web"}, "ports": ports})
    await world.create("services", "heads", {"clusterIP": "None", "selector": {"app": "web"}, "ports": ports[:1]})
    ips = [await echo(world, "a"), await echo(world, "b")]
    found = await world.sh("client", "nslookup -type=srv _http._tcp.web.t.svc.cluster.local")
    assert found.endswith("_http._tcp.web.t.svc.cluster.local\tservice = 0 100 80 web.t.svc.cluster.local\n\n")
    found = await world.sh("client", "nslookup -q=srv _http._tcp.heads.t.svc.cluster.local")
    for ip in ips:
        assert f"service = 0 50 80 {ip.replace('.', '-')}.heads.t.svc.cluster.local\n" in found
    for name in ("_http._udp.web", "_nope._tcp.web", "_http._tcp.nope"):
        assert "NXDOMAIN" in await world.sh("client", f"nslookup -type=srv {name}.t.svc.cluster.local")


async def test_ndots_decides_whether_the_search_path_comes_first(world: World) -> None:
    await echo(world, "web-pod")
    await world.service("web", {"app": "web"}, 80, 80)
    await client(world, "one", dnsConfig={"options": [{"name": "ndots", "value": "1"}]})
    await client(
        world, "none", dnsPolicy="None", dnsConfig={"nameservers": ["10.96.0.10"], "searches": ["t.svc.cluster.local"]}
    )
    await client(world, "outside", dnsPolicy="Default")
    for name in ("web", "web.t.svc.cluster.local", "web.t.svc"):
        assert await wget(world, f"http://{name}/", pod="one") == "web-pod"
    assert await wget(world, "http://web/", pod="none") == "web-pod"
    assert await wget(world, "http://web.t/", pod="none") == "wget: bad address 'web.t'"
    for name in ("web", "web.t.svc.cluster.local"):
        assert await wget(world, f"http://{name}/", pod="outside") == f"wget: bad address '{name}'"


async def test_a_session_stays_with_one_pod_until_it_is_too_old(world: World) -> None:
    await client(world)
    await client(world, "other")
    for name in ("a", "b", "c"):
        await echo(world, name)
    sticky = {"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 60}}}
    await world.service("web", {"app": "web"}, 80, 80, **sticky)
    first = {await wget(world, "http://web/") for _ in range(4)}
    assert len(first) == 1
    assert {await wget(world, "http://web/", pod="other") for _ in range(4)} != first
    await world.delete("pods", first.pop(), grace_seconds=0)
    second = {await wget(world, "http://web/") for _ in range(4)}
    assert len(second) == 1
    await world.clock.advance(61)
    assert {await wget(world, "http://web/")} != second


async def test_node_ports_answer_at_every_node_or_only_where_a_pod_is(world: World) -> None:
    await client(world, node="node-3")
    await echo(world, "a", "node-1")
    await world.service("web", {"app": "web"}, 80, 80, type="NodePort")
    port = world.get("services", "web")["spec"]["ports"][0]["nodePort"]
    for ip in ("172.18.0.2", "172.18.0.3", "172.18.0.4"):
        assert await wget(world, f"http://{ip}:{port}/") == "a"
    await world.change("services", "web", {"spec": {"externalTrafficPolicy": "Local"}})
    assert await wget(world, f"http://172.18.0.2:{port}/") == "a"
    assert await wget(world, f"http://172.18.0.3:{port}/") == "wget: download timed out"
    assert await wget(world, f"http://172.18.0.4:{port}/") == "a"  # the client's own node
    assert "refused" in await wget(world, "http://172.18.0.2:31999/")
    await world.change("services", "web", {"spec": {"internalTrafficPolicy": "Local"}})
    assert await wget(world, "http://web/") == "wget: download timed out"
    world.nodes.fail("node-2")
    assert await wget(world, f"http://172.18.0.3:{port}/") == "wget: download timed out"


async def test_a_balancers_address_leads_to_its_service(world: World) -> None:
    await client(world)
    await echo(world, "a", "node-2")
    await world.service("web", {"app": "web"}, 80, 80, type="LoadBalancer", externalTrafficPolicy="Local")
    status = {"status": {"loadBalancer": {"ingress": [{"ip": "172.18.200.1"}]}}}
    world.api.patch("services", "web", SPACE, status, subresource="status")
    assert await wget(world, "http://172.18.200.1/") == "a"
    assert await wget(world, "http://172.18.200.1:81/") == "wget: download timed out"


def rule(host: str, *paths: tuple[str, str, str]) -> dict[str, Any]:
    made = [
        {"path": path, "pathType": kind, "backend": {"service": {"name": name, "port": {"number": 80}}}}
        for path, kind, name in paths
    ]
    return {**({"host": host} if host else {}), "http": {"paths": made}}


async def test_an_ingress_routes_by_host_and_path(world: World) -> None:
    await client(world)
    for name in ("one", "two", "three"):
        await echo(world, name, app=name)
        await world.service(name, {"app": name}, 80, 80)
    await world.service("empty", {"app": "empty"}, 80, 80)
    rules = [
        rule("a.example", ("/", "Prefix", "one"), ("/two", "Prefix", "two"), ("/two/x", "Exact", "three")),
        rule("*.wild.example", ("/", "Prefix", "two"), ("/empty", "Prefix", "empty"), ("/gone", "Prefix", "gone")),
    ]
    await world.create(INGRESSES, "web", {"ingressClassName": "nginx", "rules": rules})
    assert world.get(INGRESSES, "web")["status"] == {"loadBalancer": {"ingress": [{"ip": ADDRESS}]}}
    assert ("Sync", "Scheduled for sync") in world.events("web")

    async def ask(host: str, path: str) -> str:
        return await wget(world, f"http://{ADDRESS}{path}", f"--header 'Host: {host}'")

    answers = [await ask("a.example", path) for path in ("/", "/twofold", "/two", "/two/", "/two/x", "/two/x/y")]
    assert answers == ["one", "one", "two", "two", "three", "two"]
    assert await ask("b.wild.example", "/") == "two"
    assert await ask("c.b.wild.example", "/") == "wget: server returned error: HTTP/1.1 404 Not Found"
    for path in ("/empty", "/gone"):
        assert await ask("b.wild.example", path) == "wget: server returned error: HTTP/1.1 503 Service Unavailable"
    assert "404" in await wget(world, f"http://{ADDRESS}/")


async def test_an_ingress_rewrites_redirects_and_falls_back(world: World) -> None:
    await client(world)
    await world.pod("web", "nginx:1.25", meta={"labels": {"app": "web"}})
    await world.service("web", {"app": "web"}, 80, 80)
    await world.sh("web", "echo deep > /usr/share/nginx/html/deep")
    annotations = {"nginx.ingress.kubernetes.io/rewrite-target": "/$2"}
    paths = rule("r.example", ("/app(/|$)(.*)", "ImplementationSpecific", "web"))
    await world.create(INGRESSES, "rewrite", {"ingressClassName": "nginx", "rules": [paths]}, annotations=annotations)
    assert await wget(world, f"http://{ADDRESS}/app/deep", "--header 'Host: r.example'") == "deep"
    tls = {"ingressClassName": "nginx", "rules": [rule("s.example", ("/", "Prefix", "web"))]}
    await world.create(INGRESSES, "tls", {**tls, "tls": [{"hosts": ["s.example"]}]})
    asked = await world.sh("web", f"curl -si -H 'Host: s.example' http://{ADDRESS}/deep")
    assert asked.startswith("HTTP/1.1 308 Permanent Redirect")
    assert "Location: https://s.example/deep" in asked
    assert await world.sh("web", f"curl -s --resolve s.example:443:{ADDRESS} https://s.example/deep") == "deep\n"
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    await world.create(INGRESSES, "fallback", {"ingressClassName": "nginx", "defaultBackend": backend})
    assert await wget(world, f"http://{ADDRESS}/deep") == "deep"


async def test_an_ingress_of_another_class_is_left_alone(world: World) -> None:
    await world.create(INGRESSES, "web", {"ingressClassName": "other", "rules": [rule("", ("/", "Prefix", "one"))]})
    assert world.get(INGRESSES, "web")["status"] == {"loadBalancer": {}}


async def test_egress_policies_hold_back_connections_and_names(world: World) -> None:
    await client(world)
    ip = await echo(world, "a")
    other = await echo(world, "b", app="other")
    await world.service("web", {"app": "web"}, 80, 80)
    to_web: dict[str, Any] = {"to": [{"podSelector": {"matchLabels": {"app": "web"}}}], "ports": [{"port": 80}]}
    spec: dict[str, Any] = {"podSelector": {"matchLabels": {"app": "client"}}, "policyTypes": ["Egress"]}
    await world.create(POLICIES, "out", {**spec, "egress": [to_web]})
    assert await wget(world, f"http://{ip}/") == "a"
    assert await wget(world, f"http://{other}/") == "wget: download timed out"
    assert await wget(world, "http://web/") == "wget: bad address 'web'"
    kube_dns = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
        "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
    }
    dns = {"to": [kube_dns], "ports": [{"port": 53, "protocol": "UDP"}]}
    await world.change(POLICIES, "out", {"spec": {"egress": [to_web, dns]}})
    assert await wget(world, "http://web/") == "a"
    block = {"to": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": [f"{ip}/32"]}}]}
    await world.change(POLICIES, "out", {"spec": {"egress": [block]}})
    assert await wget(world, f"http://{other}/") == "b"
    assert await wget(world, f"http://{ip}/") == "wget: download timed out"


async def test_a_policy_does_not_stop_probes(world: World) -> None:
    await world.create(POLICIES, "deny", {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]})
    probe = {"readinessProbe": {"httpGet": {"port": 80}}}
    await world.pod("web", "nginx:1.25", container=probe)
    await world.clock.advance(5)
    conditions = {c["type"]: c["status"] for c in world.get("pods", "web")["status"]["conditions"]}
    assert conditions["Ready"] == "True"


async def test_policies_see_the_ingress_controller_in_its_usual_namespace(world: World) -> None:
    await client(world)
    await echo(world, "web", app="web")
    await world.service("web", {"app": "web"}, 80, 80)
    await world.create(
        INGRESSES, "web", {"ingressClassName": "nginx", "rules": [rule("a.example", ("/", "Prefix", "web"))]}
    )
    await world.create(POLICIES, "deny", {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]})
    ask = f"http://{ADDRESS}/", "--header 'Host: a.example'"
    assert await wget(world, *ask) == "wget: download timed out"
    front = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress-nginx"}}}]
    await world.change(POLICIES, "deny", {"spec": {"ingress": [{"from": front}], "egress": [{"to": front}]}})
    assert await wget(world, *ask) == "web"
