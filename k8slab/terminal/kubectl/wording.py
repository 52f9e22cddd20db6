"""An API error as kubectl prints it (k8s.io/kubectl/pkg/cmd/util/helpers.go, StandardErrorMessage)."""

from __future__ import annotations

from k8slab.kube.errors import Invalid, KubeError, Unavailable, UnknownKind


def error_line(error: KubeError) -> str:
    """One error without a line's end."""
    if isinstance(error, UnknownKind):
        return f"error: {error.message}"
    if isinstance(error, Invalid):
        return f"{_invalid(error)}"
    if isinstance(error, Unavailable) and error.code == 0:
        return f"Unable to connect to the server: {error.message}"
    if error.reason:
        return f"Error from server ({error.reason}): {error.message}"
    return f"Error from server: {error.message}"


def _invalid(error: KubeError) -> str:
    details = error.status.get("details")
    if details is None:
        return f"The request is invalid: {error.message}"
    kind, name, causes = details.get("kind", ""), details.get("name", ""), error.causes
    head = f'The {kind} "{name}" is invalid' if kind or name else "The request is invalid"
    if not causes:
        return f"{head}: {error.message}" if not kind and not name and error.message else head
    lines = list(dict.fromkeys(f"{cause.field}: {cause.message}" for cause in causes))
    return f"{head}: {lines[0]}" if len(lines) == 1 else f"{head}: \n" + "\n".join(f"* {line}" for line in lines)
