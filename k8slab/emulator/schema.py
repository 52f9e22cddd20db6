"""Types of all kinds, from the OpenAPI definitions that the kubernetes-validate package ships.

The file is found, not imported: importing that package costs more than reading its data. Definitions become `Type`
nodes when they are first needed.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import orjson

from k8slab.emulator.data import read_made
from k8slab.emulator.version import MINOR

Shape = Literal[
    "struct",
    "map",
    "list",
    "string",
    "integer",
    "number",
    "boolean",
    "quantity",
    "intorstring",
    "time",
    "microtime",
    "bytes",
    "any",
]
REF = "#/$defs/"
META = "io.k8s.apimachinery.pkg.apis.meta.v1."
SPECIAL: dict[str, Shape] = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "intorstring",
    META + "Time": "time",
    META + "MicroTime": "microtime",
    META + "FieldsV1": "any",
    "io.k8s.apimachinery.pkg.runtime.RawExtension": "any",
    # To be there is all that it says, so that it is kept when it is empty.
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus": "any",
}


@dataclass(slots=True, eq=False)
class Type:
    """One node of a kind's type: what JSON it takes and how lists merge."""

    shape: Shape
    go: str = ""  # the Go type's name, as error messages print it
    fields: dict[str, Type] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    element: Type | None = None
    open: bool = False  # unknown fields are kept
    list_type: str = "atomic"
    list_keys: tuple[str, ...] = ()
    merge_key: str | None = None
    strategy: frozenset[str] = frozenset()
    atomic: bool = False  # a struct or map that one applier owns whole
    definition: str = ""


ANY = Type("any", "interface {}", open=True)
GO_SCALARS = {"string": "string", "integer": "int32", "number": "float64", "boolean": "bool"}


class Definitions(MutableMapping[str, Any]):
    """By name; those that nobody asked for yet are JSON, which is a tenth of the memory."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._found: dict[str, Any] = dict(texts)

    def __getitem__(self, name: str) -> Any:
        found = self._found[name]
        if isinstance(found, str):
            found = self._found[name] = orjson.loads(found)
        return found

    def __setitem__(self, name: str, definition: Any) -> None:
        self._found[name] = definition

    def __delitem__(self, name: str) -> None:
        del self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._found))

    def __len__(self) -> int:
        return len(self._found)

    def __contains__(self, name: object) -> bool:
        return name in self._found


class Schema:
    def __init__(self, definitions: Definitions, kinds: Iterable[tuple[str, str, str, str]]) -> None:
        """`kinds` are group, version, kind, and the definition's name."""
        self.definitions = definitions
        self._compiled: dict[str, Type] = {}
        self._by_kind = {(group, version, kind): name for group, version, kind, name in kinds}
        self.changes = 0  # whoever keeps something made of the definitions makes it anew after a change

    def define(self, definition: dict[str, Any], group: str, version: str, kind: str) -> None:
        """Adds a kind, or replaces it."""
        name = ".".join([*reversed(group.split(".")), version, kind])
        self.definitions[name] = definition
        self._compiled.pop(name, None)
        self._by_kind[group, version, kind] = name
        self.changes += 1

    def forget(self, group: str, version: str, kind: str) -> None:
        name = self._by_kind.pop((group, version, kind), "")
        self.definitions.pop(name, None)
        self._compiled.pop(name, None)
        self.changes += 1

    def definition_of(self, group: str, version: str, kind: str) -> str | None:
        return self._by_kind.get((group, version, kind))

    def type_of(self, group: str, version: str, kind: str) -> Type:
        """The type of a kind; of a kind that nobody defined, one that takes everything."""
        name = self.definition_of(group, version, kind)
        return ANY if name is None else self.compiled(name)

    def compiled(self, name: str) -> Type:
        known = self._compiled.get(name)
        if known is None:
            if name in SPECIAL:
                known = self._compiled[name] = Type(SPECIAL[name], go_name(name))
            else:
                # In the table before its fields are compiled: types may contain themselves.
                known = self._compiled[name] = Type("any", go_name(name), definition=name)
                self._fill(known, self.definitions[name])
        return known

    def _fill(self, node: Type, schema: dict[str, Any]) -> None:
        node.atomic = schema.get("x-kubernetes-map-type") == "atomic"
        if "properties" in schema:
            node.shape = "struct"
            node.required = frozenset(schema.get("required", ()))
            node.open = bool(schema.get("x-kubernetes-preserve-unknown-fields"))
            for name, child in schema["properties"].items():
                node.fields[name] = self._child(child)
            return
        compiled = self._child(schema)
        node.shape, node.element, node.open = compiled.shape, compiled.element, compiled.open

    def _child(self, schema: dict[str, Any]) -> Type:
        reference = schema.get("$ref")
        if reference:
            return self._referred(schema, reference.removeprefix(REF))
        kind = schema.get("type")
        kind = next((one for one in kind if one != "null"), None) if isinstance(kind, list) else kind
        if kind == "array":
            return self._list(schema)
        if kind == "object" and "properties" in schema:
            node = Type("struct")
            self._fill(node, schema)
            return node
        if kind == "object":
            element = schema.get("additionalProperties")
            child = self._child(element) if isinstance(element, dict) else ANY
            atomic = schema.get("x-kubernetes-map-type") == "atomic"
            return Type("map", f"map[string]{child.go}", element=child, atomic=atomic)
        return _scalar(kind, schema.get("format"))

    def _referred(self, schema: dict[str, Any], name: str) -> Type:
        node = self.compiled(name)
        strategy = schema.get("x-kubernetes-patch-strategy")
        if (schema.get("x-kubernetes-map-type") == "atomic" and not node.atomic) or strategy:
            node = Type(
                node.shape,
                node.go,
                node.fields,
                node.required,
                node.element,
                node.open,
                definition=node.definition,
                atomic=node.atomic or schema.get("x-kubernetes-map-type") == "atomic",
                strategy=frozenset((strategy or "").split(",")) - {""},
            )
        return node

    def _list(self, schema: dict[str, Any]) -> Type:
        element = self._child(schema.get("items", {}))
        return Type(
            "list",
            f"[]{element.go}",
            element=element,
            list_type=schema.get("x-kubernetes-list-type", "atomic"),
            list_keys=tuple(schema.get("x-kubernetes-list-map-keys", ())),
            merge_key=schema.get("x-kubernetes-patch-merge-key"),
            strategy=frozenset(schema.get("x-kubernetes-patch-strategy", "").split(",")) - {""},
        )


