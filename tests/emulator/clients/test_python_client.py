"""The official Python client: lists, watches, streams, the dynamic client, informers, locks; also its asyncio half."""

from __future__ import annotations

import gc
import http.client
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kubernetes import aio, client, config, dynamic, informer, utils, watch
from kubernetes.leaderelection import electionconfig
from kubernetes.leaderelection.leaderelection import LeaderElection
from kubernetes.leaderelection.resourcelock.leaselock import LeaseLock
from kubernetes.stream import portforward, stream

from tests.emulator.clients.conftest import NAMES
from tests.emulator.clients.process import Emulator

SECONDS = 20
# The client leaves the sockets of refused websockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")


def until(holds: Callable[[], Any]) -> Any:
    """Waits for what comes by itself."""
    end = time.monotonic() + SECONDS
    while not (found := holds()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)
    return found


@pytest.fixture
def api(emulator: Emulator) -> Iterator[client.ApiClient]:
    with config.new_client_from_config(config_file=str(emulator.kubeconfig)) as made:
        yield made
    gc.collect()


@pytest.fixture
def core(api: client.ApiClient) -> client.CoreV1Api:
    return client.CoreV1Api(api)


@pytest.fixture
def space(core: client.CoreV1Api) -> Iterator[str]:
    name = f"p{next(NAMES)}"
    core.create_namespace({"metadata": {"name": name}})
    until(lambda: core.list_namespaced_service_account(name).items)
    yield name
    core.delete_namespace(name)


def config_map(name: str, **data: str) -> dict[str, Any]:
    return {"metadata": {"name": name, "labels": {"app": "x"}}, "data": data}


def start_pod(core: client.CoreV1Api, space: str, image: str, *command: str) -> None:
    container = {"name": "c", "image": image, **({"command": list(command)} if command else {})}
    core.create_namespaced_pod(space, {"metadata": {"name": "p"}, "spec": {"containers": [container]}})
    until(lambda: core.read_namespaced_pod("p", space).status.phase == "Running")


def test_lists_come_in_pages(core: client.CoreV1Api, space: str) -> None:
    for number in range(5):
        core.create_namespaced_config_map(space, config_map(f"c{number}"))
    names, token = [], None
    while token != "":
        page = core.list_namespaced_config_map(space, limit=2, label_selector="app=x", _continue=token)
        names += [one.metadata.name for one in page.items]
        token = page.metadata._continue or ""
    assert names == [f"c{number}" for number in range(5)]


def test_a_watch_goes_on_where_a_list_ended(core: client.CoreV1Api, space: str) -> None:
    core.create_namespaced_config_map(space, config_map("before"))
    version = core.list_namespaced_config_map(space).metadata.resource_version
    core.create_namespaced_config_map(space, config_map("a", k="1"))
    core.patch_namespaced_config_map("a", space, {"data": {"k": "2"}})
    core.delete_namespaced_config_map("a", space)
    seen = []
    watching = watch.Watch()
    for event in watching.stream(
        core.list_namespaced_config_map, space, resource_version=version, label_selector="app=x"
    ):
        seen.append((event["type"], event["object"].metadata.name, event["object"].data["k"]))
        if event["type"] == "DELETED":
            watching.stop()
    assert seen == [("ADDED", "a", "1"), ("MODIFIED", "a", "2"), ("DELETED", "a", "2")]


def test_a_watch_ends_with_its_timeout(core: client.CoreV1Api, space: str) -> None:
    events = list(watch.Watch().stream(core.list_namespaced_secret, space, timeout_seconds=1))
    assert events == []


