"""--from-literal, --from-file and --from-env-file of ConfigMaps and Secrets."""

from __future__ import annotations

import re

from ..flags import Flag
from ..invocation import Failed, Invocation
from ..manifests import read_text

SOURCES = (
    Flag("from-file", kind="array", help="Key file can be specified using its file path, or key=path."),
    Flag("from-literal", kind="array", help="Specify a key and literal value to insert (i.e. mykey=somevalue)"),
    Flag("from-env-file", kind="list", help="Specify the path to a file to read lines of key=val pairs."),
)
_KEY = re.compile(r"[-._a-zA-Z0-9]+")
KEY_RULE = (
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  "
    "or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
)


def read_data(invocation: Invocation, what: str, name: str) -> dict[str, str]:
    """The entries, in order. Args: `what` and `name` are the object's kind and name, for messages."""
    flags = invocation.flags
    if flags.many("from-env-file") and (flags.many("from-file") or flags.many("from-literal")):
        raise Failed("error: from-env-file cannot be combined with from-file or from-literal")
    data: dict[str, str] = {}
    for word in flags.many("from-file"):
        for key, text in _from_file(invocation, word):
            _add(data, key, text, what, name)
    for word in flags.many("from-literal"):
        key, equals, value = word.partition("=")
        if not equals or not key:
            raise Failed(f"error: invalid literal source {word}, expected key=value")
        _add(data, key, value, what, name)
    for path in flags.many("from-env-file"):
        for key, value in _from_env(invocation, path):
            _add(data, key, value, what, name)
    return data


def _add(data: dict[str, str], key: str, text: str, what: str, of: str) -> None:
    if not _KEY.fullmatch(key):
        raise Failed(f'error: "{key}" is not a valid key name for a {what}: {KEY_RULE}')
    if key in data:
        raise Failed(
            f'error: cannot add key "{key}", another key by that name already exists in Data for {what} "{of}"'
        )
    data[key] = text


def _from_file(invocation: Invocation, word: str) -> list[tuple[str, str]]:
    key, equals, path = word.partition("=")
    if word.count("=") > 1:
        raise Failed("error: key names or file paths cannot contain '='")
    if equals and (not key or not path):
        raise Failed(
            f"error: {'key name' if not key else 'file path'} for {'file path ' + path if not key else 'key ' + key}"
            " missing"
        )
    if not equals:
        key, path = word.rstrip("/").rpartition("/")[2], word
    if path.rstrip("/") == ".":
        if equals:
            raise Failed("error: cannot give a key name for a directory path")
        files = invocation.streams.files
        return [(name, files.read(name) or "") for name in files.names() if _KEY.fullmatch(name)]
    text = read_text(invocation.streams, path)
    if text is None:
        raise Failed(f"error: error reading {path}: no such file or directory")
    return [(key, text)]


def _from_env(invocation: Invocation, name: str) -> list[tuple[str, str]]:
    text = read_text(invocation.streams, name)
    if text is None:
        raise Failed(f"error: error reading {name}: no such file or directory")
    found = []
    for line in text.removeprefix("\ufeff").splitlines():
        line = line.lstrip()
        key, equals, value = line.partition("=")
        if line and not line.startswith("#"):
            if not re.fullmatch(r"[-._a-zA-Z][-._a-zA-Z0-9]*", key):
                raise Failed(f'error: "{key}" is not a valid key name: {ENV_RULE}')
            found.append((key, value if equals else ""))
    return found


ENV_RULE = (
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not "
    "start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is "
    "'[-._a-zA-Z][-._a-zA-Z0-9]*')"
)
