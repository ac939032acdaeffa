"""What is said of each kind of notice is what real decisions make of it, and what the guide shows."""

import re
from pathlib import Path

import pytest

from sayso.core.engine.notices import KINDS
from sayso.domains.connectors.webhooks.models import Delivery
from sayso.domains.connectors.webhooks.payload import refs_in, render
from sayso.domains.jobs.relay import relay
from sayso.web.api.notices import NOTICES
from tests.domains.cast import FRIENDS, ada_recommends_ben, decide, event, open_bluebell, publish
from tests.domains.connectors.webhooks.bluebell import endpoint_at, later

pytestmark = pytest.mark.django_db(transaction=True)

GUIDE = Path(__file__).parents[3] / "docs" / "guide" / "webhooks.md"
PAUSES = ("program_paused", "program_resumed")
PROUD = """
{sayso: 1, program: proud, title: Proud, currency: EUR, budget: {amount: 90 EUR}, badges: {first: {on: purchase}},
 rewards: {
  bonus: {to: member, on: purchase, give: {credit: 5 EUR}},
  picked: {to: member, on: purchase, give: {choice: [{gift_card: 20 EUR}, {gift: {en: A mug}, cost: 4 EUR}]}}}}
"""


def test_each_message_has_the_fields_that_are_said_of_its_kind() -> None:
    bluebell = open_bluebell()
    endpoint_at(bluebell, "https://bluebell.example/sayso")
    publish(bluebell, FRIENDS)
    publish(bluebell, PROUD)
    decide(bluebell, ada_recommends_ben())
    decide(bluebell, [event("b-3", "purchase", "Ben", amount_minor=20_000)])
    decide(bluebell, [event(f"p-{kind}", kind, "", props={"program": "friends"}) for kind in PAUSES])
    relay(later())
    told = [render(each, refs_in([each])) for each in Delivery.objects.all()]
    for message in told:
        NOTICES[message["type"]].model_validate(message["data"])
    assert {NOTICES[message["type"]] for message in told} == set(NOTICES.values())


def test_the_guide_names_each_kind_with_its_fields() -> None:
    table = GUIDE.read_text(encoding="utf-8").partition("### What each kind tells")[2].partition("\n### ")[0]
    rows = [row.split("|")[1:3] for row in table.splitlines() if row.startswith("| `")]
    shown = {kind: fields for kinds, fields in rows for kind in re.findall(r"`(.+?)`", kinds)}
    assert shown.keys() == set(KINDS)
    for kind, fields in shown.items():
        assert set(re.findall(r"`(.+?)`", fields)) == NOTICES[kind].model_fields.keys(), kind
