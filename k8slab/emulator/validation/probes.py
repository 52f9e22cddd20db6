"""Probes and lifecycle hooks: one handler each, with sensible numbers."""

from __future__ import annotations

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.validation.names import HEADER_NAME, HEADER_TEXT, port_name_problems
from k8slab.emulator.validation.resources import NOT_NEGATIVE

PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
OF_PROBES = ("exec", "httpGet", "tcpSocket", "grpc")
OF_HOOKS = ("exec", "httpGet", "tcpSocket", "sleep")
NUMBERS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")
PORT_RANGE = "must be between 1 and 65535, inclusive"
WITHOUT_RESTART = "may not be set for init containers without restartPolicy=Always"


def validate_hooks(container: Obj, place: str, grace: int, errors: FieldErrors) -> None:
    lifecycle = container.get("lifecycle") or {}
    for kind in ("postStart", "preStop"):
        if lifecycle.get(kind) is not None:
            _validate_handler(lifecycle[kind], OF_HOOKS, f"{place}.lifecycle.{kind}", grace, errors)
    for kind in PROBES:
        if container.get(kind) is not None:
            _validate_probe(kind, container[kind], f"{place}.{kind}", grace, errors)


def forbid_hooks(container: Obj, place: str, errors: FieldErrors) -> None:
    """Of an init container that ends before the next one begins."""
    for kind in ("lifecycle", *PROBES):
        if container.get(kind) is not None:
            errors.forbidden(f"{place}.{kind}", WITHOUT_RESTART)


def _validate_probe(kind: str, probe: Obj, path: str, grace: int, errors: FieldErrors) -> None:
    _validate_handler(probe, OF_PROBES, path, grace, errors)
    for name in NUMBERS:
        if probe.get(name, 0) < 0:
            errors.invalid(f"{path}.{name}", probe[name], NOT_NEGATIVE)
    own = probe.get("terminationGracePeriodSeconds")
    if own is not None and own <= 0:
        errors.invalid(f"{path}.terminationGracePeriodSeconds", own, "must be greater than 0")
    if kind != "readinessProbe" and probe.get("successThreshold", 1) != 1:
        errors.invalid(f"{path}.successThreshold", probe["successThreshold"], "must be 1")
    elif kind == "readinessProbe" and own is not None:
        errors.invalid(f"{path}.terminationGracePeriodSeconds", own, "must not be set for readinessProbes")


def _validate_handler(handler: Obj, kinds: tuple[str, ...], path: str, grace: int, errors: FieldErrors) -> None:
    present = [name for name in kinds if handler.get(name) is not None]
    for kind in present[:1]:
        _validate_action(kind, handler[kind], f"{path}.{kind}", grace, errors)
    for extra in present[1:]:
        errors.forbidden(f"{path}.{extra}", "may not specify more than 1 handler type")
    if not present:
        errors.required(path, "must specify a handler type")


def _validate_action(kind: str, action: Obj, path: str, grace: int, errors: FieldErrors) -> None:
    if kind == "exec" and not action.get("command"):
        errors.required(f"{path}.command")
    if kind in ("httpGet", "tcpSocket", "grpc"):
        check_port(action.get("port", 0), f"{path}.port", errors)
    if kind == "httpGet":
        if action.get("scheme", "HTTP") not in ("HTTP", "HTTPS"):
            errors.unsupported(f"{path}.scheme", action["scheme"], ("HTTP", "HTTPS"))
        for header in action.get("httpHeaders") or []:
            if not HEADER_NAME.match(header.get("name", "")):
                errors.invalid(f"{path}.httpHeaders", header.get("name", ""), HEADER_TEXT)
    if kind == "sleep" and not 0 <= action.get("seconds", 0) <= grace:
        why = f"must be non-negative and less than terminationGracePeriodSeconds ({grace})"
        errors.invalid(path, action.get("seconds", 0), why)


def check_port(port: object, path: str, errors: FieldErrors) -> None:
    """By number or by name."""
    if isinstance(port, int):
        check_port_number(port, path, errors)
        return
    for why in port_name_problems(str(port)):
        errors.invalid(path, port, why)


def check_port_number(port: int, path: str, errors: FieldErrors) -> None:
    if not 1 <= port <= 65535:
        errors.invalid(path, port, PORT_RANGE)
