"""The expectations that a check can have; each module of this folder adds its own.

They are looked at in stages: a later one (which costs a request, or deletes something) only when all before hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ..finding import Finding
from ..scene import Scene
from ..spec import Check, Obj

EXISTENCE, STATE, PROBE, DISTURBANCE = range(4)
STAGES = (EXISTENCE, STATE, PROBE, DISTURBANCE)


class OfObject(Protocol):
    def __call__(self, scene: Scene, obj: Obj) -> Finding: ...


class OfScene(Protocol):
    def __call__(self, scene: Scene) -> Finding: ...


@dataclass(frozen=True, slots=True)
class Expectation:
    stage: int
    wanted: Callable[[Check], bool]
    of_scene: OfScene | None = None  # looked at once
    of_object: OfObject | None = None  # looked at for each object of the check


EXPECTATIONS: list[Expectation] = []


def expects(stage: int, wanted: Callable[[Check], bool]) -> Callable[[OfScene], OfScene]:
    def register(function: OfScene) -> OfScene:
        EXPECTATIONS.append(Expectation(stage, wanted, of_scene=function))
        return function

    return register


def expects_of_each(stage: int, wanted: Callable[[Check], bool]) -> Callable[[OfObject], OfObject]:
    def register(function: OfObject) -> OfObject:
        EXPECTATIONS.append(Expectation(stage, wanted, of_object=function))
        return function

    return register
