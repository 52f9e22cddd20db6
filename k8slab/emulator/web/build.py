"""Puts the application together."""

from __future__ import annotations

from functools import partial

from k8slab.emulator.auth.authenticate import Authenticator
from k8slab.emulator.auth.tokens import TokenSigner
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.openapi import OpenApi
from k8slab.emulator.ports import Kubelets, NodeControl
from k8slab.emulator.status import ApiError
from k8slab.emulator.web.app import HEALTH, App, health, version
from k8slab.emulator.web.bodies import ObjectReader
from k8slab.emulator.web.control import Control
from k8slab.emulator.web.pods import PodHandlers
from k8slab.emulator.web.request import Request
from k8slab.emulator.web.reviews import Reviews
from k8slab.emulator.web.routes import Target
from k8slab.emulator.web.schema_pages import discovery_pages, openapi_page
from k8slab.emulator.web.subresources import Subresources
from k8slab.emulator.web.writing import Writing


def build_app(
    cluster: Cluster,
    authenticator: Authenticator,
    signer: TokenSigner,
    kubelets: Kubelets | None,
    machines: NodeControl | None = None,
) -> App:
    writing = Writing(cluster, ObjectReader(cluster.schema, cluster.resources))
    more = Subresources(writing, signer)
    pods = PodHandlers(cluster, kubelets)

    async def sockets(app: App, request: Request, target: Target) -> None:
        if target.kind.key != "pods" or target.subresource not in ("exec", "attach"):
            raise ApiError(404, "NotFound", "the server could not find the requested resource", {})
        await pods.exec(request, target)

    async def needs_socket(request: Request, target: Target) -> None:
        raise ApiError(400, "BadRequest", "Upgrade request required")

    app = App(cluster, authenticator, cluster.authorizer, writing, sockets=sockets)
    app.subresources = {
        ("", "scale"): more.scale,
        ("pods", "binding"): more.bind,
        ("pods", "eviction"): more.evict,
        ("pods", "log"): pods.log,
        ("pods", "exec"): needs_socket,
        ("pods", "attach"): needs_socket,
        ("", "proxy"): pods.proxy,
        ("serviceaccounts", "token"): more.token,
        ("namespaces", "finalize"): more.finalize,
    }
    app.virtual = Reviews(cluster, authenticator, cluster.authorizer, more).handlers()
    app.pages = {
        **discovery_pages(cluster.resources),
        "/openapi": openapi_page(OpenApi(cluster.schema, cluster.resources)),
        "/emulator": Control(cluster, machines).page,
        **dict.fromkeys(HEALTH, partial(health, cluster.store)),
        "/version": version,
    }
    return app
