"""Which addresses may be called: what is public, and what the operator lists.

Owns the rule of TRUST ("Webhooks out") about addresses. It must not resolve names.
"""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Public by the word of Python's `is_global`, and still a way to somewhere else, or to nobody in particular.
_NEVER: tuple[Network, ...] = (
    ip_network("192.0.0.0/24"),  # assignments for protocols
    ip_network("192.88.99.0/24"),  # relays of 6to4
    ip_network("64:ff9b::/96"),  # NAT64: an IPv4 address inside
    ip_network("64:ff9b:1::/48"),  # NAT64 within a network
    ip_network("2002::/16"),  # 6to4: an IPv4 address inside
    ip_network("2001::/32"),  # Teredo: an IPv4 address inside
    ip_network("fec0::/10"),  # site-local
    ip_network("3fff::/20"),  # documentation
    ip_network("5f00::/16"),  # segment routing
    ip_network("::ffff:0:0/96"),  # an IPv4 address in the clothes of IPv6
    ip_network("::/96"),  # the same, as it was written once
)


def is_public(address: Address) -> bool:
    """Say whether an address is one of the open internet, at which nothing of the operator's own can stand."""
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not address.is_loopback
        and not address.is_link_local
        and not address.is_unspecified
        and not is_within(address, _NEVER)
    )


def is_within(address: Address, networks: Collection[Network]) -> bool:
    """Say whether an address lies in one of some networks."""
    return any(address.version == network.version and address in network for network in networks)
