"""Flags that several verbs share."""

from __future__ import annotations

from .flags import Flag

FILENAME = (
    Flag("filename", "f", kind="list", help="The files that contain the objects; - is standard input, . every file."),
    Flag("recursive", "R", kind="bool", help="Process the directory used in -f, --filename recursively."),
    Flag("kustomize", "k", help="Process a kustomization directory. This flag can't be used together with -f or -R."),
)
SELECTOR = Flag("selector", "l", help="Selector (label query) to filter on, supports '=', '==', '!=', 'in', 'notin'.")
FIELD_SELECTOR = Flag("field-selector", help="Selector (field query) to filter on, supports '=', '==', and '!='.")
ALL = Flag("all", kind="bool", help="Select all resources in the namespace of the specified resource types.")
ALL_NAMESPACES = Flag("all-namespaces", "A", kind="bool", help="If present, look at the objects of all namespaces.")
LOCAL = Flag("local", kind="bool", help="If true, the command will NOT contact the api-server but run locally.")
DRY_RUN = Flag(
    "dry-run",
    default="none",
    alone="unchanged",
    values=("none", "server", "client"),
    help='Must be "none", "server", or "client".',
)
VALIDATE = Flag(
    "validate",
    default="strict",
    alone="strict",
    values=("strict", "warn", "ignore", "true", "false"),
    help="How unknown fields of the input are treated: strict (or true), warn, ignore (or false).",
)
SUBRESOURCE = Flag("subresource", help="The subresource to work on: status, scale or resize.")
SAVE_CONFIG = Flag("save-config", kind="bool", help="If true, keep the object's configuration in its annotation.")
FORMATS = ("json", "yaml", "name", "wide", "jsonpath=", "custom-columns=", "go-template=")
OUTPUT = (
    Flag("output", "o", values=FORMATS, help="Output format."),
    Flag("template", help="Template string or path to template file to use when -o=go-template, -o=go-template-file."),
    Flag("show-managed-fields", kind="bool", help="If true, keep the managedFields when printing in JSON or YAML."),
    Flag("allow-missing-template-keys", kind="bool", default="true", help="If true, ignore missing keys in templates."),
)


def manager(default: str) -> Flag:
    return Flag("field-manager", default=default, help="Name of the manager used to track field ownership.")
