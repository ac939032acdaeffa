"""Owns `sayso webhook`: the addresses that are told what happens, and what is on its way to them.

It must not show a secret but once.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.answers import Refused, answer, columns, json_option, written
from sayso.cli.connect import open_workspace, workspace_option
from sayso.cli.group import CommandGroup
from sayso.cli.moments import MOMENT, WrittenMoment

if TYPE_CHECKING:
    from sayso.domains.connectors.webhooks.models import Delivery, Endpoint
    from sayso.domains.workspaces.models import Workspace

_SHOWN = 20


@click.group(cls=CommandGroup)
def webhook() -> None:
    """Tell other systems what happens. ENDPOINT is an endpoint's id, or its URL."""


@webhook.command()
@click.argument("url")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="What it is told; all unless said. Repeatable.")
@click.option("--description", default="", metavar="TEXT", help="For people.")
@workspace_option
@json_option
def create(url: str, kinds: tuple[str, ...], description: str, workspace: str) -> None:
    """Tell URL what happens from now on, and show the secret that signs it, this once."""
    within = open_workspace(workspace)
    from sayso.domains.connectors.webhooks.create import EndpointSettings, create_endpoint

    wanted = EndpointSettings(url, kinds or ("*",), description)
    made, secret = create_endpoint(workspace=within, wanted=wanted, now=datetime.now(UTC))
    answer(
        {"endpoint": made.id, "url": made.url, "kinds": made.kinds, "secret": secret},
        lambda: f"{secret}\nThis is the secret of endpoint {made.id}. It is not shown again.",
    )


@webhook.command("list")
@click.argument("endpoint", required=False)
@workspace_option
@json_option
def list_(endpoint: str | None, workspace: str) -> None:
    """List the endpoints of a workspace, or the latest deliveries to ENDPOINT."""
    within = open_workspace(workspace)
    from sayso.domains.connectors.webhooks.queries import deliveries_to, endpoints_in

    if endpoint:
        found = deliveries_to(_found(within, endpoint), limit=_SHOWN)
        _print("deliveries", [_of_delivery(each) for each in found], "Nothing was to be delivered there.")
    else:
        _print("endpoints", [_of_endpoint(each) for each in endpoints_in(within)], "There are no endpoints.")


def _of_endpoint(endpoint: Endpoint) -> dict[str, Any]:
    state = f"disabled: {endpoint.disabled_reason}" if endpoint.disabled_at else "good"
    if endpoint.failures and not endpoint.disabled_at:
        spared = f", left alone until {written(endpoint.held_until)}" if endpoint.held_until else ""
        state = f"failing since {written(endpoint.failing_since)}{spared}"
    kinds = "all" if "*" in endpoint.kinds else " ".join(endpoint.kinds)
    return {"endpoint": endpoint.id, "url": endpoint.url, "kinds": kinds, "state": state}


def _of_delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "delivery": delivery.id,
        "kind": delivery.kind,
        "occurred": written(delivery.occurred_at),
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next": written(delivery.next_at),
        "problem": delivery.last_problem,
    }


def _print(name: str, rows: list[dict[str, Any]], otherwise: str) -> None:
    lines = [tuple(row.values()) for row in rows]
    answer({name: rows}, lambda: columns(lines, head=tuple(rows[0])) if rows else otherwise)


@webhook.command()
@click.argument("endpoint")
@workspace_option
@json_option
def test(endpoint: str, workspace: str) -> None:
    """Send ENDPOINT a message that tells nothing, now, and say what it answered."""
    within = open_workspace(workspace)
    from sayso.domains.connectors.webhooks.models import DeliveryState
    from sayso.domains.connectors.webhooks.trial import send_test

    tried = send_test(workspace=within, endpoint=_found(within, endpoint).id, now=datetime.now(UTC))
    data = {"delivery": tried.id, "state": tried.state, "status": tried.last_status, "problem": tried.last_problem}
    if tried.state != DeliveryState.DELIVERED:
        raise Refused(f"It was not delivered: {tried.last_problem}.", data)
    answer(data, lambda: f"Delivered: the receiver answered {tried.last_status}.")


