"""The one door to modules that are imported when something of them is first used.

A start is waited for, and most starts need neither YAML nor CEL nor websockets in their first second. A module is named
here instead of imported only where it costs milliseconds and is not needed to answer the first request.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any


class _Later:
    def __init__(self, name: str) -> None:
        self._name = name
        self._module: ModuleType | None = None

    def __getattr__(self, attribute: str) -> Any:
        if self._module is None:
            self._module = importlib.import_module(self._name)
        return getattr(self._module, attribute)


def later(name: str) -> Any:
    """Stands for the module of this name, and imports it when it is asked for anything."""
    return _Later(name)


class Package:
    """The modules of a package that each register something: all at once, or one by one while there is time."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._left: list[str] | None = None

    def load(self) -> None:
        while self.load_one():
            pass

    def load_one(self) -> bool:
        """False when all are there."""
        if self._left is None:
            path = importlib.import_module(self._name).__path__
            self._left = [f"{self._name}.{module.name}" for module in pkgutil.iter_modules(path)]
        if not self._left:
            return False
        importlib.import_module(self._left[-1])
        self._left.pop()
        return True
