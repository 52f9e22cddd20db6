"""kubectl create job."""

from __future__ import annotations

from k8slab.kube.client import Obj

from ..creating.objects import Map, as_typed, container, metadata, typed
from ..creating.submit import CREATING, one_name, submit
from ..flags import Flag
from ..invocation import Failed, Invocation
from ..registry import verb
from ..requests import get
from ..resources import find_resource


@verb(
    "create job",
    CREATING,
    Flag("image", help="Image name to run."),
    Flag("from", help="The name of the resource to create a Job from (only cronjob is supported)."),
    summary="Create a job with the specified name",
    usage="NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]",
    examples="  kubectl create job hello --image=busybox -- echo hello",
)
def run(invocation: Invocation) -> None:
    flags, name = invocation.flags, one_name(invocation)
    image, source, command = flags.text("image"), flags.text("from"), list(invocation.after_dashes or ())
    if bool(image) == bool(source):
        raise Failed("error: either --image or --from must be specified")
    if command and source:
        raise Failed("error: cannot specify --from and command")
    made = _from_cronjob(invocation, name, source) if source else _job(name, image, command)
    submit(invocation, made, prefix="failed to create job:")


def _job(name: str, image: str, command: list[str]) -> Map:
    spec = {"containers": [container(name, image, command=command)], "restartPolicy": "Never"}
    return {
        **typed("batch/v1", "Job", name),
        "spec": {"template": {"metadata": metadata(), "spec": spec}},
        "status": {},
    }


def _from_cronjob(invocation: Invocation, name: str, source: str) -> Map:
    kind, slash, of = source.partition("/")
    resource = find_resource(invocation, kind)
    if not slash or not of:
        raise Failed("error: arguments in resource/name form must have a single resource and name")
    found = get(invocation, resource, invocation.namespace, of)
    if resource.kind != "CronJob":
        raise Failed(f"error: unknown object type *v1.{resource.kind}")
    return _instance(name, found)


def _instance(name: str, cronjob: Obj) -> Map:
    template = cronjob["spec"]["jobTemplate"]
    head = template.get("metadata") or {}
    annotations = {"cronjob.kubernetes.io/instantiate": "manual", **(head.get("annotations") or {})}
    owner = {"apiVersion": "batch/v1", "kind": "CronJob", "name": cronjob["metadata"]["name"]}
    owner |= {"uid": cronjob["metadata"]["uid"], "controller": True}
    made = typed("batch/v1", "Job", name, head.get("labels") or None)
    made["metadata"] |= {"annotations": annotations, "ownerReferences": [owner]}
    return {**made, "spec": as_typed(template["spec"]), "status": {}}
