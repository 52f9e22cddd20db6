"""What containers find in their volumes, and what becomes of it."""

from __future__ import annotations

import base64

from tests.parity.manifests import BUSYBOX, FOREVER, Obj, busybox, config_map, container, pod
from tests.parity.space import Space
from tests.parity.waiting import eventually

LOOP = "while true; do sleep 1; done"


def secret(name: str, **data: str) -> Obj:
    encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "data": encoded}


def reader(name: str, volume: Obj, **mount: object) -> Obj:
    """A pod that has one volume at /files."""
    mounts = [{"name": "files", "mountPath": "/files", **mount}]
    return pod(
        name, container("c", BUSYBOX, command=FOREVER, volumeMounts=mounts), volumes=[{"name": "files", **volume}]
    )


def test_files_of_a_secret_with_modes(space: Space) -> None:
    space.create(secret("keys", user="admin", password="hunter2"))
    items = [{"key": "password", "path": "db/pass", "mode": 0o400}]
    space.create(reader("web", {"secret": {"secretName": "keys", "items": items}}))
    space.running("web")
    assert space.run("web", "cat", "/files/db/pass") == (0, "hunter2")
    assert space.run("web", "ls", "/files") == (0, "db\n")


def test_a_changed_config_map_reaches_the_file_but_not_a_sub_path(space: Space) -> None:
    space.create(config_map("settings", colour="red"))
    volume = {"name": "files", "configMap": {"name": "settings"}}
    mounts = [
        {"name": "files", "mountPath": "/files"},
        {"name": "files", "mountPath": "/one", "subPath": "colour"},
    ]
    space.create(pod("web", busybox(LOOP, volumeMounts=mounts), volumes=[volume]))
    space.running("web")
    assert space.run("web", "cat", "/files/colour", "/one") == (0, "redred")
    space.patch("ConfigMap", "settings", {"data": {"colour": "blue"}})
    space.patch("Pod", "web", {"metadata": {"annotations": {"look": "again"}}})
    eventually(lambda: space.run("web", "cat", "/files/colour") == (0, "blue"))
    assert space.run("web", "cat", "/one") == (0, "red")


def test_the_pod_tells_of_itself(space: Space) -> None:
    files = [
        {"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}},
        {"path": "cpu", "resourceFieldRef": {"containerName": "c", "resource": "limits.cpu", "divisor": "1m"}},
    ]
    made = reader("web", {"downwardAPI": {"items": files}})
    made["spec"]["containers"][0]["resources"] = {"limits": {"cpu": "250m"}}
    made["spec"]["containers"][0]["env"] = [
        {"name": "WHERE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
        {"name": "APP", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['app']"}}},
    ]
    space.create(made)
    found = space.running("web")
    assert space.run("web", "cat", "/files/labels") == (0, 'app="web"')
    assert space.run("web", "cat", "/files/cpu") == (0, "250")
    told = space.run("web", "sh", "-c", 'echo "$WHERE $APP"')
    assert told == (0, f"{found['spec']['nodeName']} web\n")


def test_many_sources_in_one_place(space: Space) -> None:
    space.create(config_map("settings", colour="red"))
    space.create(secret("keys", user="admin"))
    sources = [
        {"configMap": {"name": "settings"}},
        {"secret": {"name": "keys"}},
        {"downwardAPI": {"items": [{"path": "name", "fieldRef": {"fieldPath": "metadata.name"}}]}},
        {"serviceAccountToken": {"path": "token", "expirationSeconds": 3600}},
    ]
    space.create(reader("web", {"projected": {"sources": sources}}))
    space.running("web")
    assert space.run("web", "ls", "/files") == (0, "colour\nname\ntoken\nuser\n")
    assert space.run("web", "cat", "/files/name") == (0, "web")


def test_what_is_read_only_stays(space: Space) -> None:
    space.create(reader("web", {"emptyDir": {}}, readOnly=True))
    space.running("web")
    code, said = space.run("web", "touch", "/files/new")
    assert (code, "Read-only file system" in said) == (1, True)


def test_variables_of_whole_maps(space: Space) -> None:
    space.create(config_map("settings", COLOUR="red"))
    space.create(secret("keys", USER="admin"))
    sources = [{"configMapRef": {"name": "settings"}}, {"prefix": "DB_", "secretRef": {"name": "keys"}}]
    space.create(pod("web", busybox(LOOP, envFrom=sources)))
    space.running("web")
    assert space.run("web", "sh", "-c", 'echo "$COLOUR $DB_USER"') == (0, "red admin\n")


def test_a_missing_secret_holds_the_pod_back(space: Space) -> None:
    space.create(reader("web", {"secret": {"secretName": "nobody"}}))
    message = space.event("web", "FailedMount")["message"]
    assert message == 'MountVolume.SetUp failed for volume "files" : secret "nobody" not found'
    space.create(secret("nobody", key="value"))
