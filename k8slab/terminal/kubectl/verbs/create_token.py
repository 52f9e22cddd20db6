"""kubectl create token."""

from __future__ import annotations

from k8slab.kube.errors import KubeError

from ..creating.submit import one_name
from ..durations import seconds
from ..flags import Flag
from ..flagsets import OUTPUT
from ..invocation import Failed, Invocation
from ..output.printers import WRITING, object_printer
from ..registry import verb
from ..requests import call
from ..resources import find_resource


@verb(
    "create token",
    OUTPUT,
    Flag("duration", kind="duration", default="0s", help="Requested lifetime of the issued token."),
    Flag("audience", kind="array", help="Audience of the requested token."),
    Flag("bound-object-kind", help="Kind of an object to bind the token to."),
    Flag("bound-object-name", help="Name of an object to bind the token to."),
    Flag("bound-object-uid", help="UID of an object to bind the token to."),
    summary="Request a service account token",
    usage="SERVICE_ACCOUNT_NAME",
    examples="  kubectl create token robot --duration=10m",
)
def run(invocation: Invocation) -> None:
    name, lifetime = one_name(invocation), seconds(invocation, "duration")
    if lifetime < 0:
        raise Failed("error: --duration must be greater than or equal to 0")
    spec: dict[str, object] = {"audiences": invocation.flags.many("audience")}
    spec |= {"expirationSeconds": int(lifetime)} if lifetime else {}
    if kind := invocation.flags.text("bound-object-kind"):
        version = {"Pod": "v1", "Secret": "v1", "Node": "v1"}.get(kind)
        if version is None:
            raise Failed("error: supported --bound-object-kind values are Node, Pod, Secret")
        bound = {"kind": kind, "apiVersion": version, "name": invocation.flags.text("bound-object-name")}
        spec["boundObjectRef"] = {**bound, "uid": invocation.flags.text("bound-object-uid")}
    body = {"kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1", "metadata": {}, "spec": spec}
    path = find_resource(invocation, "serviceaccounts").path(invocation.namespace, name, "token")
    try:
        answer = call(invocation, "POST", path, body=body)[1]
    except KubeError as error:
        raise Failed(f"error: failed to create token: {error.message}") from error
    printer = object_printer(invocation, WRITING, typed=True)
    invocation.streams.out(printer(answer) if printer else answer["status"]["token"] + "\n")
