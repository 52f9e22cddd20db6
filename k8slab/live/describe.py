"""A sandbox as pages see it."""

from __future__ import annotations

from k8slab.sandbox.models import Sandbox

from .messages import Sandbox as SandboxMessage


def describe(sandbox: Sandbox) -> SandboxMessage:
    """Its row as a message."""
    return SandboxMessage(
        type="sandbox",
        state=sandbox.state,  # type: ignore[typeddict-item]  # a TextChoices value, the same words
        namespace=sandbox.namespace,
        expires=sandbox.expires.isoformat(),
        error=sandbox.error,
    )