@webhook.command()
@click.argument("what")
@click.option("--since", type=MOMENT, metavar="WHEN", help="All that happened since then and was given up.")
@click.option("--all", "everything", is_flag=True, help="With --since: what was delivered too.")
@workspace_option
@json_option
def replay(what: str, since: WrittenMoment | None, everything: bool, workspace: str) -> None:
    """Send the delivery WHAT again, or with --since those to the endpoint WHAT, under the ids that they had."""
    within, now = open_workspace(workspace), datetime.now(UTC)
    from sayso.domains.connectors.webhooks.replay import replay_delivery, replay_since

    if since is None:
        _refuse_endpoint(within, what)
        replay_delivery(workspace=within, delivery=what, now=now)
        count = 1
    else:
        endpoint = _found(within, what).id
        count = replay_since(
            workspace=within, endpoint=endpoint, since=since.within(within.zone), now=now, failed_only=not everything
        )
    answer({"replayed": count}, lambda: f"{count:,} on the way again.")


def _refuse_endpoint(workspace: Workspace, what: str) -> None:
    """An endpoint is sent again what happened since a moment, which has to be said."""
    from sayso.domains.connectors.webhooks.queries import endpoints_in

    if any(what in (each.id, each.url) for each in endpoints_in(workspace)):
        raise click.UsageError(f"{what} is an endpoint; say since when it is sent again: --since 2027-01-31")


@webhook.command()
@click.argument("endpoint")
@click.option("--keep-hours", type=int, default=48, show_default=True, help="How long the present secret signs too.")
@workspace_option
@json_option
def rotate(endpoint: str, keep_hours: int, workspace: str) -> None:
    """Give ENDPOINT a new secret and show it, this once; for a time the present one signs beside it."""
    within, now = open_workspace(workspace), datetime.now(UTC)
    from sayso.domains.connectors.webhooks.rotate import rotate_secret

    found = _found(within, endpoint).id
    changed, secret = rotate_secret(workspace=within, endpoint=found, now=now, keep_hours=keep_hours)
    until = written(changed.earlier_until) if changed.earlier_until else "now"
    answer(
        {"endpoint": changed.id, "secret": secret, "earlier_until": changed.earlier_until},
        lambda: f"{secret}\nThis is the new secret. It is not shown again. The one before ends {until}.",
    )


@webhook.command()
@click.argument("endpoint")
@workspace_option
@json_option
def disable(endpoint: str, workspace: str) -> None:
    """Send ENDPOINT nothing; what happens meanwhile is kept for it."""
    within = open_workspace(workspace)
    from sayso.domains.connectors.webhooks.disable import disable_endpoint

    done = disable_endpoint(workspace=within, endpoint=_found(within, endpoint).id, now=datetime.now(UTC))
    answer(_of_endpoint(done), lambda: f"Disabled {done.id}.")


@webhook.command()
@click.argument("endpoint")
@workspace_option
@json_option
def enable(endpoint: str, workspace: str) -> None:
    """Send to ENDPOINT again, first what was kept for it."""
    within = open_workspace(workspace)
    from sayso.domains.connectors.webhooks.disable import enable_endpoint

    done = enable_endpoint(workspace=within, endpoint=_found(within, endpoint).id, now=datetime.now(UTC))
    answer(_of_endpoint(done), lambda: f"Enabled {done.id}.")


@webhook.command()
@click.argument("endpoint")
@workspace_option
@json_option
def remove(endpoint: str, workspace: str) -> None:
    """Forget ENDPOINT with everything that was on its way there."""
    within = open_workspace(workspace)
    from sayso.domains.connectors.webhooks.create import remove_endpoint

    found = _found(within, endpoint).id
    remove_endpoint(workspace=within, endpoint=found)
    answer({"removed": found}, lambda: f"Removed {found}.")


def _found(workspace: Workspace, endpoint: str) -> Endpoint:
    from sayso.domains.connectors.webhooks.queries import endpoint_of, endpoints_in

    at_url = [each for each in endpoints_in(workspace) if each.url == endpoint]
    if len(at_url) > 1:
        raise Refused(f"There are {len(at_url)} endpoints at {endpoint}; say which by its id.")
    return at_url[0] if at_url else endpoint_of(workspace=workspace, endpoint=endpoint)
