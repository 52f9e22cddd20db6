"""Making, emptying and removing a student's namespace in the cluster. No database: `actions` keeps the state.

Everything here may be done twice, or be taken up by another worker half-way.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial

from k8slab.kube.client import Client
from k8slab.kube.errors import Conflict, NotFound, Unavailable, UnknownKind

from . import cluster_scope, equipment, further, manifests
from .manifests import Plan
from .names import student_groups, student_user
from .rights import WORK

log = logging.getLogger(__name__)

PATIENCE = 20.0  # seconds for the cluster to do what it does by itself
QUOTA_PATIENCE = 1.0  # seconds for the quota's first count; a pod that comes before it is refused, and tried again
PAUSE, LONGEST_PAUSE = 0.01, 0.5  # seconds between two looks
ROOT_CA = "kube-root-ca.crt"  # the cluster makes it, and pods wait for it


def build(client: Client, plan: Plan) -> None:
    """The namespace and its fixtures, empty and usable by the student when this returns."""
    _wait("the former namespace goes", lambda: not _ending(client, plan.namespace))
    new = client.apply(manifests.namespace(plan), force=True).created
    further.open_cluster(client, plan)
    if new:
        put_fixtures(client, plan)
    else:
        empty(client, plan)  # somebody who began this did not come to its end
    _wait("the student's rights are granted", lambda: _may_work(client, plan.namespace))
    if not _comes_true(lambda: _counted(client, plan.namespace), QUOTA_PATIENCE):
        log.warning("sandbox %s: its quota is not counted yet", plan.namespace)


def put_fixtures(client: Client, plan: Plan) -> None:
    for fixture in manifests.fixtures(plan):
        _patiently(partial(client.apply, fixture, plan.namespace, force=True))


def empty(client: Client, plan: Plan) -> None:
    """Everything that the student, an exercise or a controller made is gone when this returns; so are its events."""
    namespace = plan.namespace
    served = [(version, kind) for version, kind, _ in WORK if _served(client, version, kind)]

    def gone() -> bool:
        left = [of for of in served if _left(client, namespace, *of)]
        for version, kind in left:
            client.delete_collection(version, kind, namespace, fields=_fields(kind), grace=0)
        return not left

    _wait("the namespace is empty", lambda: gone() and further.remove_all(client, namespace))
    client.delete_collection("v1", "Event", namespace)
    put_fixtures(client, plan)


def remove(client: Client, namespace: str) -> None:
    """Deletes the namespace and what its student made outside it; the cluster takes its time to finish."""
    client.delete("v1", "Namespace", namespace)
    further.remove_all(client, namespace)
    equipment.strip(client, namespace)
    client.delete("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", cluster_scope.binding_name(namespace))


def of_site(client: Client, site: str) -> list[str]:
    """Names of the namespaces that this site has made and that are not going already."""
    found = client.list("v1", "Namespace", labels=f"{manifests.MANAGED_BY}={manifests.APP},{manifests.SITE}={site}")
    return [n["metadata"]["name"] for n in found["items"] if not n["metadata"].get("deletionTimestamp")]


def exists(client: Client, namespace: str) -> bool:
    """Whether the namespace is there to be worked in."""
    found = client.find("v1", "Namespace", namespace)
    return found is not None and not found["metadata"].get("deletionTimestamp")


def _ending(client: Client, namespace: str) -> bool:
    found = client.find("v1", "Namespace", namespace)
    return found is not None and bool(found["metadata"].get("deletionTimestamp"))


def _counted(client: Client, namespace: str) -> bool:
    """A quota without a status refuses every pod."""
    found = client.get("v1", "ResourceQuota", "sandbox", namespace)
    return bool((found.get("status") or {}).get("hard"))


def _may_work(client: Client, namespace: str) -> bool:
    """RBAC takes a moment to hear of a new role: asked of the API server, which knows."""
    review = client.create(
        {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SubjectAccessReview",
            "spec": {
                "user": student_user(namespace),
                "groups": list(student_groups(namespace)),
                "resourceAttributes": {"namespace": namespace, "verb": "create", "resource": "pods"},
            },
        }
    )
    return bool((review.get("status") or {}).get("allowed"))


def _served(client: Client, api_version: str, kind: str) -> bool:
    try:
        return "deletecollection" in client.resource(api_version, kind).verbs
    except UnknownKind:
        return False


def _left(client: Client, namespace: str, api_version: str, kind: str) -> bool:
    names = (item["metadata"]["name"] for item in client.list(api_version, kind, namespace)["items"])
    kept = {"ConfigMap": ROOT_CA, "NetworkPolicy": "sandbox"}.get(kind)
    return any(name != kept for name in names)


def _fields(kind: str) -> str:
    return f"metadata.name!={ROOT_CA}" if kind == "ConfigMap" else ""


def _patiently(write: Callable[[], object]) -> None:
    """A controller may write the same object in the same moment: once more, then."""
    try:
        write()
    except Conflict:
        write()


def _wait(what: str, done: Callable[[], bool]) -> None:
    """Looks until it is so. Raises Unavailable after PATIENCE: trying again can help."""
    if not _comes_true(done, PATIENCE):
        raise Unavailable(f"waited {PATIENCE:g} seconds until {what}")


def _comes_true(done: Callable[[], bool], patience: float) -> bool:
    until, pause = time.monotonic() + patience, PAUSE
    while not _is(done):
        if time.monotonic() > until:
            return False
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
    return True


def _is(done: Callable[[], bool]) -> bool:
    try:
        return done()
    except NotFound:
        return False
