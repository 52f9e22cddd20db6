"""-o: which printer a command's flags ask for, and what commands that change something say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from k8slab.kube.client import Obj

from ..invocation import Failed, Invocation
from ..manifests import read_text
from ..resources import Item
from .customcolumns import CustomColumns, from_spec, from_template
from .godump import go_value, json_lines
from .gotemplate.run import Template, TemplateError
from .jsonpath.evaluate import JSONPath
from .jsonpath.parse import JSONPathError
from .yamltext import to_yaml

Print = Callable[[Any], str]  # an object → its text
TEMPLATES = (
    "go-template",
    "go-template-file",
    "jsonpath",
    "jsonpath-as-json",
    "jsonpath-file",
    "template",
    "templatefile",
)
COLUMNS = ("custom-columns", "custom-columns-file")
READING = (*COLUMNS, *TEMPLATES, "json", "name", "wide", "yaml")
WRITING = (*TEMPLATES, "json", "name", "yaml")


def format_of(invocation: Invocation) -> tuple[str, str]:
    """-o as (format, what stands behind `=`, or --template)."""
    output, _, argument = invocation.flags.text("output").partition("=")
    template = str(invocation.flags.values.get("template") or "")
    if not output and template:
        return "go-template", template
    return output, argument or template


def unknown_format(invocation: Invocation, allowed: Iterable[str]) -> Failed:
    shown = invocation.flags.text("output")
    return Failed(
        f'error: unable to match a printer suitable for the output format "{shown}", '
        f"allowed formats are: {','.join(sorted(allowed))}"
    )


def object_printer(invocation: Invocation, allowed: Iterable[str], *, typed: bool = False) -> Print | None:
    """The printer of whole objects: None where the command's own form is asked for (no -o, wide, name).

    Args: `typed` keeps the order of an object's fields in JSON, as for kubectl's own Go types.
    Raises Failed for a format that is not `allowed` and for a template that cannot be read.
    """
    output, argument = format_of(invocation)
    if output in ("", "wide", "name"):
        if output and output not in allowed:
            raise unknown_format(invocation, allowed)
        return None
    if output not in allowed or (argument and output in ("json", "yaml")):
        raise unknown_format(invocation, allowed)
    if output == "json":
        return lambda obj: json_lines(_shown(invocation, obj), sort=not typed) + "\n"
    if output == "yaml":
        return _yaml_printer(invocation)
    if output in COLUMNS:
        return _columns_printer(columns_printer(invocation, output, argument))
    return _template_printer(invocation, output, argument)


def _shown(invocation: Invocation, obj: Obj) -> Obj:
    """Without managedFields unless they are asked for."""
    if invocation.flags.values.get("show-managed-fields"):
        return obj
    if isinstance(obj.get("items"), list):
        return {**obj, "items": [_shown(invocation, item) for item in obj["items"]]}
    metadata = obj.get("metadata")
    if not isinstance(metadata, dict) or "managedFields" not in metadata:
        return obj
    return {**obj, "metadata": {key: value for key, value in metadata.items() if key != "managedFields"}}


def _yaml_printer(invocation: Invocation) -> Print:
    count = 0

    def show(obj: Any) -> str:
        nonlocal count
        count += 1
        return ("---\n" if count > 1 else "") + to_yaml(_shown(invocation, obj))

    return show


def _columns_printer(columns: CustomColumns) -> Print:
    return lambda obj: columns.show(obj["items"] if isinstance(obj.get("items"), list) else [obj])


def columns_printer(invocation: Invocation, output: str, argument: str) -> CustomColumns:
    headers = not invocation.flags.values.get("no-headers")
    if output == "custom-columns":
        return from_spec(argument, headers)
    if not argument:
        raise Failed("error: custom-columns-file format specified but no template file given")
    return from_template(_file(invocation, argument), headers)


def _file(invocation: Invocation, name: str) -> str:
    text = read_text(invocation.streams, name)
    if text is None:
        raise Failed(f"error: error reading --template {name}, open {name}: no such file or directory\n")
    return text


def _template_printer(invocation: Invocation, output: str, argument: str) -> Print:
    if not argument:
        raise Failed("error: template format specified but no template given")
    text = _file(invocation, argument) if output in ("go-template-file", "templatefile", "jsonpath-file") else argument
    missing = bool(invocation.flags.values.get("allow-missing-template-keys"))
    if output.startswith("jsonpath"):
        return _jsonpath_printer(text, missing, as_json=output == "jsonpath-as-json")
    try:
        template = Template(text, missing_allowed=missing)
    except TemplateError as error:
        raise Failed(f"error: error parsing template {text}, template: output:{error}") from None

    def show(obj: Any) -> str:
        try:
            return template.text(obj)
        except TemplateError as error:
            raise Failed(_template_trouble(f"template: output:{error}", text, obj)) from None

    return show


def _jsonpath_printer(text: str, missing: bool, *, as_json: bool) -> Print:
    try:
        path = JSONPath(text, missing_allowed=missing)
    except JSONPathError as error:
        raise Failed(f"error: error parsing jsonpath {text}, {error}") from None

    def show(obj: Any) -> str:
        try:
            if as_json:
                return json_lines(path.find(obj)) + "\n"
            return path.text(obj)
        except JSONPathError as error:
            raise Failed(_jsonpath_trouble(error, text, obj)) from None

    return show


def _jsonpath_trouble(error: JSONPathError, text: str, obj: Any) -> str:
    return (
        f'error: error executing jsonpath "{text}": Error executing template: {error}. '
        "Printing more information for debugging the template:\n"
        f"\ttemplate was:\n\t\t{text}\n\tobject given to jsonpath engine was:\n\t\t{_go_syntax(obj)}\n\n"
    )


def _template_trouble(error: str, text: str, obj: Any) -> str:
    return (
        f"Error executing template: {error}. Printing more information for debugging the template:\n"
        f"\ttemplate was:\n\t\t{text}\n\traw data was:\n\t\t{json_lines(obj, 0)}\n"
        f"\tobject given to template engine was:\n\t\t{go_value(obj)}\n\n"
    )


def _go_syntax(value: Any) -> str:
    """fmt's %#v of unstructured data."""
    if isinstance(value, dict):
        inside = ", ".join(f'"{key}":{_go_syntax(value[key])}' for key in sorted(value))
        return f"map[string]interface {{}}{{{inside}}}"
    if isinstance(value, list):
        return f"[]interface {{}}{{{', '.join(_go_syntax(each) for each in value)}}}"
    if isinstance(value, str):
        return json_lines(value).replace("\\u003c", "<").replace("\\u003e", ">").replace("\\u0026", "&")
    return "interface {}(nil)" if value is None else go_value(value)


