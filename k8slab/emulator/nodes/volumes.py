"""Volumes of a pod as directories: made when it starts, shared by its containers, kept in step with what they show."""

from __future__ import annotations

import base64
import json
import posixpath
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from k8slab.emulator.clock import Clock
from k8slab.emulator.controllers.cache import Cache
from k8slab.emulator.nodes.fieldrefs import field_value, resource_value
from k8slab.emulator.nodes.files import Dir, File, Mount, Node, parts_of
from k8slab.emulator.ports import Obj

CLAIMS, VOLUMES = "persistentvolumeclaims", "persistentvolumes"


class NotMounted(Exception):
    """Why a volume cannot be had, in the kubelet's words; `detail` names the event's reason."""

    def __init__(self, message: str, reason: str = "FailedMount") -> None:
        super().__init__(message)
        self.message, self.reason = message, reason


class Disks:
    """What outlives pods: directories of nodes (hostPath) and of PersistentVolumes. `touched` is called after each
    change to what they hold; `cut` are the nodes that were failed."""

    def __init__(self) -> None:
        self._nodes: dict[str, Dir] = {}
        self._volumes: dict[str, Dir] = {}
        self.cut: set[str] = set()
        self.touched: Callable[[], None] = lambda: None

    def of_node(self, node: str) -> Dir:
        if node not in self._nodes:
            self._nodes[node] = _fresh_node()
        return self._nodes[node]

    def of_volume(self, uid: str) -> Dir:
        return self._volumes.setdefault(uid, Dir())

    def roots(self) -> dict[str, dict[str, Dir]]:
        """All of them, to be saved."""
        return {"nodes": self._nodes, "volumes": self._volumes}

    def restore(self, kind: str, name: str, path: str, node: Node) -> None:
        """Puts back what was saved; a directory comes before what is in it."""
        roots, (parent, last) = self.roots()[kind], posixpath.split(path)
        if last:
            directory_at(roots[name], parent, make=True).entries[last] = node
        elif isinstance(node, Dir):
            roots[name] = node

    def drop_node(self, node: str) -> None:
        self._nodes.pop(node, None)
        self.cut.discard(node)
        self.touched()

    def drop_volume(self, uid: str) -> None:
        self._volumes.pop(uid, None)
        self.touched()


def _fresh_node() -> Dir:
    root = Dir()
    for path in (
        "/etc",
        "/mnt",
        "/opt",
        "/tmp",  # noqa: S108 - inside a simulated machine
        "/usr",
        "/var/lib/kubelet",
        "/var/log/pods",
        "/var/run",
        "/run",
        "/home",
    ):
        directory_at(root, path, make=True)
    return root


