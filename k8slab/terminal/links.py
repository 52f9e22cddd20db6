"""Links to a pod's port, as `kubectl port-forward` gives them: who has the link sees what GET answers, for an hour.

No cookie is asked for, so that a page from a container, which nobody trusts, has no power that its link has not.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing
from django.urls import reverse

from k8slab.sandbox.models import Sandbox

SALT = "terminal.forward"
HOURS = 1


@dataclass(frozen=True, slots=True)
class Forward:
    """Where a link leads."""

    sandbox: Sandbox
    namespace: str
    plural: str
    name: str
    port: int


def forward_link(origin: str, sandbox: int, namespace: str, plural: str, name: str, port: int) -> str:
    token = signing.dumps([sandbox, namespace, plural, name, port], salt=SALT, compress=True)
    return f"{origin}{reverse('forward', args=[token, ''])}"


def read_link(token: str) -> Forward | None:
    """None for one that is not ours, too old, or of a sandbox that is no longer there."""
    try:
        pk, namespace, plural, name, port = signing.loads(token, salt=SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        return None
    sandbox = Sandbox.objects.filter(pk=pk, state=Sandbox.State.READY).first()
    return Forward(sandbox, namespace, plural, name, port) if sandbox else None
