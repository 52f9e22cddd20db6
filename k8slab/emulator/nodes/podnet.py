"""A pod's names: hostname, domain, resolv.conf and hosts file."""

from __future__ import annotations

from k8slab.emulator.nodes.dns import DOMAIN, SERVER, Resolver
from k8slab.emulator.ports import Obj

UPSTREAM = "172.18.0.1"  # the nodes' own DNS server, which knows nothing of the cluster
INGRESS_ADDRESS = "172.18.255.254"  # where the ingress controller listens


def hostname_of(pod: Obj) -> str:
    spec = pod["spec"]
    if spec.get("hostNetwork"):
        return str(spec.get("nodeName", ""))
    return str(spec.get("hostname") or pod["metadata"]["name"])[:63].rstrip("-.")


def domain_of(pod: Obj) -> str:
    """Where the hostname lives in DNS; empty for a pod without a subdomain."""
    subdomain = pod["spec"].get("subdomain")
    return f"{subdomain}.{pod['metadata']['namespace']}.svc.{DOMAIN}" if subdomain else ""


def resolver_of(pod: Obj) -> Resolver:
    spec, namespace = pod["spec"], pod["metadata"]["namespace"]
    config = spec.get("dnsConfig") or {}
    policy = spec.get("dnsPolicy", "ClusterFirst")
    in_cluster = policy in ("ClusterFirst", "ClusterFirstWithHostNet") and not (
        policy == "ClusterFirst" and spec.get("hostNetwork")
    )
    search = [f"{namespace}.svc.{DOMAIN}", f"svc.{DOMAIN}", DOMAIN] if in_cluster else []
    upstream = [] if policy == "None" else [UPSTREAM]
    servers = [SERVER] if in_cluster else upstream
    options = {o["name"]: o.get("value") for o in config.get("options") or ()}
    hosts = {name: alias["ip"] for alias in spec.get("hostAliases") or () for name in alias.get("hostnames") or ()}
    return Resolver(
        search=(*search, *(config.get("searches") or ())),
        ndots=int(options.get("ndots") or (5 if in_cluster else 1)),
        servers=(*servers, *(config.get("nameservers") or ())),
        hosts=hosts,
    )


def hosts_text(pod: Obj, ip: str) -> str:
    hostname, domain = hostname_of(pod), domain_of(pod)
    names = f"{hostname}.{domain}\t{hostname}" if domain else hostname
    lines = [
        "# Kubernetes-managed hosts file.",
        "127.0.0.1\tlocalhost",
        "::1\tlocalhost ip6-localhost ip6-loopback",
        "fe00::0\tip6-localnet",
        "fe00::0\tip6-mcastprefix",
        "fe00::1\tip6-allnodes",
        "fe00::2\tip6-allrouters",
        f"{ip}\t{names}",
    ]
    aliases = pod["spec"].get("hostAliases") or ()
    if aliases:
        lines += ["", "# Entries added by HostAliases."]
        lines += ["\t".join([alias["ip"], *(alias.get("hostnames") or ())]) for alias in aliases]
    return "\n".join(lines) + "\n"