class VolumeMaker:
    def __init__(self, cache: Cache, disks: Disks, clock: Clock) -> None:
        self._cache, self._disks, self._clock = cache, disks, clock

    def touched(self) -> None:
        """A process wrote into some volume."""
        self._disks.touched()

    def make(self, pod: Obj, old: Mapping[str, Dir | File]) -> dict[str, Dir | File]:
        """All volumes by name. What pods write to (emptyDir) is taken over from `old`; the rest is made afresh into
        the same directories, so that running containers see changes."""
        made: dict[str, Dir | File] = {}
        for volume in pod["spec"].get("volumes") or ():
            made[volume["name"]] = self._one(pod, volume, old.get(volume["name"]))
        if made:
            self._disks.touched()  # directories may have been made
        return made

    def _one(self, pod: Obj, volume: Mapping[str, Any], old: Dir | File | None) -> Dir | File:
        kinds = {
            "configMap": self._config_map,
            "secret": self._secret,
            "downwardAPI": self._downward,
            "projected": self._projected,
        }
        for kind, project in kinds.items():
            if kind in volume:
                return _fill(old, project(pod, volume["name"], volume[kind]))
        if "hostPath" in volume:
            return self._host_path(pod, volume["name"], volume["hostPath"])
        if "persistentVolumeClaim" in volume:
            return self._claim(pod, volume["name"], volume["persistentVolumeClaim"]["claimName"])
        if "ephemeral" in volume:
            return self._claim(pod, volume["name"], f"{pod['metadata']['name']}-{volume['name']}")
        if "emptyDir" in volume or "image" in volume:
            return old if isinstance(old, Dir) else Dir(mode=0o777)
        kind = next((key for key in volume if key != "name"), "unknown")
        raise NotMounted(f'MountVolume.SetUp failed for volume "{volume["name"]}" : no volume plugin matched: {kind}')

    def _config_map(self, pod: Obj, volume: str, source: Mapping[str, Any]) -> dict[str, bytes]:
        return self._keyed(pod, volume, "configmaps", "configmap", source.get("name", ""), source)

    def _secret(self, pod: Obj, volume: str, source: Mapping[str, Any]) -> dict[str, bytes]:
        name = source.get("secretName") or source.get("name", "")
        return self._keyed(pod, volume, "secrets", "secret", name, source)

    def _keyed(
        self, pod: Obj, volume: str, resource: str, kind: str, name: str, source: Mapping[str, Any]
    ) -> dict[str, bytes]:
        found = self._cache.of(resource).get(f"{pod['metadata']['namespace']}/{name}")
        if found is None:
            if source.get("optional"):
                return {}
            raise NotMounted(f'MountVolume.SetUp failed for volume "{volume}" : {kind} "{name}" not found')
        data = data_of(found)
        if not source.get("items"):
            return data
        chosen = {}
        for item in source["items"]:
            if item["key"] in data:
                chosen[item["path"]] = data[item["key"]]
            elif not source.get("optional"):
                raise NotMounted(
                    f'MountVolume.SetUp failed for volume "{volume}" : references non-existent {kind} key: '
                    f"{item['key']}"
                )
        return chosen

    def _downward(self, pod: Obj, volume: str, source: Mapping[str, Any]) -> dict[str, bytes]:
        made = {}
        for item in source.get("items") or ():
            ref = item.get("fieldRef")
            value = field_value(pod, ref["fieldPath"]) if ref else resource_value(pod, item["resourceFieldRef"])
            made[item["path"]] = value.encode()
        return made

    def _projected(self, pod: Obj, volume: str, source: Mapping[str, Any]) -> dict[str, bytes]:
        made: dict[str, bytes] = {}
        for part in source.get("sources") or ():
            if "configMap" in part:
                made |= self._config_map(pod, volume, part["configMap"])
            elif "secret" in part:
                made |= self._secret(pod, volume, part["secret"])
            elif "downwardAPI" in part:
                made |= self._downward(pod, volume, part["downwardAPI"])
            elif "serviceAccountToken" in part:
                made[part["serviceAccountToken"]["path"]] = self._token(pod, part["serviceAccountToken"])
        return made

    def _token(self, pod: Obj, source: Mapping[str, Any]) -> bytes:
        """Readable claims in a token's form. It carries no signature: processes here never leave the simulation."""
        meta = pod["metadata"]
        account = pod["spec"].get("serviceAccountName", "default")
        expires = int(self._clock.now()) + int(source.get("expirationSeconds") or 3600)
        claims = {"sub": f"system:serviceaccount:{meta['namespace']}:{account}", "exp": expires}
        parts = ({"alg": "none"}, claims)
        texts = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=") for p in parts]
        return b".".join([*texts, b""])

    def _host_path(self, pod: Obj, volume: str, source: Mapping[str, Any]) -> Dir | File:
        disk = self._disks.of_node(pod["spec"]["nodeName"])
        path, kind = source["path"], source.get("type") or ""
        found = node_at(disk, path)
        if found is None and kind in ("", "DirectoryOrCreate"):
            return directory_at(disk, path, make=True)
        if found is None and kind == "FileOrCreate":
            parent, _, name = path.rpartition("/")
            return _file_in(directory_at(disk, parent or "/", make=True), name)
        wanted = {"Directory": Dir, "DirectoryOrCreate": Dir, "File": File, "FileOrCreate": File}.get(kind)
        if found is None or (wanted is not None and not isinstance(found, wanted)):
            what = {
                "Directory": "a directory",
                "DirectoryOrCreate": "a directory",
                "File": "a file",
                "FileOrCreate": "a file",
                "Socket": "a socket file",
                "CharDevice": "a character device",
                "BlockDevice": "a block device",
            }.get(kind, "there")
            raise NotMounted(
                f'MountVolume.SetUp failed for volume "{volume}" : hostPath type check failed: {path} is not {what}'
            )
        return found

    def _claim(self, pod: Obj, volume: str, name: str) -> Dir | File:
        claim = self._cache.of(CLAIMS).get(f"{pod['metadata']['namespace']}/{name}")
        if claim is None:
            raise NotMounted(
                f"error processing PVC {pod['metadata']['namespace']}/{name}: failed to fetch PVC from "
                f'API server: persistentvolumeclaims "{name}" not found'
            )
        pv = self._cache.of(VOLUMES).get(claim["spec"].get("volumeName") or "")
        if pv is None:
            raise NotMounted(f"error processing PVC {pod['metadata']['namespace']}/{name}: PVC is not bound")
        if "hostPath" in pv["spec"]:
            return self._host_path(pod, pv["metadata"]["name"], pv["spec"]["hostPath"])
        if "local" in pv["spec"]:
            return directory_at(self._disks.of_node(pod["spec"]["nodeName"]), pv["spec"]["local"]["path"], make=True)
        return self._disks.of_volume(pv["metadata"]["uid"])


