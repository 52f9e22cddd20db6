"""Several streams in one websocket: the first byte of each message says which of them it belongs to."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from k8slab.emulator.status import ApiError, bad_request
from k8slab.emulator.web.streaming.carrier import Carrier

V5, V4, V4_TEXT, V1, V1_TEXT = (
    "v5.channel.k8s.io",
    "v4.channel.k8s.io",
    "v4.base64.channel.k8s.io",
    "channel.k8s.io",
    "base64.channel.k8s.io",
)
CLOSE = 255


class Channels:
    def __init__(self, carrier: Carrier, known: Sequence[str]) -> None:
        self._carrier = carrier
        self.protocol = _chosen(carrier.offered(), known)
        self._is_text = self.protocol in (V4_TEXT, V1_TEXT)

    async def accept(self) -> None:
        await self._carrier.accept(self.protocol or None)

    async def receive(self) -> tuple[int, bytes] | None:
        """A channel and what came on it (on CLOSE: which channel has come to its end); None when all is over."""
        while (data := await self._carrier.receive()) is not None:
            if not data:
                continue
            if not self._is_text:
                return data[0], data[1:]
            try:
                return data[0] - ord("0"), base64.b64decode(data[1:])
            except binascii.Error:
                break
        return None

    async def send(self, channel: int, data: bytes) -> None:
        if self._is_text:
            await self._carrier.send(bytes([ord("0") + channel]) + base64.b64encode(data), as_text=True)
        else:
            await self._carrier.send(bytes([channel]) + data)

    async def close(self) -> None:
        await self._carrier.close()


def _chosen(offered: Sequence[str], known: Sequence[str]) -> str:
    """The client's first choice, but for the newest, which tells the end of a stream."""
    if not offered:
        return ""
    if V5 in known and V5 in offered:
        return V5
    found = next((one for one in offered if one in known), None)
    if found is None:
        raise unsupported(offered, known)
    return found


def unsupported(offered: Sequence[str], known: Sequence[str]) -> ApiError:
    return bad_request(
        f"unable to upgrade: unable to negotiate protocol: client supports [{' '.join(offered)}], "
        f"server accepts [{' '.join(known)}]"
    )
