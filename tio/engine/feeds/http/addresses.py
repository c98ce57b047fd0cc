"""Where we may connect to: public addresses only, but for what the owner wrote in the config."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies

from tio.api.errors import NotAllowed

if TYPE_CHECKING:
    from aiohttp.abc import AbstractResolver, ResolveResult

Lookup = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a name; raises OSError when there are none."""
Place = tuple[str, int]
_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")


class Forbidden(NotAllowed):
    """An address we do not connect to."""


def is_public(text: str) -> bool:
    """Whether an IP address is a public one, and no IPv4 address in the clothes of IPv6."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return True
    embeds = address.ipv4_mapped or address.sixtofour or address.teredo
    return not embeds and address not in _NAT64 and address not in _COMPATIBLE


def place_of(url: str) -> Place:
    """Host and port of an address; NotAllowed when it is none we speak to."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if not host or parts.scheme not in _PORTS or parts.username is not None:
        raise Forbidden("an address that is no http, https, ws or wss address of a host")
    return host.lower(), port or _PORTS[parts.scheme]


def names_private(url: str) -> bool:
    """Whether an address literally names this machine or a private network.

    No venue's address does, so it is the owner's own.
    """
    host = place_of(url)[0]
    return (
        host == "localhost" or host.endswith(".localhost") or (_is_ip(host) and not is_public(host))
    )


def check(url: str, own: frozenset[Place]) -> None:
    """Refuse a literal address that is not public, and an open line to anything but the owner's."""
    place = place_of(url)
    if place in own:
        return
    if urlsplit(url).scheme in ("http", "ws"):
        raise Forbidden(f"{place[0]}: not encrypted")
    if place[0] == "localhost" or (_is_ip(place[0]) and not is_public(place[0])):
        raise Forbidden(f"{place[0]}: a private address")


def proxies(configured: str) -> frozenset[Place]:
    """The proxies of config and environment, which the owner chose."""
    found = (
        [configured] if configured else [url for name, url in getproxies().items() if name != "no"]
    )
    places = set()
    for url in found:
        try:
            parts = urlsplit(url if "//" in url else f"http://{url}")
            if parts.hostname:
                places.add((parts.hostname.lower(), parts.port or _PORTS.get(parts.scheme, 80)))
        except ValueError:
            continue
    return frozenset(places)


async def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses the system knows of a name."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


def checked_resolver(exempt: frozenset[Place], lookup: Lookup = look_up) -> "AbstractResolver":
    """A resolver for aiohttp: what it gives is what is connected to, so no name changes between."""
    from aiohttp.abc import AbstractResolver

    class CheckedResolver(AbstractResolver):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> "list[ResolveResult]":
            found = await lookup(host, port)
            if not found:
                raise OSError(f"{host} has no address")
            if (host.rstrip(".").lower(), port) not in exempt:
                for address in found:
                    if not is_public(address):
                        raise Forbidden(f"{host}: its name leads to a private address")
            return [_resolved(host, port, address) for address in dict.fromkeys(found)]

        async def close(self) -> None:
            """Nothing is held."""

    return CheckedResolver()


def _resolved(host: str, port: int, address: str) -> "ResolveResult":
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return {
        "hostname": host,
        "host": address,
        "port": port,
        "family": family,
        "proto": 0,
        "flags": socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    }


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
