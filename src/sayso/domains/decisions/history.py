"""Reading back what was decided: the log as the engine can replay it, one member's decisions and statement.

Owns the joining of log, people and books by a member's name. It must not put anything into words.
"""

from collections.abc import Iterator

from django.db import connection

from sayso.core.engine.backtest import Recorded
from sayso.core.engine.events import Event
from sayso.core.engine.why import Heard
from sayso.core.program.calendar import moment_of
from sayso.domains.decisions.wiped import put_signs_back
from sayso.domains.events.identities import recognise
from sayso.domains.events.models import State
from sayso.domains.events.outcome import reasons_of, unpack
from sayso.domains.events.queries import events_about
from sayso.domains.events.rows import EVENTS, Entry
from sayso.domains.ledger.queries import Line, statement_of
from sayso.domains.people.models import Member
from sayso.domains.people.queries import history_owners, member_named, merged_numbers
from sayso.domains.referrals.queries import referrals_of, turned_away_from
from sayso.domains.sharing.contacts import hashed, known_salt
from sayso.domains.workspaces.models import Workspace

CHUNK = 5000


def heard_about(workspace: Workspace, member: int) -> Iterator[Heard]:
    """Yield what was decided on the events of a member, of the friends they recommended and of the workspace itself.

    They come by position, those that named them as advocate and opened nothing among them. What was decided about
    members merged into one of them is theirs.
    """
    numbers = merged_numbers(workspace, member)
    friends = {row.friend for row in referrals_of(workspace, numbers)} - numbers
    owners = {**history_owners(workspace, friends), **dict.fromkeys(numbers, member)}
    also = turned_away_from(workspace, numbers)
    for event in events_about(workspace, set(owners), of_nobody=numbers, also=also):
        said, earned = unpack(event.outcome)
        reasons = [each._replace(subject=owners.get(each.subject, each.subject)) for each in said]
        number = owners.get(event.member, event.member)
        moment = moment_of(event.occurred_at) if event.occurred_at else 0
        yield Heard(event.position, event.type, moment, number, reasons, event.amount_minor, event.currency, earned)


def statement(workspace: Workspace, ref: str) -> list[Line]:
    """Return every movement on a member's ledger accounts, oldest first, those of members merged into them included.

    Raises:
        NoSuchMember: the workspace knows nobody of this name.
    """
    return statement_of(workspace, merged_numbers(workspace, member_named(workspace, ref).id))


def recorded_history(workspace: Workspace) -> Iterator[Recorded]:
    """Yield the whole log by position, with the reasons given then, for a backtest; without what was set aside."""
    salt = known_salt(workspace.pk)
    refs = dict(Member.objects.filter(workspace=workspace).values_list("id", "ref"))
    names = ", ".join(f'"{name}"' for name in EVENTS.names)
    statement = (
        f"SELECT {names} FROM events_event WHERE workspace_id = %s AND position > %s AND state = %s "  # noqa: S608
        f"ORDER BY position LIMIT {CHUNK}"
    )
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [workspace.pk, last, State.DECIDED])
            entries = EVENTS.to_rows(cursor.fetchall())
        if not entries:
            return
        last = entries[-1].position
        for entry in entries:
            event = _event(entry, refs.get(entry.member, ""))
            event.identities = hashed(event.identities, salt) if event.identities else ()
            reasons = reasons_of(entry.outcome)
            put_signs_back(workspace, event, reasons, refs)
            yield Recorded(entry.source, event, reasons)


def _event(entry: Entry, ref: str) -> Event:
    return Event(
        position=entry.position,
        type=entry.type,
        member=entry.member,
        occurred_at=entry.occurred_at,
        day=entry.day,
        clock=entry.clock,
        ref=ref,
        external_id=entry.external_id,
        amount_minor=entry.amount_minor,
        currency=entry.currency,
        referral_code=entry.referral_code,
        refers_to=entry.refers_to_position,
        props=entry.props,
        identities=tuple(recognise(entry.props).identities) if entry.props else (),
        counts_only=entry.counts_only,
    )