# --- what a command that changed something says ----------------------------------------------------------------------
def dry_run(invocation: Invocation) -> str:
    """ "none", "client" or "server". Raises Failed for anything else."""
    word = str(invocation.flags.values.get("dry-run", "none"))
    if word in ("none", "client", "server"):
        return word
    if word == "unchanged":
        invocation.warn("W0000 helpers.go:702] --dry-run is deprecated and can be replaced with --dry-run=client.")
        return "client"
    raise Failed(f'error: Invalid dry-run value ({word}). Must be "none", "server", or "client".')


class Report:
    """Tells of each object what was done: `deployment.apps/web created`, or, with -o, the object."""

    def __init__(self, invocation: Invocation, *, typed: bool = False) -> None:
        self._invocation = invocation
        self.how = dry_run(invocation)
        self._print = object_printer(invocation, WRITING, typed=typed) if "output" in invocation.flags.values else None
        self._names = "output" in invocation.flags.values and format_of(invocation)[0] == "name"
        self.whole = self._print is not None  # whether whole objects are printed

    def all(self, items: Sequence[Item]) -> None:
        """Several whole objects: as one List, unless it is one only."""
        assert self._print is not None
        objects = [item.obj for item in items]
        listed: Obj = {"apiVersion": "v1", "kind": "List", "metadata": {}, "items": objects}
        self._invocation.streams.out(self._print(objects[0] if len(objects) == 1 else listed))

    def tell(self, item: Item, operation: str, *, label: str = "", bare: bool = False) -> None:
        """Args: `label` instead of the item's own; `bare` without saying that it was a dry run."""
        label = label or item.label
        if self._print is not None:
            self._invocation.streams.out(self._print(item.obj))
        elif self._names or not operation:
            self._invocation.say(label)
        else:
            self._invocation.say(f"{label} {operation}{'' if bare else DONE[self.how]}")


DONE = {"none": "", "client": " (dry run)", "server": " (server dry run)"}
