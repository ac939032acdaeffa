"""Owns `sayso brand`: how a company appears to its members, and under which host names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sayso.cli.answers import answer, json_option
from sayso.cli.connect import open_workspace, workspace_option
from sayso.cli.group import CommandGroup


@click.group(cls=CommandGroup)
def brand() -> None:
    """Say how the company appears to its members, and under which host names."""


@brand.command()
@click.option("--name", help="What the company calls itself.")
@click.option("--colour", help="Of buttons and marks, #rrggbb.")
@click.option("--logo", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A PNG, JPEG or WebP file.")
@click.option("--home-url", help="The company's own site.")
@click.option("--privacy-url", help="What the company says about people's data.")
@click.option("--reply-to", help="Where answers to mails go.")
@click.option("--postal-address", help="Stands under every mail.")
@click.option("--origin", "origins", multiple=True, help="A site that may frame the widget; repeatable, replaces all.")
@workspace_option
@json_option
def set(workspace: str, logo: Path | None, origins: tuple[str, ...], **texts: str | None) -> None:
    """Change the brand; what is not named stays as it is."""
    within = open_workspace(workspace)
    from sayso.domains.workspaces.brand import BrandChange, set_brand

    picture = logo.read_bytes() if logo else None
    set_brand(workspace=within, change=BrandChange(logo=picture, origins=origins or None, **texts))
    _show(workspace)


@brand.command()
@workspace_option
@json_option
def show(workspace: str) -> None:
    """Show the brand and its hosts."""
    _show(workspace)


@brand.command()
@click.argument("name")
@click.option("--remove", is_flag=True, help="Take it away instead.")
@workspace_option
@json_option
def host(name: str, workspace: str, remove: bool) -> None:
    """Put the members' pages under the host NAME, which points to this installation."""
    within = open_workspace(workspace)
    from sayso.domains.workspaces.brand import add_host, remove_host

    if remove:
        remove_host(workspace=within, host=name)
    else:
        found = add_host(workspace=within, host=name)
        _warn_unless_answered(found.host)
    _show(workspace)


def _warn_unless_answered(host: str) -> None:
    """Say on standard error when this installation does not answer a host to which all links lead from now on."""
    from django.conf import settings
    from django.http.request import validate_host

    if not validate_host(host, settings.ALLOWED_HOSTS):
        click.echo(
            f"All links of this workspace lead to a host of its own from now on, and {host} is not answered yet: "
            f"name it in SAYSO_ALLOWED_HOSTS, and start serve again. `sayso brand host {host} --remove` undoes it.",
            err=True,
        )


def _show(workspace: str) -> None:
    within = open_workspace(workspace)
    from sayso.domains.workspaces.brand import brand_of, hosts_of

    found = brand_of(within)
    data: dict[str, Any] = {
        "name": found.name,
        "colour": found.colour,
        "logo": f"{len(found.logo):,} bytes, {found.logo_type}" if found.logo_type else "",
        "home_url": found.home_url,
        "privacy_url": found.privacy_url,
        "reply_to": found.reply_to,
        "postal_address": found.postal_address,
        "origins": found.origins.split(),
        "hosts": hosts_of(within),
    }
    answer(data, lambda: "\n".join(f"{name:15} {_written(value)}" for name, value in data.items()))


def _written(value: Any) -> str:
    return (", ".join(value) if isinstance(value, list) else str(value)) or "–"
