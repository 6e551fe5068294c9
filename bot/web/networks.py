"""Name the network that an address is in.

Knows nothing of what is counted.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address


def ipv6_of(address: str) -> IPv6Address | None:
    """Return the address if it is IPv6, else ``None``; an IPv4 address written as IPv6 counts as IPv4."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return parsed if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None else None


def network_of(address: str, bits: int) -> str:
    """Return the network of an IPv6 address with a prefix of ``bits``; any other address stands for itself."""
    wide = ipv6_of(address)
    if wide is not None:
        return f"{int(wide) >> (128 - bits):x}/{bits}"
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else parsed)