def test_exec_with_input_and_a_code(core: client.CoreV1Api, space: str) -> None:
    start_pod(core, space, "busybox", "sleep", "1000")
    words = {"stdout": True, "stderr": True, "stdin": True, "tty": False}
    script = ["sh", "-c", "read line; echo got $line; echo bad >&2; exit 3"]
    talk = stream(core.connect_get_namespaced_pod_exec, "p", space, command=script, _preload_content=False, **words)
    talk.write_stdin("hello\n")
    talk.run_forever(timeout=SECONDS)
    assert (talk.read_stdout(), talk.read_stderr(), talk.returncode) == ("got hello\n", "bad\n", 3)
    talk.close()
    quick = stream(
        core.connect_get_namespaced_pod_exec, "p", space, command=["echo", "hi"], **{**words, "stdin": False}
    )
    assert quick == "hi\n"
    with pytest.raises(client.ApiException) as refused:
        stream(core.connect_get_namespaced_pod_exec, "nope", space, command=["ls"], **words)
    assert "404" in str(refused.value.reason)


def test_port_forward_is_a_socket(core: client.CoreV1Api, space: str) -> None:
    start_pod(core, space, "nginx")
    forwarded = portforward(core.connect_get_namespaced_pod_portforward, "p", space, ports="80")
    connection = http.client.HTTPConnection("p.localhost")
    connection.sock = forwarded.socket(80)
    connection.request("GET", "/")
    assert "Welcome to nginx!" in connection.getresponse().read().decode()
    connection.close()
    forwarded.close()
    refused = portforward(core.connect_get_namespaced_pod_portforward, "p", space, ports="81")
    assert "connection refused" in until(lambda: refused.error(81))
    refused.close()


def test_logs_are_followed(core: client.CoreV1Api, space: str) -> None:
    start_pod(core, space, "busybox", "sh", "-c", "echo one; echo two; sleep 1000")
    lines = []
    watching = watch.Watch()
    for line in watching.stream(core.read_namespaced_pod_log, "p", space):
        lines.append(line)
        if len(lines) == 2:
            watching.stop()
            core.delete_namespaced_pod("p", space, grace_period_seconds=0)  # the log ends with it
    assert lines == ["one", "two"]


def test_an_informer_keeps_up(core: client.CoreV1Api, space: str) -> None:
    core.create_namespaced_config_map(space, config_map("old", k="1"))
    kept = informer.SharedInformer(core.list_namespaced_config_map, namespace=space, label_selector="app=x")
    gone: list[str] = []
    kept.add_event_handler("DELETED", lambda one: gone.append(one.metadata.name))
    kept.start()
    try:
        until(lambda: kept.cache.get_by_key(f"{space}/old"))
        core.create_namespaced_config_map(space, config_map("new", k="1"))
        core.patch_namespaced_config_map("old", space, {"data": {"k": "2"}})
        core.delete_namespaced_config_map("new", space)
        until(lambda: gone == ["new"])
        assert [one.data for one in kept.cache.list()] == [{"k": "2"}]
    finally:
        threading.Thread(target=kept.stop, daemon=True).start()
        core.patch_namespaced_config_map("old", space, {"data": {"k": "3"}})  # it looks up only when something comes


def test_the_dynamic_client_and_a_kind_of_ones_own(api: client.ApiClient, space: str, tmp_path: Path) -> None:
    group = f"{space}.example.com"
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer"}}}}}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"plural": "boats", "singular": "boat", "kind": "Boat"}
    spec = {"group": group, "scope": "Namespaced", "names": names, "versions": [version]}
    client.ApiextensionsV1Api(api).create_custom_resource_definition(
        {"metadata": {"name": f"boats.{group}"}, "spec": spec}
    )
    found = dynamic.DynamicClient(api, cache_file=str(tmp_path / "discovery"))
    boats = found.resources.get(api_version=f"{group}/v1", kind="Boat")
    body = {"apiVersion": f"{group}/v1", "kind": "Boat", "metadata": {"name": "b"}, "spec": {"size": 1}}
    made = boats.create(body=body, namespace=space)
    seen = boats.watch(namespace=space, resource_version=made.metadata.resourceVersion, timeout=SECONDS)
    boats.patch(name="b", namespace=space, body={"spec": {"size": 2}}, content_type="application/merge-patch+json")
    event = next(iter(seen))
    seen.close()
    assert (event["type"], event["object"].spec.size) == ("MODIFIED", 2)
    with pytest.raises(dynamic.exceptions.UnprocessibleEntityError, match=r"spec\.size"):
        boats.create(body={**body, "metadata": {"name": "c"}, "spec": {"size": "big"}}, namespace=space)
    maps = found.resources.get(api_version="v1", kind="ConfigMap")
    applied = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"k": "1"}}
    found.server_side_apply(maps, body=applied, name="m", namespace=space, field_manager="one")
    applied["data"] = {"k": "2"}
    with pytest.raises(dynamic.exceptions.ConflictError, match=r"Apply failed with 1 conflict: conflict with .*one"):
        found.server_side_apply(maps, body=applied, name="m", namespace=space, field_manager="two")
    client.ApiextensionsV1Api(api).delete_custom_resource_definition(f"boats.{group}")


