"""How exit, return, break and continue leave what runs."""

from __future__ import annotations


class Exited(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Returned(Exited):
    pass


class Broken(Exception):
    def __init__(self, levels: int) -> None:
        super().__init__(levels)
        self.levels = levels


class Continued(Broken):
    pass
