from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.emulator.world import World, open_world


@pytest_asyncio.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as opened:
        yield opened
