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
HEADER_NAME = re.compile(r"[-A-Za-z0-9]+\Z")
SYSCTL = re.compile(r"([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?\Z")
PATH = re.compile(r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+\Z")
LONGEST_LABEL, LONGEST_SUBDOMAIN, LONGEST_PORT = 63, 253, 15

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
UNDERSCORE_TEXT = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must "
    "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')"
)
WILDCARD_TEXT = (
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of "
    "lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', "
    "regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
ENV_TEXT = "a valid environment variable name must consist only of printable ASCII characters other than '='"
HEADER_TEXT = (
    "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for "
    "validation is '[-A-Za-z0-9]+')"
)
UNDERSCORED = re.compile(r"_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*\Z")


def too_long(limit: int) -> str:
    """Names are measured in characters, keys and values of labels in bytes."""
    return f"must be no more than {limit} characters"


def label_problems(value: str) -> list[str]:
    """RFC 1123 label."""
    found = [too_long(LONGEST_LABEL)] if len(value) > LONGEST_LABEL else []
    if not LABEL.match(value):
        if SUBDOMAIN.match(value):
            return [*found, "must not contain dots"]
        found.append(LABEL_TEXT)
    return found


def label_1035_problems(value: str) -> list[str]:
    found = [too_long(LONGEST_LABEL)] if len(value) > LONGEST_LABEL else []
    return found if LABEL_1035.match(value) else [*found, LABEL_1035_TEXT]


def subdomain_problems(value: str) -> list[str]:
    found = [too_long(LONGEST_SUBDOMAIN)] if len(value) > LONGEST_SUBDOMAIN else []
    return found if SUBDOMAIN.match(value) else [*found, SUBDOMAIN_TEXT]


def underscored_problems(value: str) -> list[str]:
    """A subdomain that may have underscores, as DNS search paths may."""
    found = [too_long(LONGEST_SUBDOMAIN)] if len(value) > LONGEST_SUBDOMAIN else []
    return found if UNDERSCORED.match(value) else [*found, UNDERSCORE_TEXT]


def wildcard_problems(value: str) -> list[str]:
    found = [too_long(LONGEST_SUBDOMAIN)] if len(value) > LONGEST_SUBDOMAIN else []
    return found if value.startswith("*.") and SUBDOMAIN.match(value[2:]) else [*found, WILDCARD_TEXT]


def config_key_problems(value: str) -> list[str]:
    found = [too_long(LONGEST_SUBDOMAIN)] if len(value) > LONGEST_SUBDOMAIN else []
    if not CONFIG_KEY.match(value):
        found.append(CONFIG_KEY_TEXT)
    if value in (".", ".."):
        found.append(f"must not be '{value}'")
    elif value.startswith(".."):
        found.append("must not start with '..'")
    return found


def port_name_problems(name: str) -> list[str]:
    found = [too_long(LONGEST_PORT)] if len(name) > LONGEST_PORT else []
    if not PORT_NAME.match(name):
        found.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not re.search("[a-z]", name):
        found.append("must contain at least one letter (a-z)")
    if "--" in name:
        found.append("must not contain consecutive hyphens")
    if name.startswith("-") or name.endswith("-"):
        found.append("must not begin or end with a hyphen")
    return found


def path_segment_problems(value: str) -> list[str]:
    """What RBAC names must keep to."""
    if value in (".", ".."):
        return [f"may not be '{value}'"]
    return [f"may not contain '{part}'" for part in ("/", "%") if part in value]


def _in_bytes(text: str) -> str:
    return text.replace(" characters", " bytes") if text.startswith("must be no more") else text


def qualified_problems(value: str) -> list[str]:
    """A name with an optional prefix: keys of labels and annotations, finalizers, resources."""
    parts = value.split("/")
    found = []
    if len(parts) == 2:
        if not parts[0]:
            found.append("prefix part must be non-empty")
        else:
            found += [f"prefix part {_in_bytes(text)}" for text in subdomain_problems(parts[0])]
    elif len(parts) > 2:
        return [KEY_TEXT]
    name = parts[-1]
    if not name:
        found.append("name part must be non-empty")
    elif len(name) > 63:
        found.append("name part must be no more than 63 bytes")
    if not QUALIFIED.match(name):
        found.append(f"name part {_QUALIFIED}")
    return found


def label_value_problems(value: str) -> list[str]:
    found = [_in_bytes(too_long(LONGEST_LABEL))] if len(value) > LONGEST_LABEL else []
    return found if VALUE.match(value) else [*found, VALUE_TEXT]
