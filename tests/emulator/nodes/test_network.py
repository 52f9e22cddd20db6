from __future__ import annotations

import asyncio
from typing import Any

from k8slab.emulator.clock import settle
from tests.emulator.world import World


async def client(world: World) -> None:
    await world.pod("client", command=["sleep", "3600"])


async def web(world: World, name: str = "web", **spec: Any) -> str:
    await world.pod(name, "nginx:1.25", meta={"labels": {"app": "web"}}, **spec)
    return str(world.get("pods", name)["status"]["podIP"])


async def test_a_service_reaches_its_pod_by_every_name(world: World) -> None:
    await client(world)
    await web(world)
    await world.service("web", {"app": "web"}, 9090, 80)
    for host in ("web", "web.t", "web.t.svc", "web.t.svc.cluster.local"):
        assert "Welcome to nginx!" in await world.sh("client", f"wget -qO- http://{host}:9090/")
    address = world.get("services", "web")["spec"]["clusterIP"]
    assert f"Address: {address}\n" in await world.sh("client", "nslookup web")


async def test_what_is_written_is_what_is_served_and_logged(world: World) -> None:
    await client(world)
    ip = await web(world)
    await world.sh("web", "echo changed > /usr/share/nginx/html/index.html")
    assert await world.sh("client", f"wget -qO- http://{ip}/") == "changed\n"
    assert '"GET / HTTP/1.1" 200 8 "-" "Wget" "-"' in await world.log("web")


async def test_containers_of_a_pod_share_localhost_and_volumes(world: World) -> None:
    mount = [{"name": "html", "mountPath": "/usr/share/nginx/html"}]
    side = {
        "name": "side",
        "image": "busybox:1.36",
        "command": ["sh", "-c", "echo from the side > /html/index.html; sleep 3600"],
        "volumeMounts": [{"name": "html", "mountPath": "/html"}],
    }
    main = {"name": "c", "image": "nginx:1.25", "volumeMounts": mount}
    await world.create("pods", "two", {"containers": [main, side], "volumes": [{"name": "html", "emptyDir": {}}]})
    assert await world.sh("two", "curl -s http://localhost/") == "from the side\n"


async def test_requests_go_round_the_ready_endpoints(world: World) -> None:
    await client(world)
    await world.deployment("d", 3, "kubegoldenguide/nginx-hostname:1.0.1")
    await world.service("d", {"app": "d"}, 80, 80)
    answers = {await world.sh("client", "wget -qO- http://d/") for _ in range(3)}
    assert answers == {f"{name}\n" for name in world.names("pods") if name != "client"}


async def test_each_failure_has_its_words(world: World) -> None:
    await client(world)
    ip = await web(world)
    await world.service("empty", {"app": "none"}, 80, 80)
    empty = world.get("services", "empty")["spec"]["clusterIP"]
    refused = f"wget: can't connect to remote host ({ip}): Connection refused\n"
    assert await world.sh("client", f"wget -qO- http://{ip}:81/") == refused
    assert await world.sh("client", "wget -qO- http://nope/") == "wget: bad address 'nope'\n"
    assert await world.sh("client", "wget -qO- http://empty/") == (
        f"wget: can't connect to remote host ({empty}): Connection refused\n"
    )
    assert "404 Not Found" in await world.sh("client", f"wget -qO- http://{ip}/nope")
    assert await world.sh("web", "curl -s -S http://nope/") == "curl: (6) Could not resolve host: nope\n"
    assert "curl: (7) Failed to connect to" in await world.sh("web", "curl -sS http://localhost:81/")


async def test_a_policy_that_denies_makes_connections_time_out(world: World) -> None:
    await client(world)
    ip = await web(world)
    await world.create("networkpolicies.networking.k8s.io", "deny", {"podSelector": {}, "policyTypes": ["Ingress"]})
    asked = asyncio.ensure_future(world.sh("client", f"wget -qO- -T 2 http://{ip}/"))
    await settle()
    await world.clock.advance(2)
    assert await asked == "wget: download timed out\n"
    allow = {"podSelector": {"matchLabels": {"app": "web"}}, "ingress": [{"ports": [{"port": 80}]}]}
    await world.create("networkpolicies.networking.k8s.io", "allow", allow)
    assert "Welcome" in await world.sh("client", f"wget -qO- -T 2 http://{ip}/")


async def test_headless_services_answer_with_pods(world: World) -> None:
    await client(world)
    ip = await web(world, hostname="one", subdomain="heads")
    await world.create("services", "heads", {"clusterIP": "None", "selector": {"app": "web"}, "ports": [{"port": 80}]})
    assert f"Address: {ip}\n" in await world.sh("client", "nslookup heads")
    assert f"Address: {ip}\n" in await world.sh("client", "nslookup one.heads.t.svc.cluster.local")
    assert await world.sh("client", "nslookup nope.t.svc.cluster.local") == (
        "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n"
        + "** server can't find nope.t.svc.cluster.local: NXDOMAIN\n\n" * 2
    )


async def test_a_database_without_a_password_says_what_it_needs(world: World) -> None:
    await world.pod("db", "mysql:5.7")
    assert world.state("db")["waiting"]["reason"] == "CrashLoopBackOff" or world.state("db")["terminated"]
    assert "MYSQL_ROOT_PASSWORD" in await world.log("db")
    await world.pod("good", "mysql:5.7", container={"env": [{"name": "MYSQL_ROOT_PASSWORD", "value": "x"}]})
    assert "running" in world.state("good")
