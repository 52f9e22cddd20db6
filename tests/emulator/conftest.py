from __future__ import annotations

import pytest

from tests.emulator.asgi import Client, make_client


@pytest.fixture
def client() -> Client:
    return make_client()
