"""ServiceAccount: every pod runs as one, and has its token mounted."""

from __future__ import annotations

from k8slab.emulator.admission.chain import Attributes, mutating
from k8slab.emulator.admission.pods import is_new_pod
from k8slab.emulator.calls import Call
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.identity import suffix
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.podspec import containers_of
from k8slab.emulator.status import forbidden

MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"


@mutating(40)
def add_service_account(cluster: Cluster, call: Call, attributes: Attributes) -> None:
    if not is_new_pod(attributes):
        return
    spec = attributes.obj["spec"]
    name = spec.get("serviceAccountName") or "default"
    spec["serviceAccountName"] = spec["serviceAccount"] = name
    account = cluster.store.find("serviceaccounts", attributes.namespace, name)
    if account is None:
        why = f'error looking up service account {attributes.namespace}/{name}: serviceaccount "{name}" not found'
        raise forbidden("pods", "", attributes.name, why)
    if spec.get("automountServiceAccountToken", account.get("automountServiceAccountToken", True)):
        _mount_token(spec)
    if not spec.get("imagePullSecrets") and account.get("imagePullSecrets"):
        spec["imagePullSecrets"] = list(account["imagePullSecrets"])


def _mount_token(spec: Obj) -> None:
    name = f"kube-api-access-{suffix()}"
    missing = [
        one
        for one in containers_of(spec)
        if all(m.get("mountPath") != MOUNT_PATH for m in one.get("volumeMounts") or [])
    ]
    for container in missing:
        container.setdefault("volumeMounts", []).append({"name": name, "readOnly": True, "mountPath": MOUNT_PATH})
    if missing:
        spec.setdefault("volumes", []).append({"name": name, "projected": _sources()})


def _sources() -> Obj:
    namespace = {"apiVersion": "v1", "fieldPath": "metadata.namespace"}
    return {
        "sources": [
            {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
            {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
            {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": namespace}]}},
        ],
        "defaultMode": 420,
    }
