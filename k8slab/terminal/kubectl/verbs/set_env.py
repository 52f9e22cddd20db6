"""kubectl set env."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from ..changing import change_each, nothing_selected
from ..creating.data import ENV_RULE
from ..creating.objects import typed
from ..failures import Failures
from ..flags import Flag
from ..flagsets import manager
from ..invocation import Failed, Invocation
from ..registry import verb
from ..requests import get
from ..resources import Item, Selection, find_resource
from ..setting.templates import CONTAINERS, SETTING, Map, chosen, edit_pod, pod_spec

_NAME = re.compile(r"[-._a-zA-Z][-._a-zA-Z0-9]*")
SOURCES = {"ConfigMap": "configMapKeyRef", "Secret": "secretKeyRef"}


@verb(
    "set env",
    SETTING,
    CONTAINERS,
    manager("kubectl-set"),
    Flag(
        "env",
        "e",
        kind="array",
        help="Specify a key-value pair for an environment variable to set into each container.",
    ),
    Flag("from", help="The name of a resource from which to inject environment variables"),
    Flag("prefix", help="Prefix to append to variable names"),
    Flag("keys", kind="list", help="Comma-separated list of keys to import from specified resource"),
    Flag("list", kind="bool", help="If true, display the environment and any changes in the standard format."),
    Flag("resolve", kind="bool", help="If true, show secret or configmap references when listing variables"),
    Flag("overwrite", kind="bool", default="true", help="If true, allow environment to be overwritten."),
    summary="Update environment variables on a pod template",
    usage="RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N",
    examples="  kubectl set env deployment/web COLOR=blue\n  kubectl set env deployment/web COLOR-",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    words, changes = _split(list(invocation.args))
    nothing_selected(invocation, words)
    changes += invocation.flags.many("env")
    new, removed = _read(changes)
    new += list(_from(invocation))
    selection = Selection(invocation, words, local=invocation.flags.on("local"))
    if invocation.flags.on("list"):
        _list(invocation, selection)
        return

    def edit(item: Item) -> Map:
        return edit_pod(item, lambda pod: _set(invocation, item, pod, new, removed))

    change_each(invocation, selection, edit, "env updated", "kubectl-set")


def _split(args: list[str]) -> tuple[list[str], list[str]]:
    """Variables follow the first word that sets or removes one."""
    for i, word in enumerate(args):
        if i and ("=" in word or word.endswith("-")):
            return args[:i], args[i:]
    return args, []


def _read(words: list[str]) -> tuple[list[Map], list[str]]:
    new: list[Map] = []
    removed: list[str] = []
    for word in words:
        name, equals, value = word.partition("=")
        if equals and _NAME.fullmatch(name):
            new.append({"name": name, "value": value})
        elif not equals and word.endswith("-"):
            removed.append(word[:-1])
        elif equals:
            raise Failed(f'error: "{name}" is not a valid key name: {ENV_RULE}')
        else:
            raise Failed(f"error: environment variables must be of the form key=value, not {word}")
    return new, removed


def _from(invocation: Invocation) -> Iterator[Map]:
    """The variables that --from names: references to all keys of a ConfigMap or Secret."""
    flags = invocation.flags
    if not flags.text("from"):
        return
    kind, _, name = flags.text("from").partition("/")
    resource = find_resource(invocation, kind)
    if resource.kind not in SOURCES or not name:
        raise Failed(f"error: unsupported resource specified in --from: {flags.text('from')}")
    found = get(invocation, resource, invocation.namespace, name)
    for key in sorted(found.get("data") or {}):
        if flags.many("keys") and key not in flags.many("keys"):
            continue
        variable = re.sub(r"[^a-zA-Z0-9_]", "_", key).upper()
        if variable != key:
            invocation.warn(f"Warning: key {key} transferred to {variable}")
        yield {
            "name": flags.text("prefix") + variable,
            "valueFrom": {SOURCES[resource.kind]: {"name": name, "key": key}},
        }


def _set(invocation: Invocation, item: Item, pod: Map, new: list[Map], removed: list[str]) -> None:
    containers = chosen(pod, invocation.flags.text("containers"))
    if not containers:
        pattern = invocation.flags.text("containers")
        invocation.warn(f'Warning: {item.resource.kind}/{item.name} does not have any containers matching "{pattern}"')
    for container in containers:
        before: list[Map] = container.get("env") or []
        if not invocation.flags.on("overwrite"):
            _refuse_overwriting(before, new)
        names = {entry["name"] for entry in new}
        kept = [next((e for e in new if e["name"] == old["name"]), old) for old in before if old["name"] not in removed]
        known = {entry["name"] for entry in before}
        env = kept + [entry for entry in new if entry["name"] in names - known]
        container.pop("env", None)
        if env:
            container["env"] = env


def _refuse_overwriting(before: list[Map], new: list[Map]) -> None:
    values = {entry["name"]: entry.get("value", "") for entry in before}
    for entry in new:
        if entry["name"] in values:
            raise Failed(
                f"error: '{entry['name']}' already has a value ({values[entry['name']]}), and --overwrite is false"
            )


def _list(invocation: Invocation, selection: Selection) -> None:
    failures = Failures()
    for item in selection.items(failures):
        with failures.kept():
            pod = pod_spec(item, item.obj)
            for container in chosen(pod, invocation.flags.text("containers")):
                invocation.say(f"# {item.resource.kind} {item.name}, container {container['name']}")
                for entry in container.get("env") or ():
                    invocation.say(_shown(invocation, item, entry))
    failures.finish()


def _shown(invocation: Invocation, item: Item, entry: Map) -> str:
    source = entry.get("valueFrom")
    if not source:
        return f"{entry['name']}={entry.get('value', '')}"
    for kind, field in SOURCES.items():
        if field in source:
            ref = source[field]
            if invocation.flags.on("resolve"):
                return f"{entry['name']}={_resolved(invocation, item, kind, ref)}"
            return f"# {entry['name']} from {kind.lower()} {ref.get('name', '')}, key {ref['key']}"
    if "fieldRef" in source:
        return f"# {entry['name']} from field path {source['fieldRef']['fieldPath']}"
    ref = source.get("resourceFieldRef") or {}
    owner = f"{ref['containerName']}/" if ref.get("containerName") else ""
    return f"# {entry['name']} from resource {owner}{ref.get('resource', '')}"


def _resolved(invocation: Invocation, item: Item, kind: str, ref: Map) -> str:
    head = typed("v1", kind, ref["name"])
    resource = invocation.client.resource(head["apiVersion"], kind)
    data = get(invocation, resource, item.namespace, ref["name"]).get("data") or {}
    if ref["key"] not in data:
        raise Failed(f"error: key {ref['key']} not found in {kind.lower()} {ref['name']}")
    text = str(data[ref["key"]])
    return base64.b64decode(text).decode("utf-8", "replace") if kind == "Secret" else text
