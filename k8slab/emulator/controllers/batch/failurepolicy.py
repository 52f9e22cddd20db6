"""What a Job's podFailurePolicy and successPolicy say."""

from __future__ import annotations

from typing import Any

from k8slab.emulator.controllers.batch import indexes
from k8slab.emulator.controllers.batch.conditions import Verdict
from k8slab.emulator.ports import Obj


def ruling(job: Obj, pod: Obj) -> tuple[str, str]:
    """The action for a failed pod (Count, Ignore, FailIndex, FailJob) and the text that explains it."""
    for number, rule in enumerate((job["spec"].get("podFailurePolicy") or {}).get("rules") or ()):
        action = rule["action"]
        if action == "FailIndex" and job["spec"].get("backoffLimitPerIndex") is None:
            continue
        why = _by_exit_code(rule.get("onExitCodes"), pod) or _by_condition(rule.get("onPodConditions"), pod)
        if why:
            return action, f"{why} matching {action} rule at index {number}"
    return "Count", ""


def _by_exit_code(wanted: Any, pod: Obj) -> str:
    if not wanted:
        return ""
    status = pod.get("status") or {}
    for entry in [*(status.get("containerStatuses") or ()), *(status.get("initContainerStatuses") or ())]:
        code = ((entry.get("state") or {}).get("terminated") or {}).get("exitCode", 0)
        named = wanted.get("containerName")
        if code and named in (None, entry["name"]) and (code in wanted["values"]) == (wanted["operator"] == "In"):
            return f"Container {entry['name']} for pod {_title(pod)} failed with exit code {code}"
    return ""


def _by_condition(patterns: Any, pod: Obj) -> str:
    held = {c["type"]: c["status"] for c in (pod.get("status") or {}).get("conditions") or ()}
    for pattern in patterns or ():
        if held.get(pattern["type"]) == pattern.get("status", "True"):
            return f"Pod {_title(pod)} has condition {pattern['type']}"
    return ""


def _title(pod: Obj) -> str:
    return f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"


def success_by_policy(job: Obj, succeeded: set[int]) -> Verdict | None:
    for number, rule in enumerate((job["spec"].get("successPolicy") or {}).get("rules") or ()):
        wanted = indexes.parse(rule.get("succeededIndexes")) if rule.get("succeededIndexes") else succeeded
        count = rule.get("succeededCount")
        needed = len(wanted) if count is None else count
        if succeeded and len(wanted & succeeded) >= needed:
            return Verdict(True, "SuccessPolicy", f"Matched rules at index {number}")
    return None
