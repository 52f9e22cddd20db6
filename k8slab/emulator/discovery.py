"""Discovery documents: which groups, versions and resources there are, in the classic and the aggregated form."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from k8slab.emulator.resources import Resource, ResourceTable

Document = dict[str, Any]
SCALE = {"group": "autoscaling", "version": "v1", "kind": "Scale"}
# Subresources that take or give another kind than their resource: kind, group, version, verbs.
SPECIAL: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "pods/attach": ("PodAttachOptions", "", "", ("create", "get")),
    "pods/binding": ("Binding", "", "", ("create",)),
    "pods/eviction": ("Eviction", "policy", "v1", ("create",)),
    "pods/exec": ("PodExecOptions", "", "", ("create", "get")),
    "pods/log": ("Pod", "", "", ("get",)),
    "pods/portforward": ("PodPortForwardOptions", "", "", ("create", "get")),
    "pods/proxy": ("PodProxyOptions", "", "", ("create", "delete", "get", "patch", "update")),
    "services/proxy": ("ServiceProxyOptions", "", "", ("create", "delete", "get", "patch", "update")),
    "nodes/proxy": ("NodeProxyOptions", "", "", ("create", "delete", "get", "patch", "update")),
    "serviceaccounts/token": ("TokenRequest", "authentication.k8s.io", "v1", ("create",)),
    "namespaces/finalize": ("Namespace", "", "", ("update",)),
}
READ_WRITE = ("get", "patch", "update")


def storage_hash(resource: Resource) -> str:
    digest = hashlib.sha256(
        f"{resource.group}/{resource.hashed_version or resource.version}/{resource.kind}".encode()
    ).digest()
    return base64.b64encode(digest[:8]).decode()


def api_versions() -> Document:
    address = [{"clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1"}]
    return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": address}


def group_document(table: ResourceTable, group: str) -> Document | None:
    versions = table.groups().get(group) if group else None
    if versions is None:
        return None
    listed = [{"groupVersion": f"{group}/{version}", "version": version} for version in versions]
    return {"kind": "APIGroup", "apiVersion": "v1", "name": group, "versions": listed, "preferredVersion": listed[0]}


def group_list(table: ResourceTable) -> Document:
    groups = [group_document(table, group) for group in table.groups() if group]
    plain = [{k: v for k, v in one.items() if k not in ("kind", "apiVersion")} for one in groups if one]
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": plain}


def resource_list(table: ResourceTable, group: str, version: str) -> Document | None:
    resources = [one for one in table if (one.group, one.version) == (group, version)]
    if not resources:
        return None
    entries = [
        entry for resource in sorted(resources, key=lambda one: one.plural) for entry in _entries(table, resource)
    ]
    document: Document = {"kind": "APIResourceList"}
    if group:
        document["apiVersion"] = "v1"
    return {**document, "groupVersion": f"{group}/{version}" if group else version, "resources": entries}


def _entries(table: ResourceTable, resource: Resource) -> list[Document]:
    entry: Document = {
        "name": resource.plural,
        "singularName": resource.singular,
        "namespaced": resource.namespaced,
        "kind": resource.kind,
        "verbs": sorted(resource.verbs),
    }
    if resource.short_names:
        entry["shortNames"] = list(resource.short_names)
    if resource.categories:
        entry["categories"] = list(resource.categories)
    if "watch" in resource.verbs:
        entry["storageVersionHash"] = storage_hash(table[resource.key])
    return [entry, *(_subresource(resource, name) for name in sorted(resource.subresources))]


def _subresource(resource: Resource, name: str) -> Document:
    path = f"{resource.plural}/{name}"
    entry: Document = {"name": path, "singularName": "", "namespaced": resource.namespaced}
    kind, group, version, verbs = subresource_kind(resource, name)
    if version:
        entry |= {"group": group, "version": version}
    return {**entry, "kind": kind, "verbs": list(verbs)}


def subresource_kind(resource: Resource, name: str) -> tuple[str, str, str, tuple[str, ...]]:
    if name == "scale":
        return ("Scale", "autoscaling", "v1", READ_WRITE)
    return SPECIAL.get(f"{resource.plural}/{name}", (resource.kind, "", "", READ_WRITE))


# ── aggregated ──


def aggregated(table: ResourceTable, *, core: bool) -> Document:
    items = []
    for group, versions in table.groups().items():
        if bool(group) is core:
            continue
        metadata = {"name": group} if group else {}
        items.append({"metadata": metadata, "versions": [_aggregated_version(table, group, one) for one in versions]})
    return {
        "kind": "APIGroupDiscoveryList",
        "apiVersion": "apidiscovery.k8s.io/v2",
        "metadata": {},
        "items": items,
    }


def _aggregated_version(table: ResourceTable, group: str, version: str) -> Document:
    resources = sorted(
        (one for one in table if (one.group, one.version) == (group, version)), key=lambda one: one.plural
    )
    return {"version": version, "resources": [_aggregated(one) for one in resources], "freshness": "Current"}


def _aggregated(resource: Resource) -> Document:
    entry: Document = {
        "resource": resource.plural,
        "responseKind": {
            "group": resource.group,
            "version": resource.version if resource.group else "",
            "kind": resource.kind,
        },
        "scope": "Namespaced" if resource.namespaced else "Cluster",
        "singularResource": resource.singular,
        "verbs": sorted(resource.verbs),
    }
    entry["responseKind"] = {"group": "", "version": "", "kind": resource.kind}
    if resource.short_names:
        entry["shortNames"] = list(resource.short_names)
    if resource.categories:
        entry["categories"] = list(resource.categories)
    if resource.subresources:
        entry["subresources"] = [_aggregated_subresource(resource, name) for name in sorted(resource.subresources)]
    return entry


def _aggregated_subresource(resource: Resource, name: str) -> Document:
    kind, group, version, verbs = subresource_kind(resource, name)
    return {
        "subresource": name,
        "responseKind": {"group": group, "version": version, "kind": kind},
        "verbs": list(verbs),
    }
