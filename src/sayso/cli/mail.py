"""Owns `sayso mail`: which mails a workspace sends, what became of them, and who wants none.

It must not show an address.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.answers import Refused, answer, columns, json_option, written
from sayso.cli.connect import open_workspace, workspace_option
from sayso.cli.group import CommandGroup

if TYPE_CHECKING:
    from sayso.domains.outreach.models import Mail
    from sayso.domains.workspaces.models import Workspace

_SHOWN = 20


@click.group(cls=CommandGroup)
def mail() -> None:
    """Say which mails members get, and see what became of them."""


@mail.command("set")
@click.argument("kind")
@click.argument("state", type=click.Choice(["on", "off"]))
@click.option("--country", "countries", multiple=True, metavar="CODE", help="Only to people there; may be repeated.")
@workspace_option
@json_option
def set_(kind: str, state: str, countries: tuple[str, ...], workspace: str) -> None:
    """Turn mails of KIND on or off: welcome, friend_joined, reward_to_choose, reward_ready, lead."""
    within = open_workspace(workspace)
    from sayso.domains.outreach.switches import set_mail

    set_mail(workspace=within, kind=kind, on=state == "on", now=datetime.now(UTC), countries=countries)
    _show(within)


@mail.command("list")
@click.option("--state", type=click.Choice(["pending", "sent", "failed", "skipped"]), help="Only these.")
@workspace_option
@json_option
def list_(state: str | None, workspace: str) -> None:
    """Show which mails are on, and the latest ones with what became of each."""
    _show(open_workspace(workspace), state)


def _show(workspace: Workspace, state: str | None = None) -> None:
    from sayso.domains.outreach.models import TURNED_ON
    from sayso.domains.outreach.queries import latest_mails
    from sayso.domains.outreach.server import why_nothing_is_sent
    from sayso.domains.outreach.switches import switches_of
    from sayso.domains.people.queries import refs_of

    on, missing = switches_of(workspace), why_nothing_is_sent()
    kinds = [(str(kind), _where(on[kind]) if kind in on else "off") for kind in TURNED_ON]
    latest = latest_mails(workspace, state=state, limit=_SHOWN)
    refs = refs_of(workspace, {each.member for each in latest})
    mails = [_of(each, refs.get(each.member, "-")) for each in latest]
    lines = [f"Now {missing}."] if missing else []
    lines.append(columns(kinds, head=("kind", "sent")))
    if mails:
        lines.append(columns([tuple(each.values()) for each in mails], head=tuple(mails[0])))
    data = {"server": missing or "set", "kinds": dict(kinds), "mails": mails}
    answer(data, lambda: "\n\n".join(lines))


def _where(countries: list[str]) -> str:
    return "on" if countries == [""] else f"on in {', '.join(countries)}"


def _of(each: Mail, member: str) -> dict[str, Any]:
    return {
        "mail": each.id,
        "kind": each.kind,
        "member": member,
        "made": written(each.made_at and each.made_at.replace(microsecond=0)),
        "state": each.state,
        "reason": each.reason or "-",
    }


@mail.command()
@click.argument("member")
@workspace_option
@json_option
def test(member: str, workspace: str) -> None:
    """Send MEMBER a mail that only shows that mails arrive, now, and say what came of it."""
    within = open_workspace(workspace)
    from sayso.domains.outreach.models import MailState
    from sayso.domains.outreach.recipient import NO_ADDRESS
    from sayso.domains.outreach.trial import send_test

    sent = send_test(workspace=within, member=member, now=datetime.now(UTC))
    problem = f"{NO_ADDRESS} of {member}" if sent.reason == NO_ADDRESS else sent.reason
    data = {"mail": sent.id, "state": sent.state, "problem": problem}
    if sent.state != MailState.SENT:
        raise Refused(f"It was not sent: {problem}.", data)
    answer(data, lambda: "The server took it.")


@mail.command()
@click.argument("address")
@workspace_option
@json_option
def stop(address: str, workspace: str) -> None:
    """Send no mails to ADDRESS any more, whoever's it is; codes to sign in still come when asked for."""
    within = open_workspace(workspace)
    from sayso.domains.outreach.suppress import stop_address

    if not stop_address(workspace=within, address=address, now=datetime.now(UTC)):
        raise Refused("That is no mail address.")
    answer({"stopped": True}, lambda: "No more mails go there.")


@mail.command()
@click.argument("member")
@workspace_option
@json_option
def resume(member: str, workspace: str) -> None:
    """Send MEMBER mails again, who stopped them and asked for them."""
    within = open_workspace(workspace)
    from sayso.domains.outreach.suppress import resume_mails_to
    from sayso.domains.people.queries import member_called

    resume_mails_to(workspace=within, member=member_called(within, member).id)
    answer({"resumed": True}, lambda: "Mails go there again.")
