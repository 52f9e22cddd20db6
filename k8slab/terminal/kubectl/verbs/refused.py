"""Commands of kubectl that make no sense in this terminal: a clear line why."""

from __future__ import annotations

from ..invocation import Failed, Invocation
from ..registry import verb

HERE = "is not available in this terminal"


@verb("completion", summary="Output shell completion code (not in this terminal)", usage="SHELL")
def completion(invocation: Invocation) -> None:
    raise Failed(f"error: kubectl completion {HERE}: press Tab, it completes already")


@verb("plugin list", summary="List plugins (not in this terminal)")
def plugin(invocation: Invocation) -> None:
    raise Failed(f"error: kubectl plugin {HERE}: it runs no other programs")


@verb("proxy", summary="Run a proxy to the Kubernetes API server (not in this terminal)")
def proxy(invocation: Invocation) -> None:
    raise Failed(f"error: kubectl proxy {HERE}: nothing could connect to its port; use port-forward, or get -o json")


@verb("debug", summary="Create debugging sessions (not in this terminal)", usage="(POD | TYPE/NAME)")
def debug(invocation: Invocation) -> None:
    raise Failed(f"error: kubectl debug {HERE}: use kubectl exec, or a pod of your own with kubectl run -it")


@verb("certificate approve", summary="Approve a certificate signing request (not in this terminal)")
@verb("certificate deny", summary="Deny a certificate signing request (not in this terminal)")
def certificate(invocation: Invocation) -> None:
    raise Failed(f"error: kubectl certificate {HERE}: there is nobody who signs certificates")


@verb("auth reconcile", summary="Reconcile RBAC rules (not in this terminal)")
def reconcile(invocation: Invocation) -> None:
    raise Failed(f"error: kubectl auth reconcile {HERE}: use kubectl apply -f")