def _scalar(kind: str | None, form: str | None) -> Type:
    if kind == "string" and form == "byte":
        return Type("bytes", "[]uint8")
    if kind == "integer":
        return Type("integer", form or "int32")
    if kind == "string" or kind == "boolean" or kind == "number":
        return Type(kind, GO_SCALARS[kind])  # type: ignore[arg-type]  # the three names are shapes
    return ANY


def go_name(definition: str) -> str:
    """`v1.PodSpec` for io.k8s.api.core.v1.PodSpec."""
    return ".".join(definition.split(".")[-2:])


def definitions_file() -> Path:
    """The newest definitions that are not newer than the version that is served."""
    spec = importlib.util.find_spec("kubernetes_validate")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package kubernetes-validate is not installed")
    root = Path(spec.submodule_search_locations[0]) / "kubernetes-json-schema"
    found = {}
    for directory in root.glob("v1.*-strict"):
        match = re.match(r"v1\.(\d+)\.", directory.name)
        if match:
            found[int(match[1])] = directory / "_definitions.json"
    fitting = [minor for minor in found if minor <= MINOR]
    return found[max(fitting) if fitting else min(found)]


def load_schema() -> Schema:
    shipped = _shipped()
    return Schema(Definitions(shipped["texts"]), shipped["kinds"])


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Any]:
    shipped: dict[str, Any] = read_made(definitions_file(), _taken_apart)
    return shipped


def _taken_apart(content: bytes) -> dict[str, Any]:
    definitions = orjson.loads(content)["$defs"]
    kinds = [
        (kind["group"], kind["version"], kind["kind"], name)
        for name, definition in definitions.items()
        for kind in definition.get("x-kubernetes-group-version-kind", ())
    ]
    return {"texts": {name: orjson.dumps(one).decode() for name, one in definitions.items()}, "kinds": kinds}
