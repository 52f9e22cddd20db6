"""Secrets of type kubernetes.io/service-account-token get a token that does not expire; they go with their account."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable

from k8slab.emulator.auth.tokens import TokenSigner, secret_claims
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.ports import Change, Obj
from k8slab.emulator.status import ApiError

SECRETS, ACCOUNTS = "secrets", "serviceaccounts"
TOKEN_TYPE = "kubernetes.io/service-account-token"  # noqa: S105  # the name of a kind of secret
NAME, UID = "kubernetes.io/service-account.name", "kubernetes.io/service-account.uid"
Place = tuple[str, str]


class SecretTokens:
    def __init__(self, cluster: Cluster, signer: TokenSigner) -> None:
        self._cluster = cluster
        self._signer = signer
        self._due: set[Place] = set()
        api = cluster.api
        self._stops = [api.subscribe(SECRETS, self._secret), api.subscribe(ACCOUNTS, self._account)]

    def _secret(self, change: Change) -> None:
        if change.type != "DELETED" and change.new.get("type") == TOKEN_TYPE:
            self._mark(change.new)

    def _account(self, change: Change) -> None:
        if change.type == "MODIFIED":
            return
        metadata = change.new["metadata"]
        for secret in self._cluster.store.list(SECRETS, metadata["namespace"]):
            if secret.get("type") == TOKEN_TYPE and _account_of(secret) == metadata["name"]:
                self._mark(secret)

    def _mark(self, secret: Obj) -> None:
        if not self._due:
            asyncio.get_running_loop().call_soon(self._fill_all)
        self._due.add((secret["metadata"]["namespace"], secret["metadata"]["name"]))

    def _fill_all(self) -> None:
        due, self._due = self._due, set()
        for namespace, name in due:
            secret = self._cluster.store.find(SECRETS, namespace, name)
            if secret is not None:
                self._fill(secret)

    def _fill(self, secret: Obj) -> None:
        metadata = secret["metadata"]
        namespace, name = metadata["namespace"], metadata["name"]
        account = self._cluster.store.find(ACCOUNTS, namespace, _account_of(secret))
        known = (metadata.get("annotations") or {}).get(UID)
        if account is None or (known and known != account["metadata"]["uid"]):
            self._try(lambda: self._cluster.api.delete(SECRETS, name, namespace, uid=metadata["uid"]))
            return
        if known and {"token", "namespace"} <= (secret.get("data") or {}).keys():
            return
        token = self._signer.sign(secret_claims(account, secret))
        patch = {
            "metadata": {"annotations": {UID: account["metadata"]["uid"]}},
            "data": {"token": _encoded(token), "namespace": _encoded(namespace)},
        }
        self._try(lambda: self._cluster.api.patch(SECRETS, name, namespace, patch))

    @staticmethod
    def _try(write: Callable[[], object]) -> None:
        try:
            write()
        except ApiError:
            return  # refused (an immutable secret, a namespace that goes): nothing that trying again would change

    def stop(self) -> None:
        for stop in self._stops:
            stop()


def _account_of(secret: Obj) -> str:
    return str((secret["metadata"].get("annotations") or {}).get(NAME, ""))


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
