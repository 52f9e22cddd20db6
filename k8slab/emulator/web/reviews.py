"""Resources that are questions: may I, who am I, whose token is this."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from k8slab.emulator.auth.authenticate import Authenticator
from k8slab.emulator.auth.rbac import Authorizer, Question
from k8slab.emulator.calls import User
from k8slab.emulator.clock import timestamp
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.ports import Obj
from k8slab.emulator.status import ApiError, Cause, bad_request, invalid
from k8slab.emulator.web.bodies import ObjectReader, make_call
from k8slab.emulator.web.request import Request
from k8slab.emulator.web.routes import Target
from k8slab.emulator.web.subresources import Subresources

Handler = Callable[[Request, Target], Awaitable[None]]
AUTHORIZATION = "authorization.k8s.io"


class Reviews:
    def __init__(
        self, cluster: Cluster, authenticator: Authenticator, authorizer: Authorizer, more: Subresources
    ) -> None:
        self._cluster = cluster
        self._authenticator = authenticator
        self._authorizer = authorizer
        self._subresources = more
        self._reader = ObjectReader(cluster.schema, cluster.resources)

    def handlers(self) -> dict[str, Handler]:
        return {
            "selfsubjectaccessreviews": self.self_access,
            "subjectaccessreviews": self.access,
            "localsubjectaccessreviews": self.access,
            "selfsubjectrulesreviews": self.rules,
            "selfsubjectreviews": self.who_am_i,
            "tokenreviews": self.token,
            "bindings": self._subresources.bind_named,
        }

    async def _read(self, request: Request, target: Target) -> Obj:
        return await self._reader.read(request, make_call(request, "CreateOptions"), target.kind)

    async def self_access(self, request: Request, target: Target) -> None:
        review = await self._read(request, target)
        await self._answer_access(request, target, review, request.user)

    async def access(self, request: Request, target: Target) -> None:
        review = await self._read(request, target)
        spec = review.get("spec") or {}
        user = User(spec.get("user", ""), tuple(spec.get("groups") or ()), spec.get("uid", ""))
        await self._answer_access(request, target, review, user)

    async def _answer_access(self, request: Request, target: Target, review: Obj, user: User) -> None:
        spec = review.get("spec") or {}
        about, path = spec.get("resourceAttributes"), spec.get("nonResourceAttributes")
        if (about is None) == (path is None):
            why = "exactly one of nonResourceAttributes or resourceAttributes must be specified"
            cause = Cause("FieldValueInvalid", f"Invalid value: null: {why}", "spec.resourceAttributes")
            raise invalid("", AUTHORIZATION, "", [cause])
        if about is not None:
            question = Question(
                about.get("verb", ""), about.get("group", ""), about.get("resource", ""), about.get("namespace", ""),
                about.get("name", ""), about.get("subresource", ""),
            )  # fmt: skip
        else:
            question = Question((path or {}).get("verb", ""), path=(path or {}).get("path", "") or "/")
        allowed = self._authorizer.allows(user, question)
        status: Obj = {"allowed": allowed}
        reason = self._authorizer.reason(user, question) if allowed else ""
        if reason:
            status["reason"] = reason
        document = {
            "kind": target.kind.kind,
            "apiVersion": f"{AUTHORIZATION}/v1",
            "metadata": {},
            "spec": spec,
            "status": status,
        }
        await request.answer_json(document, 201)

    async def rules(self, request: Request, target: Target) -> None:
        review = await self._read(request, target)
        namespace = (review.get("spec") or {}).get("namespace", "")
        if not namespace:
            raise bad_request("no namespace on request")
        rules = self._authorizer.rules_of(request.user, namespace)
        keys, urls = ("verbs", "apiGroups", "resources", "resourceNames"), ("verbs", "nonResourceURLs")
        status = {
            "resourceRules": [{k: r[k] for k in keys if r.get(k)} for r in rules if r.get("resources")],
            "nonResourceRules": [{k: r[k] for k in urls if r.get(k)} for r in rules if r.get("nonResourceURLs")],
            "incomplete": False,
        }
        document = {
            "kind": target.kind.kind,
            "apiVersion": f"{AUTHORIZATION}/v1",
            "metadata": {},
            "spec": {},
            "status": status,
        }
        await request.answer_json(document, 201)

    async def who_am_i(self, request: Request, target: Target) -> None:
        document = {
            "kind": "SelfSubjectReview",
            "apiVersion": "authentication.k8s.io/v1",
            "metadata": {"creationTimestamp": timestamp(self._cluster.clock.now())},
            "status": {"userInfo": _user_info(request.user)},
        }
        await request.answer_json(document, 201)

    async def token(self, request: Request, target: Target) -> None:
        review = await self._read(request, target)
        spec = review.get("spec") or {}
        status: Obj
        try:
            user = self._authenticator.user_of({"authorization": f"Bearer {spec.get('token', '')}"}, [], {})
            status = {"authenticated": True, "user": _user_info(user), "audiences": spec.get("audiences") or []}
        except ApiError:
            status = {"authenticated": False, "user": {}, "error": "invalid bearer token"}
        document = {
            "kind": "TokenReview",
            "apiVersion": "authentication.k8s.io/v1",
            "metadata": {},
            "spec": spec,
            "status": status,
        }
        await request.answer_json(document, 201)


def _user_info(user: User) -> Obj:
    info: Obj = {"username": user.name}
    if user.uid:
        info["uid"] = user.uid
    info["groups"] = list(user.groups)
    if user.extra:
        info["extra"] = {key: list(values) for key, values in user.extra}
    return info
