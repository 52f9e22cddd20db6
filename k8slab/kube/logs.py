"""A container's log as it grows."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence

import urllib3

from .connection import Connection
from .errors import Unavailable
from .statuses import error_of

FOLLOWED = 3600.0  # seconds of silence after which a log that is followed is given up
ASKED = 30.0
PIECE = 16 * 1024  # bytes


class LogStream:
    """One thread reads, any other may `close`."""

    def __init__(self, response: urllib3.BaseHTTPResponse) -> None:
        self._response = response
        self._closed = False

    @classmethod
    def open(cls, connection: Connection, path: str, query: Sequence[tuple[str, str]], *, follow: bool) -> LogStream:
        """Args: the path of a pod's log. Raises what the API server says."""
        response = connection.open("GET", path, query=query, accept="*/*", timeout=FOLLOWED if follow else ASKED)
        if response.status != 200:
            raise error_of(response.status, response.data)
        return cls(response)

    def texts(self) -> Iterator[str]:
        """As they come. Raises Unavailable where the cluster breaks off."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        try:
            while piece := self._response.read1(PIECE):
                yield decoder.decode(piece)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            if not self._closed:
                raise Unavailable(f"the cluster broke off: {error}") from error
        finally:
            self._response.close()

    def close(self) -> None:
        """From any thread: wakes the one that reads."""
        self._closed = True
        try:
            self._response.shutdown()
        except (ValueError, RuntimeError, OSError):
            return  # it has ended meanwhile
