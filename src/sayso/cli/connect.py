"""Owns the way from a command to the domains: Django started once, and the workspace that was named.

It must not be imported for its side effects: nothing happens before a function is called.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sayso.cli.answers import Refused

if TYPE_CHECKING:
    from sayso.domains.workspaces.models import Workspace

F = TypeVar("F", bound=Callable[..., Any])


def workspace_option(command: F) -> F:
    """Give a command the option `--workspace`."""
    option = click.option(
        "--workspace",
        default="default",
        show_default=True,
        metavar="NAME",
        help="Which workspace to work in.",
        envvar="SAYSO_WORKSPACE",
        show_envvar=True,
    )
    return option(command)


def start_django() -> None:
    """Make the domains usable; does nothing the second time."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sayso.config.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def open_workspace(name: str) -> Workspace:
    """Return the workspace of that name.

    Raises:
        Refused: there is none; the others are named.
    """
    start_django()
    from sayso.domains.workspaces.head import NoSuchWorkspace
    from sayso.domains.workspaces.queries import all_workspaces, workspace_named

    try:
        return workspace_named(name)
    except NoSuchWorkspace as error:
        others = ", ".join(each.name for each in all_workspaces())
        named = f"there are {others}" if others else "there are none yet, and `sayso init` makes the first"
        raise Refused(f"There is no workspace {name!r}; {named}.") from error
