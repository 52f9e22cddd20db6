"""`settled: true` — the object has come to rest in the state that its spec asks for."""

from __future__ import annotations

from ..finding import Finding
from ..scene import Scene
from ..settling.settle import settle
from ..spec import Obj
from .registry import STATE, expects_of_each


@expects_of_each(STATE, lambda check: check.settled)
def settled(scene: Scene, obj: Obj) -> Finding:
    return settle(scene.view, obj, scene.now)
