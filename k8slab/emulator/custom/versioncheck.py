"""What the versions of a CustomResourceDefinition say of their schema, columns, fields and subresources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8slab.emulator.custom.jsonpath import is_path
from k8slab.emulator.custom.marks import Node
from k8slab.emulator.custom.schemacheck import check_schema
from k8slab.emulator.custom.selectable import check_selectable
from k8slab.emulator.fielderrors import FieldErrors

COLUMN_TYPES = ("boolean", "date", "integer", "number", "string")
COLUMN_FORMATS = ("byte", "date", "date-time", "double", "float", "int32", "int64", "password")
Check = Callable[[Node, str, FieldErrors], None]


def check_versions(versions: list[Node], errors: FieldErrors) -> None:
    """What is the same in all versions is looked at once, in its older, common place, as the server does it."""
    for field, common, check in CHECKS:
        if all(version.get(field) == versions[0].get(field) for version in versions):
            for version in versions[:1]:
                check(version, f"spec{common}", errors)
            continue
        for index, version in enumerate(versions):
            own = ".schema" if field == "schema" else common
            check(version, f"spec.versions[{index}]{own}", errors)


def _schema_of(version: Node) -> Any:
    return (version.get("schema") or {}).get("openAPIV3Schema")


def _check_schema(version: Node, place: str, errors: FieldErrors) -> None:
    schema = _schema_of(version)
    if isinstance(schema, dict):
        check_schema(schema, f"{place}.openAPIV3Schema", errors)


def _check_selectable(version: Node, place: str, errors: FieldErrors) -> None:
    check_selectable(version.get("selectableFields") or [], _schema_of(version) or {}, place, errors)


def _check_subresources(version: Node, place: str, errors: FieldErrors) -> None:
    scale = (version.get("subresources") or {}).get("scale")
    if scale is not None:
        _check_path(scale, "specReplicasPath", (".spec",), place, errors)
        _check_path(scale, "statusReplicasPath", (".status",), place, errors)
        if scale.get("labelSelectorPath"):
            _check_path(scale, "labelSelectorPath", (".spec", ".status"), place, errors)


def _check_path(scale: Node, name: str, roots: tuple[str, ...], place: str, errors: FieldErrors) -> None:
    path, where = scale.get(name) or "", f"{place}.scale.{name}"
    if not path:
        errors.required(where)
    elif not path.startswith("."):
        errors.invalid(where, path, "must be a simple json path starting with .")
    elif not path.startswith(tuple(f"{root}." for root in roots)):
        under = roots[0] if len(roots) == 1 else f"either {' or '.join(roots)}"
        errors.invalid(where, path, f"should be a json path under {under}")


def _check_columns(version: Node, place: str, errors: FieldErrors) -> None:
    for index, column in enumerate(version.get("additionalPrinterColumns") or []):
        _check_column(column, f"{place}[{index}]", errors)


def _check_column(column: Node, place: str, errors: FieldErrors) -> None:
    if not column.get("name"):
        errors.required(f"{place}.name")
    if column.get("type") not in COLUMN_TYPES:
        errors.invalid(f"{place}.type", column.get("type", ""), f"must be one of {','.join(COLUMN_TYPES)}")
    if column.get("format") and column["format"] not in COLUMN_FORMATS:
        errors.invalid(f"{place}.format", column["format"], f"must be one of {','.join(COLUMN_FORMATS)}")
    path = column.get("jsonPath") or ""
    if not path:
        errors.required(f"{place}.JSONPath")
    elif not path.startswith("."):
        errors.invalid(f"{place}.JSONPath", path, "must be a simple json path starting with .")
    elif not is_path(path):
        errors.invalid(f"{place}.JSONPath", path, "must be a JSONPath that this server understands")


CHECKS: tuple[tuple[str, str, Check], ...] = (
    ("schema", ".validation", _check_schema),
    ("selectableFields", ".selectableFields", _check_selectable),
    ("subresources", ".subresources", _check_subresources),
    ("additionalPrinterColumns", ".additionalPrinterColumns", _check_columns),
)
