"""Owns `sayso incoming`: systems that send us messages, and the mappings that turn these into events.

It must not show a secret but once, nor store an event.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from sayso.cli.answers import Refused, answer, as_json, columns, json_option
from sayso.cli.connect import open_workspace, start_django, workspace_option
from sayso.cli.group import CommandGroup

_SCHEMES = ("standard_webhooks", "stripe", "shopify", "hmac")
_LOOKED_BACK = timedelta(days=30)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=CommandGroup)
def incoming() -> None:
    """Turn the messages of other systems into events. NAME is the source of these events."""


@incoming.command()
@click.argument("name")
@click.argument("mapping", type=_FILE)
@click.option("--signed-by", "scheme", type=click.Choice(_SCHEMES), required=True, help="How its messages are signed.")
@click.option("--secret-file", type=_FILE, help="Holds the secret that the sender shows; one is made where it may be.")
@click.option("--header", default="X-Signature", show_default=True, help="For hmac: where the signature stands.")
@click.option("--encoding", type=click.Choice(["hex", "base64"]), default="hex", show_default=True, help="For hmac.")
@click.option("--prefix", default="", metavar="TEXT", help="For hmac: what stands before the signature, sha256=.")
@click.option(
    "--timestamp-header", default="", metavar="NAME", help="For hmac: where the time stands, if it is signed."
)
@workspace_option
@json_option
def create(name: str, mapping: Path, workspace: str, secret_file: Path | None, **signing: str) -> None:
    """Give the system NAME an address to send to; it takes nothing before the MAPPING was tried and enabled."""
    within = open_workspace(workspace)
    from sayso.domains.connectors.incoming.create import SourceWanted, create_source
    from sayso.domains.connectors.incoming.signatures import Signing

    secret = secret_file.read_text(encoding="utf-8").strip() if secret_file else ""
    wanted = SourceWanted(name, Signing(**signing), _read(mapping), secret)
    made, secret = create_source(workspace=within, wanted=wanted, now=datetime.now(UTC))
    path = f"/hooks/{made.id}"
    shown = [] if secret_file else [secret, "This is the secret. It is not shown again."]
    answer(
        {"source": made.name, "path": path, **({} if secret_file else {"secret": secret})},
        lambda: "\n".join([*shown, f"{made.name} sends to {path}. Try the mapping, then enable it."]),
    )


@incoming.command("map")
@click.argument("name")
@click.argument("mapping", type=_FILE)
@workspace_option
@json_option
def map_(name: str, mapping: Path, workspace: str) -> None:
    """Write another MAPPING for NAME; the one that is live stays so until this one was tried and enabled."""
    within = open_workspace(workspace)
    from sayso.domains.connectors.incoming.create import change_mapping

    change_mapping(workspace=within, name=name, mapping=_read(mapping))
    answer({"source": name}, lambda: f"{name} has a new mapping. Try it, then enable it.")


@incoming.command("try")
@click.argument("name")
@click.argument("sample", type=_FILE)
@click.option("--header", "headers", multiple=True, metavar="NAME:VALUE", help="A header of the sample. Repeatable.")
@workspace_option
@json_option
def try_(name: str, sample: Path, headers: tuple[str, ...], workspace: str) -> None:
    """Show which events the mapping of NAME makes of the message in the file SAMPLE; none is stored."""
    within = open_workspace(workspace)
    from sayso.domains.connectors.incoming.enable import Sample, try_mapping

    named = {key.strip(): value.strip() for key, _, value in (each.partition(":") for each in headers)}
    tried = try_mapping(workspace=within, name=name, sample=Sample(sample.read_bytes(), named), now=datetime.now(UTC))
    data = {
        "events": list(tried.events),
        "problems": [{"path": each.path, "message": each.message} for each in tried.problems],
    }
    if tried.problems:
        raise Refused("\n".join(f"{each.path}: {each.message}" for each in tried.problems), data)
    answer(data, lambda: as_json(data["events"]) if tried.events else "No rule is for this message.")


@incoming.command()
@click.argument("name")
@workspace_option
@json_option
def enable(name: str, workspace: str) -> None:
    """Take messages of NAME by the mapping that was tried last."""
    within = open_workspace(workspace)
    from sayso.domains.connectors.incoming.enable import enable_source

    done = enable_source(workspace=within, name=name, now=datetime.now(UTC))
    answer({"source": done.name, "path": f"/hooks/{done.id}"}, lambda: f"{name} is live at /hooks/{done.id}.")


@incoming.command()
@click.argument("name")
@workspace_option
@json_option
def disable(name: str, workspace: str) -> None:
    """Take no more messages of NAME."""
    within = open_workspace(workspace)
    from sayso.domains.connectors.incoming.enable import disable_source

    disable_source(workspace=within, name=name)
    answer({"source": name}, lambda: f"{name} is not taken any more.")


@incoming.command("list")
@workspace_option
@json_option
def list_(workspace: str) -> None:
    """List the systems that send us messages, and what was not taken of these in the last 30 days."""
    within, since = open_workspace(workspace), datetime.now(UTC) - _LOOKED_BACK
    from sayso.domains.connectors.incoming.queries import sources_in, untaken_by

    head = ("source", "path", "signed by", "state", "ignored", "refused", "differs", "last problem")
    rows = []
    for each in sources_in(within):
        untaken = untaken_by(each, since=since)
        counts = [sum(one.count for one in untaken if one.outcome == outcome) for outcome in head[4:7]]
        last = next((one.last_problem for one in untaken if one.last_problem), "-")
        state = "live" if each.enabled_at else "off"
        rows.append((each.name, f"/hooks/{each.id}", each.scheme, state, *counts, last))
    data = [dict(zip(head, row, strict=True)) for row in rows]
    answer({"sources": data}, lambda: columns(rows, head=head) if rows else "Nobody sends us messages.")


def _read(file: Path) -> Any:
    start_django()
    try:
        return json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise Refused(f"{file.name} is no JSON: {error}.") from error
