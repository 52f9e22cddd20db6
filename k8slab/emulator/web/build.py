"""Puts the application together."""

from __future__ import annotations

from functools import partial

from k8slab.emulator.auth.authenticate import Authenticator
from k8slab.emulator.auth.tokens import TokenSigner
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.openapi import OpenApi
from k8slab.emulator.ports import NodeControl, StreamingNodes
from k8slab.emulator.web.app import HEALTH, App, health, version
from k8slab.emulator.web.bodies import ObjectReader
from k8slab.emulator.web.control import Control
from k8slab.emulator.web.pods import PodHandlers
from k8slab.emulator.web.reviews import Reviews
from k8slab.emulator.web.schema_pages import discovery_pages, openapi_page
from k8slab.emulator.web.streaming.handlers import STREAMED, StreamHandlers, upgrade_required
from k8slab.emulator.web.subresources import Subresources
from k8slab.emulator.web.writing import Writing


def build_app(
    cluster: Cluster,
    authenticator: Authenticator,
    signer: TokenSigner,
    kubelets: StreamingNodes | None,
    machines: NodeControl | None = None,
) -> App:
    writing = Writing(cluster, ObjectReader(cluster.schema, cluster.resources))
    more = Subresources(writing, signer)
    pods = PodHandlers(cluster, kubelets)

    app = App(cluster, authenticator, cluster.authorizer, writing)
    app.subresources = {
        ("", "scale"): more.scale,
        ("pods", "binding"): more.bind,
        ("pods", "eviction"): more.evict,
        ("pods", "log"): pods.log,
        **{("pods", name): upgrade_required for name in STREAMED},
        ("", "proxy"): pods.proxy,
        ("serviceaccounts", "token"): more.token,
        ("namespaces", "finalize"): more.finalize,
    }
    app.streams = {("pods", name): StreamHandlers(cluster, kubelets).serve for name in STREAMED}
    app.virtual = Reviews(cluster, authenticator, cluster.authorizer, more).handlers()
    app.pages = {
        **discovery_pages(cluster.resources),
        "/openapi": openapi_page(OpenApi(cluster.schema, cluster.resources)),
        "/emulator": Control(cluster, machines).page,
        **dict.fromkeys(HEALTH, partial(health, cluster.store)),
        "/version": version,
    }
    return app
