"""What a Job may ask for: counts, indexes, and what to make of its pods' failures."""

from __future__ import annotations

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.godiff import as_go_json
from k8slab.emulator.ports import Obj
from k8slab.emulator.status import Cause
from k8slab.emulator.validation.names import qualified_problems
from k8slab.emulator.validation.pod import validate_template
from k8slab.emulator.validation.selectors import check_not_negative

COUNTS = ("parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished",
          "backoffLimitPerIndex", "maxFailedIndexes")  # fmt: skip
MODES = ("NonIndexed", "Indexed")
MOST_AT_ONCE = MOST_FAILED = 100_000
ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")
OPERATORS = ("In", "NotIn")
STATES = ("False", "True", "Unknown")
REPLACEMENTS = ("Failed", "TerminatingOrFailed")
MOST_RULES, MOST_CODES, MOST_CONDITIONS = 20, 255, 20
INDEXED_ONLY = "requires indexed completion mode"


def validate_job_spec(spec: Obj, path: str, errors: FieldErrors) -> None:
    check_not_negative(spec, path, errors, *COUNTS)
    if spec.get("maxFailedIndexes") is not None and spec.get("backoffLimitPerIndex") is None:
        errors.required(f"{path}.backoffLimitPerIndex", "when maxFailedIndexes is specified")
    _check_managed_by(spec, f"{path}.managedBy", errors)
    _check_mode(spec, path, errors)
    if spec.get("podFailurePolicy") is not None:
        _check_failure_policy(spec, f"{path}.podFailurePolicy", errors)
    if spec.get("successPolicy") is not None:
        _check_success_policy(spec, f"{path}.successPolicy", errors)
    _check_replacement(spec, f"{path}.podReplacementPolicy", errors)
    validate_template(spec["template"], f"{path}.template", errors)
    _check_restart(spec, f"{path}.template.spec.restartPolicy", errors)


def _check_managed_by(spec: Obj, path: str, errors: FieldErrors) -> None:
    manager = spec.get("managedBy")
    if manager is None:
        return
    host, _, rest = manager.partition("/")
    if not manager:
        errors.required(path)
    elif not host or not rest:
        errors.invalid(path, manager, 'must be a domain-prefixed path (such as "acme.io/foo")')
    if len(manager) > 63:
        errors.too_long(path, 63)


def _check_mode(spec: Obj, path: str, errors: FieldErrors) -> None:
    mode, done, failed = spec.get("completionMode", "NonIndexed"), spec.get("completions"), spec.get("maxFailedIndexes")
    if mode not in MODES:
        errors.unsupported(f"{path}.completionMode", mode, MODES)
    if mode == "Indexed":
        if done is None:
            errors.required(f"{path}.completions", "when completion mode is Indexed")
        if spec.get("parallelism", 1) > MOST_AT_ONCE:
            why = f"must be less than or equal to {MOST_AT_ONCE} when completion mode is Indexed"
            errors.invalid(f"{path}.parallelism", spec["parallelism"], why)
        if done is not None and failed is not None and failed > done:
            errors.invalid(f"{path}.maxFailedIndexes", failed, "must be less than or equal to completions")
        if failed is not None and failed > MOST_FAILED:
            errors.invalid(f"{path}.maxFailedIndexes", failed, f"must be less than or equal to {MOST_FAILED}")
    if mode == "NonIndexed":
        for name in ("backoffLimitPerIndex", "maxFailedIndexes"):
            if spec.get(name) is not None:
                errors.invalid(f"{path}.{name}", spec[name], INDEXED_ONLY)


def _check_failure_policy(spec: Obj, path: str, errors: FieldErrors) -> None:
    rules = spec["podFailurePolicy"].get("rules") or []
    if len(rules) > MOST_RULES:
        errors.too_many(f"{path}.rules", len(rules), MOST_RULES)
    pod = spec["template"].get("spec") or {}
    names = {one.get("name") for kind in ("containers", "initContainers") for one in pod.get(kind) or []}
    for index, rule in enumerate(rules):
        _check_rule(rule, f"{path}.rules[{index}]", spec, names, errors)


