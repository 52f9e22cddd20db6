"""Serves what CustomResourceDefinitions define: at once, for as long as they are there."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from k8slab.emulator.cluster import Cluster
from k8slab.emulator.custom.objects import CustomRules
from k8slab.emulator.custom.selectable import selectable
from k8slab.emulator.custom.structural import as_definition
from k8slab.emulator.ports import Change, Obj
from k8slab.emulator.resources import Column, Resource, make_resource
from k8slab.emulator.rules.definition import CLEANUP, add_condition
from k8slab.emulator.status import ApiError
from k8slab.emulator.store import Logged

log = logging.getLogger(__name__)
DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io"
ANY_KIND = "io.k8s.api.core.v1.ConfigMap"  # whose common fields are described as those of all kinds
AGE = Column("Age", "date", "", "@age", 0, ".metadata.creationTimestamp")


class Definitions:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._served: dict[str, list[Resource]] = {}  # by the definition's name
        self._due: set[str] = set()
        self._watched: set[str] = set()
        cluster.api.subscribe(DEFINITIONS, self._changed)

    def _changed(self, change: Change) -> None:
        name = change.new["metadata"]["name"]
        if change.type == "DELETED":
            self._withdraw(name)
            return
        before = (change.old or {}).get("spec")
        if before != change.new["spec"] and self._conflict(change.new) is None:
            self._withdraw(name)
            self._serve(change.new)
        if "deletionTimestamp" in change.new["metadata"] or not _is_decided(change.new):
            self._soon(name)

    def _soon(self, name: str) -> None:
        if not self._due:
            asyncio.get_running_loop().call_soon(self._settle_all)
        self._due.add(name)

    def _serve(self, definition: Obj) -> None:
        spec = definition["spec"]
        common = self._cluster.schema.definitions[ANY_KIND]["properties"]
        resources, judges = [], dict[str, CustomRules]()
        for version in spec["versions"]:
            schema = _schema_of(version)
            where = spec["group"], version["name"], spec["names"]["kind"]
            self._cluster.schema.define(as_definition(schema, *where, common), *where)
            has_status = "status" in (version.get("subresources") or {})
            judges[version["name"]] = CustomRules(schema, judges, has_status=has_status)
            if version["storage"]:
                self._cluster.rules[definition["metadata"]["name"]] = judges[version["name"]]
            if version["served"]:
                resources.append(replace(_resource(definition, version), shape=self._cluster.schema.type_of(*where)))
        stored = next(one["name"] for one in definition["spec"]["versions"] if one["storage"])
        # The stored version first: the table takes the first of a key as the one that is kept.
        for resource in sorted(resources, key=lambda one: one.version != stored):
            self._cluster.resources.add(resource)
        self._served[definition["metadata"]["name"]] = resources

    def _withdraw(self, name: str) -> None:
        for resource in self._served.pop(name, ()):
            self._cluster.resources.remove(resource)
            self._cluster.schema.forget(resource.group, resource.version, resource.kind)
        self._cluster.rules.pop(name, None)

    def _conflict(self, definition: Obj) -> tuple[str, str] | None:
        """Reason and message where other resources of the group have its names already: the last of what is taken."""
        spec, key = definition["spec"], definition["metadata"]["name"]
        names = spec["names"]
        others = [one for one in self._cluster.resources if one.group == spec["group"] and one.key != key]
        found = None
        for reason, wanted, taken in (
            ("PluralConflict", names["plural"], {one.plural for one in others}),
            ("SingularConflict", names["singular"], {one.singular for one in others}),
            ("KindConflict", names["kind"], {one.kind for one in others} | {one.list_kind for one in others}),
            ("ListKindConflict", names["listKind"], {one.kind for one in others} | {one.list_kind for one in others}),
        ):
            if wanted in taken:
                found = reason, f'"{wanted}" is already in use'
        return found

    def _settle_all(self) -> None:
        due, self._due = self._due, set()
        for name in due:
            definition = self._cluster.store.find(DEFINITIONS, "", name)
            if definition is None:
                continue
            try:
                if "deletionTimestamp" in definition["metadata"]:
                    self._clean_up(definition)
                else:
                    self._decide(definition)
            except ApiError:
                log.exception("the definition %s", name)  # it stays as it is until its next change

    def _decide(self, definition: Obj) -> None:
        """Its names are accepted, or another one's are in the way."""
        now, conflict = self._cluster.clock.now(), self._conflict(definition)
        if conflict is not None:
            decided = add_condition(definition, now, "NamesAccepted", "False", *conflict)
            rest = ("Established", "False", "NotAccepted", "not all names are accepted")
        else:
            decided = add_condition(definition, now, "NamesAccepted", "True", "NoConflicts", "no conflicts found")
            decided["status"]["acceptedNames"] = definition["spec"]["names"]
            rest = ("Established", "True", "InitialNamesAccepted", "the initial names have been accepted")
        self._cluster.api.update(DEFINITIONS, add_condition(decided, now, *rest), "status")

    def _clean_up(self, definition: Obj) -> None:
        """Deletes the objects; the definition goes with the last of them."""
        name = definition["metadata"]["name"]
        if CLEANUP not in definition["metadata"].get("finalizers", []):
            return
        served = name in self._cluster.resources
        for obj in self._cluster.store.list(name) if served else ():
            if "deletionTimestamp" not in obj["metadata"]:
                self._cluster.api.delete(name, obj["metadata"]["name"], obj["metadata"].get("namespace"))
        now = self._cluster.clock.now()
        if served and self._cluster.store.list(name):
            self._wait_for_objects(name)
            about = ("True", "InstanceDeletionInProgress", "CustomResource deletion is in progress")
            waiting = add_condition(definition, now, "Terminating", *about)
            if waiting["status"] != definition.get("status"):
                self._cluster.api.update(DEFINITIONS, waiting, "status")
            return
        about = ("False", "InstanceDeletionCompleted", "removed all instances")
        emptied = self._cluster.api.update(DEFINITIONS, add_condition(definition, now, "Terminating", *about), "status")
        kept = [one for one in emptied["metadata"]["finalizers"] if one != CLEANUP]
        metadata = {**emptied["metadata"], "finalizers": kept}
        self._cluster.api.update(DEFINITIONS, {**emptied, "metadata": metadata})

    def _wait_for_objects(self, name: str) -> None:
        if name in self._watched:
            return
        self._watched.add(name)

        def gone(logged: Logged) -> None:
            if logged.change.type == "DELETED" and self._cluster.store.find(DEFINITIONS, "", name) is not None:
                self._soon(name)

        self._cluster.store.listen(name, gone)


