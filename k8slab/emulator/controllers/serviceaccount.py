"""What every namespace is given: the `default` ServiceAccount and the ConfigMap with the cluster's CA."""

from __future__ import annotations

from k8slab.emulator.controllers.cache import key_of
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.controllers.pods import is_terminating
from k8slab.emulator.ports import Change, Obj
from k8slab.emulator.status import ApiError

ROOT_CA = "kube-root-ca.crt"
ABOUT_ROOT_CA = (
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the "
    "internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes "
    "clusters."
)


class _PerNamespace:
    """Makes one object in every namespace, and again when it is deleted."""

    resource = ""
    name = ""

    def __init__(self, desk: Desk) -> None:
        self._api = desk.api
        self._namespaces = desk.cache.of("namespaces")
        self._queue = desk.queue(self.resource, self.reconcile)
        self._namespaces.on_change(lambda change: self._queue.add(key_of(change.new)))
        desk.cache.of(self.resource).on_change(self._changed)

    def _changed(self, change: Change) -> None:
        if change.type != "ADDED" and change.new["metadata"]["name"] == self.name:
            self._queue.add(change.new["metadata"]["namespace"])

    def body(self) -> Obj:
        raise NotImplementedError

    def reconcile(self, key: str) -> None:
        namespace = self._namespaces.get(key)
        if namespace is None or is_terminating(namespace) or self._api.find(self.resource, self.name, key):
            return
        try:
            self._api.create(self.resource, {"metadata": {"name": self.name}, **self.body()}, key)
        except ApiError as error:
            if error.reason != "AlreadyExists":
                raise


@controller("serviceaccount")
class ServiceAccounts(_PerNamespace):
    resource = "serviceaccounts"
    name = "default"

    def body(self) -> Obj:
        return {}


@controller("root-ca-certificate-publisher")
class RootCertificates(_PerNamespace):
    """Pods mount this ConfigMap. The embedded API server has no certificate of its own, so that the bundle is empty of
    certificates and says so."""

    resource = "configmaps"
    name = ROOT_CA

    def body(self) -> Obj:
        about = {"kubernetes.io/description": ABOUT_ROOT_CA}
        text = "# The embedded API server is reached without TLS: there is no certificate to trust.\n"
        return {"metadata": {"name": self.name, "annotations": about}, "data": {"ca.crt": text}}
