"""kubectl run."""

from __future__ import annotations

import json
import re
from typing import Any

from ..creating.objects import Map, container, metadata
from ..creating.submit import CREATING, submit
from ..flags import Flag
from ..invocation import Failed, Invocation
from ..output.printers import dry_run
from ..patching.mergepatch import apply_merge_patch
from ..registry import verb
from ..running.attached import run_attached

SEE = "\nSee 'kubectl run -h' for help and examples"
RESTARTS = ("Always", "OnFailure", "Never")
_IMAGE = re.compile(r"[\w][\w.:/-]*(@[a-z0-9]+:[0-9a-f]+)?")


@verb(
    "run",
    [flag for flag in CREATING if flag.name not in ("validate", "field-manager")],
    Flag("field-manager", default="kubectl-run", help="Name of the manager used to track field ownership."),
    Flag("image", help="The image for the container to run."),
    Flag("port", help="The port that this container exposes."),
    Flag("env", kind="array", help="Environment variables to set in the container."),
    Flag("labels", "l", help="Comma separated labels to apply to the pod. Will override previous values."),
    Flag("annotations", kind="array", help="Annotations to apply to the pod."),
    Flag("restart", default="Always", values=RESTARTS, help="The restart policy for this Pod."),
    Flag("command", kind="bool", help="If true and extra arguments are present, use them as the 'command' field."),
    Flag("image-pull-policy", help="The image pull policy for the container."),
    Flag("expose", kind="bool", help="If true, create a ClusterIP service associated with the pod. Requires --port."),
    Flag("overrides", help="An inline JSON override for the generated object."),
    Flag("override-type", default="merge", values=("json", "merge", "strategic"), help="How --overrides is applied."),
    Flag("privileged", kind="bool", help="If true, run the container in privileged mode."),
    Flag("stdin", "i", kind="bool", help="Keep stdin open on the container in the pod, even if nothing is attached."),
    Flag("tty", "t", kind="bool", help="Allocate a TTY for the container in the pod."),
    Flag("attach", kind="bool", help="If true, wait for the Pod to start running, and then attach to the Pod."),
    Flag("rm", kind="bool", help="If true, delete the pod after it exits. Only valid when attaching to the container."),
    Flag("quiet", "q", kind="bool", help="If true, suppress prompt messages."),
    Flag("leave-stdin-open", kind="bool", help="If the pod is started in interactive mode, leave stdin open."),
    Flag("pod-running-timeout", kind="duration", default="1m0s", help="How long to wait until a pod is running."),
    summary="Run a particular image on the cluster",
    usage="NAME --image=image [--env=KEY=VALUE] [--port=port] [--command] -- [COMMAND] [args...]",
    examples="  kubectl run web --image=nginx\n  kubectl run -it --rm debug --image=busybox --restart=Never -- sh",
)
def run(invocation: Invocation) -> int | None:
    flags = invocation.flags
    if not flags.was_given("image"):
        raise Failed('error: required flag(s) "image" not set')
    if not invocation.args:
        raise Failed(f"error: NAME is required for run{SEE}")
    _check(invocation)
    name, command = invocation.args[0], [*invocation.args[1:], *(invocation.after_dashes or ())]
    if len(invocation.args) > 1 and invocation.after_dashes is None:
        command = list(invocation.args[1:])
    if flags.on("expose"):
        submit(invocation, _service(invocation, name))
        if flags.text("output") == "yaml":
            invocation.streams.out("---\n---\n")
    pod = _pod(invocation, name, command)
    if not _attached(invocation):
        submit(invocation, pod)
        return None
    return run_attached(invocation, pod)


def _attached(invocation: Invocation) -> bool:
    flags = invocation.flags
    return flags.on("attach") if flags.was_given("attach") else flags.on("stdin") or flags.on("tty")


def _check(invocation: Invocation) -> None:
    flags = invocation.flags
    image = flags.text("image")
    if not image:
        raise Failed("error: --image is required")
    if not _IMAGE.fullmatch(image):
        raise Failed(f'error: Invalid image name "{image}": invalid reference format')
    if flags.on("tty") and not flags.on("stdin"):
        raise Failed(f"error: -i/--stdin is required for containers with -t/--tty=true{SEE}")
    if flags.on("expose") and not flags.text("port"):
        raise Failed(f"error: --port must be set when exposing a service{SEE}")
    if flags.on("rm") and not _attached(invocation):
        raise Failed(f"error: --rm should only be used for attached containers{SEE}")
    if _attached(invocation) and dry_run(invocation) != "none":
        raise Failed(
            "error: --dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or "
            f"--tty){SEE}"
        )
    if flags.text("restart") not in RESTARTS:
        raise Failed(f"error: invalid restart policy: {flags.text('restart')}{SEE}")


def _pod(invocation: Invocation, name: str, command: list[str]) -> Map:
    flags = invocation.flags
    head = metadata(name, _labels(invocation, name))
    annotations = dict(_pair(word, "annotation") for word in flags.many("annotations"))
    if annotations:
        head["annotations"] = annotations
    made = container(
        name,
        flags.text("image"),
        command=command if flags.on("command") else None,
        args=None if flags.on("command") else command,
        ports=[{"containerPort": _port(flags.text("port"))}] if flags.text("port") else None,
        env=[{"name": key, "value": value} for key, value in (_pair(word, "env") for word in flags.many("env"))],
        imagePullPolicy=flags.text("image-pull-policy"),
        stdin=flags.on("stdin"),
        stdinOnce=flags.on("stdin") and not flags.on("leave-stdin-open"),
        tty=flags.on("tty"),
        securityContext={"privileged": True} if flags.on("privileged") else None,
    )
    spec = {"containers": [made], "restartPolicy": flags.text("restart"), "dnsPolicy": "ClusterFirst"}
    pod: Map = {"kind": "Pod", "apiVersion": "v1", "metadata": head, "spec": spec, "status": {}}
    return _overridden(pod, flags.text("overrides")) if flags.text("overrides") else pod


def _overridden(pod: Map, text: str) -> Map:
    try:
        patch: Any = json.loads(text)
    except ValueError as error:
        raise Failed(f"error: Invalid JSON Patch: {error}") from None
    merged: Map = apply_merge_patch(pod, patch)
    return merged


def _labels(invocation: Invocation, name: str) -> dict[str, str]:
    text = invocation.flags.text("labels")
    if not text:
        return {"run": name}
    labels: dict[str, str] = {}
    for word in text.split(","):
        key, equals, value = word.partition("=")
        if not equals or not key:
            raise Failed(f"error: unexpected label spec: {word}")
        labels[key] = value
    return labels


def _pair(word: str, what: str) -> tuple[str, str]:
    key, equals, value = word.partition("=")
    if not equals or not key:
        raise Failed(f"error: invalid {what}: {word}")
    return key, value


def _port(text: str) -> int:
    if not text.isdigit():
        raise Failed(f'error: strconv.Atoi: parsing "{text}": invalid syntax')
    return int(text)


def _service(invocation: Invocation, name: str) -> Map:
    port = _port(invocation.flags.text("port"))
    ports = [{"protocol": "TCP", "port": port, "targetPort": port}]
    spec = {"ports": ports, "selector": _labels(invocation, name)}
    head = {"name": name, "creationTimestamp": None}
    return {"kind": "Service", "apiVersion": "v1", "metadata": head, "spec": spec, "status": {"loadBalancer": {}}}
