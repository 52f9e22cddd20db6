"""One cluster as its kubeconfig describes it: address, certificates, credentials, and a pool of connections.

The official client reads the kubeconfig and keeps the pool; its models are left out: they lose unknown fields, refuse
odd ones, and cost six times as much as plain JSON.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
import urllib3
import yaml
from kubernetes.client.configuration import Configuration
from kubernetes.client.exceptions import ApiException
from kubernetes.client.rest import RESTClientObject
from kubernetes.config.config_exception import ConfigException
from kubernetes.config.kube_config import list_kube_config_contexts, load_kube_config

from .errors import Unavailable
from .statuses import error_of

Query = Iterable[tuple[str, str]]
Headers = Iterable[tuple[str, str]]  # a name may occur more than once
POOL = 48  # connections that are kept; more are opened when more threads ask at once
CONNECT = 3.0  # seconds
USER_AGENT = "k8slab"


def context_namespace(path: str | Path) -> str:
    """The namespace of a kubeconfig's current context, "" where it names none. Raises Unavailable."""
    try:
        current = list_kube_config_contexts(str(path))[1]  # type: ignore[no-untyped-call]  # the client is typed in part
    except (ConfigException, OSError, yaml.YAMLError) as error:
        raise Unavailable(f"cannot read the kubeconfig {Path(path).name}: {error}") from error
    return str(current["context"].get("namespace", ""))


class Connection:
    """Thread-safe. Args: a Configuration of the official client; `headers` go with every request."""

    def __init__(self, configuration: Configuration, headers: Headers = ()) -> None:
        self.configuration = configuration
        self._headers = tuple(headers)
        self._rest = RESTClientObject(configuration)

    @classmethod
    def from_kubeconfig(cls, path: str | Path) -> Connection:
        configuration = Configuration()
        try:
            load_kube_config(  # type: ignore[no-untyped-call]  # the official client is typed in part
                config_file=str(path), client_configuration=configuration, persist_config=False
            )
        except (ConfigException, OSError, yaml.YAMLError) as error:
            raise Unavailable(f"cannot read the kubeconfig {Path(path).name}: {error}") from error
        configuration.retries = False  # a request is repeated here, where it is known what may be
        configuration.connection_pool_maxsize = POOL
        configuration.keep_alive = True
        if urlsplit(configuration.host).hostname in ("127.0.0.1", "localhost", "::1"):
            configuration.proxy = None
        return cls(configuration)

    def with_headers(self, headers: Headers) -> Connection:
        """The same connections, with other headers."""
        other = copy.copy(self)
        other._headers = tuple(headers)
        return other

    def headers(self) -> list[tuple[str, str]]:
        """Credentials (renewed where the kubeconfig says how) and whatever else goes with every request."""
        token = self.configuration.get_api_key_with_prefix("BearerToken", alias="authorization")
        return [("User-Agent", USER_AGENT), *([("Authorization", token)] if token else []), *self._headers]

    def url(self, path: str, query: Query = ()) -> str:
        """Address of a path under the cluster's server."""
        asked = urlencode(list(query))
        return f"{self.configuration.host}{path}{'?' if asked else ''}{asked}"

    def open(
        self,
        method: str,
        path: str,
        *,
        query: Query = (),
        body: Any = None,
        content_type: str = "application/json",
        accept: str = "application/json",
        timeout: float = 10.0,
    ) -> urllib3.BaseHTTPResponse:
        """Sends a request; the answer's body is still to be read. Raises Unavailable when there is no answer.

        Args: `body` is encoded as JSON, bytes go as they are.
        """
        headers = urllib3.HTTPHeaderDict([*self.headers(), ("Accept", accept)])
        if body is not None:
            headers["Content-Type"] = content_type
        url = self.url(path, query)
        for last in (method == "POST", True):
            try:
                return self._send(method, url, headers, body, timeout)
            except urllib3.exceptions.ProtocolError as error:
                # The server closed an idle connection just now; whatever is not a creation may simply be said again.
                if last:
                    raise Unavailable(f"the cluster broke off: {error}") from error
            except (urllib3.exceptions.HTTPError, ApiException, OSError) as error:
                raise Unavailable(f"the cluster does not answer: {error}") from error
        raise AssertionError("unreachable")

    def _send(
        self, method: str, url: str, headers: urllib3.HTTPHeaderDict, body: Any, timeout: float
    ) -> urllib3.BaseHTTPResponse:
        limits = (min(CONNECT, timeout), timeout)
        if isinstance(body, bytes):  # as it is: the official client would encode it once more
            waits = urllib3.Timeout(connect=limits[0], read=limits[1])
            answered: urllib3.BaseHTTPResponse = self._rest.pool_manager.request(
                method, url, headers=headers, body=body, timeout=waits, preload_content=False
            )
            return answered
        answer = self._rest.request(  # type: ignore[no-untyped-call]  # as above
            method, url, headers=headers, body=body, _request_timeout=limits
        )
        response: urllib3.BaseHTTPResponse = answer.response
        return response

    def call(self, method: str, path: str, **asked: Any) -> tuple[int, bytes]:
        """Sends a request and reads its answer: (HTTP status, body). Raises a KubeError for anything but 2xx."""
        response = self.open(method, path, **asked)
        try:
            body = response.data
        except (urllib3.exceptions.HTTPError, OSError) as error:
            response.close()
            raise Unavailable(f"the cluster broke off: {error}") from error
        if not 200 <= response.status < 300:
            raise error_of(response.status, body)
        return response.status, body

    def json(self, method: str, path: str, **asked: Any) -> tuple[int, dict[str, Any]]:
        """As `call`, with the body decoded."""
        code, body = self.call(method, path, **asked)
        try:
            value: dict[str, Any] = orjson.loads(body) if body else {}
        except orjson.JSONDecodeError as error:
            raise Unavailable(f"the cluster's answer is not JSON: {error}", code=code) from error
        return code, value
