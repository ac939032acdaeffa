"""What people allowed is found without reading all that they ever did."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from sayso.domains.events.models import Event
from sayso.domains.people.consents import PROP, SHARED, consenting
from sayso.domains.people.queries import member_named
from tests.domains.cast import FRIENDS, decide, event, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)
YES = {PROP: {SHARED: {"given": True, "version": 1, "language": "en"}}}


def test_consents_of_many_are_read_from_an_index_of_their_own() -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, [event("b-1", "signup", "Ben", props=YES)])
    decide(bluebell, [event(f"p-{number}", "purchase", "Ben", amount_minor=100) for number in range(20)])
    ben = member_named(bluebell, "Ben").id
    assert consenting(bluebell, [ben], SHARED) == {ben}
    if connection.vendor == "sqlite":
        return  # it compares the condition of an index with the text of a query, which has a parameter there
    asked = Event.objects.filter(member__in=[ben], workspace=bluebell, props__has_key=PROP)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = asked.values_list("member", "props").order_by("occurred_at", "position").explain()
    assert "event_with_consent" in plan
