"""Subresources that are not just a part of their object: scale, binding, eviction, finalize, tokens."""

from __future__ import annotations

from typing import Any

import orjson

from k8slab.emulator.auth.tokens import TokenSigner, service_account_claims
from k8slab.emulator.clock import timestamp
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.custom.jsonpath import find, write_at
from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.patches import json_patch, merge_patch
from k8slab.emulator.ports import Obj
from k8slab.emulator.resources import Resource, make_resource
from k8slab.emulator.selectors import matches_selector, selector_text
from k8slab.emulator.status import ApiError, Cause, bad_request, conflict, invalid, not_found
from k8slab.emulator.web.bodies import make_call, media_type, read_document
from k8slab.emulator.web.request import Request
from k8slab.emulator.web.routes import Target, no_such_method
from k8slab.emulator.web.writing import JSON_PATCH, Writing
from k8slab.emulator.writes.delete import DeleteOptions, delete, vanish
from k8slab.emulator.writes.update import MODIFIED, check_identity, update

SUCCESS = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}
SCALE = make_resource("autoscaling", "v1", "Scale", "scales", True)
AUDIENCE = "https://kubernetes.default.svc"


class Subresources:
    def __init__(self, writing: Writing, signer: TokenSigner) -> None:
        self._writing = writing
        self._cluster = writing.cluster
        self._signer = signer

    async def scale(self, request: Request, target: Target) -> None:
        kind = target.kind
        if request.method in ("GET", "HEAD"):
            obj = self._cluster.entry(kind.key, target.namespace, target.name).obj
            await request.answer_json(_scale_of(kind, obj))
            return
        call = make_call(request, "UpdateOptions" if request.method == "PUT" else "PatchOptions")
        self._cluster.entry(kind.key, target.namespace, target.name)
        if request.method == "PUT":
            wanted, _, _ = await read_document(request, "Scale")
            patch: Any = None
        else:
            patch = self._writing.parse_patch(await request.body(), media_type(request))

        def changed(obj: Obj) -> Obj:
            scale = wanted if patch is None else _patched(_scale_of(kind, obj), patch, media_type(request))
            version = scale.get("metadata", {}).get("resourceVersion")
            if version and version != obj["metadata"]["resourceVersion"]:
                raise conflict(kind.plural, kind.group, target.name, MODIFIED)
            replicas = _replicas(scale, target.name)
            if kind.scale_paths is None:
                obj["spec"]["replicas"] = replicas
            else:
                write_at(obj, kind.scale_paths[0], replicas)
            return obj

        whole = Target(kind, "update", target.namespace, target.name)
        stored = self._writing.change(call, whole, changed)
        await self._cluster.store.flushed()
        await request.answer_json(_scale_of(kind, stored))

    async def bind(self, request: Request, target: Target) -> None:
        if request.method != "POST":
            raise no_such_method()
        binding, _, _ = await read_document(request, "Binding")
        if (binding.get("metadata") or {}).get("name") not in (None, "", target.name):
            raise bad_request("name in URL does not match name in Binding object")
        await self._bind(request, target.namespace, target.name, binding)

    async def bind_named(self, request: Request, target: Target) -> None:
        """The older way: the pod is named in the body."""
        binding, _, _ = await read_document(request, "Binding")
        await self._bind(request, target.namespace, (binding.get("metadata") or {}).get("name") or "", binding)

    async def _bind(self, request: Request, namespace: str, name: str, binding: Obj) -> None:
        call = make_call(request, "CreateOptions")
        node, metadata = _bound_node(binding, name), binding.get("metadata") or {}
        known = {field: metadata[field] for field in ("uid", "resourceVersion") if metadata.get(field)}

        def bound(pod: Obj) -> Obj:
            check_identity(self._cluster.resources["pods"], name, {"metadata": known}, pod)
            return bind_pod(pod, node, metadata.get("annotations") or {}, timestamp(self._cluster.clock.now()))

        call.inside = True
        update(self._cluster, call, "pods", namespace, name, bound, "binding")
        await self._cluster.store.flushed()
        await request.answer_json(SUCCESS, 201)

    async def evict(self, request: Request, target: Target) -> None:
        if request.method != "POST":
            raise no_such_method()
        call = make_call(request, "CreateOptions")
        eviction, _, _ = await read_document(request, "Eviction")
        values = eviction.get("deleteOptions") or {}
        if values.get("dryRun"):
            call.dry_run = True
        pod = self._cluster.entry("pods", target.namespace, target.name).obj
        self._check_budget(pod, call.dry_run)
        known = values.get("preconditions") or {}
        options = DeleteOptions(
            values.get("gracePeriodSeconds"),
            values.get("propagationPolicy"),
            known.get("uid"),
            known.get("resourceVersion"),
        )
        delete(self._cluster, call, "pods", target.namespace, target.name, options)
        await self._cluster.store.flushed()
        await request.answer_json(SUCCESS, 201)

    def _check_budget(self, pod: Obj, dry_run: bool) -> None:
        """A pod that runs may only go as long as its disruption budget allows it."""
        metadata = pod["metadata"]
        if pod.get("status", {}).get("phase") in ("Pending", "Succeeded", "Failed") or "deletionTimestamp" in metadata:
            return
        resource = "poddisruptionbudgets.policy"
        for budget in self._cluster.store.list(resource, metadata["namespace"]):
            if not matches_selector(budget["spec"].get("selector"), metadata.get("labels") or {}):
                continue
            status = budget.get("status") or {}
            if status.get("disruptionsAllowed", 0) < 1:
                raise _over_budget(budget)
            if dry_run:
                continue
            disrupted = {**(status.get("disruptedPods") or {}), metadata["name"]: timestamp(self._cluster.clock.now())}
            left = {**status, "disruptionsAllowed": status["disruptionsAllowed"] - 1, "disruptedPods": disrupted}
            self._cluster.api.update(resource, {**budget, "status": left}, "status")

    async def finalize(self, request: Request, target: Target) -> None:
        """Namespaces only: the last finalizer of the spec goes, and so does the namespace."""
        if request.method != "PUT":
            raise no_such_method()
        wanted, _, _ = await read_document(request, "Namespace")
        stored = finalize_namespace(
            self._writing.cluster, target.name, (wanted.get("spec") or {}).get("finalizers") or []
        )
        await self._writing.answer(request, target.kind, stored)

    async def token(self, request: Request, target: Target) -> None:
        if request.method != "POST":
            raise no_such_method()
        asked, _, _ = await read_document(request, "TokenRequest")
        account = self._cluster.entry("serviceaccounts", target.namespace, target.name).obj
        spec = asked.get("spec") or {}
        seconds = spec.get("expirationSeconds", 3600)
        if not isinstance(seconds, int) or seconds < 600:
            cause = Cause(
                "FieldValueInvalid",
                f"Invalid value: {seconds}: may not specify a duration less than 10 minutes",
                "spec.expirationSeconds",
            )
            raise invalid("TokenRequest", "authentication.k8s.io", target.name, [cause])
        audiences = spec.get("audiences") or [AUDIENCE]
        now = int(self._cluster.clock.now())
        bound = spec.get("boundObjectRef")
        self._check_bound(bound, target.namespace)
        token = self._signer.sign(service_account_claims(account, audiences, now, seconds, bound))
        metadata = account["metadata"]
        document = {
            "kind": "TokenRequest",
            "apiVersion": "authentication.k8s.io/v1",
            "metadata": {
                "name": metadata["name"],
                "namespace": metadata["namespace"],
                "uid": metadata["uid"],
                "creationTimestamp": timestamp(now),
            },
            "spec": {"audiences": audiences, "expirationSeconds": seconds, "boundObjectRef": bound},
            "status": {"token": token, "expirationTimestamp": timestamp(now + seconds)},
        }
        await request.answer_json(document, 201)

    def _check_bound(self, bound: Obj | None, namespace: str) -> None:
        places = {"Pod": ("pods", namespace), "Secret": ("secrets", namespace), "Node": ("nodes", "")}
        if bound and bound.get("kind") in places:
            resource, space = places[bound["kind"]]
            if self._cluster.store.find(resource, space, bound.get("name", "")) is None:
                raise not_found(resource, "", bound.get("name", ""))


