"""Protobuf bodies, as kubectl sends them."""

from __future__ import annotations

from functools import lru_cache

import pytest

from k8slab.emulator.schema import Schema, load_schema
from k8slab.emulator.status import ApiError
from k8slab.emulator.wire import MAGIC, read_protobuf
from tests.emulator.asgi import Client


@lru_cache
def schema() -> Schema:
    return load_schema()


def field(number: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return bytes([number << 3]) + varint(value)
    return bytes([number << 3 | 2]) + varint(len(value)) + value


def varint(value: int) -> bytes:
    parts = []
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def envelope(version: str, kind: str, body: bytes) -> bytes:
    return MAGIC + field(1, field(1, version.encode()) + field(2, kind.encode())) + field(2, body)


def config_map(name: str) -> bytes:
    metadata = field(1, name.encode()) + field(2, b"") + field(8, b"") + field(11, field(1, b"app") + field(2, b"web"))
    return envelope("v1", "ConfigMap", field(1, metadata) + field(2, field(1, b"k") + field(2, b"v")))


def test_it_works() -> None:
    assert read_protobuf(config_map("c"), schema()) == {
        "kind": "ConfigMap",
        "apiVersion": "v1",
        "metadata": {"name": "c", "labels": {"app": "web"}},
        "data": {"k": "v"},
    }


def test_numbers_quantities_and_fields_in_place_of_a_message() -> None:
    limits = field(1, field(1, b"cpu") + field(2, field(1, b"500m")))
    probe = field(1, field(3, field(1, field(1, 0) + field(2, 8080) + field(3, b"")))) + field(4, 7)
    container = field(1, b"c") + field(6, field(2, 0) + field(3, 80)) + field(8, limits) + field(10, probe)
    pod = read_protobuf(envelope("v1", "Pod", field(2, field(2, container))), schema())
    assert pod["spec"]["containers"] == [
        {
            "name": "c",
            "ports": [{"hostPort": 0, "containerPort": 80}],
            "resources": {"limits": {"cpu": "500m"}},
            "livenessProbe": {"tcpSocket": {"port": 8080}, "periodSeconds": 7},
        }
    ]


async def test_it_is_taken_over_http(client: Client) -> None:
    media = "application/vnd.kubernetes.protobuf"
    made = await client.post("/api/v1/namespaces/team/configmaps", config_map("c"), content_type=media)
    assert (made.status, made.json["data"]) == (201, {"k": "v"})


@pytest.mark.parametrize(
    "body", [b"", b"{}", MAGIC, MAGIC + b"\xff", envelope("v1", "Nope", b""), config_map("c")[:-3]]
)
def test_nonsense_is_refused(body: bytes) -> None:
    with pytest.raises(ApiError) as caught:
        read_protobuf(body, schema())
    assert caught.value.code == 400