def test_objects_from_a_file(api: client.ApiClient, core: client.CoreV1Api, space: str, tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: f}\ndata: {k: v}\n")
    utils.create_from_yaml(api, str(tmp_path / "all.yaml"), namespace=space)
    assert core.read_namespaced_config_map("f", space).data == {"k": "v"}
    with pytest.raises(utils.FailToCreateError, match="already exists"):
        utils.create_from_yaml(api, str(tmp_path / "all.yaml"), namespace=space)


def test_two_who_change_a_lease_at_once(api: client.ApiClient, space: str) -> None:
    leases = client.CoordinationV1Api(api)
    leases.create_namespaced_lease(space, {"metadata": {"name": "l"}, "spec": {"holderIdentity": "nobody"}})
    first, second = (leases.read_namespaced_lease("l", space) for _ in range(2))
    first.spec.holder_identity, second.spec.holder_identity = "first", "second"
    leases.replace_namespaced_lease("l", space, first)
    with pytest.raises(client.ApiException, match="the object has been modified; please apply your changes"):
        leases.replace_namespaced_lease("l", space, second)
    assert leases.read_namespaced_lease("l", space).spec.holder_identity == "first"


def test_a_leader_is_elected_and_followed(emulator: Emulator, space: str) -> None:
    config.load_kube_config(config_file=str(emulator.kubeconfig))  # the locks know no other way
    first, second = (
        LeaderElection(
            electionconfig.Config(
                LeaseLock("lock", space, name),
                lease_duration=3,  # the shortest that the library takes
                renew_deadline=2,
                retry_period=1,
                onstarted_leading=lambda: None,
                onstopped_leading=lambda: None,
            )
        )
        for name in ("first", "second")
    )
    assert first.try_acquire_or_renew()
    assert not second.try_acquire_or_renew()
    assert first.try_acquire_or_renew()
    assert until(second.try_acquire_or_renew)  # the first says nothing any more
    assert not first.try_acquire_or_renew()
    lease = client.CoordinationV1Api().read_namespaced_lease("lock", space)
    assert lease.spec.holder_identity == "second"


async def test_the_asyncio_half_watches_and_executes(emulator: Emulator, core: client.CoreV1Api, space: str) -> None:
    start_pod(core, space, "busybox", "sleep", "1000")
    settings = aio.client.Configuration()
    await aio.config.load_kube_config(config_file=str(emulator.kubeconfig), client_configuration=settings)
    async with aio.client.ApiClient(settings) as made:
        ours = aio.client.CoreV1Api(made)
        version = (await ours.list_namespaced_config_map(space)).metadata.resource_version
        await ours.create_namespaced_config_map(space, config_map("a"))
        async with aio.watch.Watch().stream(
            ours.list_namespaced_config_map, space, resource_version=version, timeout_seconds=SECONDS
        ) as events:
            async for event in events:
                assert (event["type"], event["object"].metadata.name) == ("ADDED", "a")
                break
    async with aio.stream.WsApiClient(settings) as made:
        said = await aio.client.CoreV1Api(made).connect_get_namespaced_pod_exec(
            "p", space, command=["echo", "hi"], stdout=True, stderr=True
        )
        assert said == "hi\n"
