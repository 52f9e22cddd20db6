"""kubectl create secret generic, docker-registry, tls."""

from __future__ import annotations

import base64

import orjson

from ..creating.data import SOURCES, read_data
from ..creating.objects import Map, typed
from ..creating.submit import CREATING, one_name, submit
from ..flags import Flag
from ..invocation import Failed, Invocation
from ..manifests import read_text
from ..registry import verb

PREFIX = "failed to create secret"
HUB = "https://index.docker.io/v1/"


def _encoded(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def _secret(name: str, data: dict[str, str], kind: str) -> Map:
    obj = typed("v1", "Secret", name)
    if data:
        obj["data"] = {key: _encoded(text) for key, text in data.items()}
    return {**obj, "type": kind} if kind else obj


@verb(
    "create secret generic",
    CREATING,
    SOURCES,
    Flag("type", help="The type of secret to create"),
    summary="Create a secret from a local file, directory, or literal value",
    usage="NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1]",
    examples="  kubectl create secret generic db --from-literal=password=s3cret",
)
def generic(invocation: Invocation) -> None:
    name = one_name(invocation)
    submit(
        invocation, _secret(name, read_data(invocation, "Secret", name), invocation.flags.text("type")), prefix=PREFIX
    )


@verb(
    "create secret docker-registry",
    CREATING,
    Flag("from-file", kind="array", help="Key files can be specified using their file path."),
    Flag("docker-username", help="Username for Docker registry authentication"),
    Flag("docker-password", help="Password for Docker registry authentication"),
    Flag("docker-email", help="Email for Docker registry"),
    Flag("docker-server", default=HUB, help="Server location for Docker registry"),
    summary="Create a secret for use with a Docker registry",
    usage="NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string]",
)
def docker_registry(invocation: Invocation) -> None:
    flags, name = invocation.flags, one_name(invocation)
    if flags.many("from-file"):
        data = {".dockerconfigjson": _file(invocation, flags.many("from-file")[0].rpartition("=")[2])}
    else:
        if not flags.text("docker-username") or not flags.text("docker-password"):
            raise Failed(
                "error: either --from-file or the combination of --docker-username, --docker-password and "
                "--docker-server is required"
            )
        user, password = flags.text("docker-username"), flags.text("docker-password")
        entry = {"username": user, "password": password}
        if flags.text("docker-email"):
            entry["email"] = flags.text("docker-email")
        entry["auth"] = _encoded(f"{user}:{password}")
        data = {".dockerconfigjson": orjson.dumps({"auths": {flags.text("docker-server"): entry}}).decode()}
    submit(invocation, _secret(name, data, "kubernetes.io/dockerconfigjson"), prefix=PREFIX)


@verb(
    "create secret tls",
    CREATING,
    Flag("cert", help="Path to PEM encoded public key certificate."),
    Flag("key", help="Path to private key associated with given certificate."),
    summary="Create a TLS secret",
    usage="NAME --cert=path/to/cert/file --key=path/to/key/file",
)
def tls(invocation: Invocation) -> None:
    name, flags = one_name(invocation), invocation.flags
    if not flags.text("cert") or not flags.text("key"):
        raise Failed("error: key and cert must be specified")
    cert, key = _file(invocation, flags.text("cert")), _file(invocation, flags.text("key"))
    if "-----BEGIN " not in cert:
        raise Failed("error: tls: failed to find any PEM data in certificate input")
    if "-----BEGIN " not in key:
        raise Failed("error: tls: failed to find any PEM data in key input")
    submit(invocation, _secret(name, {"tls.crt": cert, "tls.key": key}, "kubernetes.io/tls"), prefix=PREFIX)


def _file(invocation: Invocation, name: str) -> str:
    text = read_text(invocation.streams, name)
    if text is None:
        raise Failed(f"error: open {name}: no such file or directory")
    return text
