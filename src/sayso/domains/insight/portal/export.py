"""Everything that is known about a member, for the member to take away: as one JSON document, or as tables.

Owns the list of what that is. Of others there is no more in it than a member's own pages show. It must not leave
anything out that is about them, but for what would give somebody else away and what the guard looks at.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sayso.core.engine.events import TIMER
from sayso.core.program.calendar import datetime_of
from sayso.domains.events.models import Event
from sayso.domains.insight.portal.friends import names_shown
from sayso.domains.insight.portal.me import Me
from sayso.domains.insight.portal.wallet import amount_in
from sayso.domains.ledger.movements import movements_of
from sayso.domains.ledger.queries import lots_of, wallets_of
from sayso.domains.outreach.models import Mail
from sayso.domains.outreach.suppress import wants_no_mails
from sayso.domains.pages.consent_texts import NoSuchConsentText, text_numbered
from sayso.domains.people.consents import PROP, consents_of
from sayso.domains.people.models import Identity, Member, PortalSession
from sayso.domains.referrals.models import Participation, Referral
from sayso.domains.rewards.fulfilment.queries import handed_over
from sayso.domains.rewards.models import Reward
from sayso.domains.sharing.links import links_of
from sayso.domains.sharing.models import Invitation
from sayso.domains.sharing.queries import codes_of
from sayso.domains.workspaces.ids import public_id

Row = dict[str, Any]
Tables = dict[str, list[Row]]
# A program that opens the table would take what begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")
_MOST_MOVEMENTS = 1_000_000
# What an event says of others; the code is theirs too.
_OF_OTHERS = ("advocate", "other", "touches")
# What the staff keep as proof that something was handed over may name whoever took it.
_OF_THE_STAFF = ("proof",)


def own_data(me: Me) -> Tables:
    """Return everything that is known about a member, as tables by name."""
    return {
        "profile": list(_profile(me)),
        "identities": [_row(kind=each.kind, value=each.value) for each in _identities(me)],
        "codes": [_row(code=each.code) for each in codes_of(me.workspace, me.numbers)],
        "links": [
            _row(link=each.slug, program=each.program, channel=each.channel, made_at=each.created_at)
            for each in links_of(me.workspace, me.member.id)
        ],
        "consents": list(_consents(me)),
        "friends": list(_friends(me)),
        "recommended": list(_recommended(me)),
        "rewards": list(_rewards(me)),
        "wallets": list(_wallets(me)),
        "movements": list(_movements(me)),
        "standing": list(_standing(me)),
        "events": list(_events(me)),
        "invitations": list(_invitations(me)),
        "mails": list(_mails(me)),
        "sign_ins": list(_sign_ins(me)),
    }


def as_json(tables: Mapping[str, Sequence[Row]]) -> bytes:
    """Return the tables as one JSON document."""
    return json.dumps(tables, ensure_ascii=False, indent=1, default=str).encode()


def as_csv(tables: Mapping[str, Sequence[Row]]) -> bytes:
    """Return the tables as CSV files in one ZIP archive; an empty table is a file with nothing in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in tables.items():
            archive.writestr(f"{name}.csv", _csv(rows))
    return out.getvalue()


def _csv(rows: Sequence[Row]) -> str:
    out = io.StringIO(newline="")
    if rows:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def cell(value: Any) -> str:
    """Return a value as a cell that no program takes for a formula (TRUST)."""
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(_FORMULA) and not isinstance(value, int | float) else text


def _row(**values: Any) -> Row:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


# --- the tables -----------------------------------------------------------------------------------------------------


def _profile(me: Me) -> Iterator[Row]:
    stopped = wants_no_mails(me.workspace, me.member.id)
    for each in Member.objects.filter(id__in=me.numbers, workspace=me.workspace).order_by("id"):
        yield _row(
            id=public_id("mem", each.id), member=each.ref, joined_at=each.joined_at, language=each.language,
            country=each.country, status=each.status, tags=each.tags, groups=each.groups, attributes=each.attributes,
            household=_household(me, each), mails_stopped=stopped,
        )  # fmt: skip


def _household(me: Me, member: Member) -> str:
    """What the company calls the household or company that a member belongs to; empty where they belong to none."""
    found = Identity.objects.filter(kind="account", member=member.account, workspace=me.workspace)
    return found.values_list("value", flat=True).first() or ""


def _invitations(me: Me) -> Iterator[Row]:
    """That the member invited somebody; of whom there is a hash only, which would tell them from others."""
    for each in Invitation.objects.filter(advocate__in=me.numbers, workspace=me.workspace).order_by("id"):
        yield _row(program=each.program, channel=each.channel, invited_at=each.invited_at, came=each.friend > 0)


