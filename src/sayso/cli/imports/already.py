"""Owns what is said of a line that meets what is there already: a name that somebody else has, another balance.

It must not take anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sayso.cli.answers import written
from sayso.cli.moments import local
from sayso.core.engine import people
from sayso.core.engine.decision import Verdict
from sayso.core.engine.events import POINTS_MOVED_IN, Arrival
from sayso.core.program.calendar import datetime_of
from sayso.domains.decisions.answers import repeat_of
from sayso.domains.events.answer import Answer
from sayso.domains.events.fingerprint import fingerprint
from sayso.domains.events.queries import stored_under
from sayso.domains.people.queries import owners_of, refs_of
from sayso.domains.sharing.queries import codes_of
from sayso.domains.workspaces.models import Workspace

_ADDRESSES = {"email": "the e-mail address", "phone": "the phone number"}


def looked_up(workspace: Workspace, source: str, arrivals: Sequence[Arrival]) -> list[Answer | None]:
    """Return the answers to arrivals that are stored already or contradict what is; None for those that are new."""
    stored = stored_under(workspace, source=source, ids=[each.external_id for each in arrivals])

    def answer(arrival: Arrival) -> Answer | None:
        found = stored.get(arrival.external_id)
        if found is None:
            return None
        if bytes(found.fingerprint) == fingerprint(arrival):
            return repeat_of(found)
        problem = "an event with this id is stored already, with another content"
        return Answer(arrival.external_id, "refused", found.position, problem=problem, differs=["props"])

    return [answer(each) for each in arrivals]


def other_balance(workspace: Workspace, arrival: Arrival) -> str:
    """Return what to say of a balance that was taken over already with another amount."""
    found = stored_under(workspace, source=arrival.source, ids=[arrival.external_id])[arrival.external_id]
    booked = found.props if found.type == POINTS_MOVED_IN else {}
    named = booked or arrival.props
    ends = named.get("expires_at")
    until = f" until {written(local(datetime_of(ends), workspace.zone))}" if ends else ""
    amount = booked.get("amount", 0)
    return (
        f"{named.get('unit', 'a balance')} of {arrival.ref}{until} was taken over as {amount} already, "
        "and stays so; what was missing comes in as a line with an id of its own"
    )


def codes_of_others(workspace: Workspace, arrival: Arrival, answer: Answer) -> Iterator[str]:
    """Yield what to say of each code that somebody else has: its line is taken without it."""
    if all(reason.verdict != Verdict.CODE_TAKEN for reason in answer.reasons):
        return
    mine = {each.code for each in codes_of(workspace, [answer.member])}
    for code in people.codes_in(arrival.props):
        if code.casefold() not in mine:
            yield f"somebody else recommends with the code {code!r}, and it stays theirs"


def addresses_of_others(workspace: Workspace, taken: Iterable[tuple[Arrival, Answer]]) -> Iterator[tuple[int, str]]:
    """Yield what to say of each address or number that another member has, with the place of its line.

    Args:
        workspace: where they were taken.
        taken: lines that were taken, each with its answer.
    """
    given = [
        (place, answer.member, named)
        for place, (arrival, answer) in enumerate(taken)
        for named in arrival.identities
        if named[0] in _ADDRESSES and answer.member
    ]
    owners = owners_of(workspace, {named for _, _, named in given}) if given else {}
    others = [(place, named) for place, member, named in given if owners.get(named, member) != member]
    names = refs_of(workspace, {owners[named] for _, named in others}) if others else {}
    for place, named in others:
        who = names.get(owners[named]) or "another member"
        yield place, f"{who} has {_ADDRESSES[named[0]]} {named[1]} already, and it stays theirs"
