"""Discovery and OpenAPI over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import orjson

from k8slab.emulator.discovery import aggregated, api_versions, group_document, group_list, resource_list
from k8slab.emulator.openapi import OpenApi
from k8slab.emulator.resources import ResourceTable
from k8slab.emulator.web.request import Request
from k8slab.emulator.web.routes import no_such_resource

AGGREGATED = b"application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
PROTO = b"application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
PROTO_HEAD = b"\n\x032.0\x12\x0c\n\nKubernetes"  # swagger: "2.0", info.title: "Kubernetes"
Page = Callable[[Request], Awaitable[None]]


def _wants_aggregated(request: Request) -> bool:
    return "as=APIGroupDiscoveryList" in request.headers.get("accept", "") and "v=v2" in request.headers.get(
        "accept", ""
    )


def discovery_pages(table: ResourceTable) -> dict[str, Page]:
    async def api(request: Request) -> None:
        parts = request.path.rstrip("/").split("/")[1:]
        if len(parts) == 1:
            if _wants_aggregated(request):
                await request.answer(orjson.dumps(aggregated(table, core=True)), 200, AGGREGATED)
            else:
                await request.answer_json(api_versions())
            return
        await _resources(request, table, "", parts[1])

    async def apis(request: Request) -> None:
        parts = request.path.rstrip("/").split("/")[1:]
        if len(parts) == 1 and _wants_aggregated(request):
            await request.answer(orjson.dumps(aggregated(table, core=False)), 200, AGGREGATED)
        elif len(parts) == 1:
            await request.answer_json(group_list(table))
        elif parts[1] not in table.groups():
            await request.answer_text("404 page not found\n", 404)
        elif len(parts) == 2:
            await request.answer_json(group_document(table, parts[1]))
        else:
            await _resources(request, table, parts[1], parts[2])

    return {"/api": api, "/apis": apis}


async def _resources(request: Request, table: ResourceTable, group: str, version: str) -> None:
    document = resource_list(table, group, version)
    if document is None:
        raise no_such_resource()
    await request.answer_json(document)


def openapi_page(openapi: OpenApi) -> Page:
    async def page(request: Request) -> None:
        parts = request.path.strip("/").split("/")[1:]
        if parts == ["v2"]:
            if "json" not in request.headers.get("accept", "json") and "*/*" not in request.headers["accept"]:
                # The protobuf form is left empty but for its head: old clients then validate nothing by themselves.
                await request.answer(PROTO_HEAD, 200, PROTO)
                return
            await request.answer(openapi.v2())
        elif parts == ["v3"]:
            await request.answer_json(openapi.v3_index())
        elif parts[:1] == ["v3"] and (body := openapi.v3("/".join(parts[1:]))) is not None:
            await request.answer(body)
        else:
            await request.answer(b"", 404)

    return page
