"""Admission: plugins that may change an object before it is validated, then plugins that may only refuse it.

A plugin is a module of this package that registers its functions; the order is the real server's.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

import k8slab.emulator.admission as package
from k8slab.emulator.calls import Call
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.ports import Obj
from k8slab.emulator.resources import Resource


@dataclass(slots=True)
class Attributes:
    """What is asked of admission. `obj` may be changed in place by a mutating plugin."""

    operation: str
    kind: Resource
    namespace: str
    name: str
    obj: Obj
    old: Obj | None
    subresource: str = ""


Plugin = Callable[[Cluster, Call, Attributes], None]
_mutating: list[tuple[int, Plugin]] = []
_validating: list[tuple[int, Plugin]] = []


def mutating(order: int) -> Callable[[Plugin], Plugin]:
    return lambda plugin: _register(_mutating, order, plugin)


def validating(order: int) -> Callable[[Plugin], Plugin]:
    return lambda plugin: _register(_validating, order, plugin)


def _register(plugins: list[tuple[int, Plugin]], order: int, plugin: Plugin) -> Plugin:
    plugins.append((order, plugin))
    plugins.sort(key=lambda pair: pair[0])
    return plugin


def load_plugins() -> None:
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")


def admit(cluster: Cluster, call: Call, attributes: Attributes) -> None:
    for _, plugin in _mutating:
        plugin(cluster, call, attributes)


def review(cluster: Cluster, call: Call, attributes: Attributes) -> None:
    for _, plugin in _validating:
        plugin(cluster, call, attributes)