def _scale_of(kind: Resource, obj: Obj) -> Obj:
    """Of custom objects, its paths tell where the numbers are."""
    if kind.scale_paths is None:
        return scale_of(obj)
    wished, there, selector = ((find(obj, path) or [None])[0] if path else None for path in kind.scale_paths)
    status = {"replicas": there or 0, **({"selector": selector} if selector else {})}
    return scale_of({**obj, "spec": {"replicas": wished or 0}, "status": {"replicas": there or 0}}) | {"status": status}


def _patched(scale: Obj, patch: Any, media: str) -> Obj:
    result: Obj = json_patch(scale, patch) if media == JSON_PATCH else merge_patch(scale, patch)
    return result


def _replicas(scale: Obj, name: str) -> int:
    replicas = (scale.get("spec") or {}).get("replicas", 0)
    if not isinstance(replicas, int) or isinstance(replicas, bool):
        kind = type(replicas).__name__.replace("str", "string")
        raise ApiError(
            400,
            "BadRequest",
            f"json: cannot unmarshal {kind} into Go struct field ScaleSpec.spec.replicas of type int32",
        )
    if replicas < 0:
        text = f"Invalid value: {replicas}: must be greater than or equal to 0"
        raise invalid("Scale", "autoscaling", name, [Cause("FieldValueInvalid", text, "spec.replicas")])
    return replicas


