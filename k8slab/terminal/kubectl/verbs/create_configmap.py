"""kubectl create configmap."""

from __future__ import annotations

from ..creating.data import SOURCES, read_data
from ..creating.objects import Map, typed
from ..creating.submit import CREATING, one_name, submit
from ..invocation import Invocation
from ..registry import verb


@verb(
    "create configmap",
    CREATING,
    SOURCES,
    summary="Create a config map from a local file, directory or literal value",
    usage="NAME [--from-file=[key=]source] [--from-literal=key1=value1]",
    examples="  kubectl create configmap settings --from-literal=color=blue --from-file=app.conf",
    aliases=("create cm",),
)
def run(invocation: Invocation) -> None:
    obj: Map = typed("v1", "ConfigMap", one_name(invocation))
    data = read_data(invocation, "ConfigMap", obj["metadata"]["name"])
    if data:
        obj = {"kind": obj["kind"], "apiVersion": obj["apiVersion"], "metadata": obj["metadata"], "data": data}
    submit(invocation, obj, prefix="failed to create configmap:")
