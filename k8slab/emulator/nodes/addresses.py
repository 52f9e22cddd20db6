"""Pod addresses of one node: 10.244.<node>.2 to .254, the next free one."""

from __future__ import annotations


class Addresses:
    def __init__(self, node_number: int) -> None:
        self._prefix = f"10.{244 + node_number // 256}.{node_number % 256}"
        self._used: set[int] = set()
        self._next = 2

    @property
    def block(self) -> str:
        return f"{self._prefix}.0/24"

    def take(self, wanted: str = "") -> str:
        """The wanted address where it is this node's and free."""
        prefix, _, last = wanted.rpartition(".")
        if prefix == self._prefix and last.isdigit() and int(last) not in self._used:
            self._used.add(int(last))
            return wanted
        for _ in range(253):
            number, self._next = self._next, self._next + 1 if self._next < 254 else 2
            if number not in self._used:
                self._used.add(number)
                return f"{self._prefix}.{number}"
        raise RuntimeError("no free pod address: a node holds at most 110 pods")

    def give_back(self, ip: str) -> None:
        prefix, _, last = ip.rpartition(".")
        if prefix == self._prefix:
            self._used.discard(int(last))


def number_of(block: str) -> int | None:
    """The number of the node that has this block of addresses."""
    parts = block.removesuffix(".0/24").split(".")
    if len(parts) != 3 or parts[0] != "10" or not all(part.isdigit() for part in parts):
        return None
    return (int(parts[1]) - 244) * 256 + int(parts[2])
