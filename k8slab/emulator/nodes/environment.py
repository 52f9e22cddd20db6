"""A container's environment: the image's, the cluster's Services, and what the spec says, in that order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from k8slab.emulator.controllers.cache import Cache
from k8slab.emulator.nodes.fieldrefs import field_value, resource_value
from k8slab.emulator.nodes.images import Image
from k8slab.emulator.nodes.volumes import data_of
from k8slab.emulator.ports import Obj

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
REFERENCE = re.compile(r"\$\$|\$\(([^()]+)\)")
NAME = re.compile(r"^[-._a-zA-Z][-._a-zA-Z0-9]*$")


class ConfigError(Exception):
    """What the container needs is not there; the message is the kubelet's."""


def expand(text: str, env: Mapping[str, str]) -> str:
    """`$(NAME)` where the variable exists; `$$` is one dollar."""

    def replaced(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        return env.get(match[1], match[0])

    return REFERENCE.sub(replaced, text)


class Environments:
    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._services = cache.of("services")

    def make(self, pod: Obj, container: Mapping[str, Any], image: Image, hostname: str) -> dict[str, str]:
        env = {"PATH": PATH, "HOSTNAME": hostname, **dict(image.env)}
        env |= self._service_links(pod)
        for source in container.get("envFrom") or ():
            env |= self._whole(pod, source)
        for entry in container.get("env") or ():
            value = self._value(pod, container, entry, env)
            if value is not None:
                env[entry["name"]] = value
        uid = user_of(pod, container, image)
        env.setdefault("HOME", "/root" if uid == 0 else "/")
        return env

    def _service_links(self, pod: Obj) -> dict[str, str]:
        """Every Service of the namespace that has a cluster IP, and always the API server's."""
        env: dict[str, str] = {}
        links = pod["spec"].get("enableServiceLinks", True)
        services = self._services.in_namespace(pod["metadata"]["namespace"]) if links else []
        api = self._services.get("default/kubernetes")
        for service in [*services, *([api] if api else [])]:
            if service["spec"].get("clusterIP") not in (None, "", "None"):
                env |= _link(service)
        return env

    def _whole(self, pod: Obj, source: Mapping[str, Any]) -> dict[str, str]:
        resource, kind, ref = (
            ("configmaps", "configmap", source["configMapRef"])
            if "configMapRef" in source
            else ("secrets", "secret", source["secretRef"])
        )
        found = self._cache.of(resource).get(f"{pod['metadata']['namespace']}/{ref['name']}")
        if found is None:
            if ref.get("optional"):
                return {}
            raise ConfigError(f'{kind} "{ref["name"]}" not found')
        prefix = source.get("prefix", "")
        return {
            prefix + key: value.decode(errors="replace")
            for key, value in sorted(data_of(found).items())
            if NAME.match(prefix + key)
        }

    def _value(
        self, pod: Obj, container: Mapping[str, Any], entry: Mapping[str, Any], env: Mapping[str, str]
    ) -> str | None:
        source = entry.get("valueFrom")
        if not source:
            return expand(str(entry.get("value") or ""), env)
        if "fieldRef" in source:
            return field_value(pod, source["fieldRef"]["fieldPath"])
        if "resourceFieldRef" in source:
            return resource_value(pod, source["resourceFieldRef"], container)
        if "configMapKeyRef" in source:
            return self._key(pod, "configmaps", "ConfigMap", source["configMapKeyRef"])
        return self._key(pod, "secrets", "Secret", source["secretKeyRef"])

    def _key(self, pod: Obj, resource: str, kind: str, ref: Mapping[str, Any]) -> str | None:
        namespace = pod["metadata"]["namespace"]
        found = self._cache.of(resource).get(f"{namespace}/{ref['name']}")
        if found is None:
            if ref.get("optional"):
                return None
            raise ConfigError(f'{kind.lower()} "{ref["name"]}" not found')
        data = data_of(found)
        if ref["key"] not in data:
            if ref.get("optional"):
                return None
            raise ConfigError(f"couldn't find key {ref['key']} in {kind} {namespace}/{ref['name']}")
        return data[ref["key"]].decode(errors="replace")


def user_of(pod: Obj, container: Mapping[str, Any], image: Image) -> int:
    for context in (container.get("securityContext") or {}, pod["spec"].get("securityContext") or {}):
        if context.get("runAsUser") is not None:
            return int(context["runAsUser"])
    return image.user


def _link(service: Obj) -> dict[str, str]:
    name = service["metadata"]["name"].upper().replace("-", "_")
    ip, ports = service["spec"]["clusterIP"], service["spec"].get("ports") or []
    if not ports:
        return {}
    env = {f"{name}_SERVICE_HOST": ip, f"{name}_SERVICE_PORT": str(ports[0]["port"])}
    for port in ports:
        if port.get("name"):
            env[f"{name}_SERVICE_PORT_{port['name'].upper().replace('-', '_')}"] = str(port["port"])
    first = ports[0]
    env[f"{name}_PORT"] = f"{first.get('protocol', 'TCP').lower()}://{ip}:{first['port']}"
    for port in ports:
        protocol = port.get("protocol", "TCP")
        prefix = f"{name}_PORT_{port['port']}_{protocol}"
        env[prefix] = f"{protocol.lower()}://{ip}:{port['port']}"
        env |= {f"{prefix}_PROTO": protocol.lower(), f"{prefix}_PORT": str(port["port"]), f"{prefix}_ADDR": ip}
    return env
