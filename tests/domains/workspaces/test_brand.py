"""The brand: what members see of the company is checked, and a host belongs to one workspace."""

import pytest

from sayso.domains.workspaces.brand import (
    BrandChange,
    BrandNotUsable,
    HostTaken,
    add_host,
    brand_of,
    hosts_of,
    remove_host,
    set_brand,
    workspace_of_host,
)
from tests.domains.cast import open_bluebell

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def test_a_brand_goes_by_the_workspaces_name_until_it_is_set() -> None:
    bluebell = open_bluebell(name="bluebell-coffee")
    assert brand_of(bluebell).name == "Bluebell coffee"
    set_brand(workspace=bluebell, change=BrandChange(name="Bluebell Coffee", colour="#1A6E6A", logo=PNG))
    set_brand(workspace=bluebell, change=BrandChange(origins=("https://shop.example", "http://localhost:3000")))
    brand = brand_of(bluebell)
    assert (brand.name, brand.colour, brand.logo_type) == ("Bluebell Coffee", "#1a6e6a", "image/png")
    assert brand.origins == "http://localhost:3000 https://shop.example"


@pytest.mark.parametrize(
    "change",
    [
        BrandChange(name=" "),
        BrandChange(name="x" * 501),
        BrandChange(colour="red"),
        BrandChange(colour="#fff;background:url(x)"),
        BrandChange(home_url="javascript:alert(1)"),
        BrandChange(privacy_url="https://user@bluebell.example"),
        BrandChange(reply_to="nobody"),
        BrandChange(logo=b"<svg onload=alert(1)>"),
        BrandChange(logo=PNG + b"\0" * 200_000),
        BrandChange(origins=("https://shop.example/path",)),
        BrandChange(origins=("*",)),
        BrandChange(origins=("https://a; script-src *",)),
        BrandChange(name="Bluebell\r\nBcc: everybody@bluebell.example"),
        BrandChange(name="Bluebell\u2028Coffee"),
        BrandChange(name="Bluebell\0"),
        BrandChange(home_url="https://bluebell.example/\n<script>"),
        BrandChange(home_url="https://bluebell.example/ x"),
        BrandChange(privacy_url="https://[bluebell"),
        BrandChange(reply_to="hello@bluebell.example\nBcc: everybody@bluebell.example"),
        BrandChange(postal_address="1 Mill Lane\x1b[31m"),
    ],
)
def test_what_cannot_be_shown_is_refused_and_nothing_changes(change: BrandChange) -> None:
    bluebell = open_bluebell()
    with pytest.raises(BrandNotUsable):
        set_brand(workspace=bluebell, change=change)
    assert brand_of(bluebell).name == "Bluebell"


def test_a_postal_address_has_lines() -> None:
    brand = set_brand(
        workspace=open_bluebell(), change=BrandChange(postal_address=" Bluebell Coffee\r\n1 Mill Lane \nLeeds\r\n")
    )
    assert brand.postal_address == "Bluebell Coffee\n1 Mill Lane\nLeeds"


def test_a_host_belongs_to_one_workspace() -> None:
    bluebell, other = open_bluebell(), open_bluebell(name="other")
    add_host(workspace=bluebell, host="Friends.Bluebell.example")
    add_host(workspace=bluebell, host="friends.bluebell.example")
    assert workspace_of_host("FRIENDS.bluebell.example") == bluebell
    with pytest.raises(HostTaken):
        add_host(workspace=other, host="friends.bluebell.example")
    with pytest.raises(BrandNotUsable):
        add_host(workspace=other, host="no host")
    assert not remove_host(workspace=other, host="friends.bluebell.example")
    assert hosts_of(bluebell) == ["friends.bluebell.example"]
    assert remove_host(workspace=bluebell, host="friends.bluebell.example")
    assert workspace_of_host("friends.bluebell.example") is None
