"""The hint that fits what the cluster shows now."""

from __future__ import annotations

from collections.abc import Sequence

from .explain import Telling
from .expressions import evaluate
from .report import Verdict
from .scene import Scene
from .spec import Hint, Text

LASTING = {"CrashLoopBackOff": "restarting failed container", "ImagePullBackOff": "Back-off pulling image"}


def choose(scene: Scene, told: Sequence[Telling], verdict: Verdict) -> Text | None:
    """The first that fits. One that always fits is kept back while things are still moving by themselves."""
    fitting = (h.say for h in scene.check.hints if _fits(h, scene, told) and (verdict == "fail" or not _always(h)))
    return next(fitting, None)


def _always(hint: Hint) -> bool:
    return hint.event is None and hint.contains is None and hint.cel is None


def _fits(hint: Hint, scene: Scene, told: Sequence[Telling]) -> bool:
    if (hint.event is not None or hint.contains is not None) and not any(_says(hint, telling) for telling in told):
        return False
    if hint.cel is None:
        return True
    first = next(iter(scene.objects), None)
    return evaluate(hint.cel, scene.variables(first)).true


def _says(hint: Hint, telling: Telling) -> bool:
    said = telling.said
    if hint.event is not None and said.reason != hint.event and not _repeated(hint.event, said.message):
        return False
    return hint.contains is None or hint.contains.lower() in said.message.lower()


def _repeated(reason: str, message: str) -> bool:
    """A container's reason comes and goes while it is tried again; the kubelet's Event about it stays."""
    return message == f"Error: {reason}" or (reason in LASTING and LASTING[reason] in message)