def scale_of(obj: Obj) -> Obj:
    metadata = obj["metadata"]
    kept = {
        key: metadata[key]
        for key in ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
        if key in metadata
    }
    replicas = obj["spec"].get("replicas", 0)
    status: Obj = {"replicas": (obj.get("status") or {}).get("replicas", 0)}
    selector = selector_text(obj["spec"].get("selector"))
    if selector:
        status["selector"] = selector
    spec = {"replicas": replicas} if replicas else {}
    return {"kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": kept, "spec": spec, "status": status}


def _bound_node(binding: Obj, pod: str) -> str:
    target, errors = binding.get("target") or {}, FieldErrors()
    if target.get("kind") not in (None, "", "Node"):
        errors.unsupported("target.kind", target["kind"], ("Node", "<empty>"))
    if not target.get("name"):
        errors.required("target.name")
    if errors:
        raise invalid("Binding", "", pod, errors)
    return str(target["name"])


def bind_pod(pod: Obj, node: str, annotations: Obj, now: str) -> Obj:
    """The pod with its node (in place)."""
    name, spec, metadata = pod["metadata"]["name"], pod["spec"], pod["metadata"]
    if "deletionTimestamp" in metadata:
        raise conflict("pods/binding", "", name, f"pod {name} is being deleted, cannot be assigned to a host")
    if spec.get("nodeName"):
        raise conflict("pods/binding", "", name, f'pod {name} is already assigned to node "{spec["nodeName"]}"')
    if spec.get("schedulingGates"):
        raise conflict("pods/binding", "", name, f"pod {name} has non-empty .spec.schedulingGates")
    spec["nodeName"] = node
    if annotations:
        metadata["annotations"] = {**(metadata.get("annotations") or {}), **annotations}
    conditions = [one for one in pod.setdefault("status", {}).get("conditions") or [] if one["type"] != "PodScheduled"]
    scheduled = {"type": "PodScheduled", "status": "True", "lastProbeTime": None, "lastTransitionTime": now}
    if "generation" in metadata and any("observedGeneration" in one for one in conditions):
        scheduled["observedGeneration"] = metadata["generation"]
    pod["status"]["conditions"] = [*conditions, scheduled]
    pod["status"].pop("nominatedNodeName", None)
    return pod


def _over_budget(budget: Obj) -> ApiError:
    status, name = budget.get("status") or {}, budget["metadata"]["name"]
    wanted, now = status.get("desiredHealthy", 0), status.get("currentHealthy", 0)
    text = f"The disruption budget {name} needs {wanted} healthy pods and has {now} currently"
    message = "Cannot evict pod as it would violate the pod's disruption budget."
    return ApiError(429, "TooManyRequests", message, {}, (Cause("DisruptionBudget", text, ""),))


def finalize_namespace(cluster: Cluster, name: str, finalizers: list[str]) -> Obj:
    new = cluster.copy_of("namespaces", "", name)
    new["spec"] = {**new.get("spec", {}), "finalizers": finalizers}
    if not finalizers:
        new["spec"].pop("finalizers")
    metadata = new["metadata"]
    if not finalizers and "deletionTimestamp" in metadata and not metadata.get("finalizers"):
        gone: Obj = vanish(cluster, "namespaces", cluster.entry("namespaces", "", name).obj)
        return gone
    stored: Obj = cluster.store.put("namespaces", orjson.loads(orjson.dumps(new)))
    return stored
