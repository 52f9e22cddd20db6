"""Job and CronJob."""

from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING

from k8slab.emulator.fielderrors import FieldErrors, Raw
from k8slab.emulator.godiff import as_go_json
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.rules.podspec import default_pod_spec
from k8slab.emulator.rules.workloads import check_labels_match, selector_json
from k8slab.emulator.validation.jobs import validate_job_spec
from k8slab.emulator.validation.names import label_problems
from k8slab.emulator.validation.podupdate import as_internal
from k8slab.emulator.validation.schedule import schedule_problem
from k8slab.emulator.validation.selectors import check_not_negative, validate_selector

if TYPE_CHECKING:
    from k8slab.emulator.calls import Call
    from k8slab.emulator.cluster import Cluster

PREFIX = "batch.kubernetes.io/"
# Fields that never change, with the struct in which the server holds them where that is not a plain value.
IMMUTABLE = {"completions": "", "selector": "LabelSelector", "template": "PodTemplateSpec", "completionMode": "",
             "podFailurePolicy": "PodFailurePolicy", "backoffLimitPerIndex": "", "managedBy": "",
             "successPolicy": "SuccessPolicy"}  # fmt: skip
PLACEMENT = ("affinity", "nodeSelector", "tolerations", "schedulingGates")
POLICIES = ("Allow", "Forbid", "Replace")
LONGEST_CRON_NAME = 52


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
        spec, metadata = obj["spec"], obj["metadata"]
        if not spec.get("manualSelector"):
            self._check_generated(spec, metadata, errors)
        validate_job_spec(spec, "spec", errors)
        selector = spec.get("selector")
        if selector is None:
            errors.required("spec.selector")
        if validate_selector(selector or {}, "spec.selector", errors):
            check_labels_match(selector, spec["template"], "spec.template", errors)
        _check_host_names(spec, metadata.get("name", ""), errors)

    def _check_generated(self, spec: Obj, metadata: Obj, errors: FieldErrors) -> None:
        """The labels that tell a Job's pods from others are the server's own."""
        labels = (spec["template"].get("metadata") or {}).get("labels") or {}
        for prefix in ("", PREFIX):
            for key, value in (("controller-uid", metadata.get("uid", "")), ("job-name", metadata.get("name", ""))):
                found, path = labels.get(prefix + key), f"spec.template.metadata.labels[{prefix}{key}]"
                if found is None:
                    errors.required(path, f"must be '{value}'")
                elif found != value:
                    errors.invalid(path, labels, f"must be '{value}'")
        expected = {"matchLabels": {f"{PREFIX}controller-uid": metadata.get("uid", "")}}
        selector = spec.get("selector")
        if selector is not None and selector != expected and not spec.get("manualSelector"):
            errors.invalid("spec.selector", selector_json(selector), "`selector` not auto-generated")

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        suspended = bool(old["spec"].get("suspend")) and not (old.get("status") or {}).get("startTime")
        for name, struct in IMMUTABLE.items():
            new, known = obj["spec"].get(name), old["spec"].get(name)
            if name == "completions" and _may_grow(obj["spec"], old["spec"]):
                continue
            if name == "template" and suspended:
                if _without_placement(new) != _without_placement(known):
                    errors.invalid("spec.template", _template_json(new), "field is immutable")
            elif new != known:
                shown = _template_json(new) if name == "template" else as_go_json(struct, new) if struct else new
                errors.invalid(f"spec.{name}", shown, "field is immutable")


def _may_grow(new: Obj, old: Obj) -> bool:
    """An indexed job may change how much it does together with how much of it at once."""
    if new.get("completionMode") != "Indexed" or new.get("completions") is None:
        return False
    return bool(new["completions"] == new.get("parallelism"))


def _without_placement(template: Obj) -> Obj:
    """What of a suspended job's template must stay as it is."""
    metadata = {k: v for k, v in (template.get("metadata") or {}).items() if k not in ("labels", "annotations")}
    spec = {k: v for k, v in (template.get("spec") or {}).items() if k not in PLACEMENT}
    if isinstance(spec.get("containers"), list):
        spec["containers"] = [{k: v for k, v in one.items() if k != "resources"} for one in spec["containers"]]
    return {"metadata": metadata, "spec": spec}


def _template_json(template: Obj) -> Raw:
    """Its metadata keeps its names, for it is not the server's own."""
    metadata = template.get("metadata") or {}
    told = [f'"{name}":{as_go_json("", metadata[name])}' for name in ("labels", "annotations") if metadata.get(name)]
    told.append(f'"Spec":{as_go_json("PodSpec", as_internal(template.get("spec") or {}))}')
    return Raw(f"{{{','.join(told)}}}")


def _check_host_names(spec: Obj, name: str, errors: FieldErrors) -> None:
    count = spec.get("completions") or 0
    if spec.get("completionMode") == "Indexed" and count > 0:
        longest = f"{name}-{count - 1}"
        if label_problems(longest):
            why = f"will not able to create pod with invalid DNS label: {longest}"
            errors.invalid("metadata.name", name, why)


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
        schedule, zone = spec.get("schedule", ""), spec.get("timeZone")
        if not schedule:
            errors.required("spec.schedule")
        else:
            _validate_schedule(schedule, zone, errors)
        check_not_negative(spec, "spec", errors, "startingDeadlineSeconds")
        if zone is not None:
            _validate_zone(zone, errors)
        if spec.get("concurrencyPolicy") not in POLICIES:
            errors.unsupported("spec.concurrencyPolicy", spec.get("concurrencyPolicy"), POLICIES)
        inner = spec["jobTemplate"]["spec"]
        validate_job_spec(inner, "spec.jobTemplate.spec", errors)
        if inner.get("selector") is not None:
            shown = selector_json(inner["selector"])
            errors.invalid("spec.jobTemplate.spec.selector", shown, "`selector` will be auto-generated")
        if inner.get("manualSelector"):
            errors.unsupported("spec.jobTemplate.spec.manualSelector", True, ("nil", "false"))
        check_not_negative(spec, "spec", errors, "successfulJobsHistoryLimit", "failedJobsHistoryLimit")
        if len(name) > LONGEST_CRON_NAME:
            errors.invalid("metadata.name", name, f"must be no more than {LONGEST_CRON_NAME} characters")


def _validate_zone(zone: str, errors: FieldErrors) -> None:
    if not zone:
        errors.invalid("spec.timeZone", zone, "timeZone must be nil or non-empty string")
    elif zone.lower() == "local":
        why = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"
        errors.invalid("spec.timeZone", zone, why)
    elif zone not in zoneinfo.available_timezones():
        errors.invalid("spec.timeZone", zone, f"unknown time zone {zone}")


def _validate_schedule(schedule: str, zone: str | None, errors: FieldErrors) -> None:
    if why := schedule_problem(schedule):
        errors.invalid("spec.schedule", schedule, why)
    if "TZ" in schedule and zone is not None:
        errors.invalid("spec.schedule", schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule")
    elif "TZ" in schedule:
        errors.invalid("spec.schedule", schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")
