"""An address -> the network that it is in, as text. It must not know what is counted."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address


def ipv6_of(address: str) -> IPv6Address | None:
    """The address if it is an IPv6 one; a server that listens on both kinds sees IPv4 ones written as such."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return parsed if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None else None


def network_of(address: str, bits: int) -> str:
    """Name the network of so many bits that an IPv6 address is in; another address stands for itself."""
    wide = ipv6_of(address)
    if wide is not None:
        return f"{int(wide) >> (128 - bits):x}/{bits}"
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else parsed)
