"""What a controller is given (`Desk`), and the list on which each controller puts itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from k8slab.emulator.clock import Clock, timestamp
from k8slab.emulator.controllers.cache import Cache
from k8slab.emulator.controllers.events import Events
from k8slab.emulator.controllers.periods import Periods
from k8slab.emulator.controllers.queue import Reconcile, Turns, WorkQueue
from k8slab.emulator.ports import Api


@dataclass
class Desk:
    api: Api
    clock: Clock
    cache: Cache
    turns: Turns
    periods: Periods = field(default_factory=Periods)
    queues: list[WorkQueue] = field(default_factory=list)
    recorders: dict[str, Events] = field(default_factory=dict)
    stops: list[Callable[[], None]] = field(default_factory=list)

    def queue(self, name: str, reconcile: Reconcile) -> WorkQueue:
        made = WorkQueue(self.turns, name, reconcile)
        self.queues.append(made)
        return made

    def events(self, component: str, host: str = "") -> Events:
        """One recorder per component, so that the same event from two of its parts is counted as one."""
        key = f"{component}@{host}"
        if key not in self.recorders:
            self.recorders[key] = Events(self.api, self.clock, component, host)
        return self.recorders[key]

    def on_stop(self, stop: Callable[[], None]) -> None:
        self.stops.append(stop)

    def now(self) -> str:
        return timestamp(self.clock.now())

    def stop(self) -> None:
        self.turns.stop()
        for queue in self.queues:
            queue.stop()
        for stop in self.stops:
            stop()
        self.cache.stop()


def open_desk(api: Api, clock: Clock, periods: Periods | None = None) -> Desk:
    return Desk(api, clock, Cache(api), Turns(clock), periods or Periods())


CONTROLLERS: dict[str, Callable[[Desk], Any]] = {}


Made = TypeVar("Made", bound=Callable[[Desk], Any])


def controller(name: str) -> Callable[[Made], Made]:
    """Puts a class or function on the list; it is called with the desk, and subscribes to what it watches."""

    def register(made: Made) -> Made:
        CONTROLLERS[name] = made
        return made

    return register
