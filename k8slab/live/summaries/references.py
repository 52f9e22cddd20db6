"""What a pod is fed with: the names of the ConfigMaps, Secrets and claims that its spec mentions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Spec = Mapping[str, Any]
Reference = tuple[str, str]  # kind, name
ROOT_CA = "kube-root-ca.crt"  # every pod has it without anybody's doing


def references(spec: Spec) -> dict[str, list[str]]:
    """{"configs", "secrets", "claims"}, each sorted, of a pod's spec."""
    found = {*_of_volumes(spec), *_of_environment(spec)}
    found |= {("Secret", one.get("name", "")) for one in spec.get("imagePullSecrets") or ()}
    kinds = {"configs": "ConfigMap", "secrets": "Secret", "claims": "PersistentVolumeClaim"}
    found = {(of, name) for of, name in found if name not in ("", ROOT_CA)}
    return {key: sorted(name for of, name in found if of == kind) for key, kind in kinds.items()}


def _of_volumes(spec: Spec) -> Iterator[Reference]:
    for volume in spec.get("volumes") or ():
        projected = (volume.get("projected") or {}).get("sources") or ()
        for source in (volume, *projected):
            yield "ConfigMap", (source.get("configMap") or {}).get("name", "")
            secret = source.get("secret") or {}
            yield "Secret", secret.get("secretName") or secret.get("name", "")
        yield "PersistentVolumeClaim", (volume.get("persistentVolumeClaim") or {}).get("claimName", "")


def _of_environment(spec: Spec) -> Iterator[Reference]:
    for container in (*(spec.get("initContainers") or ()), *(spec.get("containers") or ())):
        for source in container.get("envFrom") or ():
            yield "ConfigMap", (source.get("configMapRef") or {}).get("name", "")
            yield "Secret", (source.get("secretRef") or {}).get("name", "")
        for variable in container.get("env") or ():
            value = variable.get("valueFrom") or {}
            yield "ConfigMap", (value.get("configMapKeyRef") or {}).get("name", "")
            yield "Secret", (value.get("secretKeyRef") or {}).get("name", "")
