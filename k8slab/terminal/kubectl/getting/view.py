"""What `get` is asked to show, and the requests for it."""

from __future__ import annotations

from collections.abc import Iterator

from k8slab.kube.client import Obj
from k8slab.kube.errors import NotFound

from ..failures import Failures
from ..invocation import Invocation
from ..output.printers import format_of
from ..output.tables import TableView
from ..requests import TABLE, get, list_all
from ..resources import Selection, Target, kind_word


class View:
    """The flags of `get`, read once."""

    def __init__(self, invocation: Invocation) -> None:
        flags = invocation.flags
        self.invocation = invocation
        self.failures = Failures()
        self.selection = Selection(invocation, all_if_bare=True)
        self.subresource = flags.text("subresource")
        self.sort_by = flags.text("sort-by")
        self.wide = format_of(invocation)[0] == "wide"
        self.tolerant = flags.on("ignore-not-found")

    def targets(self) -> Iterator[Target]:
        return self.selection.tolerant_targets(self.failures)

    def fetch(self, target: Target, *, table: bool) -> Obj | None:
        """The object or list of a target, None where a missing one is ignored. Raises a KubeError."""
        accept = TABLE if table else "application/json"
        query = [("includeObject", "Object")] if table and self.sort_by else []
        if target.obj is not None and not target.name:
            return target.obj
        try:
            if not target.name:
                return list_all(
                    self.invocation,
                    target.resource,
                    target.namespace,
                    labels=self.selection.labels,
                    fields=self.selection.fields,
                    accept=accept,
                    query=query,
                    page=max(0, self.invocation.flags.number("chunk-size")),
                )
            return get(
                self.invocation,
                target.resource,
                target.namespace,
                target.name,
                self.subresource,
                query=query,
                accept=accept,
            )
        except NotFound:
            if self.tolerant:
                return None
            raise

    def is_list(self, obj: Obj) -> bool:
        return isinstance(obj.get("items"), list)

    def table_view(self, target: Target, *, several: bool = False) -> TableView:
        flags = self.invocation.flags
        with_kind = flags.on("show-kind") or several
        return TableView(
            wide=self.wide,
            headers=not flags.on("no-headers"),
            with_namespace=self.selection.everywhere and target.resource.namespaced,
            show_labels=flags.on("show-labels"),
            label_columns=flags.many("label-columns"),
            kind=kind_word(target.resource) if with_kind else "",
        )

    def nothing_found(self) -> None:
        """The line for a list without any object, on standard error."""
        if self.tolerant or self.failures:
            return
        namespaced = not self.selection.everywhere and self._all_namespaced
        where = f" in {self.invocation.namespace} namespace." if namespaced else ""
        self.invocation.warn(f"No resources found{where}")

    _all_namespaced = True

    def seen(self, target: Target) -> None:
        self._all_namespaced = self._all_namespaced and target.resource.namespaced