def data_of(obj: Obj) -> dict[str, bytes]:
    """A ConfigMap's or Secret's entries as bytes."""
    if obj.get("kind") == "Secret":
        return {key: base64.b64decode(value or "") for key, value in (obj.get("data") or {}).items()}
    made = {key: value.encode() for key, value in (obj.get("data") or {}).items()}
    return made | {key: base64.b64decode(value) for key, value in (obj.get("binaryData") or {}).items()}


def node_at(root: Dir, path: str) -> Dir | File | None:
    here: Dir | File = root
    for part in parts_of(path):
        found = here.entries.get(part) if isinstance(here, Dir) else None
        if not isinstance(found, Dir | File):
            return None
        here = found
    return here


def directory_at(root: Dir, path: str, *, make: bool) -> Dir:
    here = root
    for part in parts_of(path):
        found = here.entries.get(part)
        if found is None and make:
            found = here.entries[part] = Dir()
        if not isinstance(found, Dir):
            raise NotMounted(f"{path} is not a directory")
        here = found
    return here


def _file_in(directory: Dir, name: str) -> File:
    found = directory.entries.setdefault(name, File())
    if not isinstance(found, File):
        raise NotMounted(f"{name} is not a file")
    return found


def _fill(old: Dir | File | None, files: Mapping[str, bytes]) -> Dir:
    directory = old if isinstance(old, Dir) else Dir()
    directory.entries.clear()
    for path, data in files.items():
        parent, _, name = path.rpartition("/")
        directory_at(directory, parent, make=True).entries[name] = File(data)
    return directory


def mounts_of(
    container: Mapping[str, Any], volumes: Mapping[str, Dir | File], env: Mapping[str, str], pod: Obj
) -> dict[str, Mount]:
    """A container's mounts by path. A subPath that is not there is made, as the kubelet does."""
    read_only = set(_never_written(pod))
    made = {}
    for mount in container.get("volumeMounts") or ():
        node = volumes[mount["name"]]
        sub = mount.get("subPath") or _expanded(mount.get("subPathExpr") or "", env)
        if sub and isinstance(node, Dir):
            found = node_at(node, sub)
            node = found if found is not None else directory_at(node, sub, make=True)
        made[mount["mountPath"]] = Mount(node, bool(mount.get("readOnly")) or mount["name"] in read_only)
    return made


def _never_written(pod: Obj) -> Iterable[str]:
    for volume in pod["spec"].get("volumes") or ():
        claim = volume.get("persistentVolumeClaim") or {}
        if {"configMap", "secret", "downwardAPI", "projected"} & set(volume) or claim.get("readOnly"):
            yield volume["name"]


def _expanded(text: str, env: Mapping[str, str]) -> str:
    for name, value in env.items():
        text = text.replace(f"$({name})", value)
    return text
