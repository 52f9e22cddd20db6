"""Commands on several objects go on after an error; these are told together at the end."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager

from k8slab.kube.errors import Invalid, KubeError

from .invocation import Failed
from .wording import error_line


class Failures:
    def __init__(self) -> None:
        self.errors: list[KubeError | Failed] = []

    def __bool__(self) -> bool:
        return bool(self.errors)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """What goes wrong inside is kept for the end."""
        try:
            yield
        except (KubeError, Failed) as error:
            self.errors.append(error)

    def as_one(self) -> list[KubeError | Failed]:
        """Those of files, which kubectl tells together where there are others beside."""
        if len(self.errors) < 2:
            return self.errors
        return [Failed("error: [" + ", ".join(_line(error) for error in self.errors) + "]")]

    def finish(self, *, together: bool = False) -> None:
        """Raises Failed with all that was kept, each message once; `together` words a single one as if of several."""
        if not self.errors:
            return
        if len(self.errors) == 1 and not together:
            raise self.errors[0]
        lines = dict.fromkeys(_line(error) for error in self.errors)
        raise Failed("\n".join(lines), max((e.code for e in self.errors if isinstance(e, Failed)), default=1))


def _line(error: KubeError | Failed) -> str:
    if isinstance(error, Failed):
        return error.message.removeprefix("error: ")
    if isinstance(error, Invalid):
        return f"Error from server (Invalid): {error.message}"
    return error_line(error)


def worded(error: KubeError, message: str) -> KubeError:
    """The same error with another message: kubectl says what it was doing, and with which file."""
    other = copy.copy(error)
    other.message = message
    return other


@contextmanager
def doing(what: str, source: str = "") -> Iterator[None]:
    """Tells of an error that it came `when creating "web.yaml"`; nothing without a source, as in kubectl."""
    try:
        yield
    except KubeError as error:
        raise (worded(error, f'error when {what} "{source}": {error.message}') if source else error) from error
