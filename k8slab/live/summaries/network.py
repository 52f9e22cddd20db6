"""Services and what stands behind them."""

from __future__ import annotations

from .registry import Obj, Summary, summary_of


@summary_of("Service")
def service(obj: Obj) -> Summary:
    spec = obj["spec"]
    ports = [
        {
            "name": port.get("name", ""),
            "port": port["port"],
            "targetPort": port.get("targetPort", port["port"]),
            "nodePort": port.get("nodePort", 0),
        }
        for port in spec.get("ports") or ()
    ]
    detail = {
        "type": spec.get("type", "ClusterIP"),
        "clusterIP": spec.get("clusterIP", ""),
        "ports": ports,
        "selector": spec.get("selector") or {},
    }
    return Summary("ok", detail)


@summary_of("EndpointSlice")
def endpoint_slice(obj: Obj) -> Summary:
    endpoints = [
        {
            "addresses": endpoint.get("addresses", []),
            "ready": (endpoint.get("conditions") or {}).get("ready", True) is not False,
            "pod": (endpoint.get("targetRef") or {}).get("name", ""),
        }
        for endpoint in obj.get("endpoints") or ()
    ]
    service_name = (obj["metadata"].get("labels") or {}).get("kubernetes.io/service-name", "")
    return Summary("ok", {"service": service_name, "endpoints": endpoints})


@summary_of("Ingress")
def ingress(obj: Obj) -> Summary:
    """Its routes: which path of which host leads to which Service."""
    spec = obj["spec"]
    rules = spec.get("rules") or ()
    routes = [
        {"host": rule.get("host", "*"), "path": path.get("path", "/"), **_backend(path.get("backend") or {})}
        for rule in rules
        for path in (rule.get("http") or {}).get("paths") or ()
    ]
    if spec.get("defaultBackend"):
        routes.append({"host": "*", "path": "/", **_backend(spec["defaultBackend"])})
    return Summary("ok", {"hosts": [rule.get("host", "*") for rule in rules], "routes": routes})


def _backend(backend: Obj) -> dict[str, str]:
    found = backend.get("service") or {}
    port = found.get("port") or {}
    return {"service": found.get("name", ""), "port": str(port.get("name") or port.get("number", ""))}