def _check_rule(rule: Obj, path: str, spec: Obj, names: set[str | None], errors: FieldErrors) -> None:
    action, codes, conditions = rule.get("action", ""), rule.get("onExitCodes"), rule.get("onPodConditions") or []
    if not action:
        errors.required(f"{path}.action", f"valid values: {_listed(ACTIONS)}")
    elif action == "FailIndex" and spec.get("backoffLimitPerIndex") is None:
        errors.invalid(f"{path}.action", action, "requires the backoffLimitPerIndex to be set")
    elif action not in ACTIONS:
        errors.unsupported(f"{path}.action", action, ACTIONS)
    if codes is not None:
        _check_codes(codes, f"{path}.onExitCodes", names, errors)
    if len(conditions) > MOST_CONDITIONS:
        errors.too_many(f"{path}.onPodConditions", len(conditions), MOST_CONDITIONS)
    for index, pattern in enumerate(conditions):
        _check_condition(pattern, f"{path}.onPodConditions[{index}]", errors)
    if codes is not None and conditions:
        _invalid_whole(path, "specifying both OnExitCodes and OnPodConditions is not supported", errors)
    if codes is None and not conditions:
        _invalid_whole(path, "specifying one of OnExitCodes and OnPodConditions is required", errors)


def _listed(values: tuple[str, ...]) -> str:
    return "[" + " ".join(f'"{one}"' for one in values) + "]"


def _invalid_whole(path: str, why: str, errors: FieldErrors) -> None:
    """Where the server does not show the value."""
    errors.append(Cause("FieldValueInvalid", f"Invalid value: {why}", path))


def _check_codes(codes: Obj, path: str, names: set[str | None], errors: FieldErrors) -> None:
    operator, name, values = codes.get("operator", ""), codes.get("containerName"), codes.get("values") or []
    if not operator:
        errors.required(f"{path}.operator", f"valid values: {_listed(OPERATORS)}")
    elif operator not in OPERATORS:
        errors.unsupported(f"{path}.operator", operator, OPERATORS)
    if name is not None and name not in names:
        why = "must be one of the container or initContainer names in the pod template"
        errors.invalid(f"{path}.containerName", name, why)
    if not values:
        errors.invalid(f"{path}.values", codes.get("values"), "at least one value is required")
    elif len(values) > MOST_CODES:
        errors.too_many(f"{path}.values", len(values), MOST_CODES)
    for index, code in enumerate(values):
        if operator == "In" and code == 0:
            errors.invalid(f"{path}.values[{index}]", code, "must not be 0 for the In operator")
        if code in values[:index]:
            errors.duplicate(f"{path}.values[{index}]", code)
    if values != sorted(values):
        errors.invalid(f"{path}.values", values, "must be ordered")


def _check_condition(pattern: Obj, path: str, errors: FieldErrors) -> None:
    kind, state = pattern.get("type", ""), pattern.get("status", "")
    for why in qualified_problems(kind):
        errors.invalid(f"{path}.type", kind, why)
    if not state:
        errors.required(f"{path}.status", f"valid values: {_listed(STATES)}")
    elif state not in STATES:
        errors.unsupported(f"{path}.status", state, STATES)


def _check_success_policy(spec: Obj, path: str, errors: FieldErrors) -> None:
    policy, rules = spec["successPolicy"], spec["successPolicy"].get("rules") or []
    if spec.get("completionMode", "NonIndexed") != "Indexed":
        errors.invalid(path, as_go_json("SuccessPolicy", policy), INDEXED_ONLY)
        return
    if not rules:
        errors.required(f"{path}.rules", "at least one rules must be specified when the successPolicy is specified")
    if len(rules) > MOST_RULES:
        errors.too_many(f"{path}.rules", len(rules), MOST_RULES)
    done = spec.get("completions") or 0
    for index, rule in enumerate(rules):
        place, count = f"{path}.rules[{index}]", rule.get("succeededCount")
        if count is None and rule.get("succeededIndexes") is None:
            errors.required(place, "at least one of succeededCount or succeededIndexes must be specified")
        if count is not None:
            check_not_negative(rule, place, errors, "succeededCount")
            if count > done:
                why = f"must be less than or equal to {done} (the number of specified completions)"
                errors.invalid(f"{place}.succeededCount", count, why)


def _check_replacement(spec: Obj, path: str, errors: FieldErrors) -> None:
    policy = spec.get("podReplacementPolicy")
    if policy is None:
        return
    allowed = ("Failed",) if spec.get("podFailurePolicy") is not None else REPLACEMENTS
    if policy not in allowed:
        errors.unsupported(path, policy, allowed)


def _check_restart(spec: Obj, path: str, errors: FieldErrors) -> None:
    policy = (spec["template"].get("spec") or {}).get("restartPolicy", "Always")
    if policy == "Always":
        errors.required(path, 'valid values: "OnFailure", "Never"')
    elif policy not in ("OnFailure", "Never"):
        errors.unsupported(path, policy, ("OnFailure", "Never"))
    elif spec.get("podFailurePolicy") is not None and policy != "Never":
        errors.invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified')
