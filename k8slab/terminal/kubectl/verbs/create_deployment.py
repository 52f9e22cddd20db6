"""kubectl create deployment."""

from __future__ import annotations

import random
import string

from ..creating.objects import Map, container, image_name, metadata, typed
from ..creating.submit import CREATING, one_name, required, submit
from ..flags import Flag
from ..invocation import Failed, Invocation
from ..registry import verb


@verb(
    "create deployment",
    CREATING,
    Flag("image", kind="list", help="Image names to run. A deployment can have multiple images set for a pod."),
    Flag("port", kind="int", default="-1", help="The containerPort that this deployment exposes."),
    Flag("replicas", "r", kind="int", default="1", help="Number of replicas to create. Default is 1."),
    summary="Create a deployment with the specified name",
    usage="NAME --image=image -- [COMMAND] [args...]",
    examples="  kubectl create deployment web --image=nginx --replicas=3",
    aliases=("create deploy", "create dep"),
)
def run(invocation: Invocation) -> None:
    flags = invocation.flags
    required(invocation, "image")
    name = one_name(invocation)
    images, command = flags.many("image"), list(invocation.after_dashes or ())
    if len(images) > 1 and command:
        raise Failed("error: cannot specify multiple --image options and command")
    labels = {"app": name}
    template = {"metadata": metadata(labels=labels), "spec": {"containers": _containers(images, command)}}
    if flags.number("port") >= 0:
        template["spec"]["containers"][0] = _with_port(template["spec"]["containers"][0], flags.number("port"))
    spec: Map = {"replicas": flags.number("replicas"), "selector": {"matchLabels": labels}, "template": template}
    spec["strategy"] = {}
    submit(
        invocation,
        {**typed("apps/v1", "Deployment", name, labels), "spec": spec, "status": {}},
        prefix="failed to create deployment:",
    )


def _containers(images: list[str], command: list[str]) -> list[Map]:
    containers: list[Map] = []
    taken: set[str] = set()
    for image in images:
        name = image_name(image)
        if name in taken or "." in image.rpartition("/")[2].partition(":")[0] or "_" in image.rpartition("/")[2]:
            name = f"{name}-{''.join(random.choices(string.ascii_lowercase, k=5))}"  # noqa: S311  # a name, no secret
        taken.add(name)
        containers.append(container(name, image, command=command))
    return containers


def _with_port(made: Map, port: int) -> Map:
    return container(made["name"], made["image"], command=made.get("command"), ports=[{"containerPort": port}])
