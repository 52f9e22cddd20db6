"""Names, labels and keys, with the messages of apimachinery's validation."""

from __future__ import annotations

import re

LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?\Z")
LABEL_1035 = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?\Z")
SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\Z")
QUALIFIED = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\Z")
VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\Z")
CONFIG_KEY = re.compile(r"[-._a-zA-Z0-9]+\Z")
ENV_NAME = re.compile(r"[ -<>-~]+\Z")
PORT_NAME = re.compile(r"[-a-z0-9]+\Z")

LABEL_TEXT = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
    "start and end with an "
    "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
LABEL_1035_TEXT = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
    "alphabetic character, and "
    "end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
    "'[a-z]([-a-z0-9]*[a-z0-9])?')"
)
SUBDOMAIN_TEXT = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and "
    "must start and end "
    "with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
_QUALIFIED = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character (e.g. "
    "'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
KEY_TEXT = f"a valid label key {_QUALIFIED} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
VALUE_TEXT = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and "
    "must start and end "
    "with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
CONFIG_KEY_TEXT = (
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or "
    "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
)


def too_long(limit: int) -> str:
    return f"must be no more than {limit} bytes"


def label_problems(value: str) -> list[str]:
    """RFC 1123 label."""
    found = [too_long(63)] if len(value) > 63 else []
    if not LABEL.match(value):
        if SUBDOMAIN.match(value):
            return [*found, "must not contain dots"]
        found.append(LABEL_TEXT)
    return found


def label_1035_problems(value: str) -> list[str]:
    found = [too_long(63)] if len(value) > 63 else []
    if not LABEL_1035.match(value):
        found.append("must not contain dots" if "." in value and SUBDOMAIN.match(value) else LABEL_1035_TEXT)
    return found


def subdomain_problems(value: str) -> list[str]:
    found = [too_long(253)] if len(value) > 253 else []
    return found if SUBDOMAIN.match(value) else [*found, SUBDOMAIN_TEXT]


def path_segment_problems(value: str) -> list[str]:
    """What RBAC names must keep to."""
    if value in (".", ".."):
        return [f"may not be '{value}'"]
    return [f"may not contain '{part}'" for part in ("/", "%") if part in value]


def qualified_problems(value: str) -> list[str]:
    """A name with an optional prefix, as annotations and finalizers have it."""
    parts = value.split("/")
    found = []
    if len(parts) == 2:
        if not parts[0]:
            found.append("prefix part must be non-empty")
        else:
            found += [f"prefix part {text}" for text in subdomain_problems(parts[0])]
    elif len(parts) > 2:
        text = (
            f"a qualified name {_QUALIFIED} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
        )
        return [text]
    name = parts[-1]
    if not name:
        found.append("name part must be non-empty")
    elif len(name) > 63:
        found.append("name part must be no more than 63 bytes")
    if not QUALIFIED.match(name):
        found.append(f"name part {_QUALIFIED}")
    return found


def label_key_problems(value: str) -> list[str]:
    parts = value.split("/")
    if len(parts) > 2:
        return [KEY_TEXT]
    return qualified_problems(value)


def label_value_problems(value: str) -> list[str]:
    found = [too_long(63)] if len(value) > 63 else []
    return found if VALUE.match(value) else [*found, VALUE_TEXT]
