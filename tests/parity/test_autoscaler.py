"""HorizontalPodAutoscaler: where nobody measures, it says so."""

from __future__ import annotations

from typing import Any

import pytest

from k8slab.kube.errors import Invalid
from tests.parity.manifests import BUSYBOX, FOREVER, Obj, container, deployment
from tests.parity.space import Space


def autoscaler(target: str, **spec: Any) -> Obj:
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": target}
    metric = {
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}},
    }
    body = {"scaleTargetRef": reference, "minReplicas": 1, "maxReplicas": 3, "metrics": [metric], **spec}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "scaler"},
        "spec": body,
    }


def test_without_its_target_it_cannot_scale(space: Space) -> None:
    space.create(autoscaler("nobody"))
    found = space.has("HorizontalPodAutoscaler", "scaler", "AbleToScale", "False")
    assert found["reason"] == "FailedGetScale"
    assert 'deployments.apps "nobody" not found' in found["message"]
    assert space.event("scaler", "FailedGetScale")["type"] == "Warning"


def test_it_can_scale_what_is_there(space: Space) -> None:
    wanted = {"resources": {"requests": {"cpu": "10m"}}}
    space.create(deployment("web", container("c", BUSYBOX, command=FOREVER, **wanted), replicas=1))
    space.rolled_out("web")
    space.create(autoscaler("web"))
    assert space.has("HorizontalPodAutoscaler", "scaler", "AbleToScale")["reason"] == "SucceededGetScale"


@pytest.mark.parametrize(
    ("spec", "field", "message"),
    [
        ({"minReplicas": 5}, "maxReplicas", "Invalid value: 3: must be greater than or equal to `minReplicas`"),
        ({"minReplicas": 0}, "minReplicas", "Invalid value: 0: must be greater than or equal to 1"),
        ({"maxReplicas": 0}, "maxReplicas", "Invalid value: 0: must be greater than 0"),
        (
            {"behavior": {"scaleUp": {"policies": [{"type": "Pods", "value": 0, "periodSeconds": 5}]}}},
            "behavior.scaleUp.policies[0].value",
            "Invalid value: 0: must be greater than zero",
        ),
    ],
)
def test_numbers_that_make_no_sense(space: Space, spec: Obj, field: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        space.create(autoscaler("web", **spec))
    assert (f"spec.{field}", message) in [(one.field, one.message) for one in refused.value.causes]
