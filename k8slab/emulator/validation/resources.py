"""Resource names and amounts: of containers, pods, quotas and limits."""

from __future__ import annotations

from collections.abc import Callable

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.quantity import parse
from k8slab.emulator.validation.names import label_problems, qualified_problems

NOT_NEGATIVE = "must be greater than or equal to 0"
NATIVE = "kubernetes.io/"
HUGE = "hugepages-"
OF_CONTAINERS = ("cpu", "memory", "ephemeral-storage")
OF_PODS = ("cpu", "memory")
COUNTED = ("pods", "services", "replicationcontrollers", "resourcequotas", "secrets", "configmaps",
           "persistentvolumeclaims", "services.nodeports", "services.loadbalancers")  # fmt: skip
OF_QUOTAS = (*OF_CONTAINERS, *(f"{kind}.{name}" for kind in ("requests", "limits") for name in OF_CONTAINERS),
             "requests.storage", *COUNTED)  # fmt: skip
STANDARD = frozenset((*OF_QUOTAS, "storage"))
QUOTA_PREFIXES = (HUGE, f"requests.{HUGE}")
NamesCheck = Callable[[str, str, FieldErrors], None]


def check_resource_name(name: str, path: str, errors: FieldErrors) -> bool:
    """Whether it can be a resource at all."""
    before = len(errors)
    for why in qualified_problems(name):
        errors.invalid(path, name, why)
    if len(errors) == before and "/" not in name and name not in STANDARD and not name.startswith(QUOTA_PREFIXES):
        errors.invalid(path, name, "must be a standard resource type or fully qualified")
    return len(errors) == before


def check_container_resource(name: str, path: str, errors: FieldErrors) -> None:
    check_resource_name(name, path, errors)
    if "/" not in name:
        if name not in OF_CONTAINERS and not name.startswith(HUGE):
            errors.invalid(path, name, "must be a standard resource for containers")
    elif NATIVE not in name and not is_extended(name):
        errors.invalid(path, name, "doesn't follow extended resource name standard")


def check_pod_resource(name: str, path: str, errors: FieldErrors) -> None:
    if check_resource_name(name, path, errors) and name not in OF_PODS and not name.startswith(HUGE):
        errors.unsupported(path, name, (*OF_PODS, HUGE))


def check_quota_resource(name: str, path: str, errors: FieldErrors) -> None:
    check_resource_name(name, path, errors)
    if "/" not in name and name not in OF_QUOTAS and not name.startswith(QUOTA_PREFIXES):
        errors.invalid(path, name, "must be a standard resource for quota")


def is_extended(name: str) -> bool:
    """One that a device plugin or an operator adds to nodes."""
    if "/" not in name or NATIVE in name or name.startswith("requests."):
        return False
    return not qualified_problems(f"requests.{name}")


def may_be_overcommitted(name: str) -> bool:
    return ("/" not in name or NATIVE in name) and not name.startswith(HUGE)


def is_counted_in_whole(name: str) -> bool:
    return name in COUNTED or is_extended(name)


def check_amount_of(name: str, amount: str, path: str, errors: FieldErrors) -> None:
    value = parse(amount)
    if value < 0:
        errors.invalid(path, amount, NOT_NEGATIVE)
    if is_counted_in_whole(name) and value != value.to_integral_value():
        errors.invalid(path, amount, "must be an integer")


def validate_resources(
    resources: Obj, path: str, errors: FieldErrors, claims: set[str], names: NamesCheck = check_container_resource
) -> None:
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    for name, amount in limits.items():
        names(name, f"{path}.limits[{name}]", errors)
        check_amount_of(name, amount, f"{path}.limits[{name}]", errors)
        _check_pages(name, amount, f"{path}.limits[{name}]", errors)
    for name, amount in requests.items():
        place = f"{path}.requests[{name}]"
        names(name, place, errors)
        check_amount_of(name, amount, place, errors)
        _check_below_limit(name, amount, limits, path, errors)
        _check_pages(name, amount, place, errors)
    known = {*limits, *requests}
    if any(name.startswith(HUGE) for name in known) and not known & {"cpu", "memory"}:
        errors.forbidden(path, "HugePages require cpu or memory")
    _check_claims(resources.get("claims") or [], f"{path}.claims", claims, errors)


def _check_below_limit(name: str, amount: str, limits: Obj, path: str, errors: FieldErrors) -> None:
    limit = limits.get(name)
    if limit is None:
        if not may_be_overcommitted(name):
            errors.required(f"{path}.limits", "Limit must be set for non overcommitable resources")
    elif parse(amount) != parse(limit) and not may_be_overcommitted(name):
        errors.invalid(f"{path}.requests", amount, f"must be equal to {name} limit of {limit}")
    elif parse(amount) > parse(limit):
        errors.invalid(f"{path}.requests", amount, f"must be less than or equal to {name} limit of {limit}")


def _check_pages(name: str, amount: str, path: str, errors: FieldErrors) -> None:
    if name.startswith(HUGE) and (parse(amount) <= 0 or parse(amount) % parse(name.removeprefix(HUGE))):
        errors.invalid(path, amount, f"{amount} is not positive integer multiple of {name}")


def _check_claims(claims: list[Obj], path: str, known: set[str], errors: FieldErrors) -> None:
    seen: set[str] = set()
    for index, claim in enumerate(claims):
        place, name = f"{path}[{index}]", claim.get("name", "")
        if not name:
            errors.required(place)
            continue
        if name in seen:
            errors.duplicate(place, name)
        for why in label_problems(claim["request"]) if claim.get("request") else ():
            errors.invalid(f"{place}.request", claim["request"], why)
        seen.add(name)
        if name not in known:
            among = f": {', '.join(sorted(known))}" if known else " which is empty"
            errors.not_found(place, name, f"must be one of the names in pod.spec.resourceClaims{among}")
