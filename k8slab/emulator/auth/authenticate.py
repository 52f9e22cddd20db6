"""Who is asking: bearer token, service account token, nobody; and on whose behalf."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from urllib.parse import unquote

from k8slab.emulator.auth.rbac import Authorizer, Question
from k8slab.emulator.auth.tokens import LEGACY, LEGACY_ISSUER, TokenSigner
from k8slab.emulator.calls import ANONYMOUS, User
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.status import ApiError

ADMIN = User("kubernetes-admin", ("system:masters", "system:authenticated"))
AUTHENTICATED = "system:authenticated"


def unauthorized() -> ApiError:
    return ApiError(401, "Unauthorized", "Unauthorized")


class Authenticator:
    def __init__(self, cluster: Cluster, admin_token: str, signer: TokenSigner, authorizer: Authorizer) -> None:
        self._cluster = cluster
        self._admin_token = admin_token.encode()
        self._signer = signer
        self._authorizer = authorizer

    def user_of(
        self, headers: Mapping[str, str], groups: list[str], extra: dict[str, list[str]], known: User | None = None
    ) -> User:
        """`groups` and `extra` are the Impersonate-Group and Impersonate-Extra-* headers; `known` needs no token."""
        user = known or self._bearer(headers.get("authorization", ""))
        impersonated = headers.get("impersonate-user")
        if impersonated is None:
            if groups or extra:
                raise ApiError(400, "BadRequest", "requested [{Group  }] without impersonating a user")
            return user
        return self._impersonate(user, impersonated, groups, extra)

    def _bearer(self, header: str) -> User:
        scheme, _, token = header.partition(" ")
        if not header or scheme.lower() != "bearer" or not token.strip():
            return ANONYMOUS
        token = token.strip()
        if hmac.compare_digest(token.encode(), self._admin_token):
            return ADMIN
        return self.service_account(token)

    def service_account(self, token: str) -> User:
        claims = self._signer.read(token)
        if claims is not None and claims.get("iss") == LEGACY_ISSUER:
            return self._of_secret(claims, token)
        if claims is None or claims.get("exp", 0) < self._cluster.clock.now():
            raise unauthorized()
        private = claims["kubernetes.io"]
        namespace, account = private["namespace"], private["serviceaccount"]
        known = self._cluster.store.find("serviceaccounts", namespace, account["name"])
        if known is None or known["metadata"]["uid"] != account["uid"]:
            raise unauthorized()
        self._check_bound(namespace, private)
        extra: list[tuple[str, tuple[str, ...]]] = []
        if claims.get("jti"):
            extra.append(("authentication.kubernetes.io/credential-id", (f"JTI={claims['jti']}",)))
        if "pod" in private:
            extra.append(("authentication.kubernetes.io/pod-name", (private["pod"]["name"],)))
            extra.append(("authentication.kubernetes.io/pod-uid", (private["pod"]["uid"],)))
        return service_account_user(namespace, account["name"], account["uid"], tuple(extra))

    def _of_secret(self, claims: Mapping[str, str], token: str) -> User:
        """A token that lives as long as the secret that keeps it."""
        namespace, name = claims[f"{LEGACY}namespace"], claims[f"{LEGACY}service-account.name"]
        secret = self._cluster.store.find("secrets", namespace, claims[f"{LEGACY}secret.name"])
        account = self._cluster.store.find("serviceaccounts", namespace, name)
        uid = claims[f"{LEGACY}service-account.uid"]
        kept = ((secret or {}).get("data") or {}).get("token")
        if account is None or account["metadata"]["uid"] != uid or kept != base64.b64encode(token.encode()).decode():
            raise unauthorized()
        return service_account_user(namespace, name, uid)

    def _check_bound(self, namespace: str, private: Mapping[str, Mapping[str, str]]) -> None:
        for resource, kind in (("pods", "pod"), ("secrets", "secret")):
            bound = private.get(kind)
            if bound and bound.get("uid"):
                known = self._cluster.store.find(resource, namespace, bound["name"])
                if known is None or known["metadata"]["uid"] != bound["uid"]:
                    raise unauthorized()

    def _impersonate(self, user: User, name: str, groups: list[str], extra: dict[str, list[str]]) -> User:
        account = (
            name.removeprefix("system:serviceaccount:").split(":") if name.startswith("system:serviceaccount:") else []
        )
        if len(account) == 2:
            self._may_impersonate(user, Question("impersonate", "", "serviceaccounts", account[0], account[1]))
        else:
            self._may_impersonate(user, Question("impersonate", "", "users", "", name))
        for group in groups:
            self._may_impersonate(user, Question("impersonate", "", "groups", "", group))
        for key, values in extra.items():
            for value in values:
                question = Question("impersonate", "authentication.k8s.io", "userextras", "", value, subresource=key)
                self._may_impersonate(user, question)
        extras = tuple((unquote(key), tuple(values)) for key, values in extra.items())
        if len(account) == 2 and not groups:
            return service_account_user(account[0], account[1], "", extras)
        kept = tuple(groups) if name == "system:anonymous" or AUTHENTICATED in groups else (*groups, AUTHENTICATED)
        return User(name, kept, "", extras)

    def _may_impersonate(self, user: User, question: Question) -> None:
        self._authorizer.require(user, question)


def service_account_user(
    namespace: str, name: str, uid: str, extra: tuple[tuple[str, tuple[str, ...]], ...] = ()
) -> User:
    groups = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}", AUTHENTICATED)
    return User(f"system:serviceaccount:{namespace}:{name}", groups, uid, extra)