def _is_decided(definition: Obj) -> bool:
    conditions = (definition.get("status") or {}).get("conditions") or []
    accepted = (definition["status"].get("acceptedNames") or {}) == definition["spec"]["names"]
    return any(one["type"] == "Established" for one in conditions) and (
        accepted or any(one["type"] == "NamesAccepted" and one["status"] == "False" for one in conditions)
    )


def _schema_of(version: Obj) -> Obj:
    return (version.get("schema") or {}).get("openAPIV3Schema") or {"type": "object"}


def _resource(definition: Obj, version: Obj) -> Resource:
    spec = definition["spec"]
    names = spec["names"]
    columns = [_column(one) for one in version.get("additionalPrinterColumns") or []] or [AGE]
    deprecated = version.get("deprecationWarning") or f"{spec['group']}/{version['name']} {names['kind']} is deprecated"
    return make_resource(
        spec["group"],
        version["name"],
        names["kind"],
        names["plural"],
        spec["scope"] == "Namespaced",
        short_names=tuple(names.get("shortNames") or ()),
        categories=tuple(names.get("categories") or ()),
        subresources=tuple(name for name in ("scale", "status") if name in (version.get("subresources") or {})),
        singular=names["singular"],
        list_kind=names["listKind"],
        deprecated=deprecated if version.get("deprecated") else "",
        columns=tuple(columns),
        selectable=selectable(version),
        scale_paths=_scale_paths((version.get("subresources") or {}).get("scale")),
    )


def _column(column: Obj) -> Column:
    about = column.get("description") or f"Custom resource definition column (in JSONPath format): {column['jsonPath']}"
    kind, form = column["type"], column.get("format", "")
    return Column(column["name"], kind, form, about, column.get("priority", 0), column["jsonPath"])


def _scale_paths(scale: Obj | None) -> tuple[str, str, str] | None:
    if scale is None:
        return None
    return scale["specReplicasPath"], scale["statusReplicasPath"], scale.get("labelSelectorPath", "")
