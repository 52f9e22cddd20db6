"""A cluster that is killed and comes back: clients and watches go on by themselves."""

from __future__ import annotations

import queue
import threading
from pathlib import Path

import pytest
from pytest_django import Settings

from k8slab.kube.client import Client
from k8slab.kube.errors import Unavailable
from k8slab.kube.watch import Changed, Listed, Stop, Watch
from k8slab.sandbox.cluster import app_client
from tests.emulator_process import running_emulator


def config_map(name: str) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}


def test_it_works(tmp_path: Path, settings: Settings) -> None:
    stop: Stop = Stop()
    seen: queue.Queue[Listed | Changed] = queue.Queue()
    with running_emulator(tmp_path, nodes=0) as emulator:
        settings.KUBECONFIG = str(emulator.kubeconfig)
        client = Client.from_kubeconfig(emulator.kubeconfig)
        watch = Watch(client, "v1", "ConfigMap", "default")
        thread = threading.Thread(target=lambda: [seen.put(change) for change in watch.forever(stop)])
        thread.start()
        try:
            client.create(config_map("before"), "default")
            emulator.kill()
            with pytest.raises(Unavailable):
                client.get("v1", "ConfigMap", "before", "default")
            emulator.start()
            assert client.get("v1", "ConfigMap", "before", "default")
            assert app_client().get("v1", "ConfigMap", "before", "default")
            client.create(config_map("after"), "default")
            assert {"before", "after"} <= set(names_until("after", seen))
        finally:
            stop.set()
            thread.join(10)
        assert not thread.is_alive()


def names_until(name: str, seen: queue.Queue[Listed | Changed]) -> list[str]:
    """Names that the watch told, up to a certain one."""
    names: list[str] = []
    while name not in names:
        change = seen.get(timeout=20)
        objects = change.objects if isinstance(change, Listed) else [change.obj]
        names += [obj["metadata"]["name"] for obj in objects]
    return names
