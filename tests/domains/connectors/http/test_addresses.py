"""Every class of address that is not of the open internet is refused, however it is written."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from sayso.domains.connectors.http.addresses import is_public

PUBLIC = ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4003:80f::200e"]
REFUSED = {
    "loopback": "127.0.0.1",
    "loopback, another": "127.8.8.8",
    "loopback of IPv6": "::1",
    "unspecified": "0.0.0.0",
    "this network": "0.1.2.3",
    "unspecified of IPv6": "::",
    "private 10": "10.0.0.1",
    "private 172": "172.16.0.1",
    "private 192": "192.168.1.1",
    "shared by a carrier": "100.64.0.1",
    "link-local, where clouds keep secrets": "169.254.169.254",
    "link-local of IPv6": "fe80::1",
    "link-local with its zone": "fe80::1%lo",
    "unique local": "fd00::1",
    "site-local": "fec0::1",
    "multicast": "224.0.0.1",
    "multicast of IPv6": "ff0e::1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "protocols": "192.0.0.9",
    "documentation": "192.0.2.1",
    "documentation of IPv6": "2001:db8::1",
    "new documentation of IPv6": "3fff::1",
    "benchmarks": "198.18.0.1",
    "relays of 6to4": "192.88.99.1",
    "NAT64 of a private address": "64:ff9b::a00:1",
    "NAT64 of a public address": "64:ff9b::5db8:d70e",
    "NAT64 of one's own": "64:ff9b:1::1",
    "6to4 of loopback": "2002:7f00:1::",
    "Teredo": "2001::1",
    "mapped loopback": "::ffff:127.0.0.1",
    "mapped public": "::ffff:93.184.215.14",
    "compatible loopback": "::127.0.0.1",
    "segment routing": "5f00::1",
}


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_may_be_called(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize("kind", REFUSED)
def test_every_other_address_is_refused(kind: str) -> None:
    assert not is_public(ip_address(REFUSED[kind]))
