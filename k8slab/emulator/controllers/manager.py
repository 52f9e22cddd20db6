"""Starts the controllers. Each module of this package that registers one is found by itself."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection

from k8slab.emulator import controllers as package
from k8slab.emulator.clock import Clock
from k8slab.emulator.controllers.desk import CONTROLLERS, open_desk
from k8slab.emulator.controllers.periods import Periods
from k8slab.emulator.ports import Api


def controller_names() -> list[str]:
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return sorted(CONTROLLERS)


def start_controllers(
    api: Api, clock: Clock, names: Collection[str] | None = None, periods: Periods | None = None
) -> Callable[[], None]:
    """Starts the named controllers (all by default); returns a function that stops them."""
    known = controller_names()
    unknown = sorted(set(names or ()) - set(known))
    if unknown:
        raise ValueError(f"unknown controllers: {', '.join(unknown)}")
    desk = open_desk(api, clock, periods)
    for name in known if names is None else names:
        CONTROLLERS[name](desk)
    return desk.stop
