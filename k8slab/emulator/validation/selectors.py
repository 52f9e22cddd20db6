"""metav1.LabelSelector inside objects, and numbers that may be percentages."""

from __future__ import annotations

import re

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.validation.metadata import validate_labels
from k8slab.emulator.validation.names import label_value_problems, qualified_problems

NOT_NEGATIVE = "must be greater than or equal to 0"
PERCENT = re.compile(r"[0-9]+%\Z")
PERCENT_TEXT = (
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for "
    "validation is '[0-9]+%')"
)


def validate_selector(selector: Obj, path: str, errors: FieldErrors) -> bool:
    """Whether it can be used."""
    before = len(errors)
    validate_labels(selector.get("matchLabels") or {}, f"{path}.matchLabels", errors)
    for index, one in enumerate(selector.get("matchExpressions") or []):
        place, operator, values = f"{path}.matchExpressions[{index}]", one.get("operator"), one.get("values") or []
        if operator in ("In", "NotIn"):
            if not values:
                errors.required(f"{place}.values", "must be specified when `operator` is 'In' or 'NotIn'")
        elif operator in ("Exists", "DoesNotExist"):
            if values:
                errors.forbidden(
                    f"{place}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
                )
        else:
            errors.invalid(f"{place}.operator", operator or "", "not a valid selector operator")
        for why in qualified_problems(one.get("key", "")):
            errors.invalid(f"{place}.key", one.get("key", ""), why)
        for number, value in enumerate(values):
            for why in label_value_problems(value):
                errors.invalid(f"{place}.values[{number}]", value, why)
    return len(errors) == before


def check_not_negative(spec: Obj, path: str, errors: FieldErrors, *names: str) -> None:
    for name in names:
        value = spec.get(name)
        if value is not None and value < 0:
            errors.invalid(f"{path}.{name}" if path else name, value, NOT_NEGATIVE)


def check_amount(value: object, path: str, errors: FieldErrors) -> None:
    """An IntOrString that counts pods."""
    if isinstance(value, str):
        if not PERCENT.match(value):
            errors.invalid(path, value, PERCENT_TEXT)
    elif isinstance(value, int) and value < 0:
        errors.invalid(path, value, NOT_NEGATIVE)


def check_not_above_all(value: object, path: str, errors: FieldErrors) -> None:
    if isinstance(value, str) and PERCENT.match(value) and int(value[:-1]) > 100:
        errors.invalid(path, value, "must not be greater than 100%")


def is_zero(value: object) -> bool:
    """A text that is no percentage counts as its number, or as none."""
    if isinstance(value, str):
        number = value.removesuffix("%")
        return not number.isdecimal() or int(number) == 0
    return value in (0, None)
