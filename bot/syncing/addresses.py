"""Send requests only to checked addresses, so that nothing private is ever connected to.

Others write the feed, and its links would otherwise be fetched from inside our network. The name is resolved once,
every address it has is checked, and the connection goes to the address that was checked, so a name that changes its
address between two look-ups gains nothing. Redirects are checked like any other request.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING

import httpx2

from bot.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Iterable

_PORTS = {"http": 80, "https": 443}
# Where there is no IPv4, a gateway maps these to the IPv4 address in their last 32 bits (RFC 6052).
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

# Not on the open internet, by the registries of special addresses (IANA, RFC 6890 and its updates). Listed here because
# Python's own list changes from one version to the next.
_CLOSED = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23", "2001:db8::/32",
            "2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        ),
    )
)  # fmt: skip
# All of IPv6 that is allocated to the open internet so far (RFC 4291).
_UNICAST = ipaddress.ip_network("2000::/3")

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """Whether an address belongs to the open internet: not loopback, private, link-local, reserved or multicast."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if found in _NAT64:
        found = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return all(map(_is_open, (found, *_wrapped(found))))


def _is_open(address: _Address) -> bool:
    if address.version == 6 and address not in _UNICAST:
        return False
    is_closed = any(address.version == network.version and address in network for network in _CLOSED)
    return not is_closed and address.is_global and not address.is_multicast and not address.is_reserved


def _wrapped(address: _Address) -> list[_Address]:
    """Return the IPv4 addresses that an IPv6 address leads to."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found: list[_Address | None] = [address.sixtofour, *(address.teredo or ())]
    return [one for one in found if one is not None]


class CheckedTransport(httpx2.BaseTransport):
    """A transport that sends requests only to public addresses on the usual ports, and to trusted hosts and ports."""

    def __init__(self, trusted: Iterable[tuple[str, int]] = ()) -> None:
        self._trusted = frozenset(trusted)
        # Proxies from the environment would resolve the name themselves. A kept connection might be another host's.
        limits = httpx2.Limits(max_keepalive_connections=0)
        self._inner = httpx2.HTTPTransport(trust_env=False, limits=limits)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request to the first of its host's addresses that accepts a connection.

        :raises FetchError: if the scheme, the port or an address is refused, or the name is unknown
        """
        addresses = check_address(request.url, self._trusted)
        for address in addresses[:-1]:
            try:
                return self._inner.handle_request(_sent_to(request, address))
            except httpx2.ConnectError:
                continue
        return self._inner.handle_request(_sent_to(request, addresses[-1]))

    def close(self) -> None:
        """Close the open connections."""
        self._inner.close()


def check_address(url: httpx2.URL, trusted: frozenset[tuple[str, int]] = frozenset()) -> list[str]:
    """Return all addresses of a link's host, in the order in which the system would try them.

    :param trusted: hosts and ports that need not be on the open internet
    :raises FetchError: if the scheme, the port or an address is refused, or the name is unknown
    """
    shown = shown_url(str(url))
    if url.scheme not in _PORTS or not url.host:
        raise FetchError(shown, "this is no link that is fetched", "Use a link that begins with https:// or http://.")
    port = url.port or _PORTS[url.scheme]
    if (url.host, port) in trusted:
        return _resolved(shown, url.raw_host.decode("ascii"), port)
    if port not in _PORTS.values():
        raise FetchError(shown, f"port {port} is not one of the web's", _trust(url.host, port))
    addresses = _resolved(shown, url.raw_host.decode("ascii"), port)
    if refused := [address for address in addresses if not is_public(address)]:
        found = f"{url.host} has the address {refused[0]}, which is not on the open internet"
        raise FetchError(shown, found, _trust(url.host, port))
    return addresses


def shown_url(url: str) -> str:
    """Return a link as messages and the state show it, without user name and password."""
    try:
        return str(httpx2.URL(url).copy_with(userinfo=b""))
    except (httpx2.InvalidURL, TypeError):
        return url


def _trust(host: str, port: int) -> str:
    return f"Check the link; if it is right and yours, add `--trust {host}:{port}`."


def _resolved(shown: str, host: str, port: int) -> list[str]:
    """Return all addresses of a name, in the order in which the system would try them."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(shown, f"the name {host} is not known", "Check the link and the network.") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _sent_to(request: httpx2.Request, address: str) -> httpx2.Request:
    """Return the request with the address in place of the name, which stays in the Host header and TLS handshake."""
    extensions = {**request.extensions, "sni_hostname": request.url.raw_host.decode("ascii")}
    url = request.url.copy_with(host=address)
    return httpx2.Request(request.method, url, headers=request.headers, stream=request.stream, extensions=extensions)
