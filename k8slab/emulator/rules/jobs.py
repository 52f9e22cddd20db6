"""Job and CronJob."""

from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.rules.podspec import default_pod_spec
from k8slab.emulator.rules.workloads import validate_template
from k8slab.emulator.validation.selectors import check_not_negative

if TYPE_CHECKING:
    from k8slab.emulator.calls import Call
    from k8slab.emulator.cluster import Cluster

PREFIX = "batch.kubernetes.io/"
RESTART = ("OnFailure", "Never")
IMMUTABLE = ("completions", "selector", "template", "completionMode", "podFailurePolicy", "backoffLimitPerIndex")
MACROS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")


def _default_spec(spec: Obj) -> None:
    template = spec.setdefault("template", {})
    template.setdefault("metadata", {})
    default_pod_spec(template.setdefault("spec", {}), real=False)


@rules_for("jobs.batch")
class JobRules(Rules):
    has_generation = True
    orphans_by_default = True

    def default(self, obj: Obj) -> None:
        spec = obj.setdefault("spec", {})
        if "completions" not in spec and "parallelism" not in spec:
            spec["completions"] = spec["parallelism"] = 1
        for name, value in (
            ("parallelism", 1),
            ("backoffLimit", 6),
            ("completionMode", "NonIndexed"),
            ("suspend", False),
        ):
            spec.setdefault(name, value)
        spec.setdefault("podReplacementPolicy", "Failed" if spec.get("podFailurePolicy") else "TerminatingOrFailed")
        _default_spec(spec)

    def prepare_create(self, cluster: Cluster, call: Call, obj: Obj) -> None:
        obj["status"] = {}
        spec, metadata = obj["spec"], obj["metadata"]
        if spec.get("manualSelector"):
            return
        spec.setdefault("manualSelector", False)
        labels = {
            f"{PREFIX}controller-uid": metadata["uid"],
            f"{PREFIX}job-name": metadata.get("name", ""),
            "controller-uid": metadata["uid"],
            "job-name": metadata.get("name", ""),
        }
        own = spec["template"]["metadata"].setdefault("labels", {})
        own.update(labels)
        if not metadata.get("labels"):
            metadata["labels"] = dict(own)
        spec["selector"] = {"matchLabels": {f"{PREFIX}controller-uid": metadata["uid"]}}

    def prepare_update(self, cluster: Cluster, call: Call, obj: Obj, old: Obj) -> None:
        for name in ("selector", "manualSelector"):
            if name not in obj["spec"] and name in old["spec"]:
                obj["spec"][name] = old["spec"][name]

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        _validate_spec(obj["spec"], "spec", errors)

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        suspended = bool(old["spec"].get("suspend")) and not (old.get("status") or {}).get("startTime")
        for name in IMMUTABLE:
            if name == "template" and suspended:
                continue
            new, known = obj["spec"].get(name), old["spec"].get(name)
            if new != known:
                errors.invalid(f"spec.{name}", new, "field is immutable")


def _validate_spec(spec: Obj, path: str, errors: FieldErrors) -> None:
    check_not_negative(spec, path, errors, "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit",
                       "ttlSecondsAfterFinished")  # fmt: skip
    if spec.get("completionMode") == "Indexed" and spec.get("completions") is None:
        errors.required(f"{path}.completions", "when completion mode is Indexed")
    validate_template(spec["template"], f"{path}.template", errors, RESTART)


@rules_for("cronjobs.batch")
class CronJobRules(Rules):
    has_generation = True

    def default(self, obj: Obj) -> None:
        template = obj.setdefault("spec", {}).setdefault("jobTemplate", {})
        template.setdefault("metadata", {})
        spec = template.setdefault("spec", {})
        _default_spec(spec)

    def prepare_create(self, cluster: Cluster, call: Call, obj: Obj) -> None:
        obj["status"] = {}

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        name, spec = obj["metadata"].get("name", ""), obj["spec"]
        if len(name) > 52:
            errors.invalid("metadata.name", name, "must be no more than 52 characters")
        _validate_spec(spec["jobTemplate"]["spec"], "spec.jobTemplate.spec", errors)
        schedule = spec.get("schedule", "")
        if not schedule:
            errors.required("spec.schedule")
        else:
            _validate_schedule(schedule, errors)
        zone = spec.get("timeZone")
        if zone is not None and zone not in zoneinfo.available_timezones():
            errors.invalid("spec.timeZone", zone, f"unknown time zone {zone}")
        check_not_negative(
            spec, "spec", errors, "startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"
        )
        if spec.get("concurrencyPolicy") not in ("Allow", "Forbid", "Replace"):
            errors.unsupported("spec.concurrencyPolicy", spec.get("concurrencyPolicy"), ("Allow", "Forbid", "Replace"))


def _validate_schedule(schedule: str, errors: FieldErrors) -> None:
    if schedule.startswith("@"):
        if schedule not in MACROS and not schedule.startswith("@every "):
            errors.invalid("spec.schedule", schedule, f"unrecognized descriptor: {schedule}")
        return
    fields = schedule.split()
    if len(fields) != 5:
        why = f"expected exactly 5 fields, found {len(fields)}: [{' '.join(fields)}]"
        errors.invalid("spec.schedule", schedule, why)
