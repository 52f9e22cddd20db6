"""The status of a ValidatingAdmissionPolicy: that it was seen, and what its expressions get wrong about the kinds."""

from __future__ import annotations

import asyncio

from k8slab.emulator.cluster import Cluster
from k8slab.emulator.ports import Change, Obj
from k8slab.emulator.resources import Resource
from k8slab.emulator.status import ApiError
from k8slab.emulator.typecheck import undefined_fields

POLICIES = "validatingadmissionpolicies.admissionregistration.k8s.io"
MOST_KINDS = 10  # that a policy is checked against


class PolicyStatus:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._due: set[str] = set()
        self._stop = cluster.api.subscribe(POLICIES, self._changed)

    def _changed(self, change: Change) -> None:
        metadata, status = change.new["metadata"], change.new.get("status") or {}
        if change.type == "DELETED" or status.get("observedGeneration") == metadata.get("generation"):
            return
        if not self._due:
            asyncio.get_running_loop().call_soon(self._observe_all)
        self._due.add(metadata["name"])

    def _observe_all(self) -> None:
        due, self._due = self._due, set()
        for name in due:
            policy = self._cluster.store.find(POLICIES, "", name)
            if policy is not None:
                self._observe(policy)

    def _observe(self, policy: Obj) -> None:
        found = self._warnings(policy["spec"])
        checking = {"expressionWarnings": found} if found else {}
        status = {
            **(policy.get("status") or {}),
            "observedGeneration": policy["metadata"].get("generation", 1),
            "typeChecking": checking,
        }
        try:
            self._cluster.api.update(POLICIES, {**policy, "status": status}, "status")
        except ApiError:
            return  # changed meanwhile: that change is looked at next

    def _warnings(self, spec: Obj) -> list[Obj]:
        kinds = self._kinds(spec)
        found = []
        for place, text in _expressions(spec):
            warnings = [
                f"{kind.api_version}, Kind={kind.kind}: {problem}"
                for kind in kinds
                for problem in undefined_fields(self._cluster.schema, kind, text)
            ]
            if warnings:
                found.append({"fieldRef": place, "warning": "\n".join(warnings)})
        return found

    def _kinds(self, spec: Obj) -> list[Resource]:
        """The kinds that the rules name outright; what a pattern would match is not checked."""
        rules = (spec.get("matchConstraints") or {}).get("resourceRules") or []
        found: dict[tuple[str, str], Resource] = {}
        for rule in rules:
            places = [
                (group, version, plural)
                for group in rule.get("apiGroups") or ()
                for version in rule.get("apiVersions") or ()
                for plural in rule.get("resources") or ()
            ]
            for place in places:
                kind = self._cluster.resources.at(*place)
                if kind is not None:
                    found[kind.api_version, kind.kind] = kind
        return [found[key] for key in sorted(found)][:MOST_KINDS]

    def stop(self) -> None:
        self._stop()


def _expressions(spec: Obj) -> list[tuple[str, str]]:
    found = []
    for index, one in enumerate(spec.get("validations") or []):
        found.append((f"spec.validations[{index}].expression", one.get("expression", "")))
        if one.get("messageExpression"):
            found.append((f"spec.validations[{index}].messageExpression", one["messageExpression"]))
    return found
