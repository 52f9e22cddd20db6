"""ValidatingAdmissionPolicy and its binding."""

from __future__ import annotations

from k8slab.emulator.expressions import ExpressionError, compiled, result_type
from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.base import Rules, rules_for

API = "admissionregistration.k8s.io"
ACTIONS = ("Audit", "Deny", "Warn")


@rules_for(f"validatingadmissionpolicies.{API}")
class PolicyRules(Rules):
    has_generation = True

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        spec = obj.get("spec") or {}
        constraints = spec.get("matchConstraints")
        if constraints is None:
            errors.required("spec.matchConstraints")
        elif not constraints.get("resourceRules"):
            errors.required("spec.matchConstraints.resourceRules")
        if not spec.get("validations") and not spec.get("auditAnnotations"):
            errors.required("spec.validations", "validations or auditAnnotations must contain at least one item")
        for index, one in enumerate(spec.get("variables") or []):
            _check(one.get("expression", ""), f"spec.variables[{index}].expression", None, errors)
        for index, one in enumerate(spec.get("matchConditions") or []):
            _check(one.get("expression", ""), f"spec.matchConditions[{index}].expression", "bool", errors)
        for index, one in enumerate(spec.get("validations") or []):
            place = f"spec.validations[{index}]"
            if not one.get("expression", "").strip():
                errors.required(f"{place}.expression", "expression is not specified")
            else:
                _check(one["expression"], f"{place}.expression", "bool", errors)
            if one.get("messageExpression"):
                _check(one["messageExpression"], f"{place}.messageExpression", "string", errors)


def _check(text: str, place: str, wanted: str | None, errors: FieldErrors) -> None:
    try:
        compiled(text)
    except ExpressionError as error:
        errors.invalid(place, text, f"compilation failed: {error}")
        return
    found = result_type(text)
    if wanted and found not in (wanted, "dyn"):
        errors.invalid(place, text, f"must evaluate to {wanted} but got {found}")


@rules_for(f"validatingadmissionpolicybindings.{API}")
class PolicyBindingRules(Rules):
    has_generation = True
    status_is_apart = False

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        spec = obj.get("spec") or {}
        if not spec.get("policyName"):
            errors.required("spec.policyName")
        actions = spec.get("validationActions") or []
        if not actions:
            errors.required("spec.validationActions")
        for index, action in enumerate(actions):
            if action not in ACTIONS:
                errors.unsupported(f"spec.validationActions[{index}]", action, ACTIONS)
        if "Deny" in actions and "Warn" in actions:
            errors.invalid(
                "spec.validationActions",
                actions,
                "must not contain both Deny and Warn (repeating the same validation failure information in the API "
                "response and headers serves no purpose)",
            )
