from __future__ import annotations

import pytest

from .fake_world import Grader, rolled_out

HINTED = """
- id: a
  object: {apiVersion: apps/v1, kind: Deployment, name: web}
  settled: true
  match: {spec: {replicas: REPLICAS}}
  hints:
    - {when: {event: FailedCreate, contains: Exceeded Quota}, say: quota}
    - {when: {event: FailedCreate}, say: cannot create}
    - {when: {contains: not found}, say: no such image}
    - {when: {cel: object.status.readyReplicas == 1}, say: only one}
    - {say: 'look at ${name}'}
"""


def said(ready: int = 2, replicas: int = 3, *events: tuple[str, str]) -> str | None:
    world = rolled_out(ready=ready)
    for reason, message in events:
        world.event(world.get("ReplicaSet", "web-1"), reason, message)
    hint = Grader(HINTED.replace("REPLICAS", str(replicas)), world, name="web").look().hint
    return hint.en if hint else None


def test_it_works() -> None:
    assert said(2, 3, ("FailedCreate", "forbidden: exceeded quota: lab")) == "quota"


def test_the_first_that_fits_is_taken() -> None:
    assert said(2, 3, ("FailedCreate", "forbidden")) == "cannot create"
    assert said(2, 3, ("Failed", "image not found")) == "no such image"


def test_an_expression_looks_at_the_object() -> None:
    assert said(ready=1) == "only one"


def test_the_general_hint_is_kept_back_while_things_move() -> None:
    assert said(ready=2) is None
    assert said(ready=2, replicas=5) == "look at web"


def test_a_passed_check_needs_no_hint() -> None:
    assert said(3, 3, ("FailedCreate", "forbidden: exceeded quota: lab")) is None


@pytest.mark.parametrize(
    ("reason", "event", "message"),
    [
        ("ErrImagePull", "Failed", "Error: ErrImagePull"),
        ("CrashLoopBackOff", "BackOff", "Back-off restarting failed container main in pod web-1-2"),
        ("ImagePullBackOff", "BackOff", 'Back-off pulling image "nginx:nope"'),
    ],
)
def test_a_containers_reason_fits_between_two_tries_too(reason: str, event: str, message: str) -> None:
    world = rolled_out(ready=2)
    world.event(world.get("Pod", "web-1-2"), event, message)
    text = HINTED.replace("REPLICAS", "3").replace("FailedCreate, contains: Exceeded Quota", reason)
    hint = Grader(text, world).look().hint
    assert hint is not None
    assert hint.en == "quota"
