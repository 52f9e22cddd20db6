"""IP addresses and networks, as strictly as the server takes them in new objects."""

from __future__ import annotations

import ipaddress
import re

from k8slab.emulator.fielderrors import FieldErrors

NOT_IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
NOT_CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
ZEROS = re.compile(r"(^|\.)0+(?=\d)")
SPECIAL = (
    ("is_loopback", "may not be in the loopback range (127.0.0.0/8, ::1/128)"),
    ("is_link_local", "may not be in the link-local range (169.254.0.0/16, fe80::/10)"),
)
LINK_LOCAL_MULTICAST = tuple(ipaddress.ip_network(one) for one in ("224.0.0.0/24", "ff02::/16"))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def read_ip(text: str) -> Address | None:
    """Numbers may begin with zeros, as older objects have them."""
    try:
        return ipaddress.ip_address(ZEROS.sub(r"\1", text) if ":" not in text else text)
    except ValueError:
        return None


def check_ip(text: str, path: str, errors: FieldErrors) -> bool:
    """Whether it is one."""
    before, address = len(errors), read_ip(text)
    if address is None:
        errors.invalid(path, text, NOT_IP)
    elif ":" not in text and ZEROS.search(text):
        errors.invalid(path, text, "must not have leading 0s")
    elif isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        errors.invalid(path, text, "must not be an IPv4-mapped IPv6 address")
    return len(errors) == before


def check_canonical_ip(text: str, path: str, errors: FieldErrors) -> None:
    if check_ip(text, path, errors):
        canonical = str(ipaddress.ip_address(text))
        if canonical != text:
            errors.invalid(path, text, f'must be in canonical form ("{canonical}")')


def check_cidr(text: str, path: str, errors: FieldErrors) -> bool:
    """Whether it is a network."""
    before = len(errors)
    address, _, length = text.partition("/")
    if not length:
        errors.invalid(path, text, NOT_CIDR)
        return False
    sloppy = ZEROS.sub(r"\1", address) if ":" not in address else address
    try:
        network = ipaddress.ip_network(f"{sloppy}/{int(length)}", strict=False)
    except ValueError:
        errors.invalid(path, text, NOT_CIDR)
        return False
    if sloppy != address or str(int(length)) != length:
        errors.invalid(path, text, "must not have leading 0s in IP or prefix length")
    elif network.network_address != ipaddress.ip_address(address):
        errors.invalid(path, text, "must not have bits set beyond the prefix length")
    return len(errors) == before


def check_not_special(text: str, path: str, errors: FieldErrors) -> None:
    """Addresses of endpoints, and those from outside."""
    address = read_ip(text)
    if address is None:
        errors.invalid(path, text, "must be a valid IP address")
        return
    if address.is_unspecified:
        errors.invalid(path, text, f"may not be unspecified ({text})")
    for kind, why in SPECIAL:
        if getattr(address, kind):
            errors.invalid(path, text, why)
    if any(address in network for network in LINK_LOCAL_MULTICAST if network.version == address.version):
        errors.invalid(path, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
