"""Every change of a sandbox's state, and the work in the cluster that goes with it.

`request_sandbox`, `touch` and `extend` only write a row; `start`, `reset` and `close` work in the cluster and belong
into a task. Each of those goes on where a worker that died has left it. Nothing is published here: an upper room calls,
looks at `sandbox.state` afterwards, and tells the pages.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from k8slab.accounts.models import User
from k8slab.kube.client import Client
from k8slab.kube.errors import KubeError

from . import equipment, further, namespaces
from .cluster import app_client
from .equipment import Equipment
from .manifests import Plan
from .models import Sandbox
from .names import digest, homes_of, namespace_name

log = logging.getLogger(__name__)

State = Sandbox.State
MOVES: Mapping[str, frozenset[str]] = {
    State.REQUESTED: frozenset((State.STARTING, State.FAILED)),
    State.STARTING: frozenset((State.READY, State.FAILED)),
    State.READY: frozenset((State.RESETTING, State.CLOSING, State.GONE, State.FAILED)),
    State.RESETTING: frozenset((State.READY, State.GONE, State.FAILED)),
    State.CLOSING: frozenset((State.GONE, State.FAILED)),
    State.GONE: frozenset((State.REQUESTED,)),
    State.FAILED: frozenset((State.REQUESTED, State.CLOSING)),
}
TOUCH_EVERY = timedelta(minutes=1)  # a page that is looked at writes no more often than this


def move(sandbox: Sandbox, to: str, error: str = "") -> bool:
    """Compare and set: False where the table does not allow it, or somebody else has moved the sandbox meanwhile."""
    if to not in MOVES[sandbox.state]:
        return False
    here = Sandbox.objects.filter(pk=sandbox.pk, state=sandbox.state)
    if here.update(state=to, error=error, changed=timezone.now()) != 1:
        return False
    sandbox.state, sandbox.error = to, error
    return True


def request_sandbox(user: User) -> Sandbox:
    """The user's sandbox; one that is gone or has failed is asked for again. May be called at any time."""
    sandbox = Sandbox.objects.filter(owner=user).first() or _create(user)
    if sandbox.state in (State.GONE, State.FAILED) and move(sandbox, State.REQUESTED):
        extend(sandbox)
    return sandbox


def _create(user: User) -> Sandbox:
    name = namespace_name(user.get_username(), settings.SECRET_KEY, str(user.pk))
    try:
        with transaction.atomic():
            return Sandbox.objects.create(owner=user, namespace=name, expires=_expiry())
    except IntegrityError:  # another request of the same person was quicker
        return Sandbox.objects.get(owner=user)


def start(sandbox: Sandbox) -> bool:
    """Requested → ready. Whether it is ready; raises the KubeError that made it fail."""
    if sandbox.state == State.REQUESTED:
        move(sandbox, State.STARTING)
    if sandbox.state == State.STARTING:
        _work(sandbox, namespaces.build, State.READY)
    return sandbox.state == State.READY


def reset(sandbox: Sandbox) -> bool:
    """Ready → resetting → ready, empty but for the fixtures. Whether it is ready; raises the KubeError in its way."""
    if sandbox.state == State.READY:
        move(sandbox, State.RESETTING)
    if sandbox.state == State.RESETTING:
        _work(sandbox, namespaces.empty, State.READY)
    return sandbox.state == State.READY


def empty(sandbox: Sandbox) -> None:
    """The work of `reset` without a change of state, for whoever has something to do before the sandbox is ready."""
    namespaces.empty(app_client(), plan_of(sandbox))


def equip(sandbox: Sandbox, wanted: Equipment) -> None:
    """Gives the sandbox what an exercise needs beyond the usual, and takes away what another one needed."""
    equipment.equip(app_client(), plan_of(sandbox), wanted)


def adopt(namespace: str) -> Sandbox | None:
    """Bounds a further namespace that a student has made, and lets the student work in it. Its sandbox; None where
    there is none, or the namespace may not stay."""
    sandbox = Sandbox.objects.filter(
        namespace__in=homes_of(namespace), state__in=(State.READY, State.RESETTING)
    ).first()
    if sandbox is None or not further.adopt(app_client(), plan_of(sandbox), namespace):
        return None
    return sandbox


def switch_node(sandbox: Sandbox, node: str, *, on: bool) -> bool:
    """Switches one of the sandbox's own nodes; False where it has none of that name."""
    client = app_client()
    if node not in {own["name"] for own in equipment.own_nodes(client, sandbox.namespace)}:
        return False
    equipment.switch(client, node, on=on)
    return True


def close(sandbox: Sandbox) -> bool:
    """Ready or failed → closing → gone. Whether it is gone; the cluster finishes the deletion by itself."""
    if sandbox.state in (State.READY, State.FAILED):
        move(sandbox, State.CLOSING)
    if sandbox.state == State.CLOSING:
        _work(sandbox, lambda client, plan: namespaces.remove(client, plan.namespace), State.GONE)
    return sandbox.state == State.GONE


def verify(sandbox: Sandbox) -> bool:
    """Whether a ready sandbox is still there in the cluster; one that is not is moved to gone."""
    if sandbox.state == State.READY and not namespaces.exists(app_client(), sandbox.namespace):
        log.warning("sandbox %s: its namespace has vanished", sandbox.namespace)
        move(sandbox, State.GONE)
    return sandbox.state == State.READY


def _work(sandbox: Sandbox, work: Callable[[Client, Plan], None], done: str) -> None:
    try:
        work(app_client(), plan_of(sandbox))
    except KubeError as error:
        log.warning("sandbox %s: %s failed: %s", sandbox.namespace, sandbox.state, error)
        move(sandbox, State.FAILED, error.message)
        raise
    if not move(sandbox, done):
        sandbox.refresh_from_db(fields=["state", "error"])


def plan_of(sandbox: Sandbox) -> Plan:
    return Plan(sandbox.namespace, digest(settings.SECRET_KEY, str(sandbox.owner_id)), _site())


def _site() -> str:
    return digest(settings.SECRET_KEY)


# --- time -----------------------------------------------------------------------------------------------------------
def _expiry() -> datetime:
    return timezone.now() + timedelta(hours=settings.SANDBOX_HOURS)


def touch(sandbox: Sandbox) -> None:
    """Somebody works here: the time until it is closed begins again."""
    if _expiry() - sandbox.expires > TOUCH_EVERY:
        extend(sandbox)


def extend(sandbox: Sandbox) -> None:
    """The student asks for more time: the full span from now."""
    sandbox.expires = _expiry()
    Sandbox.objects.filter(pk=sandbox.pk).update(expires=sandbox.expires)


def remove_orphans() -> list[str]:
    """Deletes the namespaces of sandboxes whose row is gone with its owner. Returns their names."""
    client = app_client()
    there = namespaces.of_site(client, _site())  # before the rows are read: a row is older than its namespace
    known = set(Sandbox.objects.values_list("namespace", flat=True))
    orphans = [name for name in there if name not in known]
    for name in orphans:
        namespaces.remove(client, name)
    return orphans


def idle() -> list[Sandbox]:
    """Those whose time is over."""
    closable = (State.READY, State.FAILED, State.CLOSING)
    return list(Sandbox.objects.filter(state__in=closable, expires__lt=timezone.now()))
