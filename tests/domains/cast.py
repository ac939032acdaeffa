"""The cast at Bluebell Coffee, for tests of the domains: a workspace, a program, and events as one short line each.

Owns the making of arrivals. It must not decide anything.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from sayso.core.engine.events import Arrival
from sayso.core.program.calendar import moment_of
from sayso.domains.decisions.batch import decide_batch
from sayso.domains.events.answer import Answer
from sayso.domains.programs.publish import Published, publish_program
from sayso.domains.workspaces.create import create_workspace
from sayso.domains.workspaces.models import Workspace

START = datetime(2027, 1, 10, 12, tzinfo=UTC)

STARS = """
sayso: 1
program: stars
title: Stars
currency: EUR
points:
  unit: stars
  earn:
    shopping: {on: purchase, give: 1 per 1 EUR}
  expire: {after: 6 months}
"""

FRIENDS = """
sayso: 1
program: friends
title: Bring a friend
currency: EUR
referral:
  window: 60d
  steps:
    signed_up: {on: signup}
    purchased: {on: purchase, when: event.amount >= 20, within: 60d}
  success: purchased
rewards:
  welcome: {to: friend, at: signed_up, give: {coupon: 10 EUR, expires: 60d}}
  thanks: {to: advocate, at: purchased, give: {credit: 20 EUR}, hold: 14d, limit: 10 per quarter}
points:
  unit: stars
  earn:
    shopping: {on: purchase, give: 1 per 1 EUR}
  expire: {after: 6 months}
tiers:
  by: points_earned within 12 months
  levels: {bronze: 0, silver: 100}
budget: {amount: 200 EUR, per: quarter, when_spent: wait}
"""

TABLES = (
    "decisions_timer", "events_event", "events_naming", "events_refunded", "events_tally", "ledger_balance",
    "ledger_lot", "ledger_transfer", "people_identity", "people_member", "referrals_participation",
    "referrals_referral", "rewards_reward", "sharing_code", "sharing_invitation",
)  # fmt: skip


def open_bluebell(*texts: str, name: str = "bluebell", is_test: bool = True) -> Workspace:
    """A workspace in which these programs run since the start."""
    workspace = create_workspace(name=name, timezone="Europe/Madrid", is_test=is_test, now=START)
    for text in texts:
        publish(workspace, text)
    return workspace


def publish(workspace: Workspace, text: str) -> Published:
    """Publish a program that holds since long ago."""
    return publish_program(
        workspace=workspace, text=text, valid_from=START - timedelta(days=30), approved_by="Chloé", now=START
    )


def event(name: str, kind: str, member: str, *, after: timedelta = timedelta(), **fields: Any) -> Arrival:
    """An event of the till, some time after the start; an `amount_minor` is in EUR."""
    if "amount_minor" in fields:
        fields.setdefault("currency", "EUR")
    return Arrival("till", name, kind, member, moment_of(START + after), **fields)


def decide(workspace: Workspace, arrivals: Sequence[Arrival], *, size: int = 1000) -> list[Answer]:
    """Decide arrivals in batches of at most so many."""
    answers: list[Answer] = []
    for first in range(0, len(arrivals), size):
        answers += decide_batch(workspace.pk, arrivals[first : first + size], now=START)
    return answers


def ada_recommends_ben() -> list[Arrival]:
    """Ada joins and gets a code, Ben signs up with it and buys."""
    return [
        event("a-1", "signup", "Ada"),
        event("a-2", "member_updated", "Ada", props={"code": "ADA-10"}),
        event("b-1", "signup", "Ben", after=timedelta(hours=1), referral_code="ada-10"),
        event("b-2", "purchase", "Ben", after=timedelta(hours=2), amount_minor=2500),
    ]


def a_busy_day(count: int) -> list[Arrival]:
    """Many events of many people: sign-ups by code, purchases, refunds in parts, surveys; the same on every call."""
    arrivals: list[Arrival] = []
    for number in range(count):
        who, at = f"member-{number % 23}", timedelta(minutes=number)
        kind = number % 10
        if number < 23:
            code = f"code-{number - 1}" if number else ""
            arrivals.append(event(f"s-{number}", "signup", who, after=at, referral_code=code))
            arrivals.append(event(f"c-{number}", "member_updated", who, after=at, props={"code": f"Code-{number}"}))
        elif kind == 9:
            # Every other one is of all that was paid.
            part = {"amount_minor": 300 + number} if number % 20 == 9 else {}
            refund: dict[str, Any] = {**part, "refers_to": f"p-{number - 2 - number % 3}"}
            arrivals.append(event(f"r-{number}", "refund", who, after=at, **refund))
        elif kind == 8:
            arrivals.append(event(f"q-{number}", "survey_answered", who, after=at, props={"score": number % 11}))
        else:
            arrivals.append(event(f"p-{number}", "purchase", who, after=at, amount_minor=700 + 37 * number))
    return arrivals


def contents(workspace: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is stored about a workspace, without its number; seals differ with the size of batches."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} WHERE workspace_id = %s", [workspace.pk])
            assert cursor.description is not None
            columns = [column[0] for column in cursor.description]
            keep = [at for at, name in enumerate(columns) if name not in ("workspace_id", "digest")]
            rows = [
                tuple(bytes(row[at]) if isinstance(row[at], memoryview) else row[at] for at in keep)
                for row in cursor.fetchall()
            ]
            found[table] = sorted(rows, key=repr)
    return found
