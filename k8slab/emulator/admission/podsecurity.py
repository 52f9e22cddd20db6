"""PodSecurity: the baseline and restricted standards, by labels of the namespace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8slab.emulator.admission.chain import Attributes, validating
from k8slab.emulator.calls import Call
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.podspec import containers_of
from k8slab.emulator.status import forbidden

PREFIX = "pod-security.kubernetes.io/"
LEVELS = ("privileged", "baseline", "restricted")
CAPABILITIES = {"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE",
    "SETFCAP",
                "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"}  # fmt: skip
SYSCTLS = {"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start",
           "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports",
           "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
           "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"}  # fmt: skip
VOLUMES = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
    "image",
}
TEMPLATES = ("deployments.apps", "replicasets.apps", "statefulsets.apps", "daemonsets.apps", "replicationcontrollers",
             "jobs.batch", "cronjobs.batch", "podtemplates")  # fmt: skip
Finding = tuple[str, str]  # the rule's name, the detail
Check = Callable[[Obj, list[Obj]], Finding | None]


def _context(container: Obj) -> Obj:
    found: Obj = container.get("securityContext") or {}
    return found


def _quoted(names: list[Any]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _containers(names: list[str]) -> str:
    return f"container{'s' if len(names) > 1 else ''} {_quoted(names)}"


def _where(containers: list[Obj], bad: Callable[[Obj], bool]) -> list[str]:
    return [one.get("name", "") for one in containers if bad(one)]


# ── baseline ──


def host_namespaces(spec: Obj, containers: list[Obj]) -> Finding | None:
    used = [f"{name}=true" for name in ("hostNetwork", "hostPID", "hostIPC") if spec.get(name)]
    return ("host namespaces", ", ".join(used)) if used else None


def host_path(spec: Obj, containers: list[Obj]) -> Finding | None:
    names = [volume["name"] for volume in spec.get("volumes") or [] if "hostPath" in volume]
    return ("hostPath volumes", f"volume{'s' if len(names) > 1 else ''} {_quoted(names)}") if names else None


def host_ports(spec: Obj, containers: list[Obj]) -> Finding | None:
    ports: dict[str, list[int]] = {}
    for container in containers:
        used = [port["hostPort"] for port in container.get("ports") or [] if port.get("hostPort")]
        if used:
            ports[container["name"]] = used
    if not ports:
        return None
    numbers = sorted({number for used in ports.values() for number in used})
    word = "hostPorts" if len(numbers) > 1 else "hostPort"
    verb = "use" if len(ports) > 1 else "uses"
    return ("hostPort", f"{_containers(list(ports))} {verb} {word} {', '.join(str(one) for one in numbers)}")


def privileged(spec: Obj, containers: list[Obj]) -> Finding | None:
    names = _where(containers, lambda one: bool(_context(one).get("privileged")))
    return ("privileged", f"{_containers(names)} must not set securityContext.privileged=true") if names else None


def default_capabilities(spec: Obj, containers: list[Obj]) -> Finding | None:
    bad: dict[str, set[str]] = {}
    for container in containers:
        extra = set((_context(container).get("capabilities") or {}).get("add") or []) - CAPABILITIES
        if extra:
            bad[container["name"]] = extra
    if not bad:
        return None
    names = sorted(set.union(*bad.values()))
    return (
        "non-default capabilities",
        f"{_containers(list(bad))} must not include {_quoted(names)} in securityContext.capabilities.add",
    )


def sysctls(spec: Obj, containers: list[Obj]) -> Finding | None:
    names = [
        one["name"]
        for one in (spec.get("securityContext") or {}).get("sysctls") or []
        if one.get("name") not in SYSCTLS
    ]
    return ("forbidden sysctls", ", ".join(names)) if names else None


def seccomp_baseline(spec: Obj, containers: list[Obj]) -> Finding | None:
    return _unconfined(spec, containers)


def proc_mount(spec: Obj, containers: list[Obj]) -> Finding | None:
    names = _where(containers, lambda one: _context(one).get("procMount") not in (None, "Default"))
    return (
        ("procMount", f'{_containers(names)} must not set securityContext.procMount to "Unmasked"') if names else None
    )


# ── restricted ──


def escalation(spec: Obj, containers: list[Obj]) -> Finding | None:
    names = _where(containers, lambda one: _context(one).get("allowPrivilegeEscalation") is not False)
    return (
        (
            "allowPrivilegeEscalation != false",
            f"{_containers(names)} must set securityContext.allowPrivilegeEscalation=false",
        )
        if names
        else None
    )


def dropped_capabilities(spec: Obj, containers: list[Obj]) -> Finding | None:
    def capabilities(one: Obj) -> Obj:
        found: Obj = _context(one).get("capabilities") or {}
        return found

    keeps = _where(containers, lambda one: "ALL" not in (capabilities(one).get("drop") or []))
    adds = _where(containers, lambda one: bool(set(capabilities(one).get("add") or []) - {"NET_BIND_SERVICE"}))
    parts = []
    if keeps:
        parts.append(f'{_containers(keeps)} must set securityContext.capabilities.drop=["ALL"]')
    if adds:
        extra = sorted(
            {name for one in containers for name in capabilities(one).get("add") or []} - {"NET_BIND_SERVICE"}
        )
        parts.append(f"{_containers(adds)} must not include {_quoted(extra)} in securityContext.capabilities.add")
    return ("unrestricted capabilities", "; ".join(parts)) if parts else None


def volume_types(spec: Obj, containers: list[Obj]) -> Finding | None:
    bad: list[tuple[str, str]] = []
    for volume in spec.get("volumes") or []:
        bad += [(volume["name"], kind) for kind in volume if kind != "name" and kind not in VOLUMES]
    if not bad:
        return None
    names, kinds = [name for name, _ in bad], sorted({kind for _, kind in bad})
    word, verb = ("volumes", "use") if len(names) > 1 else ("volume", "uses")
    kind_word = "volume types" if len(kinds) > 1 else "volume type"
    return ("restricted volume types", f"{word} {_quoted(names)} {verb} restricted {kind_word} {_quoted(kinds)}")


def non_root(spec: Obj, containers: list[Obj]) -> Finding | None:
    name, pod = "runAsNonRoot != true", (spec.get("securityContext") or {}).get("runAsNonRoot")
    explicit = _where(containers, lambda one: _context(one).get("runAsNonRoot") is False)
    if pod is False and any(_context(one).get("runAsNonRoot") is not True for one in containers):
        return (name, "pod must not set securityContext.runAsNonRoot=false")
    if explicit:
        return (name, f"{_containers(explicit)} must not set securityContext.runAsNonRoot=false")
    unset = _where(containers, lambda one: _context(one).get("runAsNonRoot") is None)
    return (
        (name, f"pod or {_containers(unset)} must set securityContext.runAsNonRoot=true") if unset and not pod else None
    )


def root_user(spec: Obj, containers: list[Obj]) -> Finding | None:
    parts = ["pod"] if (spec.get("securityContext") or {}).get("runAsUser") == 0 else []
    names = _where(containers, lambda one: _context(one).get("runAsUser") == 0)
    parts += [_containers(names)] if names else []
    return ("runAsUser=0", f"{' and '.join(parts)} must not set runAsUser=0") if parts else None


def _profile(context: Obj) -> str | None:
    found = (context.get("seccompProfile") or {}).get("type")
    return None if found is None else str(found)


def _unconfined(spec: Obj, containers: list[Obj]) -> Finding | None:
    parts = []
    pod = _profile(spec.get("securityContext") or {})
    if pod == "Unconfined":
        parts.append('pod must not set securityContext.seccompProfile.type to "Unconfined"')
    names = _where(containers, lambda one: _profile(_context(one)) == "Unconfined")
    if names:
        parts.append(f'{_containers(names)} must not set securityContext.seccompProfile.type to "Unconfined"')
    return ("seccompProfile", "; ".join(parts)) if parts else None


def seccomp_restricted(spec: Obj, containers: list[Obj]) -> Finding | None:
    bad = _unconfined(spec, containers)
    if bad:
        return bad
    pod = _profile(spec.get("securityContext") or {})
    unset = _where(containers, lambda one: _profile(_context(one)) is None)
    if pod is None and unset:
        return (
            "seccompProfile",
            f'pod or {_containers(unset)} must set securityContext.seccompProfile.type to "RuntimeDefault" or '
            f'"Localhost"',
        )
    return None


BASELINE: tuple[Check, ...] = (host_namespaces, host_path, host_ports, privileged, default_capabilities, proc_mount,
                               seccomp_baseline, sysctls)  # fmt: skip
# What a stricter check says about the same thing replaces the baseline's words.
RESTRICTED: tuple[Check, ...] = (host_namespaces, host_ports, privileged, proc_mount, sysctls, escalation,
                                 dropped_capabilities, volume_types, non_root, root_user,
                                 seccomp_restricted)  # fmt: skip


def violations(level: str, spec: Obj) -> list[Finding]:
    checks = {"baseline": BASELINE, "restricted": RESTRICTED}.get(level, ())
    containers = list(containers_of(spec))
    return [found for check in checks if (found := check(spec, containers)) is not None]


def _told(level: str, version: str, found: list[Finding]) -> str:
    return f'"{level}:{version}": ' + ", ".join(f"{name} ({detail})" for name, detail in found)


def _level(labels: Obj, mode: str) -> tuple[str, str]:
    return labels.get(f"{PREFIX}{mode}", "privileged"), labels.get(f"{PREFIX}{mode}-version", "latest")


@validating(10)
def check_pod(cluster: Cluster, call: Call, attributes: Attributes) -> None:
    if attributes.subresource or attributes.operation not in ("CREATE", "UPDATE"):
        return
    key = attributes.kind.key
    if key == "namespaces" and attributes.operation == "UPDATE":
        _warn_of_existing(cluster, call, attributes)
    if key not in ("pods", *TEMPLATES) or (attributes.old or {}).get("spec") == attributes.obj.get("spec"):
        return
    namespace = cluster.store.find("namespaces", "", attributes.namespace) or {}
    labels = (namespace.get("metadata") or {}).get("labels") or {}
    if key == "pods":
        _enforce(attributes, labels)
    _warn(call, attributes, labels)


def _enforce(attributes: Attributes, labels: Obj) -> None:
    level, version = _level(labels, "enforce")
    found = violations(level, attributes.obj["spec"])
    if found:
        raise forbidden("pods", "", attributes.name, f"violates PodSecurity {_told(level, version, found)}")


def _warn(call: Call, attributes: Attributes, labels: Obj) -> None:
    """Templates are never refused, only warned of; the pods made of them will be refused."""
    spec = _pod_spec(attributes)
    for mode in ("warn", "enforce") if attributes.kind.key != "pods" else ("warn",):
        level, version = _level(labels, mode)
        found = violations(level, spec)
        if found:
            call.warn(f"would violate PodSecurity {_told(level, version, found)}")
            return


def _pod_spec(attributes: Attributes) -> Obj:
    obj, key = attributes.obj, attributes.kind.key
    if key == "pods":
        spec: Obj = obj["spec"]
        return spec
    holder = obj if key == "podtemplates" else obj["spec"]
    if key == "cronjobs.batch":
        holder = holder["jobTemplate"]["spec"]
    found: Obj = (holder.get("template") or {}).get("spec") or {}
    return found


def _warn_of_existing(cluster: Cluster, call: Call, attributes: Attributes) -> None:
    """A stricter label does not touch what runs already; it says who breaks it."""
    labels = attributes.obj["metadata"].get("labels") or {}
    known = ((attributes.old or {}).get("metadata") or {}).get("labels") or {}
    level, version = _level(labels, "enforce")
    if (level, version) == _level(known, "enforce") or level not in LEVELS[1:]:
        return
    lines: dict[str, list[str]] = {}
    for pod in cluster.store.list("pods", attributes.name):
        names = ", ".join(name for name, _ in violations(level, pod["spec"]))
        if names:
            lines.setdefault(names, []).append(pod["metadata"]["name"])
    if lines:
        call.warn(
            f'existing pods in namespace "{attributes.name}" violate the new PodSecurity enforce level '
            f'"{level}:{version}"'
        )
    for names, pods in lines.items():
        others = f" (and {len(pods) - 1} other pod{'s' if len(pods) > 2 else ''})" if len(pods) > 1 else ""
        call.warn(f"{pods[0]}{others}: {names}")