def _mails(me: Me) -> Iterator[Row]:
    for each in Mail.objects.filter(member__in=me.numbers, workspace=me.workspace).order_by("number"):
        yield _row(kind=each.kind, program=each.program, state=each.state, made_at=each.made_at, ended_at=each.ended_at)


def _sign_ins(me: Me) -> Iterator[Row]:
    for each in PortalSession.objects.filter(member__in=me.numbers, workspace=me.workspace).order_by("opened_at"):
        yield _row(opened_at=each.opened_at, ends_at=each.ends_at)


def _identities(me: Me) -> list[Identity]:
    found = Identity.objects.filter(member__in=me.numbers, workspace=me.workspace).exclude(kind="account")
    return list(found.order_by("kind", "value"))


def _consents(me: Me) -> Iterator[Row]:
    for each in consents_of(me.workspace, me.member.id).values():
        try:
            text = text_numbered(me.workspace, each.purpose, each.language, each.version).text
        except NoSuchConsentText:
            text = ""
        yield _row(purpose=each.purpose, given=each.given, at=each.at, version=each.version, text=text)


def _friends(me: Me) -> Iterator[Row]:
    rows = list(Referral.objects.filter(advocate__in=me.numbers, workspace=me.workspace).order_by("id"))
    names = names_shown(me, {row.friend for row in rows})
    for row in rows:
        yield _row(
            referral=public_id("ref", row.id), program=row.program, friend=names.get(row.friend, ""),
            status=row.status, opened_at=row.opened_at,
        )  # fmt: skip


def _recommended(me: Me) -> Iterator[Row]:
    """That somebody recommended the member; who it was is for that one to tell."""
    for row in Referral.objects.filter(friend__in=me.numbers, workspace=me.workspace).order_by("id"):
        steps = {name: datetime_of(moment).isoformat() for name, moment in json.loads(row.steps).items()}
        yield _row(
            referral=public_id("ref", row.id), program=row.program, status=row.status, opened_at=row.opened_at,
            steps=steps,
        )  # fmt: skip


def _rewards(me: Me) -> Iterator[Row]:
    rows = list(Reward.objects.filter(beneficiary__in=me.numbers, workspace=me.workspace).order_by("id"))
    codes = handed_over(me.workspace, [row.id for row in rows])
    for row in rows:
        yield _row(
            reward=public_id("rew", row.id), program=row.program, version=row.version, clause=row.clause,
            state=row.state, gives=_given(row), granted_at=row.granted_at, due_at=row.due_at,
            codes=[each.code for each in codes.get(row.id, []) if each.code],
        )  # fmt: skip


def _given(row: Reward) -> list[Row]:
    return [_row(kind=item.kind, value=item.value) for item in (*row.given, *row.offered)]


def _wallets(me: Me) -> Iterator[Row]:
    for each in wallets_of(me.workspace, me.numbers):
        expiries = [
            _row(amount=lot.remaining, expires_at=lot.expires_at)
            for lot in lots_of(me.workspace, me.numbers)
            if lot.unit == each.unit and lot.expires_at
        ]
        yield _row(unit=each.unit, available=each.available, held=each.held, owed=each.owed, expiries=expiries)


def _movements(me: Me) -> Iterator[Row]:
    for each in movements_of(me.workspace, me.numbers, limit=_MOST_MOVEMENTS)[0]:
        yield _row(
            at=each.at, account=each.account, unit=each.unit, amount=each.amount, reason=each.reason,
            written=amount_in(me, each.unit, abs(each.amount)),
        )  # fmt: skip


def _standing(me: Me) -> Iterator[Row]:
    for row in Participation.objects.filter(member__in=me.numbers, workspace=me.workspace).order_by("program"):
        yield _row(program=row.program, tier=row.tier, badges=json.loads(row.badges))


def _events(me: Me) -> Iterator[Row]:
    rows = Event.objects.filter(member__in=me.numbers, workspace=me.workspace).exclude(type=TIMER).order_by("position")
    for row in rows.iterator(chunk_size=2000):
        props = {name: value for name, value in row.props.items() if name not in (*_OF_OTHERS, *_OF_THE_STAFF, PROP)}
        yield _row(
            type=row.type, occurred_at=row.occurred_at, source=row.source, amount_minor=row.amount_minor,
            currency=row.currency, props=props,
        )  # fmt: skip
